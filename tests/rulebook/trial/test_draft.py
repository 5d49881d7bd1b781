"""Incidents in memory answer as the ledger would."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.area import Area, AreaTree
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import DataState
from engine.model.period import Calendar
from engine.model.text import Text
from engine.rulebook.trial.draft import DraftPanels

LEVELS = ("country", "county", "town")
TREE = AreaTree.of(LEVELS, [
    Area("X", Text("X"), "country"),
    *(Area(code, Text(code), "county", "X") for code in "AB"),
    *(Area(code, Text(code), "town", code[0]) for code in ("A1", "A2", "B1")),
])  # fmt: skip
FIRE = Indicator(frozenset({"fire"}))
DAY = date(2026, 3, 1)
#: (area, day it occurred, days until it was known)
REPORTS = st.tuples(st.sampled_from(["A1", "A2", "B1"]), st.integers(0, 6), st.integers(0, 9))


def incident(
    areas: tuple[str, ...] = ("A1",), day: int = 0, late: int = 0, category: str = "fire"
) -> Incident:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=day)
    return Incident(
        feed="f", source_id=f"{areas}{day}{late}{category}", areas=areas, category=category,
        occurred_at=at, known_at=at + timedelta(days=late),
    )  # fmt: skip


def grid(panels: DraftPanels, level: str, cut: date, days: int = 7) -> list[list[float]]:
    """(areas, days) of what was known at the cut, over the days before it."""
    first, last = cut.toordinal() - days, cut.toordinal()
    counts: np.ndarray = panels.deltas(FIRE, level, first, last).grid(first, last - 1, last)
    return counts.tolist()


def panels(*given: Incident, **more: object) -> DraftPanels:
    return DraftPanels(TREE, Calendar(), given, **more)  # type: ignore[arg-type]


def test_an_alert_for_several_areas_counts_once_above() -> None:
    of = panels(incident(("A1", "A2", "B1")), incident(category="theft"))
    tomorrow = DAY + timedelta(days=1)
    assert grid(of, "town", tomorrow, 1) == [[1], [1], [1]]
    assert grid(of, "county", tomorrow, 1) == [[1], [1]]
    assert grid(of, "country", tomorrow, 1) == [[1]]


def test_what_is_placed_higher_does_not_count_below() -> None:
    of = panels(incident(("A",)))
    assert grid(of, "town", DAY + timedelta(days=1), 1) == [[0], [0], [0]]
    assert grid(of, "county", DAY + timedelta(days=1), 1) == [[1], [0]]


@settings(max_examples=60)
@given(st.lists(REPORTS, max_size=12), st.integers(0, 9))
def test_counts_equal_a_plain_count_of_what_was_known(given: list[tuple[str, int, int]], back: int) -> None:
    """A report known at noon of a day is first seen by the cut that opens the next."""
    cut = DAY + timedelta(days=7 + back)
    of = panels(*(incident((area,), day, late) for area, day, late in given))
    plain = [[0.0] * 7 for _ in TREE.at("town")]
    for area, day, late in given:
        if DAY + timedelta(days=day + late) < cut and day >= back:
            plain[TREE.at("town").index(area)][day - back] += 1
    assert grid(of, "town", cut) == plain


def test_incidents_are_those_known_before() -> None:
    early, late = incident(), incident(late=1)
    of = panels(early, late)
    since, until = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    assert list(of.incidents(FIRE, since, until, late.known_at)) == [early]
    assert list(of.incidents(FIRE, since, until, late.known_at + timedelta(seconds=1))) == [early, late]
    assert list(of.incidents(FIRE, until, until, until)) == []


def states(of: DraftPanels, level: str) -> list[list[int]]:
    first, cut = DAY.toordinal(), DAY.toordinal() + 2
    watch = of.watch(FIRE, level, first, cut)
    found: np.ndarray = watch.states(first, cut, np.zeros((len(TREE.at(level)), 2)))
    return found.tolist()


def test_days_that_are_not_given_are_observed_zero() -> None:
    assert states(panels(), "county") == [[DataState.OBSERVED_ZERO] * 2] * 2


def test_a_silent_feed_fails_on_its_days_only() -> None:
    failed, zero = DataState.LOWER_BOUND, DataState.OBSERVED_ZERO
    assert states(panels(down=[("", DAY, DAY)]), "county") == [[failed, zero]] * 2


def test_only_a_feed_that_reports_on_it_makes_an_indicator_blind() -> None:
    feeds = {"fires": frozenset({"fire"}), "thefts": frozenset({"theft"})}
    failed, zero = DataState.LOWER_BOUND, DataState.OBSERVED_ZERO
    assert states(panels(feeds=feeds, down=[("thefts", DAY, DAY)]), "county") == [[zero, zero]] * 2
    assert states(panels(feeds=feeds, down=[("fires", DAY, DAY)]), "county") == [[failed, zero]] * 2


def test_an_area_nobody_reports_on_with_all_that_lies_below() -> None:
    unseen, zero = DataState.UNMONITORED, DataState.OBSERVED_ZERO
    of = panels(unmonitored={"A": DAY})
    assert states(of, "county") == [[unseen, zero], [zero, zero]]
    assert states(of, "town") == [[unseen, zero], [unseen, zero], [zero, zero]]
    assert states(of, "country") == [[zero, zero]]
    assert states(panels(unmonitored={"A": None}), "county") == [[unseen, unseen], [zero, zero]]
