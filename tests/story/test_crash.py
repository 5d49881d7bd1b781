"""Killed anywhere, started again: always the same warnings, every message at least once, none doubled."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, event

from connectors import CONNECTORS
from engine import app
from engine.cycle import run as running
from engine.cycle.world import World
from engine.infer import reference
from engine.infer.correlate import correlate
from engine.store.database import Store
from tests.story import county

#: Longer than the county's lease: whoever died has lost its claim.
LATER = timedelta(minutes=2)


class County:
    """One county lived through many times: its configuration is read once, its data anew each time."""

    def __init__(self, folder: Path) -> None:
        self.root = county.build(folder)
        self.home = app.home(self.root, county.END.date())
        with self.life(county.END):
            pass
        self.blank = shutil.copytree(self.root / "data", folder / "blank")

    def anew(self) -> None:
        """The tables made and nothing in them."""
        shutil.rmtree(self.root / "data")
        shutil.copytree(self.blank, self.root / "data")

    @contextmanager
    def life(self, now: datetime) -> Iterator[World]:
        (self.root / "data").mkdir(exist_ok=True)
        with closing(Store.open(f"sqlite:///{self.root}/data/forewarn.db")) as store:
            yield World(
                settings=self.home.settings, book=self.home.book, store=store, connectors=CONNECTORS,
                correlate=partial(correlate, evaluator=reference.evaluate), clock=lambda: now, owner="duty",
            )  # fmt: skip

    def live(self, now: datetime) -> None:
        with self.life(now) as world:
            running.prepare(world, county.FIRST)
            running.tick(world)

    def story(self) -> tuple[dict[str, object], list[str]]:
        """What it has told, and the messages received, each as often as it came."""
        with self.life(county.END) as world:
            return county.told(world.store), sorted(county.received(self.root))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def steady(place: County) -> tuple[dict[str, object], list[str]]:
    """The story of a history that nothing interrupted."""
    place.anew()
    place.live(county.END)
    return place.story()


def test_the_steady_history_has_something_to_lose(steady):
    story, received = steady
    assert len(story["warnings"]) >= 5 and len(story["changes"]) >= 8 and len(story["messages"]) >= 8
    assert len(received) == len(set(received)) == len(story["messages"])
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
def statements(place: County) -> int:
    """How many statements and commits a whole history takes."""
    place.anew()
    with crash_at(0) as counted:
        place.live(county.END)
        return counted()


@pytest.mark.slow
@pytest.mark.parametrize("part", range(6))
def test_fifty_crashes_each_end_as_if_nothing_had_happened(part: int, place: County, steady, statements: int):
    """Six times fifty points, spread over all statements and commits of a history."""
    for number in range(50):
        place.anew()
        with crash_at(1 + (6 * number + part) * statements // 300), pytest.raises(Crash):
            place.live(county.END)
        place.live(county.END + LATER)
        assert place.story() == steady


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_a_process_really_killed_ends_as_if_nothing_had_happened(seed: int, place: County, steady):
    """SIGKILL after a random while, a second one while it recovers, then left in peace."""
    random = Random(seed)
    place.anew()
    killed = [_killed(place, county.END + n * LATER, random.uniform(0.02, 0.4)) for n in range(2)]
    place.live(county.END + 2 * LATER)
    assert place.story() == steady
    assert all(status in (0, signal.SIGKILL) for status in killed)


def _killed(place: County, now: datetime, after: float) -> int:
    """Live in a forked process and kill it; how it ended (0: it was faster)."""
    pid = os.fork()
    if pid == 0:
        try:
            place.live(now)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
