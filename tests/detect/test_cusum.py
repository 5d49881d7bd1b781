"""CUSUM against the reference, its bound, its memory, and its behaviour on bad input."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import nbinom

from engine.detect import cusum, cusum_compat
from engine.detect.series import Series
from engine.model.rule import Window

GOLDEN = Path(__file__).parents[1] / "data" / "golden"


def read(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open() as file:
        return list(csv.DictReader(file))


def weekly() -> np.ndarray:
    return np.array([float(row["y"]) for row in read("series.csv")])


def test_compat_form_equals_the_reference():
    rows = read("cusum_golden.csv")
    found = cusum.detect(weekly(), range(269, 416), compat="surveillance")
    assert [int(row["t"]) for row in rows] == (found.times + 1).tolist()
    np.testing.assert_allclose(found.upper[0], [float(row["upper"]) for row in rows], rtol=1e-9)
    np.testing.assert_array_equal(found.alarm[0], [row["alarm"] == "1" for row in rows])


def test_compat_form_with_a_yearly_wave_leaves_missing_counts_out_as_the_reference_does():
    """R: cusum(sts(matrix(y), start = c(2000, 1), frequency = 12), list(range = 27:35, m = "glm"))"""
    known = [
        4, 7, 3, 9, 12, 8, 5, 2, 1, 3, 4, 6, 9, 11, 7, 2, 1, 0, 2, 3, 5, 8, 13, 10, 6, 4, 1, 2, 9, 14, 15,
        8, 3,
    ]  # fmt: skip
    counts = np.insert(np.array(known, float), [2, 15], np.nan)
    found = cusum.detect(counts, range(26, 35), compat="surveillance", m="glm", frequency=12)
    means = [
        9.523873062656907, 8.757256800675187, 6.987274426528834, 5.139346725929955, 3.783666320937894,
        3.026623920158249, 2.792695953303576, 3.037170470986784, 3.806531722995738,
    ]  # fmt: skip
    np.testing.assert_allclose(found.expected[0], means, rtol=1e-9)
    assert found.upper[0].tolist() == [20, 19, 16, 13, 11, 6, 0, 0, 0]
    assert found.alarm[0].tolist() == [False] * 5 + [True] * 4


@pytest.mark.parametrize("trans", ["standard", "rossi", "anscombe", "pearsonNegBin"])
def test_the_bound_of_a_transformation_is_where_its_alarm_begins(trans):
    values = weekly()
    found = cusum.detect(values, range(269, 416), compat="surveillance", trans=trans)
    judged = values[269:]
    clear = np.abs(judged - found.upper[0]) > 1e-6
    inside = found.upper[0] > 0
    np.testing.assert_array_equal((judged >= found.upper[0])[clear & inside], found.alarm[0][clear & inside])
    assert found.alarm.any() and not found.alarm.all()


def test_reset_starts_again_after_an_alarm():
    values = weekly()
    without = cusum.detect(values, range(269, 416), compat="surveillance")
    reset = cusum.detect(values, range(269, 416), compat="surveillance", reset=True)
    first = int(np.flatnonzero(without.alarm[0])[0])
    np.testing.assert_array_equal(reset.score[0, : first + 1], without.score[0, : first + 1])
    mean, k = values[:269].mean(), 1.04
    step = (values[269 + first + 1] - mean) / np.sqrt(mean) - k
    assert reset.score[0, first + 1] == pytest.approx(max(0.0, step))
    assert reset.alarm.sum() < without.alarm.sum()


def test_the_seasonal_mean_is_the_fitted_wave():
    weeks = np.arange(416)
    wave = np.exp(3 + 0.5 * np.cos(2 * np.pi * weeks / 52) - 0.2 * np.sin(2 * np.pi * weeks / 52))
    found = cusum.detect(wave, range(300, 416), compat="surveillance", m="glm")
    np.testing.assert_allclose(found.expected[0], wave[300:], rtol=1e-9)
    fixed = cusum.detect(wave, range(300, 416), compat="surveillance", m=20.0)
    assert (fixed.expected == 20.0).all()


def doubled(mean: float, rows: int = 400) -> np.ndarray:
    noise = np.random.default_rng(11)
    parts = [noise.poisson(mean, (rows, 80)), noise.poisson(2 * mean, (rows, 20))]
    return np.concatenate(parts, axis=1).astype(float)


def test_a_doubling_adds_up_to_an_alarm():
    found = cusum.detect(doubled(6))
    after = found.alarm[:, found.times >= 80]
    assert after[:, :8].any(axis=1).mean() > 0.95


def chance(reached: float, mean: float, points: int) -> float:
    """Of a sum under Poisson noise whose mean was estimated: by the tails of the last points together."""
    cost, tails = mean, []
    for together in (1, 2, 4, 8, 16):
        least = np.ceil(round((reached + together * cost) / np.log(2), 9))
        size = (together * mean) ** 2 / (together * mean * (together / points))
        tails.append(nbinom(size, size / (size + together * mean)).sf(least - 1))
    return min(1.0, max(tails) + 0.5 * (sum(tails) - max(tails)))


def test_the_sum_is_the_log_likelihood_ratio_of_poisson_counts():
    values = np.full(70, 4.0)
    values[60:] = [4, 9, 12, 4, 4, 4, 4, 4, 4, 4]
    found = cusum.detect(values, [60, 61, 62], noise="poisson", reset=False)
    level = 4 + 0.5 / 52
    total, expected, chances = 0.0, [], []
    for count in (4, 9, 12):
        reached = total + count * np.log(2) - level
        total = max(0.0, reached)
        expected.append(total)
        chances.append(chance(reached, level, 52))
    np.testing.assert_allclose(found.score[0], expected)
    np.testing.assert_allclose(found.pvalue[0], chances, rtol=1e-6)


def test_the_alarm_is_where_the_count_reaches_the_bound():
    values = doubled(3, rows=50)
    found = cusum.detect(values)
    np.testing.assert_array_equal(values[:, found.times] >= found.upper - 1e-9, found.alarm)


def test_a_missing_count_adds_nothing_and_is_not_judged():
    values = doubled(6, rows=1)
    values[0, 85] = np.nan
    found = cusum.detect(values, range(80, 90), reset=False)
    assert not found.known[0, 5] and found.known[0, 6]
    assert found.score[0, 5] == found.score[0, 4]


def test_too_little_known_past_is_unknown_and_all_zeros_is_quiet():
    values = np.full((2, 70), np.nan)
    values[0, :3] = 1
    values[1] = 0
    values[0, 60:] = 50
    found = cusum.detect(values)
    assert not found.known[0].any() and not found.alarm[0].any()
    assert found.known[1].all() and not found.alarm[1].any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shift": 1.0}, "shift must lie"),
        ({"alpha": 0.7}, "alpha must lie"),
        ({"noise": "normal"}, "noise must be one of"),
        ({"baseline": 3}, "baseline must lie"),
        ({"baseline": 90}, "at least 99 time points"),
        ({"compat": "surveillance"}, "needs a range"),
        ({"compat": "surveillance", "times": [50], "trans": "anscombeNegBin"}, "trans must be one of"),
        ({"compat": "surveillance", "times": [50], "m": "mean"}, "m must be one of"),
        ({"compat": "surveillance", "times": [50], "m": -1.0}, "m must lie"),
    ],
)
def test_bad_input_is_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        cusum.detect(np.ones(80), **options)


def test_a_rung_adds_up_its_run():
    values = doubled(6, rows=3)
    params = cusum.Params(run=8, noise="poisson")
    asked = cusum.past(params, Window(days=7, baseline=26))
    assert asked.blocks == 33
    series = Series(
        cuts=np.array([739000]), window=7, gap=0, observed=values[None, :, 83],
        whole=np.ones((1, 3), bool), baseline=values[None, :, 83 - asked.blocks : 83],
    )  # fmt: skip
    fitted = cusum.model(series, params)
    level = values[:, 50:76].mean(axis=1) + 0.5 / 26
    total = np.zeros(3)
    for time in range(76, 84):
        reached = total + values[:, time] * np.log(2) - level
        total = np.maximum(0.0, reached)
    wanted = [chance(of, mean, 26) for of, mean in zip(reached, level, strict=True)]
    np.testing.assert_allclose(fitted.pvalue(series.observed)[0], wanted, rtol=1e-6)
    for area in range(3):
        needed = fitted.needed(0, area)
        assert needed is not None
        assert fitted.holds(np.full((1, 3), needed))[0, area]
        assert needed == 0 or not fitted.holds(np.full((1, 3), needed - 1))[0, area]


def test_only_known_transformations_are_offered():
    with pytest.raises(ValueError, match="standard, rossi"):
        cusum_compat.detect(np.ones((1, 9)), np.array([5]), 1, 2, None, "log", 0.1, False, 52)
