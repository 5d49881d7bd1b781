"""The order of what was told, whatever order it arrives in."""

from __future__ import annotations

import pytest

from engine.store.history import Entry, Facts, History

A, B, C = (0, "minute", "A"), (0, "minute", "B"), (0, "minute", "C")


def told(*records: tuple[int, Facts]) -> History:
    history = History([])
    for known_at, facts in records:
        history.tell(known_at, facts)
    return history


def revisions(history: History) -> list[tuple[int, int, str]]:
    return [(e.known_at, e.nth, e.facts[2]) for e in history.entries if not e.sighting]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([(1, A), (2, B)], [(1, 0, "A"), (2, 0, "B")], id="in order"),
        pytest.param([(1, A), (2, A)], [(1, 0, "A")], id="equal facts are no revision"),
        pytest.param([(1, A), (1, A)], [(1, 0, "A")], id="the same record again is nothing"),
        pytest.param([(2, B), (1, A)], [(1, 0, "A"), (2, 0, "B")], id="the older one arrives late"),
        pytest.param([(2, A), (1, A)], [(1, 0, "A"), (2, 0, "A")], id="known earlier than thought"),
        pytest.param(
            [(1, A), (3, A), (2, B)], [(1, 0, "A"), (2, 0, "B"), (3, 0, "A")],
            id="what was confirmed after a late correction stands again",
        ),
        pytest.param(
            [(1, A), (5, B), (3, C)], [(1, 0, "A"), (3, 0, "C"), (5, 0, "B")], id="in between"
        ),
        pytest.param([(1, A), (1, B)], [(1, 0, "A"), (1, 1, "B")], id="two in one second"),
        pytest.param([(1, A), (1, B), (1, A)], [(1, 0, "A"), (1, 1, "B")], id="two in one second, again"),
        pytest.param(
            [(1, A), (3, A), (3, B)], [(1, 0, "A"), (3, 0, "B")], id="a sighting overtaken in its second"
        ),
    ],
)  # fmt: skip
def test_revisions_stand_in_the_order_of_what_was_known_when(
    records: list[tuple[int, Facts]], expected: list[tuple[int, int, str]]
) -> None:
    assert revisions(told(*records)) == expected


def test_only_what_is_new_is_booked() -> None:
    history = History([Entry(1, A, stored=True), Entry(5, B, stored=True)])
    assert list(history.steps()) == []
    history.tell(7, C)
    assert list(history.steps()) == [(1, 7, B, C)]


def test_a_late_revision_undoes_the_step_that_skipped_it() -> None:
    history = History([Entry(1, A, stored=True), Entry(5, B, stored=True)])
    assert history.tell(3, C)
    assert sorted(history.steps()) == [(-1, 5, A, B), (1, 3, A, C), (1, 5, C, B)]
    assert history.fresh() == [(3, 0, *C)]


def test_a_stored_sighting_that_becomes_a_revision_goes() -> None:
    history = History([Entry(1, A, stored=True), Entry(4, A, stored=True, sighting=True)])
    history.tell(2, B)
    assert history.gone == [4]
    assert history.fresh() == [(2, 0, *B), (4, 0, *A)]


def test_a_report_repeated_stays_on_the_day_of_the_first() -> None:
    """Where the report says nothing about when, its own moment stands in: another report is no other day."""
    reported, again, moved = (5, "reported", "A"), (9, "reported", "A"), (12, "reported", "B")
    history = told((5, reported), (9, again), (12, moved))
    assert history.fresh() == [(5, 0, *reported), (12, 0, 5, "reported", "B")]
    at_last = told((5, reported), (9, (2, "day", "A")))
    assert at_last.fresh() == [(5, 0, *reported), (9, 0, 2, "day", "A")]


def test_a_report_that_came_late_in_bulk_does_not_unsettle_the_day_it_had() -> None:
    history = told((5, (5, "reported", "A")), (9, (9, "unknown", "A")))
    assert history.fresh() == [(5, 0, 5, "reported", "A")]
