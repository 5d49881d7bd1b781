"""Blocks measured for many cuts at once equal a plain count per cut, as known then."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.detect.measure import YEAR, measure, reach
from engine.detect.series import Past
from engine.model.panel import DataState, Deltas, FeedWatch, HalfRead, Silence, Watch
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
    silences = spans([(20.8, 24.3), (60, np.inf)], 0.5)
    return Watch((FeedWatch("f", np.array([True, True, False]), START + 5, 0.5, silences),))


def spans(ends: list[tuple[float, float]], limit: float) -> tuple[Silence, ...]:
    """Silences in days after START, each known once it has lasted longer than `limit`."""
    return tuple(Silence(START + begin, START + end, START + begin + limit) for begin, end in ends)


def test_blocks_with_a_silent_day_are_lower_bounds_now_and_unknown_in_a_baseline(silent):
    cuts = np.array([START + 22, START + 25, START + 30])
    series = measure(Deltas.empty(AREAS), silent, cuts, Window(days=2), Past(4))
    assert series.whole[:, 0].tolist() == [False, False, True]
    # Blocks of the cut 30, oldest first: 20-21, 22-23, 24-25, 26-27; days 21..23 were lost.
    assert np.isnan(series.baseline[2, 0]).tolist() == [True, True, False, False]
    assert series.unmonitored is not None and series.unmonitored[:, 2].all()
    assert np.isnan(series.baseline[:, 2]).all()


def test_a_silence_counts_only_once_it_has_lasted_longer_than_the_limit(silent):
    (feed,) = silent.feeds
    early, late = (feed.lost(np.array([START + 21]), START + 19, START + 21, wait) for wait in (0.2, 0.4))
    assert (early.tolist(), late.tolist()) == ([[False] * 3], [[False] * 3]), "it took too little of any day"
    assert feed.lost(np.array([START + 22]), START + 20, START + 22, 0.3).tolist() == [[False, True, False]]
    assert not feed.lost(np.array([START + 30]), START + 24, START + 29, 0.0).any()


def test_states_tell_zero_from_nobody_looking(silent):
    counts = np.zeros((3, 6))
    counts[0, 0] = 2
    states = silent.states(START + 19, START + 25, counts)
    assert states[0].tolist() == [
        DataState.OBSERVED, DataState.OBSERVED_ZERO, *[DataState.LOWER_BOUND] * 3, DataState.OBSERVED_ZERO
    ]  # fmt: skip
    assert set(states[2].tolist()) == {DataState.UNMONITORED}


def test_a_trailing_silence_is_seen_while_it_lasts(silent):
    cuts = np.array([START + 63])
    series = measure(Deltas.empty(AREAS), silent, cuts, Window(days=1), Past(2))
    assert not series.whole[0, 0]


def test_a_silence_that_has_not_ended_is_none_before_it_has_lasted(silent):
    """Its first hours, judged together with a cut at which it had lasted for days."""
    patient = Watch((replace(silent.feeds[0], limit=3.0, silences=spans([(40.25, np.inf)], 3.0)),))
    cuts = np.array([START + 42, START + 46])
    series = measure(Deltas.empty(AREAS), patient, cuts, Window(days=1), Past(0))
    assert series.whole[:, 0].tolist() == [True, False]


silences = st.lists(st.floats(0, 75), max_size=6, unique=True).map(sorted)
#: Until when somebody had listened, in days after each cut; and (day, cuts after it, for how many, where).
listening = st.lists(st.sampled_from([0.3, 0.3, 0.3, 0.0, -0.1, -1.5]), min_size=71, max_size=71)
half_read = st.lists(
    st.tuples(st.integers(0, 69), st.integers(0, 3), st.integers(1, 60), st.sampled_from([None, 0, 1])),
    max_size=8,
)


@given(rows, silences, st.floats(0.2, 4), listening, half_read, st.integers(1, 5), st.integers(0, 3), judged)
@settings(max_examples=100, deadline=None)
def test_what_many_cuts_know_of_silences_each_knows_by_itself(
    drawn, moments, limit, listened, unread, days, blocks, when
):
    """Judged together with later cuts, no cut takes a silence for one before it has lasted."""
    deltas, cuts = deltas_of(drawn), np.array(sorted(when)) + START
    ends = [*moments, np.inf] if len(moments) % 2 else moments
    pairs = [pair for pair in zip(ends[::2], ends[1::2], strict=True) if pair[1] - pair[0] > limit]
    heard = START + np.arange(71) + np.array(listened)
    feed = FeedWatch(
        "f", np.array([True, True, False]), START + 5, limit, spans(pairs, limit), heard, START,
        tuple(HalfRead(START + day, START + day + late, START + day + late + held, 3, 9, area)
              for day, late, held, area in unread),
    )  # fmt: skip
    watch = Watch((feed, FeedWatch("g", np.array([False, True, True]), START + 33, 1.0)))
    together = measure(deltas, watch, cuts, Window(days=days), Past(blocks))
    for at in range(cuts.size):
        alone = measure(deltas, watch, cuts[at : at + 1], Window(days=days), Past(blocks))
        for name in ("observed", "whole", "baseline", "exposure", "unmonitored"):
            np.testing.assert_array_equal(getattr(together, name)[at], getattr(alone, name)[0])
        lost = watch.lost(START, int(cuts[at]) - 1, int(cuts[at]))
        _plainly(deltas, watch, lost, int(cuts[at]), days, alone)


def _plainly(deltas: Deltas, watch: Watch, lost, cut: int, days: int, series) -> None:
    """Every block of one cut against its days, one by one."""
    monitored = watch.monitored(START, cut - 1)
    known = deltas.grid(START, cut - 1, cut)
    reporting = [feed for feed in watch.feeds if feed.since < cut]
    blocks = series.baseline.shape[2]
    for area in range(3):
        judged = slice(cut - days - START, cut - START)
        assert series.whole[0, area] == (monitored[area, judged] & ~lost[area, judged]).all()
        assert series.unmonitored[0, area] == ~monitored[area, judged].any()
        for block in range(blocks):
            begin = cut - days - (blocks - block) * days
            of = slice(begin - START, begin - START + days)
            share = 1 - lost[area, of].mean()
            same = all(feed.since <= begin for feed in reporting if feed.covers[area])
            some = any(feed.covers[area] for feed in reporting)
            expected = known[area, of][~lost[area, of]].sum() / share if share >= 0.75 else np.nan
            value = series.baseline[0, area, block]
            np.testing.assert_allclose(value, expected if same and some else np.nan, rtol=1e-12)
            assert series.exposure[0, area, block] == (share if value == value else 0)


def test_what_is_told_after_a_silence_counts_on_its_day_as_a_lower_bound(silent):
    deltas = Deltas.of(AREAS, [(0, START + 22, START + 25, 9, 9.0), (0, START + 24, START + 25, 2, 2.0)])
    series = measure(deltas, silent, np.array([START + 26]), Window(days=5), Past(0))
    assert series.observed[0, 0] == 11 and not series.whole[0, 0]


def test_while_one_feed_is_silent_what_another_reports_still_counts(silent):
    other = FeedWatch("g", np.ones(3, bool), START, 0.5)
    both = Watch((*silent.feeds, other))
    deltas = Deltas.of(AREAS, [(0, START + 22, START + 23, 9, 9.0)])
    series = measure(deltas, both, np.array([START + 24]), Window(days=3), Past(0))
    assert series.observed[0, 0] == 9 and not series.whole[0, 0]


def test_a_baseline_block_with_gaps_stands_for_all_of_its_days(silent):
    """Days 21 to 23 of the 28 that end with 29 were lost; what was told of them is told of no whole day."""
    deltas = Deltas.of(AREAS, [(0, START + day, START + day + 1, 2, 2.0) for day in range(2, 30)])
    series = measure(deltas, silent, np.array([START + 58]), Window(days=28), Past(1))
    assert series.baseline[0, 0, 0] != series.baseline[0, 0, 0], "the feed reports from the fifth day on"
    later = measure(deltas, silent, np.array([START + 61]), Window(days=28), Past(1))
    assert later.baseline[0, 0, 0] == pytest.approx(2 * (25 - 3) / (25 / 28))
    assert later.exposure[0, 0].tolist() == [25 / 28]
    assert later.told[0, 0].tolist() == pytest.approx([2 * (25 - 3)])


@pytest.mark.parametrize(("days", "known"), [(13, True), (12, True), (11, False)])
def test_with_less_than_three_quarters_of_its_days_a_baseline_block_is_unknown(silent, days, known):
    cuts = np.array([START + 20 + days + days])
    series = measure(Deltas.empty(AREAS), silent, cuts, Window(days=days), Past(1))
    assert np.isnan(series.baseline[0, 0, 0]) == (not known)


def test_a_feed_that_begins_to_report_makes_the_days_before_incomparable():
    old, new = np.array([True, True, False]), np.array([False, True, True])
    watch = Watch((FeedWatch("old", old, START, 1.0), FeedWatch("new", new, START + 40, 1.0)))
    series = measure(Deltas.empty(AREAS), watch, np.array([START + 39, START + 44]), Window(days=2), Past(3))
    assert np.isnan(series.baseline).tolist() == [
        [[False] * 3, [False] * 3, [True] * 3], [[False] * 3, [True, True, False], [True, True, False]],
    ]  # fmt: skip
    assert series.unmonitored is not None
    assert series.unmonitored.tolist() == [[False, False, True], [False] * 3]


def test_a_feed_that_has_ended_makes_the_days_with_it_incomparable():
    watch = Watch((
        FeedWatch("stays", np.ones(3, bool), START, 1.0),
        FeedWatch("ended", np.array([True, False, False]), START, 1.0, until=START + 39),
    ))  # fmt: skip
    series = measure(Deltas.empty(AREAS), watch, np.array([START + 44]), Window(days=2), Past(3))
    assert np.isnan(series.baseline[0, 0]).tolist() == [True, True, False]
    assert not np.isnan(series.baseline[0, 1:]).any() and series.whole.all()


def test_a_block_that_begins_before_anybody_reported_is_a_lower_bound():
    watch = Watch((FeedWatch("f", np.ones(3, bool), START + 40, 1.0),))
    series = measure(Deltas.empty(AREAS), watch, np.array([START + 41]), Window(days=7), Past(1))
    assert series.unmonitored is not None and not series.unmonitored.any() and not series.whole.any()


def test_a_half_read_day_of_one_area_is_lost_there_alone(silent):
    feed = replace(silent.feeds[0], unread=(HalfRead(START + 40, START + 42, START + 45, 3, 9, area=1),))
    cuts = START + np.array([41, 42, 44, 45])
    series = measure(Deltas.empty(AREAS), Watch((feed,)), cuts, Window(days=5), Past(0))
    assert series.whole[:, :2].tolist() == [[True, True], [True, False], [True, False], [True, True]]


def test_each_of_several_years_ago_is_looked_up() -> None:
    cut = START + 40
    rows = [(0, cut - 1 - YEAR * back, cut - YEAR * back, back, float(back)) for back in (1, 2, 3)]
    past = Past(0, year_ago=True, years=2)
    found = measure(Deltas.of(AREAS, rows), Watch.always(len(AREAS)), np.array([cut]), Window(days=7), past)
    assert found.years is not None and found.years[0, 0].tolist() == [1.0, 2.0]
    assert found.year_ago is not None and found.year_ago[0, 0] == 1.0
    assert reach(Window(days=7), past) == 2 * YEAR + 7


@given(
    at=st.lists(st.integers(0, 700), max_size=40), late=st.integers(0, 40), cut=st.integers(400, 730),
    both=st.booleans(),
)  # fmt: skip
def test_calendar_months_against_a_plain_count(at: list[int], late: int, cut: int, both: bool) -> None:
    """Each by its own days, from first to last, and scaled to the length of the judged one."""
    zero = date(2024, 1, 1).toordinal()
    day = date.fromordinal(zero + cut).replace(day=1).toordinal()
    rows = [(0, zero + one, zero + one + 1 + late, 1, 1.0) for one in at]
    cuts = np.array([day - 31, day] if both else [day])
    past = Past(3, year_ago=True)
    found = measure(
        Deltas.of(AREAS, rows), Watch.always(len(AREAS)), cuts, Window(days=30, month=True, baseline=3), past
    )
    seen = [date.fromordinal(zero + one) for one in at if zero + one + 1 + late <= day]

    def told(back: int) -> tuple[int, int]:
        year, month = divmod(date.fromordinal(day).year * 12 + date.fromordinal(day).month - 1 - back, 12)
        return sum((one.year, one.month) == (year, month + 1) for one in seen), monthrange(year, month + 1)[1]

    (now, days), whole = told(1), slice(None)
    assert found.observed[-1, 0] == now
    assert found.length(cuts.size - 1) == days
    for block, back in zip(found.baseline[-1, 0, whole], (4, 3, 2), strict=True):
        count, length = told(back)
        assert block == pytest.approx(count * days / length)
    counts = [told(back)[0] for back in (4, 3, 2)]
    assert found.told[-1, 0] == pytest.approx(counts)
    assert found.exposure[-1, 0] == pytest.approx([told(back)[1] / days for back in (4, 3, 2)])
    assert found.watched.tolist() == np.ones((cuts.size, len(AREAS), 3)).tolist()
    assert found.year_ago is not None
    count, length = told(13)
    assert found.year_ago[-1, 0] == pytest.approx(count * days / length)
