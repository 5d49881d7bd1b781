"""Farrington's algorithm where no reference is at hand: weekdays, bad input, batches, rungs."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, norm
from scipy.stats import t as student

from engine.detect.detection import Detection
from engine.detect.farrington import rung as farrington
from engine.detect.farrington.fit import Fit
from engine.detect.farrington.rung import Params, detect
from engine.detect.farrington.threshold import limit, negative_binomial_quantile, negative_binomial_tail
from engine.detect.series import Series
from engine.model.rule import Window

NOUFAILY = Params(b=3, no_periods=10, past_weeks_not_included=26, p_threshold_trend=1)


def weekly(series: int, points: int = 180, seed: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    season = 1 + 0.4 * np.sin(np.arange(points) * 2 * np.pi / 52)
    return random.poisson(random.gamma(2, 4, (series, 1)) * season).astype(float)


def assert_same(one: Detection, other: Detection, rows: object = slice(None)) -> None:
    for name in ("expected", "upper", "score", "pvalue", "alarm", "known"):
        mine, theirs = getattr(one, name), getattr(other, name)[rows]
        np.testing.assert_allclose(mine, theirs, rtol=1e-10, err_msg=name)


def test_a_series_is_judged_the_same_alone_and_among_others() -> None:
    counts = weekly(40)
    counts[3, 50:60] = np.nan
    counts[7] = 0
    together = detect(counts, range(165, 180), NOUFAILY)
    for row in (0, 3, 7, 39):
        assert_same(detect(counts[row], range(165, 180), NOUFAILY), together, slice(row, row + 1))


def test_a_point_is_judged_by_its_past_alone() -> None:
    counts = weekly(5)
    other = counts.copy()
    other[:, 171:] = 500
    other[:, 170] += 3
    now, later = detect(counts, [170], NOUFAILY), detect(other, [170], NOUFAILY)
    np.testing.assert_array_equal(now.upper, later.upper)
    np.testing.assert_array_equal(now.expected, later.expected)


def test_daily_counts_have_a_factor_per_weekday() -> None:
    random = np.random.default_rng(6)
    days = np.arange(date(2020, 1, 1).toordinal(), date(2022, 12, 1).toordinal())
    counts = random.poisson(np.where(days % 7 == 2, 30, 8)).astype(float)
    params = Params(frequency=365, b=2, w=10, no_periods=4, past_weeks_not_included=60, trend=False)
    judged = range(days.size - 7, days.size)
    with_weekday = detect(counts, judged, params)
    busy = days[list(judged)] % 7 == 2
    assert with_weekday.expected[0, busy] == pytest.approx(30, rel=0.1)
    assert with_weekday.expected[0, ~busy] == pytest.approx(np.full(6, 8), rel=0.15)
    without = detect(counts, judged, Params(**vars(params) | {"weekday": False}))
    assert np.ptp(without.expected) < 3
    assert_same(detect(counts, judged, params, days=np.arange(days.size) + 1), with_weekday)


def test_the_weekday_model_is_the_regression_that_statsmodels_fits() -> None:
    random = np.random.default_rng(7)
    counts = random.poisson(6, 800).astype(float)
    counts[200:230] = np.nan
    params = Params(frequency=365, b=1, w=30, past_weeks_not_included=90, no_periods=3, reweight=False)
    made = farrington.design_at(790, params, None)
    past = counts[790 - made.back]
    seen = ~np.isnan(past)
    columns = sm.add_constant(np.column_stack(
        [made.level == level for level in range(made.levels - 1)]
        + [made.weekday == day for day in range(1, 7)]
    ).astype(float))  # fmt: skip
    fitted = sm.GLM(past[seen], columns[seen], family=sm.families.Poisson()).fit(scale="X2", tol=1e-12)
    found = detect(counts, [790], params)
    assert found.expected[0, 0] == pytest.approx(np.exp(fitted.params[0]), rel=1e-6)
    assert found.extra["phi"][0, 0] == pytest.approx(max(fitted.scale, 1), rel=1e-4)


def test_the_oldest_week_of_the_calendar_may_be_missing_as_in_the_reference() -> None:
    """R: farringtonFlexible(sts(matrix(w), epoch = as.Date("2010-01-04") + 7 * (0:211), frequency = 52),
    list(range = 212, b = 4, w = 3, noPeriods = 4, alpha = 0.01)) with w = (1:212 * 7) %% 13"""
    days = date(2010, 1, 4).toordinal() + 7 * np.arange(212)
    counts = np.arange(1, 213) * 7 % 13
    params = Params(b=4, no_periods=4, alpha=0.01, compat="surveillance")
    found = detect(counts, [211], params, days=days)
    assert found.upper[0, 0] == pytest.approx(15.20408067716686, rel=1e-9)
    assert found.pvalue[0, 0] == pytest.approx(0.8515127518438611, rel=1e-9)


def test_an_expectation_of_nothing_is_held_at_the_smallest_mean_as_in_the_reference() -> None:
    """A trend that runs into nothing: R's prediction of a response is never below the machine's precision."""
    one = np.ones(1)
    fit = Fit(-100 * one, one, one, np.ones(1, bool), one, np.ones(1, bool), 20 * one)
    limits = limit(fit, alpha=0.005, method="delta", power="2/3")
    assert limits.upper[0] == pytest.approx(2.7469375923909971e-04, rel=1e-9)
    assert limits.pvalue(np.zeros(1))[0] == pytest.approx(0.50000000891705487, rel=1e-12)


def test_dates_follow_the_calendar_and_need_the_years_they_name() -> None:
    counts = weekly(2, 230, seed=3)
    days = date(2019, 1, 7).toordinal() + 7 * np.arange(230)
    params = Params(b=4, no_periods=4)
    found = detect(counts, None, params, days=days)
    # Four calendar years are 208.7 weeks; of the three weeks before them the first may be missing.
    assert found.times[0] == 211
    assert found.known.all()
    with pytest.raises(ValueError, match="can judge the time points 212 to 230"):
        detect(counts, [210], params, days=days)
    with pytest.raises(ValueError, match="not in the series; lower b"):
        detect(counts, [229], params, days=np.append(days[:100], days[100:] + 2))


def test_monthly_and_other_periods_are_judged_too() -> None:
    random = np.random.default_rng(8)
    for frequency, w in ((12, 1), (13, 1), (26, 2), (4, 0)):
        counts = random.poisson(20, (3, 5 * frequency + w + 4)).astype(float)
        found = detect(counts, None, Params(frequency=frequency, w=w, no_periods=1))
        assert found.known.all()
        assert found.times.size == 4


def test_too_few_recent_cases_are_no_alarm_and_say_so() -> None:
    counts = np.zeros((1, 180))
    counts[0, ::9] = 1
    counts[0, -1] = 4
    found = detect(counts, [179], Params(b=3, limit54=(6, 4)))
    assert found.known[0, 0]
    assert not found.alarm[0, 0]
    assert np.isnan(found.upper[0, 0])
    assert np.isfinite(found.expected[0, 0])
    assert detect(counts, [179], Params(b=3, limit54=(3, 4))).alarm[0, 0]


def test_a_missing_count_among_the_last_points_silences_only_the_reference() -> None:
    counts = weekly(1)
    counts[0, 177] = np.nan
    counts[0, 179] = 200
    assert detect(counts, [179], Params(b=3)).alarm[0, 0]
    compat = detect(counts, [179], Params(b=3, compat="surveillance"))
    assert not compat.alarm[0, 0]
    assert np.isnan(compat.upper[0, 0])


def test_a_missing_judged_count_is_unknown() -> None:
    counts = weekly(1)
    counts[0, 179] = np.nan
    found = detect(counts, [179], NOUFAILY)
    assert not found.known[0, 0]
    assert np.isfinite(found.upper[0, 0])


def test_a_season_never_seen_is_unknown() -> None:
    counts = weekly(1)
    for year in (1, 2, 3):
        counts[0, 179 - 52 * year - 3 : 179 - 52 * year + 4] = np.nan
    assert not detect(counts, [179], NOUFAILY).known[0, 0]


def test_a_constant_trend_free_series_expects_its_constant() -> None:
    found = detect(np.full((1, 180), 9.0), [179], Params(b=3, alpha=0.01))
    assert found.expected[0, 0] == pytest.approx(9)
    assert found.extra["phi"][0, 0] == 1
    assert not found.alarm[0, 0]


@pytest.mark.parametrize("phi", [1.0, 1.0001, 1.5, 8.0, 300.0])
@pytest.mark.parametrize("mean", [1e-3, 0.4, 7.0, 900.0, 1e7])
def test_the_quantile_is_the_first_count_that_is_unlikely_enough(mean: float, phi: float) -> None:
    at = np.array([mean]), np.array([phi])
    for chance in (0.05, 0.5, 0.95, 0.999):
        quantile = negative_binomial_quantile(chance, *at)
        assert negative_binomial_tail(quantile + 1, *at) <= 1 - chance + 1e-12
        if quantile[0] > 0:
            assert negative_binomial_tail(quantile, *at) > 1 - chance - 1e-12


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("b", 0), ("w", -1), ("no_periods", 0), ("past_weeks_not_included", -1), ("p_threshold_trend", 2),
        ("weights_threshold", -1), ("alpha", 0), ("alpha", 0.6), ("threshold_method", "nb"),
        ("power_transform", "1/3"), ("limit54", (5, 0)), ("compat", "R"), ("frequency", -52),
    ],
)  # fmt: skip
def test_a_parameter_out_of_range_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Params(**{name: value})


def test_the_reference_form_has_no_weekday() -> None:
    with pytest.raises(ValueError, match="no weekday"):
        Params(weekday=True, compat="surveillance")
    assert not Params(frequency=365, compat="surveillance").by_weekday
    assert Params(frequency=365).by_weekday


@pytest.mark.parametrize(
    ("counts", "params", "message"),
    [
        (np.ones((1, 100)), Params(), "needs at least 264 time points"),
        (-np.ones((1, 300)), Params(), "negative"),
        (np.ones((1, 300)), Params(w=26, no_periods=2), "no_periods 2 are too many"),
        (np.ones((1, 300)), Params(past_weeks_not_included=280), "leaves no baseline"),
        (np.ones((1, 300)), Params(population_offset=True), "needs a population"),
    ],
)
def test_bad_input_is_refused_with_a_reason(counts: np.ndarray, params: Params, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        detect(counts, None, params)


def test_a_population_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        detect(np.ones((1, 300)), None, Params(population_offset=True), population=np.zeros(300))


@settings(max_examples=60)
@given(
    values=st.lists(st.one_of(st.integers(0, 3), st.integers(0, 10**6), st.none()), min_size=60, max_size=60),
    no_periods=st.sampled_from([1, 4]),
    method=st.sampled_from(["delta", "nbPlugin", "muan"]),
    compat=st.sampled_from(["", "surveillance"]),
    trend=st.booleans(),
)
def test_any_counts_give_a_known_result_or_an_unknown_one_never_half_of_each(
    values: list[int | None], no_periods: int, method: str, compat: str, trend: bool
) -> None:
    counts = np.array([[np.nan if value is None else value for value in values]])
    params = Params(
        frequency=12, b=3, w=1, no_periods=no_periods, threshold_method=method, compat=compat, trend=trend
    )
    found = detect(counts, None, params)
    known = found.known
    assert not known[np.isnan(counts[:, found.times])].any()
    assert not found.alarm[~known].any()
    assert np.isfinite(found.pvalue[known]).all()
    assert (found.extra["phi"][known] >= 1).all()
    shown = known & ~np.isnan(found.upper)
    assert np.isfinite(found.expected[shown]).all()
    if not compat:
        over = counts[:, found.times] > found.upper
        np.testing.assert_array_equal(found.alarm[shown], (over & (counts[:, found.times] > 0))[shown])


def blocks(counts: np.ndarray, window: int, gap: int = 0) -> Series:
    """One cut; the last column is the judged block."""
    skip = gap // window
    return Series(
        cuts=np.array([738_000]), window=window, gap=gap, observed=counts[None, :, -1],
        whole=np.ones((1, len(counts)), bool), baseline=counts[None, :, : counts.shape[1] - 1 - skip],
    )  # fmt: skip


def test_a_rung_judges_as_detect_does() -> None:
    counts = weekly(30, 160)
    counts[4, -1] = 90
    found = detect(counts, [159], Params(b=3, alpha=0.01))
    series = blocks(counts, 7)
    model = farrington.model(series, Params(b=3, alpha=0.01))
    np.testing.assert_array_equal(model.holds(series.observed)[0], found.alarm[:, 0])
    np.testing.assert_allclose(model.pvalue(series.observed)[0], found.pvalue[:, 0], rtol=1e-12)
    np.testing.assert_allclose(model.expected[0], found.expected[:, 0], rtol=1e-12)
    assert model.known.all()


def test_the_default_threshold_knows_how_little_the_fit_rests_on() -> None:
    """By SciPy's distributions: the variance of the mean beside the noise's, read as Student's."""
    counts = np.random.default_rng(6).negative_binomial(2, 0.2, (4, 160)).astype(float)
    found, plain = (
        detect(counts, [159], Params(b=3, alpha=0.01, trend=False, reweight=False, threshold_method=of))
        for of in (None, "nbPlugin")
    )
    past = counts[:, [at for year in (52, 104, 156) for at in range(156 - year, 163 - year)]]
    mean, phi = found.expected[:, 0], found.extra["phi"][:, 0]
    assert (phi > 2).all() and past.shape == (4, 21)
    np.testing.assert_allclose(mean, past.mean(axis=1))
    free = past.shape[1] - 1
    told = free * 2 / (2 + 6 * (phi - 1) / mean + 1 / (mean * phi))
    freedom = np.maximum(1 / (1 / told + (phi - 1) / (mean + 2) / 3), 2.5)
    over = phi + phi / past.shape[1]
    tail = nbinom(mean / (over - 1), 1 / over).sf(counts[:, 159] - 1)
    np.testing.assert_allclose(found.pvalue[:, 0], student(freedom).cdf(norm.ppf(tail)), rtol=1e-6)
    assert (found.upper >= plain.upper).all() and (found.upper > plain.upper).any()


def test_what_a_rung_says_is_needed_holds_and_one_less_does_not() -> None:
    counts = weekly(20, 160)
    counts[:5] = np.random.default_rng(1).poisson(0.2, (5, 160))
    series = blocks(counts, 7)
    model = farrington.model(series, Params(b=3, alpha=0.01))
    for area in range(20):
        needed = model.needed(0, area)
        observed = series.observed.copy()
        observed[0, area] = needed
        assert model.holds(observed)[0, area]
        observed[0, area] = needed - 1
        assert not model.holds(observed)[0, area]


def test_a_gap_leaves_out_the_newest_blocks() -> None:
    counts = weekly(6, 160)
    series = blocks(counts, 7, gap=14)
    model = farrington.model(series, Params(b=3, limit54=(0, 1)))
    hidden = counts.copy()
    hidden[:, -3:-1] = 10_000
    expected = detect(hidden, [159], Params(b=3, limit54=(0, 1))).expected[:, 0]
    np.testing.assert_allclose(model.expected[0], expected, rtol=1e-12)
    with pytest.raises(ValueError, match="whole windows"):
        farrington.past(Params(), Window(days=7, gap=3))


def test_a_rung_with_half_of_its_past_unseen_is_unknown() -> None:
    counts = weekly(3, 160)
    counts[0, :100] = np.nan
    counts[1, 30:40] = np.nan
    model = farrington.model(blocks(counts, 7), Params(b=3))
    assert model.known[0].tolist() == [False, True, True]
    assert not farrington.model(blocks(counts[:, 60:], 7), Params(b=3)).known.any()


def test_an_area_where_nothing_ever_happened_is_judged_and_says_so() -> None:
    counts = weekly(2, 160)
    counts[0] = 0
    counts[0, -1] = 6
    series = blocks(counts, 7)
    model = farrington.model(series, Params(b=3, no_periods=10, past_weeks_not_included=26, alpha=0.01))
    assert model.known.all()
    assert model.holds(series.observed)[0, 0]
    assert "whole baseline is zero" in model.facts(0, 0)["note"]
    assert "note" not in model.facts(0, 1)


def test_a_window_sets_the_frequency() -> None:
    assert farrington.past(Params(b=2), Window(days=7)).blocks == 107
    assert farrington.past(Params(b=2, w=1), Window(days=28)).blocks == 27
    assert farrington.past(Params(b=1, w=10), Window(days=1)).blocks == 375
    with pytest.raises(ValueError, match="window of 1, 7 or 28 days"):
        farrington.past(Params(), Window(days=10))
    with pytest.raises(ValueError, match="population_offset"):
        farrington.past(Params(population_offset=True), Window(days=7))


def test_rungs_that_differ_in_their_threshold_share_one_fit() -> None:
    series = blocks(weekly(4, 160), 7)
    lower = farrington.model(series, Params(b=3, alpha=0.05))
    higher = farrington.model(series, Params(b=3, alpha=0.001, threshold_method="delta", limit54=(10, 4)))
    assert lower.fit is higher.fit
    assert (higher.upper > lower.upper).all()
