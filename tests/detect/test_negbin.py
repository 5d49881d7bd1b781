"""The negative binomial's tails and quantiles, against scipy's, Poisson's limit included."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from engine.detect import negbin


@pytest.mark.parametrize(("mean", "size"), [(0.2, 1.0), (5, 3.3), (50, 1e4), (50, np.inf), (1e-3, 2)])
def test_tails_and_quantiles_equal_scipys(mean, size):
    law = stats.poisson(mean) if np.isinf(size) else stats.nbinom(size, size / (size + mean))
    counts = np.arange(90)
    np.testing.assert_allclose(negbin.upper_tail(counts, mean, size), law.sf(counts - 1), rtol=1e-9)
    np.testing.assert_allclose(negbin.lower_tail(counts, mean, size), law.cdf(counts), rtol=1e-9)
    for chance in (0.01, 0.5, 0.9, 0.99, 0.9999):
        assert negbin.quantile(chance, mean, size) == law.ppf(chance)


def test_a_count_that_is_not_whole_asks_for_the_next_one():
    assert negbin.upper_tail(2.4, 3.0, np.inf) == negbin.upper_tail(3, 3.0, np.inf)
    assert negbin.lower_tail(2.4, 3.0, np.inf) == negbin.lower_tail(2, 3.0, np.inf)


def test_the_size_reproduces_the_variance():
    size = negbin.size_of(np.array([4.0, 4.0, 4.0, np.nan]), np.array([8.0, 4.0, 1.0, 3.0]))
    np.testing.assert_array_equal(size, [4.0, np.inf, np.inf, np.nan])


def test_unknown_stays_unknown():
    mean = np.array([np.nan, 2.0, 2.0])
    counts = np.array([0.0, np.nan, 0.0])
    np.testing.assert_array_equal(np.isnan(negbin.upper_tail(counts, mean, np.inf)), [True, True, False])
    np.testing.assert_array_equal(np.isnan(negbin.lower_tail(counts, mean, np.inf)), [True, True, False])
    np.testing.assert_array_equal(negbin.quantile(0.9, mean, np.inf), [np.nan, 4, 4])
