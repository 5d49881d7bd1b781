"""Killed anywhere, started again: always the same warnings, every message at least once, none doubled."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, event

from engine import app
from engine.cycle import run as running
from engine.cycle.world import World
from engine.infer import reference
from engine.infer.correlate import correlate
from tests.story import county

#: Longer than the county's lease: whoever died has lost its claim.
LATER = timedelta(minutes=2)


@contextmanager
def life(root: Path, now: datetime) -> Iterator[World]:
    with app.world(root, clock=lambda: now, owner="duty") as world:
        yield replace(world, correlate=partial(correlate, evaluator=reference.evaluate))


def live(root: Path, now: datetime) -> None:
    with life(root, now) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county with its tables made and nothing in them."""
    root = county.build(tmp_path_factory.mktemp("blank"))
    with life(root, county.END):
        pass
    return root


@pytest.fixture(scope="module")
def steady(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county after a history that nothing interrupted."""
    root = shutil.copytree(blank, tmp_path_factory.mktemp("steady") / "root")
    live(root, county.END)
    return root


def told(root: Path) -> dict[str, object]:
    with life(root, county.END) as world:
        return county.told(world.store)


def expect_the_same(root: Path, steady: Path) -> None:
    assert told(root) == told(steady)
    keys = county.received(root)
    assert len(keys) == len(set(keys)) and set(keys) == set(county.received(steady))


def test_the_steady_history_has_something_to_lose(steady: Path):
    story = told(steady)
    assert len(story["warnings"]) >= 5 and len(story["changes"]) >= 8 and len(story["messages"]) >= 8
    assert {rule.rule for rule in story["findings"]} == {
        "county.burglary-surge", "county.burglary-weeks", "county.explosion", "county.several-towns"
    }  # fmt: skip


class Crash(BaseException):
    """Nothing in the engine may catch this: it stands for the process being gone."""


@contextmanager
def crash_at(point: int) -> Iterator[Callable[[], int]]:
    """Crash before the statement or commit of this number (0: only count them)."""
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1
        if count == point:
            raise Crash

    hooks = ("before_cursor_execute", "commit")
    for hook in hooks:
        event.listen(Engine, hook, step)
    try:
        yield lambda: count
    finally:
        for hook in hooks:
            event.remove(Engine, hook, step)


@pytest.fixture(scope="module")
def statements(blank: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many statements and commits a whole history takes."""
    root = shutil.copytree(blank, tmp_path_factory.mktemp("counted") / "root")
    with crash_at(0) as counted:
        live(root, county.END)
        return counted()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(6))
def test_fifty_crashes_each_end_as_if_nothing_had_happened(
    part: int, blank: Path, steady: Path, statements: int, tmp_path: Path
):
    """Six times fifty points, spread over all statements and commits of a history."""
    for number in range(50):
        point = 1 + (6 * number + part) * statements // 300
        root = shutil.copytree(blank, tmp_path / str(number))
        with crash_at(point), pytest.raises(Crash):
            live(root, county.END)
        live(root, county.END + LATER)
        expect_the_same(root, steady)
        shutil.rmtree(root)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_a_process_really_killed_ends_as_if_nothing_had_happened(
    seed: int, blank: Path, steady: Path, tmp_path: Path
):
    """SIGKILL after a random while, a second one while it recovers, then left in peace."""
    root, random = shutil.copytree(blank, tmp_path / "root"), Random(seed)
    killed = [_killed(root, county.END + n * LATER, random.uniform(0.02, 0.4)) for n in range(2)]
    live(root, county.END + 2 * LATER)
    expect_the_same(root, steady)
    assert all(status in (0, signal.SIGKILL) for status in killed)


def _killed(root: Path, now: datetime, after: float) -> int:
    """Live in a forked process and kill it; how it ended (0: it was faster)."""
    pid = os.fork()
    if pid == 0:
        try:
            live(root, now)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
