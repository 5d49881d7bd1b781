"""Killed anywhere, started again: always the same warnings, every message at least once, none doubled."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import count
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
    """One county lived through many times: its configuration is read once, its data anew each time.

    Every life has connections of its own; the statements were compiled in the first one.
    """

    def __init__(self, folder: Path) -> None:
        self.root = county.build(folder)
        self.data = self.root / "data"
        self.home = app.home(self.root, county.END.date())
        self.store = Store.open(f"sqlite:///{self.data}/forewarn.db")
        self.store.close()
        self.blank = shutil.copytree(self.data, folder / "blank")

    def anew(self) -> None:
        """The tables made and nothing in them."""
        self.as_left(shutil.copytree(self.blank, self.root / "fresh"))

    def as_left(self, data: Path) -> None:
        """The data of this folder, which goes away."""
        shutil.rmtree(self.data)
        data.rename(self.data)

    @contextmanager
    def life(self, now: datetime) -> Iterator[World]:
        try:
            yield World(
                settings=self.home.settings, book=self.home.book, store=self.store, connectors=CONNECTORS,
                correlate=partial(correlate, evaluator=reference.evaluate), clock=lambda: now, owner="duty",
                relived=True,
            )  # fmt: skip
        finally:
            self.store.close()

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


@contextmanager
def before_each(step: Callable[[int], None]) -> Iterator[None]:
    """Call `step` before every statement and commit, with its number."""
    numbers = count(1)

    def hook(*_: object) -> None:
        step(next(numbers))

    hooks = ("before_cursor_execute", "commit")
    for name in hooks:
        event.listen(Engine, name, hook)
    try:
        yield
    finally:
        for name in hooks:
            event.remove(Engine, name, hook)


def crashed(place: County, points: Sequence[int]) -> Iterator[Path]:
    """The data as a process leaves it that is gone before the statement or commit of each number.

    One history passes all the points; what lies on the disk there is set aside, uncommitted pages too.
    """
    aside = place.root / "crashed"

    def step(number: int) -> None:
        if number in points:
            shutil.copytree(place.data, aside / str(number))

    place.anew()
    with before_each(step):
        place.live(county.END)
    yield from (aside / str(number) for number in points)


@pytest.fixture(scope="module")
def statements(place: County) -> int:
    """How many statements and commits a whole history takes."""
    numbers: list[int] = []
    place.anew()
    with before_each(numbers.append):
        place.live(county.END)
    return len(numbers)


def some(many: int, of: int) -> list[object]:
    """So many of them in every run, the others in `make soak`."""
    marks = [pytest.mark.slow] * many + [pytest.mark.soak] * (of - many)
    return [pytest.param(n, marks=mark) for n, mark in enumerate(marks)]


@pytest.mark.parametrize("part", some(2, of=9))
def test_fifty_crashes_each_end_as_if_nothing_had_happened(part: int, place: County, steady, statements: int):
    """Nine times fifty points, spread over all statements and commits of a history."""
    points = [1 + (9 * number + part) * statements // 450 for number in range(50)]
    for data in crashed(place, points):
        place.as_left(data)
        place.live(county.END + LATER)
        assert place.story() == steady


@pytest.fixture(scope="module")
def takes(place: County) -> float:
    """Seconds of a whole history on this machine."""
    place.anew()
    begun = time.perf_counter()
    place.live(county.END)
    return time.perf_counter() - begun


@pytest.mark.parametrize("seed", some(10, of=30))
def test_a_process_really_killed_ends_as_if_nothing_had_happened(
    seed: int, place: County, steady, takes: float
):
    """SIGKILL after a random while, a second one while it recovers, then left in peace."""
    random = Random(seed)
    place.anew()
    killed = [_killed(place, county.END + n * LATER, random.random() * takes) for n in range(2)]
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
