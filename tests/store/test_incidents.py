"""Adding batches, and reading what was known when, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.model.incident import Incident, Precision
from engine.model.indicator import Indicator
from engine.store import incidents
from engine.store import known as stored
from engine.store.database import Store
from engine.store.tally import Book

Make = Callable[..., Incident]

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = {"since": FIRST, "until": FIRST + timedelta(days=365)}


def test_an_incident_comes_back_as_it_was(store: Store, book: Book, make: Make) -> None:
    whole = make(
        ended_at=FIRST + timedelta(days=2), areas=("A1", "B"), severity=3,
        measures={"hectares": 2.5, "b": 1.0}, point=(59.5, 18.25), title="火灾", precision=Precision.DAY,
        category="fire",
    )  # fmt: skip
    with store.begin() as tx:
        assert incidents.add(tx, [whole], book) == incidents.Added(1, 0, 0, 1, frozenset("1"))
    with store.read() as tx:
        assert incidents.get(tx, "police", "1") == [whole]
        assert incidents.get(tx, "police", "2") == []
        assert incidents.count(tx) == 1


def test_a_repetition_is_no_revision_and_a_correction_is(store: Store, book: Book, make: Make) -> None:
    first = make()
    same = replace(first, known_at=first.known_at + timedelta(hours=1))
    corrected = replace(first, areas=("A2",), known_at=first.known_at + timedelta(days=2))
    with store.begin() as tx:
        assert incidents.add(tx, [first, same, make("2")], book) == incidents.Added(
            2, 0, 1, 1, frozenset("12")
        )
    with store.begin() as tx:
        assert incidents.add(tx, [same, corrected], book) == incidents.Added(0, 1, 1, 2)
    with store.begin() as tx:
        assert incidents.add(tx, [first, same, corrected], book) == incidents.Added(0, 0, 3, 3)
    with store.read() as tx:
        assert incidents.get(tx, "police", "1") == [first, replace(corrected, revision=2)]


def test_revisions_are_numbered_by_when_they_were_known(store: Store, book: Book, make: Make) -> None:
    revisions = [make(late=late, areas=(area,)) for late, area in ((1, "A1"), (30, "A2"), (60, "B1"))]
    for one in (revisions[2], revisions[0], revisions[1]):
        with store.begin() as tx:
            incidents.add(tx, [replace(one, revision=7)], book)
    with store.read() as tx:
        found = incidents.get(tx, "police", "1")
    assert [(one.revision, one.areas) for one in found] == [(1, ("A1",)), (2, ("A2",)), (3, ("B1",))]


def test_what_the_feed_confirmed_after_a_late_correction_stands(
    store: Store, book: Book, make: Make, theft: Indicator
) -> None:
    for late, area in ((1, "A1"), (90, "A1"), (30, "B1")):
        with store.begin() as tx:
            incidents.add(tx, [make(late=late, areas=(area,))], book)
    with store.read() as tx:
        found = incidents.get(tx, "police", "1")
        (now,) = stored.matching(tx, theft, known_before=FIRST + timedelta(days=30), **YEAR)
    assert [one.areas for one in found] == [("A1",), ("B1",), ("A1",)]
    assert (now.areas, now.revision) == (("A1",), 3)


def test_matching_sees_the_latest_revision_known_strictly_before(
    store: Store, book: Book, make: Make, theft: Indicator
) -> None:
    first, moved = make(late=1), make(late=30, areas=("B1",))
    with store.begin() as tx:
        incidents.add(tx, [first, moved, make("2", category="fire"), make("3", withdrawn=True)], book)
        incidents.add(tx, [make("4", precision=Precision.UNKNOWN), make("5", day=40)], book)

    def areas(known_before: datetime, **wanted: object) -> list[tuple[int, tuple[str, ...]]]:
        window = {**YEAR, "until": FIRST + timedelta(days=31), "known_before": known_before} | wanted
        with store.read() as tx:
            return [(one.revision, one.areas) for one in stored.matching(tx, theft, **window)]

    assert areas(first.known_at) == []
    assert areas(first.known_at + timedelta(seconds=1)) == [(1, ("A1",))]
    assert areas(moved.known_at) == [(1, ("A1",))]
    later = moved.known_at + timedelta(seconds=1)
    assert areas(later) == [(2, ("B1",))]
    assert areas(later, areas=["B1", "B"]) == [(2, ("B1",))]
    assert areas(later, areas=["A1"]) == []
    assert areas(later, since=first.occurred_at) == [(2, ("B1",))]
    assert areas(later, until=first.occurred_at) == []


def test_matching_can_see_what_an_earlier_transaction_saw(
    store: Store, book: Book, make: Make, theft: Indicator
) -> None:
    for one in (make(late=20), make(late=30, areas=("B1",)), make(late=1, areas=("A2",))):
        with store.begin() as tx:
            incidents.add(tx, [one], book)
    seen = []
    with store.read() as tx:
        for seq in (1, 2, 3):
            (one,) = stored.matching(
                tx, theft, known_before=FIRST + timedelta(days=9), seq=seq, **YEAR
            )
            seen.append((one.revision, one.areas))
    assert seen == [(1, ("A1",)), (2, ("B1",)), (3, ("B1",))]


def test_a_sweep_knows_at_each_moment_what_is_found_for_it_alone(
    store: Store, book: Book, make: Make, theft: Indicator
) -> None:
    """Corrections, withdrawals, what came late, what is elsewhere, and what a later transaction told."""
    told = [
        make(late=1), make(late=30, areas=("B1",)), make(late=50, withdrawn=True), make("2", late=4, day=2),
        make("2", late=9, day=2, category="fire"), make("2", late=20, day=2), make("3", day=40),
        make("4", precision=Precision.UNKNOWN), make("5", late=2, areas=("A2",)), make("5", late=3, day=5),
    ]  # fmt: skip
    for one in told:
        with store.begin() as tx:
            incidents.add(tx, [one], book)
    moments = {one.known_at + timedelta(seconds=after) for one in told for after in (0, 1)}
    some = 0
    with store.read() as tx:
        for areas, seq in ((["A1", "A2", "B1"], None), (["A1"], 3), (["B1"], 5), (["A1", "A2", "B1"], 9)):
            sweep = stored.Sweep(tx, theft, areas=areas, seq=seq, **YEAR)
            for moment in moments:
                for part in (YEAR, YEAR | {"until": FIRST + timedelta(days=3)}, YEAR | {"since": moment}):
                    found = stored.matching(tx, theft, areas=areas, known_before=moment, seq=seq, **part)
                    assert sweep.known(part["since"], part["until"], moment) == found
                    some += len(found)
    assert some > 50


def test_matching_asks_the_indicator(store: Store, book: Book, make: Make, hectares: Indicator) -> None:
    with store.begin() as tx:
        incidents.add(
            tx, [make("1", category="fire"), make("2", category="fire", measures={"hectares": 3.0})], book
        )
    with store.read() as tx:
        found = stored.matching(tx, hectares, known_before=FIRST + timedelta(days=30), **YEAR)
    assert [one.source_id for one in found] == ["2"]


def test_moments_are_when_something_became_known(store: Store, book: Book, make: Make) -> None:
    batch = [make("1"), make("2"), make("3", day=2), make("4", category="fire"), make("5", day=3)]
    with store.begin() as tx:
        incidents.add(tx, batch, book)
    known = [one.known_at for one in batch]
    with store.read() as tx:
        assert list(stored.moments(tx, ["theft"], FIRST, known[4])) == [known[0], known[2], known[4]]
        assert list(stored.moments(tx, ["theft"], known[0], known[2])) == [known[2]]
        assert list(stored.moments(tx, ["theft", "fire"], FIRST, known[0])) == [known[0]]


def test_what_is_over_is_no_news_of_a_feed_whose_incidents_hold(store: Store, book: Book, make: Make) -> None:
    end = datetime(2025, 3, 30, tzinfo=UTC)
    over, lasts = end - timedelta(days=1), end + timedelta(days=1)
    batch = [make("1", ended_at=over), make("2", day=2, ended_at=lasts), make("3", day=3),
             make("1", day=4, ended_at=over, withdrawn=True)]  # fmt: skip
    with store.begin() as tx:
        incidents.add(tx, batch, book)
    known = [one.known_at for one in batch]
    with store.read() as tx:
        assert list(stored.moments(tx, ["theft"], FIRST, end, {batch[0].feed})) == known[1:]
        assert list(stored.moments(tx, ["theft"], FIRST, end, {"other"})) == known


def test_a_withdrawal_that_says_only_what_it_takes_back_leaves_the_rest(
    store: Store, book: Book, make: Make
) -> None:
    told = make("1")
    taken = replace(make("1", day=2), withdrawn=True, areas=(), category="", precision=Precision.UNKNOWN)
    for batch in ([told], [taken], [taken]):
        with store.begin() as tx:
            incidents.add(tx, batch, book)
    with store.read() as tx:
        first, last = incidents.get(tx, told.feed, "1")
    assert last.facts == replace(first, withdrawn=True).facts


def test_moments_are_also_when_what_was_told_of_a_category_is_told_otherwise(
    store: Store, book: Book, make: Make
) -> None:
    first = make("1")
    later = [first.known_at + timedelta(hours=hours) for hours in (1, 2, 400)]
    batch = [first, replace(first, known_at=later[0], category="fire"),
             replace(first, known_at=later[1], category="fire", withdrawn=True),
             replace(first, known_at=later[2], category="fire")]  # fmt: skip
    with store.begin() as tx:
        incidents.add(tx, batch, book)
    with store.read() as tx:
        assert list(stored.moments(tx, ["theft"], FIRST, later[2])) == [first.known_at, *later[:2]]
        assert list(stored.moments(tx, ["theft"], later[0], later[2], back=timedelta(30))) == later[1:]
        assert list(stored.moments(tx, ["fire"], FIRST, later[2])) == later


def test_a_failed_batch_leaves_nothing(store: Store, book: Book, make: Make) -> None:
    naive = make("2", known_at=datetime(2025, 1, 1, 12))
    with pytest.raises(ValueError, match="has no time zone"), store.begin() as tx:
        incidents.add(tx, [make("1"), naive], book)
    with store.read() as tx:
        assert incidents.count(tx) == 0


def test_more_incidents_than_one_query_may_name(store: Store, book: Book, make: Make) -> None:
    batch = [make(str(number)) for number in range(11_000)]
    for expected in ((11_000, 0, 0), (0, 0, 11_000)):
        with store.begin() as tx:
            added = incidents.add(tx, batch, book)
        assert (added.new, added.revised, added.unchanged) == expected


def test_a_report_repeated_by_a_feed_stays_on_the_day_it_was_first_made(
    store: Store, book: Book, make: Make
) -> None:
    """The moment of reporting stands in for the occurrence: seen again tomorrow, it has not moved."""
    first = make(precision=Precision.REPORTED)
    for hours, precision in ((30, Precision.REPORTED), (60, Precision.UNKNOWN)):
        later = timedelta(hours=hours)
        again = replace(
            first, known_at=first.known_at + later, occurred_at=first.occurred_at + later, precision=precision
        )
        with store.begin() as tx:
            incidents.add(tx, [first], book)
            assert incidents.add(tx, [again], book).revised == 0
    with store.read() as tx:
        assert incidents.get(tx, "police", "1") == [first]
