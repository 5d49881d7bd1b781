"""A small county after nine days, and its console as a browser reaches it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from engine import app
from engine.console.serve import console
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.model.staff import Account, Office, Session
from engine.staff.sessions import digest
from engine.store import sessions, staff
from tests.story import county


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The county at the end of its days, everything judged and told."""
    root = county.build(tmp_path_factory.mktemp("county"))
    with judged(root) as opened:
        yield opened


@contextmanager
def judged(root: Path) -> Iterator[World]:
    """A root folder's world, judged up to the end of the county's days as if each were lived through then."""
    with app.world(root, clock=lambda: county.END) as found:
        opened = replace(found, relived=True)
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
    with httpx.Client(base_url=link.partition("/enter")[0], follow_redirects=True, timeout=None) as client:
        assert client.get(link).status_code == 200
        yield client


#: Signs somebody in: their offices, and how far they see.
SignIn = Callable[..., httpx.Client]


@pytest.fixture
def signed(world: World, link: str) -> Iterator[SignIn]:
    with ExitStack() as stack:

        def sign_in(*offices: Office, area: str = "", **more: object) -> httpx.Client:
            key = session(world, *offices, area=area, **more)
            base = link.partition("/enter")[0]
            headers = {"sec-fetch-site": "same-origin", "origin": base}
            return stack.enter_context(
                httpx.Client(base_url=base, cookies={"forewarn_session": key}, headers=headers, timeout=None)
            )

        yield sign_in


def session(world: World, *offices: Office, **more: object) -> str:
    """The key of a session of a new account."""
    name, key, now = f"a{secrets.token_hex(6)}", secrets.token_urlsafe(16), world.clock()
    held = frozenset(offices or (Office.VIEWER,))
    with world.store.begin() as tx:
        staff.add(tx, Account(name=name, offices=held, since=now, **more), "")  # type: ignore[arg-type]
        sessions.add(tx, Session(id=digest(key), account=name, since=now, seen_at=now))
    return key
