"""Judgements and what they are judged by, against a plain reading of the definition, day by day."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from engine.backtest.asked import asked
from engine.backtest.history import Span, Spell
from engine.backtest.match import Against, Track, mark, match
from engine.ingest.truth import Stretch, Truth
from engine.model.grade import Grade
from tests.backtest.conftest import CALENDAR, TREE, ZERO, at, spell
from tests.backtest.test_match import DOMAINS, TOWNS, against, event

MONTH = Span(ZERO, ZERO + timedelta(days=55), CALENDAR)


def plain(grades: list[int], ahead: int) -> list[int]:
    """The days of judgement, as a person would tick them off."""
    days, next_, said = [], 0, 0
    for day, grade in enumerate(grades):
        if day >= next_ or grade > said:
            days.append(day)
            next_, said = day + ahead, grade
    return days


@pytest.mark.parametrize("ahead", [1, 2, 7, 28])
def test_the_days_of_judgement(ahead: int):
    grades = np.random.default_rng(ahead).choice(5, (6, 90), p=[0.85, 0.06, 0.04, 0.03, 0.02]).astype(np.int8)
    found = asked(grades, np.full(6, ahead))
    assert [np.flatnonzero(row).tolist() for row in found] == [plain(row.tolist(), ahead) for row in grades]


def test_each_place_has_its_own_horizon():
    found = asked(np.zeros((2, 9), np.int8), np.array([3, 4]))
    assert [np.flatnonzero(row).tolist() for row in found] == [[0, 3, 6], [0, 4, 8]]


def test_a_standing_warning_is_judged_once_for_each_horizon():
    """Four weeks with nothing to show for it: one false alarm of a 28-day rule, four of a weekly one."""
    for ahead, times in ((28, 1), (7, 4), (1, 28)):
        track = Track.of(TOWNS[:1], [spell("T1", 0, 28)], MONTH, ahead)
        marks = mark(track, against(event("T2", 1, 1)), MONTH)
        assert (marks.counts & (track.grades > 0) & ~marks.event).sum() == times


@pytest.mark.parametrize("ahead", [1, 3, 7, 28])
def test_what_a_judgement_is_judged_by(ahead: int):
    random = np.random.default_rng(ahead)
    starts = random.integers(-20, 70, 6).tolist()
    truth = against(*(event("T1", day, day + int(random.integers(0, 4))) for day in starts))
    opened = random.integers(0, 50, 4).tolist()
    spells = [spell("T1", day, day + int(random.integers(1, 9))) for day in opened]
    track = Track.of(TOWNS[:1], spells, MONTH, ahead)
    marks = mark(track, truth, MONTH)
    every = [ZERO + timedelta(days=n) for n in range(-99, 99)]
    lasting = {day for day in every if any(one.start <= day <= one.end for one in truth.truth.events)}
    for day in range(MONTH.days):
        now = ZERO + timedelta(days=day)
        comes = any(now + timedelta(days=n) in lasting for n in range(ahead))
        came = any(now - timedelta(days=n) in lasting for n in range(1, ahead + 1))
        late = not comes and now - timedelta(days=1) in lasting
        asked_then = day in plain(track.grades[0].tolist(), ahead)
        assert (marks.event[0, day], marks.before[0, day]) == (comes, came)
        assert marks.counts[0, day] == (asked_then and not late)


def test_a_warning_speaks_as_it_opens_as_it_rises_and_when_its_time_is_over():
    steps = ((at(0), Grade.BLUE), (at(5), Grade.YELLOW), (at(9), Grade.BLUE))
    said = list(Spell(("T1", "t"), steps, at(20)).said(7, MONTH.until))
    assert said == [at(0), at(5), at(12), at(19)]
    assert list(spell("T1", 50, None).said(3, MONTH.until)) == [at(50), at(53)]


@pytest.mark.parametrize(
    ("ahead", "opened", "closed", "lead"),
    [
        (7, 4, 5, 6 - 1 / 3),  # lifted long before, but it spoke of seven days
        (7, 2, 3, None),  # its seven days were over
        (7, 0, 10, 3 - 1 / 3),  # it spoke at 0 and at 7: only the second reaches day 10
        (28, 0, 10, 10 - 1 / 3),
        (1, 4, 5, None),
    ],
)
def test_lead_time_is_within_the_horizon(ahead: int, opened: int, closed: int, lead: float | None):
    track = Track.of(TOWNS[:1], [spell("T1", opened, closed)], MONTH, ahead)
    matched = match(track, against(event("T1", 10, 11)), MONTH)
    assert matched.right.tolist() == [lead is not None]
    assert matched.lead.tolist() == pytest.approx([np.nan if lead is None else lead], nan_ok=True)


def test_nothing_is_judged_without_a_place():
    nothing = Against(Truth((), frozenset({"t"})), TREE, DOMAINS)
    assert mark(Track.of([], [], MONTH, 7), nothing, MONTH).event.shape == (0, MONTH.days)


def stretch(area: str, first: int, last: int) -> Stretch:
    return Stretch(area, "t", ZERO + timedelta(days=first), ZERO + timedelta(days=last))


@pytest.mark.parametrize("ahead", [1, 7])
@pytest.mark.parametrize("area", ["T1", "C"])
def test_what_nobody_knows_counts_for_nobody(ahead: int, area: str):
    """Told of days 3 to 40, but not of T1's days 20 to 24: by a plain look at each day of each horizon."""
    blank = stretch("T1", 20, 24)
    events = (event("T1", 10, 12), event("T1", 39, 41))
    truth = Truth(events, frozenset({"t"}), (stretch("C", 3, 40),), (blank,))
    track = Track.of([(area, "t")], [spell(area, 8, 36)], MONTH, ahead)
    marks = mark(track, Against(truth, TREE, DOMAINS), MONTH)
    for day in range(MONTH.days):
        horizon = range(day, day + ahead)
        comes = any(n in range(10, 13) or n in range(39, 42) for n in horizon)
        unknown = any(not 3 <= n <= 40 or 20 <= n <= 24 for n in horizon)
        late = day - 1 in (12, 41)
        asked_then = day in plain(track.grades[0].tolist(), ahead)
        assert marks.counts[0, day] == (asked_then and (comes or not (unknown or late))), day


def test_a_town_that_is_not_known_leaves_its_neighbour_alone():
    truth = Truth((), frozenset({"t"}), None, (stretch("T2", 0, 30),))
    track = Track.of(TOWNS, [], MONTH)
    assert marks_of(truth, track).counts.sum(axis=1).tolist() == [MONTH.days, MONTH.days - 31]


def marks_of(truth: Truth, track: Track):
    return mark(track, Against(truth, TREE, DOMAINS), MONTH)


def test_a_warning_of_days_that_nobody_knows_is_neither_right_nor_false():
    truth = Truth((event("T1", 12, 12),), frozenset({"t"}), (stretch("C", 0, 40),), (stretch("C", 20, 22),))
    spells = [spell("T1", day, day + 1) for day in (3, 6, 14, 30, 36)]
    matched = match(Track.of(TOWNS, spells, MONTH, 7), Against(truth, TREE, DOMAINS), MONTH)
    assert matched.right.tolist() == pytest.approx([0, 1, np.nan, 0, np.nan], nan_ok=True)
