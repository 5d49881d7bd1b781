"""Feeds are asked side by side; each brings what it brings at its own moment, whatever the others do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record
from engine.store import health, incidents, outbox, rejects
from tests.story import county
from tests.story.county import Clock

LONGEST = 60
OPERATORS = """
receivers:
  - {id: ops, title: Operators, operator: true, channels: [{kind: file, path: data/ops.jsonl}]}
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    """The county with three feeds that are read from addresses."""
    root = county.build(tmp_path)
    one = county.FILES["config/feeds.yaml"].removeprefix("\nfeeds:\n")
    live = one.replace("path: log.csv, polls: polls.csv", "url: 'http://127.0.0.1/NAME'")
    feeds = "".join(live.replace("id: log", f"id: {name}").replace("NAME", name) for name in "abc")
    (root / "config/feeds.yaml").write_text("feeds:\n" + feeds)
    (root / "config/routes.yaml").write_text(OPERATORS)
    with app.world(root, clock=clock) as opened:
        running.prepare_ledger(opened)
        yield opened


def answering(world: World, answer: Callable[[str], Fetch]) -> World:
    """The world with a source behind every feed; `answer` is given the feed's name."""

    def fetch(options: Any, cursor: Mapping[str, str]) -> Fetch:
        return answer(options.url[-1])

    return replace(world, connectors={"csv": cast(Any, SimpleNamespace(fetch=fetch))})


def brought(name: str) -> Fetch:
    at = (county.END - timedelta(minutes=5)).isoformat()
    fields = {"id": name, "at": at, "known": "", "town": "T1", "kind": "explosion"}
    return Fetch([Record(fields, "line 1")], {})


def test_a_source_that_answers_slowly_keeps_no_other_waiting(world: World):
    others = threading.Barrier(2)

    def answer(name: str) -> Fetch:
        if name != "c":
            others.wait(LONGEST)  # each of the two needs the other to be asked at the same time
        return brought(name)

    found = collect.poll_due(answering(world, answer))
    assert sorted((one.feed, one.new, one.error) for one in found) == [(name, 1, "") for name in "abc"]


def test_a_record_is_known_from_the_moment_its_source_answered(world: World, clock: Clock):
    def answer(name: str) -> Fetch:
        clock.now = county.END + timedelta(minutes=4)
        return brought(name)

    collect.poll(answering(world, answer), world.settings.feeds["a"])
    with world.store.read() as tx:
        (one,) = incidents.get(tx, "a", "a")
        assert one.known_at == health.last(tx)["a"].at == county.END + timedelta(minutes=4)


def test_operators_hear_once_that_a_feed_is_down_and_once_that_it_is_back(world: World, clock: Clock):
    down = [False, True, True, False, False]

    def answer(name: str) -> Fetch:
        if down[0]:
            raise FeedError("nobody answers")
        return brought(name)

    while down:
        collect.poll(answering(world, answer), world.settings.feeds["a"])
        clock.now += timedelta(hours=1)
        down.pop(0)
    with world.store.read() as tx:
        told = sorted(outbox.listing(tx), key=lambda one: one.planned_at)
    assert [one.subject for one in told] == ["Feed down: a", "Feed back: a"]
    assert "nobody answers; its topics go blind where it stays silent" in told[0].body


@pytest.mark.parametrize("kept, said", [(1, ""), (0, "not one of 1 record could be read")])
def test_one_dead_link_among_entries_that_are_as_they_were_is_no_failed_poll(
    world: World, kept: int, said: str
):
    dead = Fetch([Broken("entry 2", "answers 404")], {}, kept=kept)
    found = collect.poll(answering(world, lambda name: dead), world.settings.feeds["a"])
    assert found.error.startswith(said) and bool(found.error) is not bool(kept)
    with world.store.read() as tx:
        assert health.last(tx)["a"].ok is bool(kept)
        assert rejects.count(tx) == {"a": 1}


def test_a_poll_is_due_to_the_nearest_tick(world: World, clock: Clock):
    served = answering(world, brought)
    assert len(collect.poll_due(served)) == 3
    clock.now += timedelta(hours=1) - world.settings.cycles.tick
    assert not collect.poll_due(served)
    clock.now += timedelta(seconds=16)
    assert len(collect.poll_due(served)) == 3
