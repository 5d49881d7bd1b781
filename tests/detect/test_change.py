"""Change: the conditional binomial, Fisher's test with the others' movement removed, and the interval."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact, nbinom, nchypergeom_fisher, norm
from scipy.stats import t as student

from engine.detect import change
from engine.detect.dispersion import dispersion
from engine.detect.series import Series
from engine.model.rule import Window


def pair(earlier, later) -> np.ndarray:
    return np.array([earlier, later], float).T.reshape(-1, 2)


#: With Poisson noise both tests are exact.
exact, plain = partial(change.detect, dispersion="none"), partial(change.Params, dispersion="none")


@pytest.mark.parametrize(("earlier", "later"), [(0, 6), (0, 7), (5, 14), (20, 20), (30, 12), (200, 260)])
def test_the_p_value_is_the_conditional_binomials(earlier, later):
    found = exact(pair([earlier], [later]))
    expected = binomtest(later, earlier + later, 0.5, alternative="greater").pvalue
    assert found.pvalue[0, 0] == pytest.approx(expected)
    assert found.expected[0, 0] == earlier


def test_zero_before_needs_seven_to_be_significant_at_one_percent():
    found = exact(pair([0, 0], [6, 7]))
    assert found.alarm[:, 0].tolist() == [False, True]
    assert found.upper[:, 0].tolist() == [6, 6]


def test_the_interval_is_clopper_and_pearsons_of_the_ratio():
    found = exact(pair([8, 0, 3, 0], [18, 4, 0, 0]))
    share = binomtest(18, 26).proportion_ci(0.95)
    assert found.extra["ratio"][0, 0] == pytest.approx(18 / 8)
    assert found.extra["low"][0, 0] == pytest.approx(share.low / (1 - share.low))
    assert found.extra["high"][0, 0] == pytest.approx(share.high / (1 - share.high))
    assert np.isinf(found.extra["ratio"][1, 0]) and found.extra["low"][1, 0] > 0.5
    assert found.extra["low"][2, 0] == 0 and found.extra["high"][2, 0] < 2.5
    assert np.isinf(found.extra["high"][3, 0]) and found.extra["low"][3, 0] == 0


def test_a_year_ago_and_wider_windows_are_looked_up_where_they_stand():
    values = np.arange(1.0, 31.0)
    year = exact(values, [29], against="year", frequency=12, window=3)
    assert year.expected[0, 0] == 16 + 17 + 18
    previous = exact(values, [29], window=3)
    assert previous.expected[0, 0] == 25 + 26 + 27
    pooled = exact(values, [29], against="baseline", baseline=4, window=2)
    assert pooled.expected[0, 0] == pytest.approx(sum(range(21, 29)) / 4)
    assert pooled.pvalue[0, 0] == pytest.approx(
        binomtest(59, 59 + sum(range(21, 29)), 1 / 5, alternative="greater").pvalue
    )


def test_a_rise_up_to_the_ratio_is_no_change():
    found = exact(pair([20], [34]), ratio=1.5)
    assert found.pvalue[0, 0] == pytest.approx(binomtest(34, 54, 0.6, alternative="greater").pvalue)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=60)
def test_with_the_others_movement_removed_it_is_fishers_exact_test(later, earlier, now, before):
    given_ = [np.array(float(value)) for value in (later, earlier, now, before, 1.0)]
    expected = fisher_exact([[later, earlier], [now, before]], alternative="greater").pvalue
    assert float(change._fisher(*given_)) == pytest.approx(expected, rel=1e-9)


def test_with_a_ratio_it_is_the_noncentral_hypergeometric():
    given_ = [np.array(float(value)) for value in (18, 9, 200, 180, 1.5)]
    expected = nchypergeom_fisher(18 + 9 + 200 + 180, 218, 27, 1.5).sf(17)
    assert float(change._fisher(*given_)) == pytest.approx(expected, rel=1e-6)


def test_who_moves_with_all_others_has_not_changed():
    together = exact(pair([20, 100, 300], [50, 250, 750]), relative_to="all")
    alone = exact(pair([20, 100, 300], [50, 100, 300]), relative_to="all")
    assert together.alarm.sum() == 0 and together.extra["ratio"][0, 0] == pytest.approx(1)
    assert alone.alarm[:, 0].tolist() == [True, False, False]
    assert exact(pair([20, 100, 300], [50, 250, 750])).alarm.all()


def test_one_area_has_no_others_and_says_so():
    found = exact(pair([20], [50]), relative_to="all")
    assert not found.known[0, 0] and not found.alarm[0, 0]


@given(st.lists(st.one_of(st.integers(0, 30).map(float), st.just(np.nan)), min_size=6, max_size=12))
@settings(max_examples=80)
def test_nothing_unknown_reads_as_no_alarm(values):
    found = exact(values, against="baseline", baseline=3)
    assert not found.known[0][np.isnan(np.array(values)[found.times])].any()
    assert not np.isnan(found.pvalue[found.known]).any() and not (found.alarm & ~found.known).any()
    judged = np.array(values)[None, found.times]
    np.testing.assert_array_equal((judged > found.upper)[found.known], found.alarm[found.known])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"against": "yesterday"}, "against must be one of"),
        ({"alpha": 0}, "alpha must lie"),
        ({"ratio": 0}, "ratio must lie"),
        ({"window": 0}, "window must lie"),
        ({"relative_to": "parent"}, "needs an area tree"),
        ({"relative_to": "country"}, "relative_to must be one of"),
        ({"against": "year", "frequency": 4, "window": 5}, "cannot hold a window"),
        ({"against": "year"}, "at least 53 time points"),
    ],
)
def test_bad_input_is_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        exact(np.ones(20), **options)


def series(observed, earlier, **more) -> Series:
    shape = (1, len(observed))
    return Series(
        cuts=np.array([739000]), window=91, gap=0, observed=np.array([observed], float),
        whole=more.pop("whole", np.ones(shape, bool)), baseline=np.empty((1, len(observed), 0)),
        year_ago=np.array([earlier], float), **more,
    )  # fmt: skip


def test_a_rung_asks_only_for_the_earlier_window_it_compares_with():
    window = Window(days=91, baseline=4, gap=7)
    assert change.past(plain(against="year"), window).year_ago
    assert change.past(plain(), window).blocks == 1
    assert change.past(plain(against="baseline"), window).blocks == 4


def test_a_rung_tells_what_is_needed_and_keeps_to_it():
    params = plain(against="year", relative_to="all")
    fitted = change.model(series([12, 300, 280], [10, 310, 270]), params)
    needed = fitted.needed(0, 0)
    assert needed is not None and needed == fitted.turn()[0, 0]
    assert not fitted.holds(np.array([[needed - 1, 300, 280]]))[0, 0]
    assert fitted.holds(np.array([[needed, 300, 280]]))[0, 0]
    assert fitted.facts(0, 0)["others"] == 580


def test_areas_that_were_not_whole_do_not_move_the_others():
    params = plain(against="year", relative_to="all")
    whole = np.array([[True, True, False]])
    fitted = change.model(series([12, 300, 20], [10, 310, 270], whole=whole), params)
    assert fitted.facts(0, 0)["others"] == 300 and fitted.facts(0, 0)["others_earlier"] == 310


def test_under_a_parent_only_its_own_areas_are_the_others():
    params = plain(against="year", relative_to="parent")
    observed, earlier = [12, 300, 280, 5], [10, 310, 270, 5]
    fitted = change.model(series(observed, earlier, parents=np.array([1, 1, 2, 2])), params)
    assert fitted.facts(0, 0)["others"] == 300 and fitted.facts(0, 3)["others"] == 280
    assert not change.model(series(observed, earlier), params).known.any()


def test_a_year_that_nobody_watched_is_unknown():
    fitted = change.model(series([12], [np.nan]), plain(against="year"))
    assert not fitted.known[0, 0]


def test_of_blocks_seen_in_part_the_part_is_compared() -> None:
    told, seen = np.array([[[6.0, 8, 8]]]), np.array([[[0.75, 1, 1]]])
    part = Series(
        cuts=np.array([739000]), window=28, gap=0, observed=np.array([[14.0]]), whole=np.ones((1, 1), bool),
        baseline=told / seen, seen=seen,
    )  # fmt: skip
    against = change.model(part, plain(against="baseline"))
    assert (against.facts(0, 0)["earlier"], against.facts(0, 0)["blocks"]) == (22, 2.75)
    assert against.expected[0, 0] == pytest.approx(8)
    latest = replace(part, baseline=part.baseline[:, :, :1], seen=seen[:, :, :1])
    before = change.model(latest, plain())
    assert (before.facts(0, 0)["earlier"], before.facts(0, 0)["blocks"]) == (6, 0.75)


def seen_part(*shares: list[float], told: float = 10.0, now: float = 30.0) -> Series:
    """Two areas at as many cuts; of the one earlier block such shares were seen, and as many reports told."""
    share = np.array(shares)
    return Series(
        cuts=739000 + np.arange(len(share)), window=28, gap=0, observed=np.full(share.shape, now),
        whole=np.ones(share.shape, bool), baseline=(told / share)[:, :, None], seen=share[:, :, None],
    )  # fmt: skip


def test_who_was_seen_less_before_has_not_outrun_the_others() -> None:
    """Both told ten, the first in three quarters of the block alone."""
    params = plain(relative_to="all")
    part, whole = change.model(seen_part([0.75, 1.0]), params), change.model(seen_part([1.0, 1.0]), params)
    odds = nchypergeom_fisher(80, 40, 60, 1 / 0.75).sf(29)
    assert part.pvalue(np.array([[30.0, 30.0]]))[0, 0] == pytest.approx(odds)
    assert part.expected[0, 0] == pytest.approx(whole.expected[0, 0] / 0.75)


def test_what_was_seen_at_other_cuts_is_nothing_to_the_others_of_this_one() -> None:
    """A feed that was lost for a day leaves its areas comparable with each other."""
    together = change.model(seen_part([0.9, 0.9], [1.0, 1.0]), plain(relative_to="all"))
    alone = change.model(seen_part([0.9, 0.9]), plain(relative_to="all"))
    assert together.known.all()
    np.testing.assert_allclose(together.expected[:1], alone.expected)


def test_of_a_year_ago_seen_in_part_the_part_is_compared() -> None:
    params = plain(against="year")
    given = series([9.0], [4 / 0.75], year_seen=np.array([[0.75]]))
    expected = binomtest(9, 13, 1 / 1.75, alternative="greater").pvalue
    assert change.model(given, params).pvalue(given.observed)[0, 0] == pytest.approx(expected)


def clumped(series: int = 30, points: int = 40) -> np.ndarray:
    return np.random.default_rng(4).negative_binomial(2, 0.1, (series, points)).astype(float)


def test_a_clump_counts_as_one_incident() -> None:
    """By SciPy's distributions, with the clumps that the 26 windows before tell."""
    values = clumped()
    found = change.detect(values, [39])
    noise = dispersion(values[None, :, 13:39], np.ones((1, 30, 26)))
    assert noise.phi.min() > 3
    earlier, phi = values[:, 38], noise.phi[0]
    mean, size = earlier + phi, 1 / (1 / (1 + earlier / phi) + (phi - 1) / (earlier + phi))
    tail = nbinom(size, size / (size + mean)).sf(values[:, 39] - 1)
    expected = student(noise.freedom[0]).cdf(norm.ppf(tail))
    assert found.pvalue[:, 0] == pytest.approx(expected)
    assert (found.pvalue > exact(values, [39]).pvalue)[values[:, [39]] > values[:, [38]]].all()


def test_without_clumps_it_is_the_binomial_test() -> None:
    even = np.resize([5.0, 6.0], (4, 40))
    even[:, 39] = [6, 12, 15, 20]
    np.testing.assert_allclose(change.detect(even, [39]).pvalue, exact(even, [39]).pvalue)


def test_a_weekday_is_no_change() -> None:
    days = 739_000 + np.arange(60)
    level = np.where(days % 7 == days[59] % 7, 40.0, 20.0)
    values = np.random.default_rng(2).poisson(level, (40, 60)).astype(float)
    told, untold = change.detect(values, [59], days=days), change.detect(values, [59])
    assert told.alarm.mean() < 0.05 and exact(values, [59]).alarm.mean() > 0.2
    assert np.median(told.pvalue) > 5 * np.median(untold.pvalue)
    assert told.expected.mean() == pytest.approx(1.8 * untold.expected.mean(), rel=0.15)


def test_who_moves_with_all_others_has_not_changed_where_counts_are_clumped() -> None:
    values = clumped()
    values[:, 39] = np.round(3 * values[:, 39])
    assert change.detect(values, [39], relative_to="all").alarm.mean() < 0.05
    values[0, 39] = 40 * values[0, 38]
    outran = change.detect(values, [39], relative_to="all")
    assert outran.alarm[0, 0] and outran.alarm[1:].mean() < 0.05


def test_a_baseline_that_cannot_tell_the_clumps_is_unknown_and_says_so() -> None:
    params = change.Params(against="year")
    alone = change.model(series([30.0], [10.0]), params)
    assert not alone.known[0, 0] and alone.untold(0, 0).startswith("too short a past")
    assert change.past(params, Window(days=28)).blocks == 26
    assert change.past(params, Window(days=28, baseline=13)).blocks == 13


def test_several_years_count_together_where_two_are_known() -> None:
    """12 beside 3, 5 and one that nobody watched: as 12 beside 8 in two such stretches."""
    years = np.array([[[3.0, np.nan, 5.0], [3.0, np.nan, np.nan]]])
    given = Series(
        cuts=np.array([738_000]), window=7, gap=0, observed=np.array([[12.0, 12.0]]),
        whole=np.ones((1, 2), bool), baseline=np.empty((1, 2, 0)), years=years,
    )  # fmt: skip
    fitted = change.model(given, change.Params(against="3y", dispersion="none"))
    assert fitted.known.tolist() == [[True, False]]
    assert fitted.expected[0, 0] == 4.0
    chance = sum(math.comb(20, k) * (1 / 3) ** k * (2 / 3) ** (20 - k) for k in range(12, 21))
    assert fitted.pvalue(given.observed)[0, 0] == pytest.approx(chance)


def test_of_each_year_the_part_that_was_seen_is_compared() -> None:
    given = Series(
        cuts=np.array([738_000]), window=7, gap=0, observed=np.array([[12.0]]), whole=np.ones((1, 1), bool),
        baseline=np.empty((1, 1, 0)), years=np.array([[[6.0, 5.0]]]), years_seen=np.array([[[0.5, 1.0]]]),
    )  # fmt: skip
    fitted = change.model(given, change.Params(against="2y", dispersion="none"))
    assert (fitted.shown["earlier"][0, 0], fitted.shown["blocks"][0, 0]) == (8.0, 1.5)


def test_several_years_of_a_series() -> None:
    values = np.arange(40.0)
    found = change.detect(values, [39], against="3y", frequency=12, dispersion="none")
    assert found.expected[0, 0] == (3 + 15 + 27) / 3


@pytest.mark.parametrize("against", ["1y", "0y", "years", "12y", "y"])
def test_which_are_no_years(against: str) -> None:
    with pytest.raises(ValueError, match="against must be one of previous, year, baseline, 2y"):
        change.Params(against=against)
