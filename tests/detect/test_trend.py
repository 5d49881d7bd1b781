"""Mann-Kendall and Sen against independent computations, seasons, ties, gaps."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import theilslopes

from engine.detect import trend
from engine.detect.series import Series
from engine.model.rule import Window


def kendall(values: np.ndarray, season: int = 1) -> float:
    """The upper tail of the seasonal test, written out pair by pair."""
    total, variance = 0.0, 0.0
    for first in range(season):
        points = [value for value in values[first::season] if not np.isnan(value)]
        n = len(points)
        total += sum(np.sign(later - earlier) for earlier, later in combinations(points, 2))
        ties = [points.count(value) for value in set(points)]
        variance += (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    return float(ndtr(-(total - np.sign(total)) / np.sqrt(variance))) if variance else 0.5


points = st.lists(st.one_of(st.integers(0, 12).map(float), st.just(np.nan)), min_size=13, max_size=13)


@given(values=points, season=st.sampled_from([1, 4]))
@settings(max_examples=100)
def test_the_p_value_is_the_published_tests(values, season):
    values[-1] = 5.0
    found = trend.detect(values, [12], baseline=12, frequency=season)
    if found.known[0, 0]:
        assert found.pvalue[0, 0] == pytest.approx(kendall(np.array(values), season))
    else:
        own = np.array(values[:-1])[12 % season :: season]
        assert np.isnan(own).all() or (~np.isnan(np.array(values[:-1]))).sum() < 7


def test_the_slope_is_sens():
    values = np.random.default_rng(4).poisson(6, 27) + np.arange(27) / 3
    found = trend.detect(values)
    assert found.extra["slope"][0, 0] == pytest.approx(theilslopes(values).slope)
    past = values[:-1]
    slope = theilslopes(past).slope
    line = np.median(past - slope * np.arange(26)) + slope * 26
    assert found.expected[0, 0] == pytest.approx(line)


def test_a_steady_rise_is_found_and_its_fall_only_downwards():
    values = np.arange(30.0)
    assert trend.detect(values).alarm.all()
    assert not trend.detect(values[::-1]).alarm.any()
    assert trend.detect(values[::-1], direction="down").alarm.all()


def test_a_season_is_not_a_trend():
    wave = np.tile([1.0, 9.0, 3.0, 7.0], 8)
    rising = wave + np.repeat(np.arange(8.0), 4)
    assert not trend.detect(wave, frequency=4).alarm.any()
    found = trend.detect(rising, frequency=4)
    assert found.alarm.all() and found.extra["slope"][0, -1] == pytest.approx(0.25)


def test_the_bound_is_where_the_alarm_begins():
    values = np.random.default_rng(6).poisson(4, (60, 45)) + np.arange(45) // 8
    up, down = trend.detect(values, alpha=0.05), trend.detect(values[:, ::-1], alpha=0.05, direction="down")
    np.testing.assert_array_equal(values[:, up.times] > up.upper, up.alarm)
    np.testing.assert_array_equal(values[:, ::-1][:, down.times] <= down.upper, down.alarm)
    assert up.alarm.any() and not up.alarm.all()


def test_all_zeros_show_no_trend_and_too_little_past_is_unknown():
    zeros = trend.detect(np.zeros(30))
    assert zeros.known.all() and not zeros.alarm.any()
    values = np.full(30, np.nan)
    values[-5:] = 4
    assert not trend.detect(values).known.any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 1}, "alpha must lie"),
        ({"direction": "sideways"}, "direction must be one of"),
        ({"baseline": 5}, "baseline must lie"),
        ({"frequency": 0}, "season must lie"),
        ({"frequency": 12}, "at least 49 time points"),
    ],
)
def test_bad_input_is_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        trend.detect(np.ones(40), **options)


def series(values: np.ndarray, whole: bool = True) -> Series:
    return Series(
        cuts=np.array([739000]), window=28, gap=0, observed=values[None, :, -1],
        whole=np.full((1, values.shape[0]), whole), baseline=values[None, :, :-1],
    )  # fmt: skip


def test_a_rung_judges_as_the_command_line_does():
    values = np.random.default_rng(9).poisson(5, (4, 27)).astype(float)
    params = trend.Params(alpha=0.05)
    assert trend.past(params, Window(days=28, baseline=26)).blocks == 26
    fitted = trend.model(series(values), params)
    by_year = trend.detect(values, frequency=13, baseline=26)
    np.testing.assert_allclose(fitted.pvalue(values[None, :, -1])[0], by_year.pvalue[:, 0])
    fitted = trend.model(series(values), trend.Params(season=1))
    np.testing.assert_allclose(fitted.pvalue(values[None, :, -1])[0], trend.detect(values).pvalue[:, 0])


def test_downwards_a_lower_bound_is_unknown():
    values = np.random.default_rng(9).poisson(5, (1, 27)).astype(float)
    assert not trend.model(series(values, whole=False), trend.Params(direction="down")).known[0, 0]
    assert trend.model(series(values, whole=False), trend.Params()).known[0, 0]


def test_a_rung_takes_the_year_for_its_season_where_two_are_there():
    rng = np.random.default_rng(3)
    months = np.arange(13 * 3)
    wave = rng.poisson(20 * np.exp(0.7 * np.sin(2 * np.pi * months / 13)), (200, months.size)).astype(float)
    rising = wave[:, :30]  # ends on the way up to the third summer
    of_year, flat = (trend.model(series(rising), trend.Params(season=season)) for season in (None, 1))
    assert of_year.holds(rising[None, :, -1]).mean() <= 0.02
    short = trend.model(series(rising[:, -14:]), trend.Params())
    np.testing.assert_array_equal(
        short.pvalue(rising[None, :, -1]),
        trend.model(series(rising[:, -14:]), trend.Params(season=1)).pvalue(rising[None, :, -1]),
    )
    assert not np.allclose(of_year.pvalue(rising[None, :, -1]), flat.pvalue(rising[None, :, -1]))

