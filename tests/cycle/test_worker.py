"""An exchange ends in time, however it hangs, and takes nobody with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine import app
from engine.cycle.loops.outfit import Outfit
from engine.cycle.loops.worker import Unfinished, Workers
from engine.errors import EngineError
from tests.cycle import steps
from tests.story import county

LONG = 600.0


@pytest.fixture(scope="module")
def outfit(tmp_path_factory: pytest.TempPathFactory) -> Outfit:
    with app.world(county.build(tmp_path_factory.mktemp("county"))) as world:
        return Outfit.of(world)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    opened = Workers(2 << 30)
    yield opened
    opened.close()


def test_a_worker_serves_one_exchange_after_the_other(workers: Workers, outfit: Outfit):
    first, rules, said = workers.ask(outfit, steps.who, "one", LONG)
    assert (rules, said) == (outfit.book.hash, "one") and first != os.getpid()
    assert workers.ask(outfit, steps.who, "two", LONG)[0] == first


def test_a_new_outfit_is_put_on_by_the_same_worker(workers: Workers, outfit: Outfit):
    before = workers.ask(outfit, steps.who, "", LONG)
    other = replace(outfit, book=replace(outfit.book, hash="other"), shift=timedelta(days=400))
    after = workers.ask(other, steps.who, "", LONG)
    assert after[0] == before[0] and after[1] == "other"
    ahead = workers.ask(other, steps.clock, None, LONG) - workers.ask(outfit, steps.clock, None, LONG)
    assert ahead == pytest.approx(timedelta(days=400).total_seconds(), abs=LONG)


@pytest.mark.parametrize("step", [steps.sleep, steps.search, steps.deaf], ids=lambda step: step.__name__)
def test_whatever_hangs_is_ended_in_time(step, workers: Workers, outfit: Outfit):
    process = workers.ask(outfit, steps.who, "", LONG)[0]
    with pytest.raises(Unfinished, match="not over after 1 s, and ended"):
        workers.ask(outfit, step, None, 1)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert workers.ask(outfit, steps.who, "the next", LONG)[2] == "the next"


def test_what_needs_too_much_memory_ends_only_itself(workers: Workers, outfit: Outfit):
    with pytest.raises(EngineError, match=r"MemoryError in steps.py:\d+"):
        workers.ask(outfit, steps.swell, None, LONG)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_is_told_by_its_signal(number: int, workers: Workers, outfit: Outfit):
    with pytest.raises(Unfinished, match=signal.Signals(number).name):
        workers.ask(outfit, steps.die, number, LONG)


def test_what_a_step_refuses_is_told_in_its_words_and_the_worker_stays(workers: Workers, outfit: Outfit):
    process = workers.ask(outfit, steps.who, "", LONG)[0]
    with pytest.raises(EngineError, match="no such file"):
        workers.ask(outfit, steps.refuse, "no such file", LONG)
    assert workers.ask(outfit, steps.who, "", LONG)[0] == process


def test_an_answer_is_bounded(workers: Workers, outfit: Outfit):
    assert len(workers.ask(outfit, steps.chatter, 1000, LONG)) == 1000
    with pytest.raises(EngineError, match="too large"):
        workers.ask(outfit, steps.chatter, 17 << 20, LONG)


def test_a_database_that_is_gone_is_a_sentence(workers: Workers, outfit: Outfit, tmp_path: Path):
    gone = replace(outfit, url=f"sqlite:///{tmp_path}/gone/forewarn.db")
    with pytest.raises(EngineError, match="db upgrade"):
        workers.ask(gone, steps.who, "", LONG)


def test_closed_workers_end_what_they_are_at(outfit: Outfit):
    workers = Workers(2 << 30)
    process = workers.ask(outfit, steps.who, "", LONG)[0]
    workers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    with pytest.raises(Unfinished, match="stopping"):
        workers.ask(outfit, steps.who, "", LONG)
