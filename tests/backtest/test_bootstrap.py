from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from engine.backtest.bootstrap import BLOCK, over_cases, over_days, ratio


def mean(drawn: np.ndarray) -> np.ndarray:
    return drawn.mean(axis=1)


def share(sums: np.ndarray) -> np.ndarray:
    return ratio(sums[:, 0], sums[:, 1])


def test_the_same_data_give_the_same_interval():
    cases = np.random.default_rng(3).random(50)
    assert over_cases(cases, mean) == over_cases(cases, mean)


def test_an_interval_of_independent_cases_is_the_binomials():
    cases = (np.arange(200) < 60).astype(float)
    low, high = over_cases(cases, mean)
    expected = binom(200, 0.3).ppf([0.025, 0.975]) / 200
    assert (low, high) == pytest.approx(tuple(expected), abs=0.01)


def test_an_interval_covers_the_truth_about_as_often_as_it_says():
    random, covered = np.random.default_rng(4), 0
    for _ in range(200):
        low, high = over_cases(random.normal(size=40), mean)
        covered += low <= 0 <= high
    assert 0.88 <= covered / 200 <= 0.98


def test_days_that_hang_together_widen_the_interval():
    random = np.random.default_rng(5)
    alone = (random.random(40 * BLOCK) < 0.5).astype(float)
    together = np.repeat((random.random(40) < 0.5).astype(float), BLOCK)
    widths = []
    for days in (alone, together):
        low, high = over_days(np.stack([days, np.ones_like(days)], axis=1), share)
        widths.append(high - low)
    assert widths[1] > 3 * widths[0]


def test_too_little_to_resample_has_no_interval():
    assert over_cases(np.array([1.0]), mean) == (None, None)
    assert over_days(np.ones((BLOCK, 2)), share) == (None, None)
    assert over_days(np.zeros((3 * BLOCK, 2)), share) == (None, None)
