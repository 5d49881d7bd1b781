"""Forecast: what it expects, its interval, gaps, and the point after the last."""

from __future__ import annotations

import numpy as np
import pytest

from engine.detect import forecast
from engine.detect.negbin import quantile
from engine.detect.series import Series
from engine.model.rule import Window


def test_the_point_after_the_last_has_a_forecast_and_is_not_judged():
    values = np.random.default_rng(2).poisson(9, 60).astype(float)
    found = forecast.detect(values, [59, 60])
    assert found.known.tolist() == [[True, False]]
    assert found.extra["low"][0, 1] < found.expected[0, 1] < found.upper[0, 1]
    assert 7 < found.expected[0, 1] < 11


def test_a_level_that_stays_is_forecast_with_poissons_interval():
    found = forecast.detect(np.full(53, 16.0), [52], alpha=0.01)
    assert found.expected[0, 0] == 16
    assert found.upper[0, 0] == quantile(0.99, 16.0, 16.0 * 52)


def test_a_season_is_forecast():
    wave = np.tile([2.0, 20.0, 6.0, 12.0], 13) + np.random.default_rng(3).integers(0, 3, 52)
    found = forecast.detect(wave, [52], baseline=48, frequency=4)
    assert found.expected[0, 0] == pytest.approx(3, abs=1.5)
    assert forecast.detect(wave, [49], baseline=48, frequency=4).expected[0, 0] == pytest.approx(21, abs=1.5)


def test_over_dispersed_counts_have_a_wider_interval():
    noise = np.random.default_rng(5)
    even, wild = noise.poisson(10, 200), noise.negative_binomial(10 / 4, 1 / 5, 200)
    narrow, wide = (forecast.detect(values, [200], baseline=200) for values in (even, wild))
    assert wide.upper[0, 0] > narrow.upper[0, 0] + 5


def test_all_zeros_expect_next_to_nothing_and_alarm_at_two():
    found = forecast.detect(np.append(np.zeros(52), 2.0), [52])
    assert found.known[0, 0] and found.expected[0, 0] == pytest.approx(0.5 / 52)
    assert found.alarm[0, 0] and found.upper[0, 0] == 1


def test_a_gap_is_bridged_and_too_many_are_unknown():
    values = np.random.default_rng(7).poisson(9, 53).astype(float)
    values[20:25] = np.nan
    assert forecast.detect(values, [52]).known[0, 0]
    values[5:40] = np.nan
    assert not forecast.detect(values, [52]).known[0, 0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 0}, "alpha must lie"),
        ({"baseline": 4}, "baseline must lie"),
        ({"frequency": 12, "baseline": 20}, "baseline must lie at 24"),
        ({"baseline": 60}, "at least 61 time points"),
    ],
)
def test_bad_input_is_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        forecast.detect(np.ones(40), **options)


def test_a_rung_forecasts_its_judged_block_and_shares_the_fit():
    values = np.random.default_rng(8).poisson(7, (2, 53)).astype(float)
    series = Series(
        cuts=np.array([739000]), window=7, gap=0, observed=values[None, :, -1], whole=np.ones((1, 2), bool),
        baseline=values[None, :, :-1],
    )  # fmt: skip
    params = forecast.Params(alpha=0.01)
    assert forecast.past(params, Window(days=7, baseline=52)).blocks == 52
    native = forecast.detect(values, [52])
    fitted = forecast.model(series, params)
    np.testing.assert_allclose(fitted.expected[0], native.expected[:, 0])
    assert fitted.needed(0, 0) == native.upper[0, 0] + 1
    assert forecast.model(series, forecast.Params(alpha=0.001)).expected is fitted.expected
    assert fitted.facts(0, 0)["high"] == native.upper[0, 0]
