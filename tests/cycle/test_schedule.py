"""The ticker ticks whatever happens, and says in one sentence what did."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from loguru import logger

from engine.cycle.schedule import Ticker
from engine.errors import StoreError

LONGEST = 60


@pytest.fixture
def log() -> Iterator[list[str]]:
    said: list[str] = []
    sink = logger.add(said.append, format="{level} {message}")
    yield said
    logger.remove(sink)


def test_what_fails_is_one_sentence_and_is_tried_again(log: list[str], capfd: pytest.CaptureFixture[str]):
    stop, ticks = threading.Event(), []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise StoreError("the disk is full; make room and try again")
        stop.set()

    Ticker({"tick": tick}, timedelta(seconds=1)).serve(stop.wait)
    assert len(ticks) == 2
    said = "a tick failed; the next one tries again: the disk is full; make room and try again"
    assert log == [f"ERROR {said}\n"]
    assert "Traceback" not in capfd.readouterr().err


def test_a_mistake_of_ours_is_told_with_its_place(log: list[str]):
    stop = threading.Event()

    def tick() -> None:
        stop.set()
        raise ZeroDivisionError

    Ticker({"tick": tick}, timedelta(seconds=1)).serve(stop.wait)
    assert "a tick failed; the next one tries again" in log[0] and "test_schedule.py" in log[0]


def test_a_long_tick_keeps_no_heartbeat_waiting():
    stop, beats = threading.Event(), threading.Semaphore(0)

    def tick() -> None:
        for _ in range(3):
            assert beats.acquire(timeout=LONGEST)
        stop.set()

    Ticker({"tick": tick, "heartbeat": beats.release}, timedelta(seconds=1)).serve(stop.wait)
    assert stop.is_set()


def test_a_job_can_be_hastened():
    stop, ticks = threading.Event(), []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            ticker.hasten("tick")
        else:
            stop.set()

    ticker = Ticker({"tick": tick}, timedelta(hours=1))
    ticker.serve(lambda: stop.wait(LONGEST))
    assert len(ticks) == 2
