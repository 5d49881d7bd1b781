"""The bundled data, ingested once: every story starts from its own copy of that store."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World

ROOT = Path(__file__).parents[2]

#: Seconds a process may take for what it does in one or ten: nothing but a hang takes longer.
PATIENCE = 1800

#: The last moment at which the bundled feeds were heard.
END = datetime(2025, 12, 31, 23, 28, 38, tzinfo=UTC)


def home(folder: Path) -> Path:
    """A root folder with the project's own configuration and rules, and nothing judged yet."""
    for name in ("config", "rules"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root whose store holds every bundled incident and no run."""
    root = home(tmp_path_factory.mktemp("ingested"))
    with app.world(root) as world:
        running.prepare_ledger(world)
        for feed in world.settings.feeds.values():
            collected = collect.poll(world, feed, datetime(2026, 1, 1, tzinfo=UTC))
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
def opened() -> Iterator[Callable[..., World]]:
    """Open worlds that are closed when the test ends."""
    with ExitStack() as stack:
        yield lambda root, moment: stack.enter_context(
            app.world(root, clock=lambda: moment, owner="story")
        )  # fmt: skip


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
