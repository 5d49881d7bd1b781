"""Blocks measured for many cuts at once equal a plain count per cut, as known then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.detect.measure import YEAR, measure, reach
from engine.detect.series import Past
from engine.model.panel import DataState, Deltas, FeedWatch, Watch
from engine.model.rule import Window

START = 738_000
AREAS = ("A", "B", "C")

rows = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 60), st.integers(1, 30), st.sampled_from([1, 1, 1, 2, -1])
    ),
    max_size=60,
)


def deltas_of(drawn: list[tuple[int, int, int, int]]) -> Deltas:
    return Deltas.of(AREAS, [(a, START + d, START + d + late, n, 2.0 * n) for a, d, late, n in drawn])


def plain(deltas: Deltas, area: int, start: int, days: int, cut: int) -> float:
    seen = [
        int(deltas.n[i]) for i in range(deltas.n.size)
        if deltas.area[i] == area and start <= deltas.day[i] < start + days and deltas.cut[i] <= cut
    ]  # fmt: skip
    return float(sum(seen))


judged = st.sets(st.integers(30, 70), min_size=1)


@given(rows, st.integers(1, 4), st.integers(0, 5), st.integers(0, 6), judged)
@settings(max_examples=60)
def test_every_block_at_every_cut_is_the_plain_count_of_what_was_known(drawn, days, blocks, gap, when):
    deltas, cuts = deltas_of(drawn), np.array(sorted(when)) + START
    series = measure(deltas, Watch.always(3), cuts, Window(days=days), Past(blocks, gap))
    for c, cut in enumerate(cuts):
        for area in range(3):
            assert series.observed[c, area] == plain(deltas, area, cut - days, days, cut)
            for k in range(blocks):
                start = cut - days - gap - (blocks - k) * days
                assert series.baseline[c, area, k] == plain(deltas, area, start, days, cut)


def test_a_sum_adds_up_the_measure_and_a_year_ago_is_52_weeks_back():
    deltas = deltas_of([(0, 40, 1, 2), (1, 41, 1, 1)])
    old = Deltas.of(AREAS, [(0, START + 40 - YEAR, START + 41 - YEAR, 5, 10.0)])
    columns = ("area", "day", "cut", "n", "total")
    both = Deltas(AREAS, *(np.concatenate([getattr(deltas, c), getattr(old, c)]) for c in columns))
    past = Past(0, year_ago=True)
    series = measure(both, Watch.always(3), np.array([START + 42]), Window(days=7), past, totals=True)
    assert series.observed.tolist() == [[4.0, 2.0, 0.0]]
    assert series.year_ago is not None and series.year_ago.tolist() == [[10.0, 0.0, 0.0]]
    assert reach(Window(days=7), past) == YEAR + 7


@pytest.fixture
def silent() -> Watch:
    """One feed for A and B from day 5, silent from the evening of day 20 to the morning of 24 and from 60."""
    silences = START + np.array([[20.8, 24.3], [60, np.inf]])
    return Watch((FeedWatch("f", np.array([True, True, False]), START + 5, 0.5, silences),))


def test_blocks_with_a_silent_day_are_lower_bounds_now_and_unknown_in_a_baseline(silent):
    cuts = np.array([START + 22, START + 25, START + 30])
    series = measure(Deltas.empty(AREAS), silent, cuts, Window(days=2), Past(4))
    assert series.whole[:, 0].tolist() == [False, False, True]
    # Blocks of the cut 30, oldest first: 20-21, 22-23, 24-25, 26-27; days 21..23 were lost.
    assert np.isnan(series.baseline[2, 0]).tolist() == [True, True, False, False]
    assert series.unmonitored is not None and series.unmonitored[:, 2].all()
    assert np.isnan(series.baseline[:, 2]).all()


def test_a_silence_counts_only_once_it_has_lasted_longer_than_the_limit(silent):
    assert not silent.feeds[0].failed(START + 18, START + 20, START + 21 + 0.2).any()
    assert silent.feeds[0].failed(START + 20, START + 22, START + 22.3).tolist() == [False, True, False]
    assert not silent.feeds[0].failed(START + 24, START + 29, START + 30.0).any()


def test_states_tell_zero_from_nobody_looking(silent):
    counts = np.zeros((3, 6))
    counts[0, 0] = 2
    states = silent.states(START + 19, START + 25, counts)
    assert states[0].tolist() == [
        DataState.OBSERVED, DataState.OBSERVED_ZERO, *[DataState.SOURCE_FAILURE] * 3, DataState.OBSERVED_ZERO
    ]  # fmt: skip
    assert set(states[2].tolist()) == {DataState.UNMONITORED}


def test_a_trailing_silence_is_seen_while_it_lasts(silent):
    cuts = np.array([START + 63])
    series = measure(Deltas.empty(AREAS), silent, cuts, Window(days=1), Past(2))
    assert not series.whole[0, 0]


def test_a_silence_that_has_not_ended_is_none_before_it_has_lasted(silent):
    """Its first hours, judged together with a cut at which it had lasted for days."""
    patient = Watch((replace(silent.feeds[0], limit=3.0, silences=START + np.array([[40.25, np.inf]])),))
    cuts = np.array([START + 42, START + 46])
    series = measure(Deltas.empty(AREAS), patient, cuts, Window(days=1), Past(0))
    assert series.whole[:, 0].tolist() == [True, False]


silences = st.lists(st.floats(0, 75), max_size=6, unique=True).map(sorted)


@given(rows, silences, st.floats(0.2, 4), st.integers(1, 4), st.integers(0, 3), judged)
@settings(max_examples=100, deadline=None)
def test_what_many_cuts_know_of_silences_each_knows_by_itself(
    drawn, moments, limit, days, blocks, when
):
    """Judged together with later cuts, no cut takes a silence for one before it has lasted."""
    deltas, cuts = deltas_of(drawn), np.array(sorted(when)) + START
    ends = [*moments, np.inf] if len(moments) % 2 else moments
    spans = START + np.array(ends, float).reshape(-1, 2)
    spans = spans[spans[:, 1] - spans[:, 0] > limit]
    watch = Watch((FeedWatch("f", np.array([True, True, False]), START + 5, limit, spans),))
    together = measure(deltas, watch, cuts, Window(days=days), Past(blocks))
    for at in range(cuts.size):
        alone = measure(deltas, watch, cuts[at : at + 1], Window(days=days), Past(blocks))
        for name in ("observed", "whole", "baseline", "aside"):
            np.testing.assert_array_equal(getattr(together, name)[at], getattr(alone, name)[0])


def test_what_came_in_bulk_for_days_nobody_watched_is_set_aside(silent):
    """The loads after an outage book on their days, which are dead: they raise nothing."""
    deltas = Deltas.of(AREAS, [(0, START + 22, START + 25, 9, 9.0), (0, START + 24, START + 25, 2, 2.0)])
    series = measure(deltas, silent, np.array([START + 26]), Window(days=5), Past(0))
    assert series.observed[0, 0] == 2 and series.aside is not None and series.aside[0, 0] == 9
    assert not series.whole[0, 0]


def test_while_one_feed_is_silent_what_another_reports_still_counts(silent):
    other = FeedWatch("g", np.ones(3, bool), START, 0.5, np.empty((0, 2)))
    both = Watch((*silent.feeds, other))
    deltas = Deltas.of(AREAS, [(0, START + 22, START + 23, 9, 9.0)])
    series = measure(deltas, both, np.array([START + 24]), Window(days=3), Past(0))
    assert series.observed[0, 0] == 9 and not series.whole[0, 0]
