"""A small county after nine days, and its console as a browser reaches it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from engine import app
from engine.console.serve import console
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from tests.story import county


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The county at the end of its days, everything judged and told."""
    root = county.build(tmp_path_factory.mktemp("county"))
    with judged(root) as opened:
        yield opened


@contextmanager
def judged(root: Path) -> Iterator[World]:
    """A root folder's world, judged up to the end of the county's days."""
    with app.world(root, clock=lambda: county.END) as opened:
        running.prepare(opened, county.FIRST)
        for feed in opened.settings.feeds.values():
            assert not collect.poll(opened, feed).error
        running.tick(opened)
        yield opened


@pytest.fixture(scope="session")
def link(world: World) -> Iterator[str]:
    with console(lambda: world, 0) as link:
        yield link


@pytest.fixture
def browser(link: str) -> Iterator[httpx.Client]:
    """Somebody who has opened the link."""
    with httpx.Client(base_url=link.partition("/enter")[0], follow_redirects=True) as client:
        assert client.get(link).status_code == 200
        yield client
