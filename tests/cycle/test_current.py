"""A source that shows only what is current: what leaves its list, what returns, ids that are one incident
and ids that are two; from real files and answers to the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.collect import Collected
from engine.cycle.world import World
from engine.errors import FeedError
from engine.ingest.mapping import Condition
from engine.model.feed import Broken, Fetch, Record
from engine.model.incident import Incident
from engine.store import incidents, outbox
from tests.story import county

OPERATORS = """
receivers:
  - {id: ops, title: Operators, operator: true, channels: [{kind: file, path: data/ops.jsonl}]}
"""
FEED = """
feeds:
  - id: list
    title: What is in force
    connector: json
    subject: incident
    options: {path: list.json, records: data, total: n}
    poll: 1h
    max_silence: 2d
    covers: {areas: [C], categories: [property, violence], from: 2026-01-01}
    map:
      source_id: id
      aliases: ids
      gone_after: 2
      occurred_at: {field: at}
      known_at: {field: known}
      place: {code: town}
      category: {field: kind, scheme: county}
      skip: {field: kind, equals: drill}
"""
AT = county.END - timedelta(hours=5)


class Source:
    """A feed of the county that lists what a test tells it to, poll after poll an hour apart."""

    def __init__(self, root: Path) -> None:
        self._file = root / "list.json"
        self.now = county.END
        self.world: World

    def told(self, *records: Mapping[str, Any], n: int | None = None) -> Collected:
        said = {"data": records, "n": len(records) if n is None else n}
        self._file.write_text(json.dumps(said))
        return self.again()

    def again(self) -> Collected:
        self.now += timedelta(hours=1)
        return collect.poll(self.world, self.world.settings.feeds["list"])

    def brings(self, fetch: Callable[[], Fetch]) -> Collected:
        """One poll whose connector answers so."""
        self.now += timedelta(hours=1)
        connector = SimpleNamespace(fetch=lambda options, cursor: fetch())
        world = replace(self.world, connectors={"json": cast(Any, connector)})
        return collect.poll(world, world.settings.feeds["list"])

    def is_a_log(self, **mapped: Any) -> None:
        """It lists what has happened, and not what is in force."""
        feed = self.world.settings.feeds["list"]
        mapping = feed.mapping.model_copy(update={"aliases": (), "gone_after": None, **mapped})
        feeds = {"list": replace(feed, mapping=mapping)}
        self.world = replace(self.world, settings=replace(self.world.settings, feeds=feeds))

    def stored(self, source_id: str) -> list[Incident]:
        with self.world.store.read() as tx:
            return incidents.get(tx, "list", source_id)

    def standing(self, *source_ids: str) -> dict[str, bool]:
        """Whether each counts now."""
        found = {id_: self.stored(id_) for id_ in source_ids}
        return {id_: bool(told) and not told[-1].withdrawn for id_, told in found.items()}

    def notices(self) -> list[str]:
        with self.world.store.read() as tx:
            return [one.body for one in outbox.listing(tx)]


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    root = county.build(tmp_path)
    (root / "config/feeds.yaml").write_text(FEED)
    (root / "config/routes.yaml").write_text(OPERATORS)
    told = Source(root)
    with app.world(root, clock=lambda: told.now) as opened:
        running.prepare_ledger(opened)
        told.world = opened
        yield told


def record(id_: str, **changed: Any) -> dict[str, Any]:
    plain = {"at": AT.isoformat(), "known": AT.isoformat(), "town": "T1", "kind": "burglary", "ids": None}
    return {"id": id_, **plain, **changed}


A, B = record("a"), record("b", town="T2")


def test_what_is_missing_from_enough_good_polls_is_withdrawn(source: Source) -> None:
    source.told(A, B)
    assert source.told(A).gone == 0 and source.standing("a", "b") == {"a": True, "b": True}
    assert source.told(A).gone == 1
    assert source.standing("a", "b") == {"a": True, "b": False}
    last = source.stored("b")[-1]
    assert (last.revision, last.known_at, last.areas) == (2, source.now, ("T2",))
    assert source.told(A).gone == 0 and len(source.stored("b")) == 2


def test_missing_now_and_then_is_not_gone(source: Source) -> None:
    for records in ((A, B), (A,), (A, B), (A,), (A, B)):
        source.told(*records)
    assert source.standing("a", "b") == {"a": True, "b": True} and len(source.stored("b")) == 1


def test_a_poll_that_is_not_good_and_whole_takes_nothing_away(source: Source) -> None:
    source.told(A, B)
    source.told(A)
    assert source.told(A, n=3).error, "fewer records than the source says there are"
    source.brings(lambda: Fetch((), {}, unchanged=True, unseen=True))
    source.brings(lambda: Fetch([Record(A, "1"), Broken("2", "cut off")], {}))
    source.brings(lambda: Fetch([Record(A, "1"), Record({**B, "id": None}, "2")], {}))

    def down() -> Fetch:
        raise FeedError("nobody answers")

    source.brings(down)
    assert source.standing("b") == {"b": True}
    assert source.told(A).gone == 1


def test_a_list_that_was_seen_to_be_the_same_counts_as_one(source: Source) -> None:
    source.told(A, B)
    source.told(A)
    assert source.again().gone == 1
    assert source.again().gone == 0
    assert source.standing("a", "b") == {"a": True, "b": False}


@pytest.mark.parametrize("changed", [{"town": "nowhere"}, {"kind": "drill"}, {"at": "?"}])
def test_a_record_that_is_listed_and_cannot_be_read_is_not_gone(source: Source, changed: Any) -> None:
    source.told(A, B)
    for _ in range(3):
        source.told(A, {**B, **changed})
    assert source.standing("a", "b") == {"a": True, "b": True}


@pytest.mark.parametrize("known", [AT, county.END + timedelta(hours=2, minutes=30), None])
def test_what_comes_back_stands_again(source: Source, known: datetime | None) -> None:
    """Whether its feed says that it was told before it was gone, after, or nothing."""
    for records in ((A, B), (A,), (A,)):
        source.told(*records)
    for _ in range(3):
        source.told(A, {**B, "known": known and known.isoformat()})
    assert source.standing("b") == {"b": True}
    assert [one.withdrawn for one in source.stored("b")] == [False, True, False]


def test_a_list_that_is_empty_is_one(source: Source) -> None:
    source.told(A, B)
    source.told()
    assert source.again().gone == 2


def test_a_file_read_in_the_feeds_stead_lists_nothing_of_what_is_in_force(
    source: Source, tmp_path: Path
) -> None:
    source.told(A, B)
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"data": [record("c")], "n": 1}))
    feed = source.world.settings.feeds["list"]
    single = replace(feed, options=feed.options.model_copy(update={"path": other}))
    for _ in range(3):
        assert collect.poll(source.world, single, collect.Asked(anew=True)).gone == 0
    assert source.standing("a", "b", "c") == {"a": True, "b": True, "c": True}


def test_another_preferred_id_is_the_same_incident(source: Source) -> None:
    """As earthquakes are renamed when another network's solution is preferred."""
    source.told(record("us7", ids=",us7,"))
    source.told(record("nc73", ids=",us7,nc73,", kind="explosion"))
    source.told(record("nc73", ids=",nc73,"))
    assert not source.stored("nc73")
    assert [one.category for one in source.stored("us7")] == ["property.burglary", "violence.explosion"]
    assert source.standing("us7") == {"us7": True}


@pytest.mark.parametrize("ids", [["us7", "nc73"], ",us7,nc73,", "us7; nc73", "nc73|us7"])
def test_other_ids_are_a_list_or_a_text(source: Source, ids: Any) -> None:
    source.told(record("us7"))
    source.told(record("nc73", ids=ids))
    assert source.stored("us7") and not source.stored("nc73")


def test_two_incidents_that_turn_out_to_be_one_leave_the_first(source: Source) -> None:
    source.told(record("us7", ids=",us7,"))
    source.told(record("us7", ids=",us7,"), record("nc73", ids=",nc73,"))
    source.told(record("nc73", ids=",us7,nc73,"))
    assert source.standing("us7", "nc73") == {"us7": True, "nc73": False}
    assert source.stored("nc73")[-1].known_at == source.now
    for _ in range(3):
        source.told(record("nc73", ids=",nc73,"))
    assert source.standing("us7", "nc73") == {"us7": True, "nc73": False}
    assert len(source.stored("nc73")) == 2


def test_what_goes_by_another_id_is_not_gone(source: Source) -> None:
    source.told(record("us7", ids=",us7,"))
    for _ in range(3):
        source.told(record("nc73", ids=",us7,nc73,"))
    for _ in range(3):
        source.told(record("nc73", ids=",us7,nc73,", town="nowhere"))
    assert source.standing("us7") == {"us7": True}


def test_a_word_for_no_other_id_makes_nothing_the_same(source: Source) -> None:
    source.told(record("a", ids="none,-"), record("b", ids=["N/A", ""], town="T2"))
    assert source.standing("a", "b") == {"a": True, "b": True}


LATER = {"at": (AT + timedelta(days=-3)).isoformat(), "town": "T3", "kind": "explosion"}


def test_an_id_that_is_given_again_overwrites_nothing(source: Source) -> None:
    first = record("17")
    source.told(first)
    source.told(record("17", **LATER))
    day = (AT - timedelta(days=3)).date()
    assert [one.category for one in source.stored("17")] == ["property.burglary"]
    assert [one.category for one in source.stored(f"17@{day}")] == ["violence.explosion"]
    assert sum("1 id came again" in body for body in source.notices()) == 1
    # Told again, corrected, and withdrawn by the list: it stays the later one.
    source.told(record("17", **LATER))
    source.told(record("17", **LATER | {"town": "T2", "at": (AT + timedelta(days=-4)).isoformat()}))
    assert [one.areas for one in source.stored(f"17@{day}")] == [("T3",), ("T2",)]
    assert len(source.notices()) == 1
    assert source.standing("17") == {"17": False}, "the list shows the later one only"


def hours(name: str, many: int = 5, **changed: Any) -> list[dict[str, Any]]:
    """A day's records, each of an hour and a town of its own."""
    return [
        record(f"{name}{n}", at=(AT - timedelta(hours=n)).isoformat(), town=f"T{n % 3 + 1}", **changed)
        for n in range(many)
    ]


@pytest.mark.parametrize("aliases", [True, False])
def test_a_source_that_numbers_anew_tells_nothing_new(source: Source, aliases: bool) -> None:
    if not aliases:
        source.is_a_log()
    source.told(*hours("a"))
    again = source.told(*hours("b"), record("c", town="T3", kind="explosion"))
    assert (again.new, again.unchanged) == (1, 5)
    assert not source.stored("b0") and len(source.stored("a0")) == 1
    assert [("5 incidents came again under other ids" in one) for one in source.notices()] == [True]
    # From then on the new ids stand for the old: corrected, told under a third, and told once.
    changed = source.told(*hours("b", kind="explosion"))
    assert (changed.new, changed.revised) == (0, 5)
    assert [one.category for one in source.stored("a0")][-1] == "violence.explosion"
    third = source.told(*hours("d", kind="explosion"))
    assert (third.new, third.unchanged) == (0, 5) and len(source.notices()) == 2
    assert source.told(*hours("d", kind="explosion")).unchanged == 5 and len(source.notices()) == 2


OVER = Condition(field="state", equals=("over",))


@pytest.mark.parametrize(("many", "of", "told"), [
    (10, 40, True), (40, 40, True), (10, 41, False), (9, 9, False),
])  # fmt: skip
def test_much_that_is_taken_back_at_once_is_believed_and_told(
    source: Source, many: int, of: int, told: bool
) -> None:
    source.is_a_log(withdrawn=OVER)
    source.told(*hours("a", of))
    source.told(*hours("a", of))
    taken = source.told(*hours("a", many, state="over"), *hours("a", of)[many:])
    assert taken.revised == many and source.standing("a0") == {"a0": False}
    said = f"{many} of its {of} reports of the last 28 days are taken back at once by its own mark"
    assert [said in one for one in source.notices()] == [True] * told
    # What is told so on and on is told once, and what was never told is taken back from nobody.
    source.told(*hours("a", many, state="over"), *hours("a", of)[many:])
    source.told(*hours("never", 20, state="over"), *hours("a", of)[many:])
    assert len(source.notices()) == told


def test_what_is_in_force_ends_in_numbers(source: Source) -> None:
    feed = source.world.settings.feeds["list"]
    source.is_a_log(withdrawn=OVER, gone_after=feed.mapping.gone_after)
    source.told(*hours("a", 20))
    source.told(*hours("a", 20, state="over"))
    assert source.standing("a0") == {"a0": False} and not source.notices()


def drills(many: int, of: int) -> list[dict[str, Any]]:
    return [*hours("a", of - many), *hours("drill", many, kind="drill")]


@pytest.mark.parametrize(("before", "many", "told"), [
    ((2, 1, 2), 14, True), ((2, 1, 2), 9, False), ((2, 1), 14, False), ((2, 10, 2), 14, False),
])  # fmt: skip
def test_much_more_that_the_mapping_leaves_out_is_told(
    source: Source, before: tuple[int, ...], many: int, told: bool
) -> None:
    source.is_a_log()
    for few in before:
        source.told(*drills(few, 40))
    assert source.told(*drills(many, 40)).skipped == many
    usual = f"{max(before) / 40:.0%}"
    said = f"{many} of 40 records are left out by `skip` in its mapping, where at most {usual} were"
    assert [said in one for one in source.notices()] == [True] * told
    source.told(*drills(many, 40))
    assert len(source.notices()) == told, "from then on it is usual"


def test_what_somebody_leaves_out_is_no_matter_of_the_mapping(source: Source) -> None:
    source.is_a_log()
    for _ in range(3):
        source.told(*hours("a", 40))
    asked = collect.Asked(anew=True, since=AT)
    assert collect.poll(source.world, source.world.settings.feeds["list"], asked).skipped == 39
    assert not source.notices()


def test_equal_reports_under_ids_of_their_own_are_several(source: Source) -> None:
    """Side by side in one answer, or one that equals one by chance."""
    source.told(*hours("a"))
    assert source.told(*hours("a"), *hours("b")).new == 5
    assert source.told(*hours("a"), *hours("b"), record("c")).new == 1
    assert not source.notices()


@pytest.mark.parametrize("changed", [
    {"at": LATER["at"], "town": "T3"}, {"at": LATER["at"], "kind": "explosion"},
    {"town": "T3", "kind": "explosion"}, {**LATER, "town": "C"},
])  # fmt: skip
def test_a_correction_of_one_or_two_of_day_place_and_kind_is_a_revision(
    source: Source, changed: dict[str, Any]
) -> None:
    source.told(record("17"))
    source.told(record("17", **changed))
    assert len(source.stored("17")) == 2 and not source.notices()
