"""The bundled data, ingested once: every story starts from its own copy of that store."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import app
from engine.backtest.shard import find_all
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.judge import Found
from engine.model.period import Cycle, Period
from engine.store import known
from tests.connectors.conftest import Server
from tests.story.dripping import Drip, dripping

ROOT = Path(__file__).parents[2]

#: Seconds a process may take for what it does in one or ten: nothing but a hang takes longer.
PATIENCE = 1800

#: The last moment at which the bundled feeds were heard.
END = datetime(2025, 12, 31, 23, 28, 38, tzinfo=UTC)

#: The span of the timeline.
SINCE, UNTIL = datetime(2023, 6, 1, tzinfo=UTC), datetime(2026, 1, 1, 8, tzinfo=UTC)
Timeline = list[tuple[Period, Found]]


def home(folder: Path) -> Path:
    """A root folder with the project's own configuration and rules, and nothing judged yet."""
    for name in ("config", "rules"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose store holds every bundled incident and no run."""
    root = home(tmp_path_factory.mktemp("ingested"))
    with app.world(root, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as world:
        running.prepare_ledger(world)
        for feed in world.settings.feeds.values():
            collected = collect.poll(world, feed)
            assert not collected.error
    with sqlite3.connect(root / "data" / "forewarn.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return root


@pytest.fixture
def loaded(ingested: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may do with as it likes."""
    return copy(ingested, tmp_path / "root")


def copy(root: Path, folder: Path) -> Path:
    shutil.copytree(root, folder)
    return folder


@pytest.fixture
def server() -> Iterator[Server]:
    running_server = Server()
    thread = threading.Thread(target=running_server.serve_forever)
    thread.start()
    yield running_server
    running_server.shutdown()
    running_server.server_close()
    thread.join()


@pytest.fixture
def drip() -> Iterator[Drip]:
    """The address of somebody new who drips so."""
    with dripping() as begin:
        yield begin


@pytest.fixture
def opened() -> Iterator[Callable[..., World]]:
    """Open worlds that are closed when the test ends."""
    with ExitStack() as stack:
        yield lambda root, moment: stack.enter_context(
            app.world(root, clock=lambda: moment, owner="story")
        )  # fmt: skip


@pytest.fixture(scope="session")
def timeline(ingested: Path) -> Timeline:
    """What every rule finds in the bundled data at every period of their span, each as known then.

    A test that asks for it belongs to the xdist group `timeline`: it takes long and is made once.
    """
    with app.world(ingested) as world:
        return list(
            find_all(
                LedgerSource.of(world), world.book, world.book.rules, SINCE, UNTIL,
                moments=moments(world, SINCE, UNTIL),
            )
        )  # fmt: skip


def moments(world: World, since: datetime, until: datetime) -> list[datetime]:
    """When something became known that an immediate rule may judge."""
    rules = world.book.of(Cycle.IMMEDIATE)
    categories = {code for rule in rules if rule.indicator for code in rule.indicator.categories}
    with world.store.read() as tx:
        return list(known.moments(tx, categories, since, until))


def forewarn(root: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "engine.cli", "--root", str(root), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert not check or done.returncode == 0, done.stderr
    return done


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it is true: what another process does is seen, not timed."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
