"""Benjamini-Hochberg: the published example, masks, and equality with scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from engine.detect.fdr import adjust


def test_the_published_example_rejects_four():
    found = np.array([[0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
                       0.5719, 0.6528, 0.7590, 1.0]])  # fmt: skip
    assert (adjust(found, np.ones(found.shape, bool)) <= 0.05).sum() == 4


def test_each_cut_is_its_own_family_and_equals_scipy():
    found = np.random.default_rng(3).random((5, 40)) ** 3
    expected = false_discovery_control(found, axis=1)
    np.testing.assert_allclose(adjust(found, np.ones(found.shape, bool)), expected, rtol=1e-12)


def test_what_was_not_tested_neither_counts_nor_is_discovered():
    found = np.array([[0.01, np.nan, 0.04, 0.0]])
    mask = np.array([[True, True, True, False]])
    np.testing.assert_allclose(adjust(found, mask), [[0.02, 1.0, 0.04, 1.0]])


def test_no_test_at_all_discovers_nothing():
    assert (adjust(np.full((2, 3), np.nan), np.ones((2, 3), bool)) == 1.0).all()


def test_a_number_that_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="outside 0 to 1"):
        adjust(np.array([[1.2]]), np.array([[True]]))
