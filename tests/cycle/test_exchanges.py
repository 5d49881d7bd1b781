"""Exchanges side by side: one with each, and the slow ones keep nobody out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from loguru import logger

from engine.cycle.loops import watch
from engine.cycle.loops.exchanges import AT_ONCE, Exchanges
from engine.cycle.loops.watch import Watch, Work
from engine.cycle.loops.worker import Unfinished
from engine.cycle.world import never
from engine.errors import StoreError
from engine.store.database import Store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONGEST = 60


class Answers:
    """Workers whose exchanges end when the test lets them."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def ask(self, outfit: object, step: Callable[[], Any], argument: object, seconds: float) -> Any:
        assert self.go.wait(LONGEST)
        return step()


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def exchanges(answers: Answers) -> Exchanges:
    return Exchanges("feed", Watch(lambda: NOON), answers)  # type: ignore[arg-type]


def late() -> None:
    raise Unfinished("not over")


def test_one_exchange_with_each_at_a_time(exchanges: Exchanges, answers: Answers):
    done: list[str] = []
    for _ in range(3):
        exchanges.begin("log", None, lambda ask: ask(lambda: done.append("log"), None, 1), never)
    answers.go.set()
    exchanges.over(LONGEST, never)
    assert done == ["log"]


def test_whoever_is_at_work_looks_once_more_where_there_is_more(exchanges: Exchanges, answers: Answers):
    done: list[str] = []
    for _ in range(5):
        exchange = lambda ask: ask(lambda: done.append("log"), None, 1)  # noqa: E731
        exchanges.begin("log", None, exchange, never, more=True)
    answers.go.set()
    exchanges.over(LONGEST, never)
    assert done == ["log", "log"]


def test_those_that_were_slow_share_half_of_the_places(exchanges: Exchanges, answers: Answers):
    answers.go.set()
    slow = [f"slow-{n}" for n in range(AT_ONCE)]
    for name in slow:
        exchanges.begin(name, None, lambda ask: ask(late, None, 1), never)
    exchanges.over(LONGEST, never)
    assert all(exchanges.slow(name) for name in slow)
    answers.go.clear()
    begun: list[str] = []
    for name in [*slow, "quick"]:
        exchanges.begin(name, None, lambda ask, name=name: (begun.append(name), ask(late, None, 1)), never)
    answers.go.set()
    exchanges.over(LONGEST, never)
    assert sorted(begun) == ["quick", *slow[: AT_ONCE // 2]]


def test_one_that_is_in_time_again_is_slow_no_more(exchanges: Exchanges, answers: Answers):
    answers.go.set()
    for step, slow in ((late, True), (lambda: None, False)):
        exchanges.begin("log", None, lambda ask, step=step: ask(step, None, 1), never)
        exchanges.over(LONGEST, never)
        assert exchanges.slow("log") is slow


def test_a_database_that_fails_is_one_sentence_in_the_log(exchanges: Exchanges, answers: Answers):
    answers.go.set()
    said: list[str] = []
    sink = logger.add(said.append, format="{level} {message}")

    def fail(ask: object) -> None:
        raise StoreError("the disk is full; make room")

    exchanges.begin("log", None, fail, never)
    exchanges.over(LONGEST, never)
    logger.remove(sink)
    assert said == ["ERROR feed log failed; the next try follows: the disk is full; make room\n"]


def test_who_is_told_to_stop_begins_nothing(exchanges: Exchanges):
    exchanges.begin("log", None, pytest.fail, lambda: True)
    exchanges.over(0, never)


# --- what is at work, and since when -----------------------------------------------------------


def test_what_takes_long_is_named_with_its_beginning():
    at = [NOON]
    over = Watch(lambda: at[0])
    with over.at("feed", "log"):
        at[0] += timedelta(hours=1)  # the wall clock is set; nothing is late by that
        assert over.longer(LONGEST) == []
        assert over.longer(-1) == [Work("feed", "log", NOON)]
        over.step("feed", "log")
        assert over.longer(-1) == [Work("feed", "log", NOON + timedelta(hours=1))]
    assert over.longer(-1) == []


def test_what_is_late_is_kept_for_others_to_see(store: Store):
    work = [Work("feed", "log", NOON), Work("loop", "judge", NOON)]
    with store.begin() as tx:
        watch.put(tx, "host:1", work)
        assert watch.told(tx) == {"host:1": work}
        watch.put(tx, "host:1", [])
        assert watch.told(tx) == {}
