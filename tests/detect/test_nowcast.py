"""Completeness from the ledger's own delays, and what it makes of the last days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.nowcasting import CHANGED, STEADY, Stream, held, reports
from engine.detect.nowcast import Params, blocks, completeness, nowcast
from engine.model.panel import Deltas

CUT = 730_000


def ledger(
    seed: int, mean: float = 6, areas: int = 5, days: int = 250, late: float = 0.4,
    slow_weekday: int | None = None,
) -> tuple[Deltas, np.ndarray]:  # fmt: skip
    """A ledger that runs on after CUT, and the final counts (areas, days) of the days before it."""
    random = np.random.default_rng(seed)
    final = random.poisson(mean, (areas, days))
    area, back = (values.repeat(final.ravel()) for values in np.divmod(np.arange(areas * days), days))
    day = CUT - days + back
    delay = np.minimum(random.geometric(1 - late, day.size) - 1, 12)
    if slow_weekday is not None:
        delay += 2 * ((day % 7 == slow_weekday) & (random.random(day.size) < 0.5))
    one = np.ones(day.size, np.int64)
    return Deltas(tuple(map(str, range(areas))), area, day, day + 1 + delay, one, one.astype(float)), final


def seen(deltas: Deltas, days: int, cut: int = CUT) -> np.ndarray:
    return deltas.grid(cut - days, cut - 1, cut)


def test_completeness_is_the_share_that_comes_in_time() -> None:
    found = completeness(ledger(1, mean=40)[0], CUT)
    np.testing.assert_allclose(found.fraction[0, :4], 1 - 0.4 ** np.arange(1, 5), atol=0.02)
    assert found.fraction[0, -1] == 1
    assert (found.low <= found.fraction).all()
    assert (found.fraction <= found.high).all()
    assert found.known.all()


def test_what_becomes_known_after_the_cut_is_not_looked_at() -> None:
    deltas, _ = ledger(2)
    past = deltas.cut <= CUT
    rows = (deltas.area, deltas.day, deltas.cut, deltas.n, deltas.total)
    known = Deltas(deltas.areas, *(values[past] for values in rows))
    np.testing.assert_array_equal(completeness(deltas, CUT).fraction, completeness(known, CUT).fraction)


def test_a_weekday_that_is_booked_late_is_told_apart() -> None:
    deltas, _ = ledger(3, mean=40, slow_weekday=(CUT - 2) % 7)
    found = completeness(deltas, CUT).fraction[0]
    assert found[1] == pytest.approx(0.5 * (1 - 0.4**2), abs=0.04)
    assert found[0] == pytest.approx(0.6, abs=0.03)


def test_an_area_of_its_own_pace_is_told_apart() -> None:
    fast, _ = ledger(4, mean=20, areas=1, late=0.1)
    slow, _ = ledger(5, mean=20, areas=1, late=0.7)
    names = ("day", "cut", "n", "total")
    parts = [np.concatenate([getattr(fast, name), getattr(slow, name)]) for name in names]
    both = Deltas(("fast", "slow"), np.repeat([0, 1], [fast.day.size, slow.day.size]), *parts)
    found = completeness(both, CUT, Params(by_area=True)).fraction
    np.testing.assert_allclose(found[:, 0], [0.9, 0.3], atol=0.06)
    assert completeness(both, CUT).fraction.shape == (1, 15)


def test_withdrawals_never_make_a_day_more_than_complete() -> None:
    deltas, _ = ledger(6)
    again = np.arange(0, deltas.day.size, 3)
    withdrawn = Deltas(
        deltas.areas, *(np.append(values, values[again]) for values in (deltas.area, deltas.day)),
        np.append(deltas.cut, deltas.cut[again] + 2), np.append(deltas.n, -deltas.n[again]),
        np.append(deltas.total, -deltas.total[again]),
    )  # fmt: skip
    found = completeness(withdrawn, CUT)
    assert (found.fraction <= 1).all()
    assert (found.high <= 1).all()


def test_too_little_data_is_unknown_and_changes_nothing() -> None:
    deltas, _ = ledger(7, mean=0.02, areas=1)
    found = completeness(deltas, CUT)
    assert not found.known[0, :-1].any()
    now = nowcast([[1, 0, 2]], found)
    np.testing.assert_array_equal(now.estimate, now.reported)
    assert np.isnan(now.high).all()
    assert not now.known.any()


def test_an_empty_ledger_is_unknown() -> None:
    found = completeness(Deltas.empty(["A", "B"]), CUT)
    assert not found.known[0, :-1].any()
    assert not blocks(Deltas.empty(["A", "B"]), [CUT], 7).known.any()


def test_a_day_of_which_hardly_anything_is_known_is_unknown() -> None:
    deltas, _ = ledger(8, mean=20, late=0.97)
    found = completeness(deltas, CUT)
    assert not found.known[0, 0]


def test_estimates_hit_the_final_counts_on_average() -> None:
    estimate = truth = reported = 0.0
    for seed in range(30):
        deltas, final = ledger(100 + seed, mean=3)
        now = nowcast(seen(deltas, 7), completeness(deltas, CUT))
        estimate, reported = estimate + now.estimate.sum(), reported + now.reported.sum()
        truth += final[:, -7:].sum()
    assert reported < 0.93 * truth
    assert estimate == pytest.approx(truth, rel=0.02)


@pytest.mark.parametrize("mean", [0.3, 2, 15])
@pytest.mark.parametrize("together", [False, True])
def test_intervals_hold_the_final_count_as_often_as_they_say(mean: float, together: bool) -> None:
    held = []
    for seed in range(40):
        deltas, final = ledger(200 + seed, mean=mean, slow_weekday=3)
        now = nowcast(seen(deltas, 7), completeness(deltas, CUT), together=together)
        truth = final[:, -7:].sum(axis=1) if together else final[:, -7:]
        held.append(((now.low <= truth) & (truth <= now.high))[now.known])
    assert np.concatenate(held).mean() >= 0.88


def hurried(seed: int, ago: int, late: float, later: float, mean: float = 15) -> tuple[Deltas, np.ndarray]:
    """A ledger whose share of late reports changed so many days before CUT."""
    return reports(seed, Stream("", mean, 1, late, later), ago)


@pytest.mark.parametrize("ago", [7, 14, 30, 60])
@pytest.mark.parametrize(("late", "later"), [(0.7, 0.3), (0.4, 0.75), (0.6, 0.6)])
def test_intervals_hold_or_nothing_is_said_after_reporting_changed_its_speed(
    ago: int, late: float, later: float
) -> None:
    held, known = [], []
    for seed in range(20):
        deltas, final = hurried(seed, ago, late, later)
        now = nowcast(seen(deltas, 7), completeness(deltas, CUT))
        known.append(now.known.mean())
        held.append(((now.low <= final[:, -7:]) & (final[:, -7:] <= now.high))[now.known])
    if np.mean(known) > 0.05:
        assert 0.85 <= np.concatenate(held).mean() <= 0.99
    assert np.mean(known) >= (0.9 if late == later else {7: 0, 14: 0.6}.get(ago, 0.8))


@pytest.mark.parametrize("clump", [1, 3])
@pytest.mark.parametrize("ago", [2, 3, 5])
def test_a_change_of_the_last_days_is_doubted(ago: int, clump: int) -> None:
    """Slower reports look like fewer cases: while nobody can tell, nothing is said."""
    known, held = [], []
    for seed in range(20):
        deltas, final = hurried(seed, ago, 0.4, 0.75, mean=15 / clump)
        deltas = replace(deltas, n=clump * deltas.n, total=clump * deltas.total)
        truth = clump * final[:, -7:]
        now = nowcast(seen(deltas, 7), completeness(deltas, CUT))
        known.append(now.known.mean())
        held.append(((now.low <= truth) & (truth <= now.high)) | ~now.known)
    assert np.mean(known) <= 0.25 and np.concatenate(held).mean() >= 0.9


@pytest.mark.parametrize("ago", [3, 7, 14, 20, 30])
@pytest.mark.parametrize("stream", CHANGED, ids=lambda stream: stream.called)
def test_intervals_hold_however_few_reports_there_are(stream: Stream, ago: int) -> None:
    """Few reports show no change; what they may hide is in the interval, or nothing is said."""
    share, known = held(stream, ago, 30)
    assert known < 0.05 or share >= 0.8
    # Of few, or of fast reports, most days are complete: no interval of whole numbers misses one in ten.
    assert stream.mean < 15 or stream.later < 0.5 or known < 0.05 or share <= 0.975
    assert ago < 20 or known >= 0.8, "what has settled is told"


@pytest.mark.parametrize("stream", STEADY, ids=lambda stream: stream.called)
def test_intervals_hold_while_nothing_changes(stream: Stream) -> None:
    share, known = held(stream, 60, 30)
    assert 0.88 <= share <= 0.99 and known >= 0.85


def test_weekdays_of_their_own_pace_are_no_slower_reporting() -> None:
    """A day's share by delay is that of its own weekday: no two neighbours say it together."""
    ledgers = (ledger(300 + seed, mean=2, slow_weekday=3)[0] for seed in range(20))
    told = [completeness(deltas, CUT).known.all() for deltas in ledgers]
    assert np.mean(told) >= 0.85


def test_slower_reports_reach_into_the_interval_of_days_without_any() -> None:
    """Old days stay complete; of young ones more may be missing than the usual speed says."""
    found = completeness(ledger(12, mean=40)[0], CUT)
    doubted = replace(found, slower=np.minimum(found.fraction, 0.5 + 0.5 * (np.arange(15) > 9)))
    counts = np.tile([0.0, 4.0], (1, 10))
    usual, wider = nowcast(counts, found), nowcast(counts, doubted)
    assert (wider.high >= usual.high).all() and (wider.high > usual.high)[0, -8:].any()
    np.testing.assert_array_equal(wider.high[0, :8], usual.high[0, :8])
    np.testing.assert_array_equal(wider.estimate, usual.estimate)


def test_an_even_stream_is_hardly_ever_doubted() -> None:
    told = [completeness(hurried(seed, 60, 0.6, 0.6, mean=3)[0], CUT).known.all() for seed in range(30)]
    assert np.mean(told) >= 0.9


def test_a_day_without_a_report_may_yet_get_some() -> None:
    found = completeness(ledger(9, mean=40)[0], CUT)
    now = nowcast(np.zeros((1, 20)), found)
    assert (now.estimate == 0).all()
    assert now.high[0, -1] >= 1
    assert now.high[0, 0] == 0


def test_blocks_of_many_cuts_see_only_what_was_known_at_each() -> None:
    deltas, final = ledger(10, mean=8)
    cuts = np.array([CUT - 30, CUT])
    found = blocks(deltas, cuts, 7)
    assert found.estimate.shape == (2, 5)
    for row, cut in enumerate(cuts.tolist()):
        np.testing.assert_array_equal(found.reported[row], seen(deltas, 7, cut).sum(axis=1))
    assert found.estimate.sum() == pytest.approx(final[:, -7:].sum() + final[:, -37:-30].sum(), rel=0.1)


@pytest.mark.parametrize(
    ("name", "value"), [("max_delay", 0), ("history", 5), ("confidence", 1), ("least", 0), ("pull", -1)]
)
def test_a_parameter_out_of_range_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        Params(**{name: value})


@pytest.mark.parametrize(
    ("reported", "message"),
    [([[1, np.nan]], "known"), ([[-1, 0]], "negative"), (np.ones((3, 2)), "3 areas")],
)
def test_bad_counts_are_refused_with_a_reason(reported: object, message: str) -> None:
    found = completeness(ledger(11, areas=2)[0], CUT, Params(by_area=True))
    with pytest.raises(ValueError, match=message):
        nowcast(reported, found)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(1, 60), st.integers(0, 40), st.integers(-2, 5)), max_size=80
    )
)
def test_any_ledger_gives_a_whole_answer(rows: list[tuple[int, int, int, int]]) -> None:
    deltas = Deltas.of(["A", "B", "C"], [(a, CUT - back, CUT - back + 1 + d, n, n) for a, back, d, n in rows])
    for by_area in (False, True):
        params = Params(by_area=by_area, max_delay=10, least=5)
        found = completeness(deltas, CUT, params)
        assert ((found.fraction > 0) & (found.fraction <= 1)).all()
        now = nowcast(np.maximum(seen(deltas, 7), 0), found, params, together=True)
        assert (now.estimate >= now.reported).all()
        assert (now.low >= now.reported).all()
        assert np.isnan(now.high[~now.known]).all()
        assert (now.high[now.known] >= now.low[now.known]).all()
