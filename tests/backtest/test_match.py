"""Worked by hand on ten days of a county with two towns."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from engine.backtest.history import Spell
from engine.backtest.match import Against, Track, mark, match
from engine.ingest.truth import Event, Truth
from engine.model.grade import Grade
from tests.backtest.conftest import SPAN, TREE, ZERO, at, spell

DOMAINS = {"t": "public-safety", "u": "public-safety"}
TOWNS = [("T1", "t"), ("T2", "t")]


def event(
    area: str, start: int, end: int, topic: str = "t", onset: bool = False, began: int | None = None
) -> Event:
    days: list[date] = [ZERO + timedelta(days=n) for n in (start, end, start if began is None else began)]
    return Event(area, topic, days[0], days[1], "x", onset, days[2])


def against(*events: Event) -> Against:
    return Against(Truth(events, frozenset({"t"})), TREE, DOMAINS)


def days(grid: np.ndarray) -> list[str]:
    return ["".join(".#"[int(value)] for value in row) for row in grid]


def test_an_event_marks_its_days_and_the_day_after_proves_nothing():
    marks = mark(Track.of(TOWNS, [], SPAN), against(event("T1", 2, 4)), SPAN)
    assert days(marks.event) == ["..###.....", ".........."]
    assert days(marks.before) == ["...###....", ".........."]
    assert days(~marks.counts) == [".....#....", ".........."]


def test_the_day_before_the_span_is_known_to_persistence():
    marks = mark(Track.of(TOWNS, [], SPAN), against(event("T1", -3, -1)), SPAN)
    assert days(marks.before)[0] == "#........." and days(~marks.counts)[0] == "#........."


def test_an_event_is_one_of_every_area_above_and_unsure_in_every_area_below():
    county = [("C", "t"), *TOWNS]
    below = mark(Track.of(county, [], SPAN), against(event("T1", 2, 3)), SPAN)
    assert days(below.event) == ["..##......", "..##......", ".........."]
    above = mark(Track.of(county, [], SPAN), against(event("C", 2, 3)), SPAN)
    assert days(above.event) == ["..##......", "..........", ".........."]
    assert days(~above.counts) == ["....#.....", "..###.....", "..###....."]


def test_an_event_of_another_topic_is_none_and_one_of_the_domain_is():
    track = Track.of(TOWNS, [], SPAN)
    assert not mark(track, against(event("T1", 2, 3, "u")), SPAN).event.any()
    assert mark(track, against(event("T1", 2, 3, "public-safety")), SPAN).event.any()


@pytest.mark.parametrize(
    ("opened", "closed", "lead"),
    [
        (1, 3, 1 - 1 / 3),  # open before it began
        (3, 5, -1 - 1 / 3),  # opened while it lasted
        (5, 6, -3 - 1 / 3),  # at the first cut after its last day: the first that can know the whole
        (5.01, 6, None),  # later than that
        (0, 1, None),  # lifted, and its day over, before it began
        (0, 1.5, 1 - 1 / 3),  # lifted before it began, but what it said last reaches it
        (0, None, 1 - 1 / 3),  # still open at the end: what was said a day before counts
    ],
)
def test_when_a_warning_meets_an_event(opened: float, closed: float | None, lead: float | None):
    matched = match(Track.of(TOWNS, [spell("T1", opened, closed)], SPAN), against(event("T1", 2, 4)), SPAN)
    assert matched.warned.tolist() == [lead is not None] and matched.right.tolist() == [lead is not None]
    assert matched.lead[0] == pytest.approx(lead) if lead is not None else np.isnan(matched.lead[0])


@pytest.mark.parametrize(("opened", "in_time"), [(1, 1), (2, 1), (2.01, 0), (5, 0), (6, 0)])
def test_in_time_is_by_the_judgement_that_opens_the_first_day(opened: float, in_time: int):
    track = Track.of(TOWNS, [spell("T1", opened, opened + 4)], SPAN)
    assert match(track, against(event("T1", 2, 4)), SPAN).in_time.tolist() == [in_time]


def test_in_time_counts_to_the_onset_and_not_for_what_began_before_the_backtest():
    track = Track.of(TOWNS, [spell("T1", 3, 5)], SPAN)
    events = against(event("T1", 2, 6, began=3), event("T1", 2, 6), event("T1", -4, 4))
    assert match(track, events, SPAN).in_time.tolist() == pytest.approx([1, 0, np.nan], nan_ok=True)


def test_lead_counts_from_the_first_of_several_warnings_to_the_onset():
    spells = [spell("T1", 1, 3), spell("T1", 4, 5), spell("T2", 0, 9)]
    matched = match(Track.of(TOWNS, spells, SPAN), against(event("T1", 2, 6, onset=True, began=4)), SPAN)
    assert matched.lead.tolist() == pytest.approx([3 - 1 / 3]) and matched.onset.tolist() == [True]
    assert matched.right.tolist() == [1, 1, 0]


def test_an_event_that_began_before_the_backtest_has_no_lead():
    matched = match(Track.of(TOWNS, [spell("T1", 0, 3)], SPAN), against(event("T1", -4, 1)), SPAN)
    assert matched.warned.tolist() == [True] and np.isnan(matched.lead).all()


def test_a_towns_warning_during_an_event_known_only_for_its_county_is_neither_right_nor_false():
    spells = [spell("T1", 2, 3), spell("T1", 7, 8)]
    matched = match(Track.of(TOWNS, spells, SPAN), against(event("C", 2, 4)), SPAN)
    assert np.isnan(matched.right[0]) and matched.right[1] == 0
    assert matched.warned.size == 0


def test_a_countys_warning_is_right_by_a_towns_event_but_the_town_was_not_warned():
    places = [("C", "t"), *TOWNS]
    matched = match(Track.of(places, [spell("C", 1, 4)], SPAN), against(event("T1", 2, 4)), SPAN)
    assert matched.right.tolist() == [1] and matched.warned.tolist() == [False]
    alone = match(Track.of(places[:1], [spell("C", 1, 4)], SPAN), against(event("T1", 2, 4)), SPAN)
    assert alone.warned.tolist() == [True]


def test_events_outside_the_span_are_left_out():
    matched = match(Track.of(TOWNS, [], SPAN), against(event("T1", -9, -2), event("T1", 10, 12)), SPAN)
    assert matched.warned.size == 0


def test_what_the_truth_knows_of_a_county_it_does_not_know_of_its_towns():
    areas = ["C", "T1", "T2"]
    assert against(event("C", 2, 4)).places("t", areas) == [("C", "t")]
    assert against(event("T1", 2, 4)).places("t", areas) == [("C", "t"), ("T1", "t"), ("T2", "t")]
    assert len(against().places("t", areas)) == 3


def test_a_track_keeps_the_spells_of_its_places():
    whole = Spell(("T1", "t"), ((at(1), Grade.BLUE),), at(2))
    track = Track.of(TOWNS, [whole, spell("C", 1, 2), spell("T1", 1, 2, topic="u")], SPAN)
    assert track.spells == (whole,) and track.grades.sum() == 1
