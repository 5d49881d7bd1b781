"""The Knox test: what it counts, what it expects, what it finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.detect.near_repeat.knox import Params, knox


def burglaries(seed: int, repeats: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Days and places without any interaction, and as many repeats next door within a week."""
    random = np.random.default_rng(seed)
    days, where = random.integers(0, 365, 400), random.random((400, 2)) * 3000
    source = random.integers(0, 400, repeats)
    near = where[source] + random.uniform(-40, 40, (repeats, 2))
    return np.append(days, days[source] + random.integers(0, 7, repeats)), np.vstack([where, near])


def test_repeats_next_door_within_a_week_are_found_and_only_there() -> None:
    days, where = burglaries(1, repeats=60)
    found = knox(days, where, params=Params(replicates=199))
    assert found.observed.shape == (4, 4)
    assert found.pvalue[0, 0] == 0.005
    assert found.ratio[0, 0] > 2
    assert (found.pvalue[2:, 1:] > 0.01).all()
    assert found.events == 460


def test_pairs_are_counted_in_the_band_whose_upper_edge_they_do_not_exceed() -> None:
    days = [0, 7, 8, 100]
    where = [[0, 0], [0, 100], [0, 0], [5000, 0]]
    found = knox(days, where, params=Params(space_bands=(0, 100), time_bands=(0, 7, 14), replicates=19))
    np.testing.assert_array_equal(found.observed, [[0, 0, 1], [0, 2, 0]])


def test_what_is_expected_is_the_mean_of_all_shuffles() -> None:
    random = np.random.default_rng(3)
    days, where = random.integers(0, 12, 40), random.random((40, 2))
    bands = {"space_bands": (0.1, 0.3), "time_bands": (1, 3), "replicates": 19}
    found = knox(days, where, params=Params(**bands))
    shuffled = [
        knox(random.permutation(days), where, params=Params(**bands)).observed for _ in range(400)
    ]
    np.testing.assert_allclose(np.mean(shuffled, axis=0), found.expected, rtol=0.08)
    np.testing.assert_allclose(found.ratio, found.observed / found.expected)


def test_without_interaction_one_test_in_twenty_is_below_five_per_cent() -> None:
    params = Params(space_bands=(150,), time_bands=(14,), replicates=99)
    chances = [knox(*burglaries(50 + seed), params=params).pvalue for seed in range(120)]
    assert np.mean(np.array(chances) <= 0.05) <= 0.10
    assert 0.4 < np.mean(chances) < 0.6


def test_degrees_are_measured_in_metres_on_the_globe() -> None:
    # A hundredth of a degree is 1112 m along the meridian, half of it along the 60th parallel.
    days, where = [0, 0, 50], [[18.00, 60.0], [18.01, 60.0], [18.00, 60.01]]
    bands = {"time_bands": (7,), "metric": "degrees", "replicates": 19}
    for edge, pairs in ((555, 0), (557, 1)):
        assert knox(days, where, params=Params(space_bands=(edge,), **bands)).observed.sum() == pairs


def test_a_row_of_several_events_is_several_rows_of_one() -> None:
    params = Params(space_bands=(1, 2), time_bands=(1, 5), replicates=19)
    once = knox([0, 3, 3], [[0, 0], [1, 0], [1, 0]], params=params)
    found = knox([0, 3], [[0, 0], [1, 0]], [1, 2], params)
    np.testing.assert_array_equal(found.observed, once.observed)
    np.testing.assert_array_equal(found.pvalue, once.pvalue)


def test_a_band_without_any_pair_expects_nothing() -> None:
    found = knox([0, 1], [[0, 0], [900, 0]], params=Params(space_bands=(10,), time_bands=(7,), replicates=19))
    assert found.observed[0, 0] == found.expected[0, 0] == 0
    assert np.isnan(found.ratio[0, 0])
    assert found.pvalue[0, 0] == 1


@pytest.mark.parametrize(
    ("days", "where", "n", "message"),
    [
        ([1], [[0, 0]], None, "found 1"),
        ([1, 2], [[0, 0]], None, "two finite coordinates"),
        ([1, 2], [[0, 0], [np.nan, 0]], None, "two finite coordinates"),
        ([1, 2], [[0, 0], [1, 0]], [1, 0.5], "whole number"),
        ([1, 2], [[0, 0], [1, 0]], [1, -1], "whole number"),
        ([0] * 11_000, [[0, 0]] * 11_000, None, "lower the last of space_bands"),
    ],
)
def test_bad_input_is_refused_with_a_reason(days: list, where: list, n: list | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        knox(days, where, n)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("space_bands", (200, 100)), ("time_bands", ()), ("time_bands", (-1, 7)), ("replicates", 1),
        ("metric", "km"),
    ],
)  # fmt: skip
def test_a_parameter_out_of_range_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Params(**{name: value})


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=40))
def test_any_events_give_counts_that_add_up(events: list[tuple[int, int, int]]) -> None:
    days, x, y = np.array(events).T
    params = Params(space_bands=(2, 4), time_bands=(3, 9), replicates=19)
    found = knox(days, np.stack([x, y], axis=1), params=params)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    near = (apart <= 4) & (np.abs(days[:, None] - days) <= 9)
    assert found.observed.sum() == (near.sum() - len(events)) / 2
    assert ((found.pvalue >= 0.05) & (found.pvalue <= 1)).all()
    assert not np.isnan(found.ratio[found.observed > 0]).any()
