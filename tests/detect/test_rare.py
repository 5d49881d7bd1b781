"""The default test against an independent computation: loops, and the mixture integrated numerically."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gamma, nbinom, norm, poisson
from scipy.stats import t as student

from engine.detect import rare
from engine.detect.series import Series

RNG = np.random.default_rng(20250131)
#: Twelve places of very different size, the third with holes.
COUNTS = RNG.poisson(np.geomspace(0.05, 20, 12)[:, None], (12, 40)).astype(float)
COUNTS[2, 5:9] = np.nan


def prior(past: np.ndarray) -> tuple[float, float]:
    """Shape and rate of the gamma prior shared by the rows, by moments."""
    totals = [float(np.nansum(row)) for row in past]
    points = [int(np.sum(~np.isnan(row))) for row in past]
    mean = (sum(totals) + 0.5) / sum(points)
    spread = sum(n * (total / n - mean) ** 2 for total, n in zip(totals, points, strict=True)) / sum(points)
    between = max(spread - mean * len(past) / sum(points), mean**2 / 1e4)
    return mean**2 / between, mean / between


def tail(least: float, shape: float, rate: float) -> float:
    """The chance of at least so many where the count is Poisson and its mean gamma."""
    if least == 0:
        return 1.0
    law = gamma(shape, scale=1 / rate)
    low, high = law.ppf([1e-14, 1 - 1e-14])
    chance, _ = quad(
        lambda mean: poisson.sf(least - 1, mean) * law.pdf(mean), low, high, epsabs=0, epsrel=1e-10,
        limit=400, points=law.ppf([0.01, 0.5, 0.99]),
    )  # fmt: skip
    return chance


@pytest.mark.parametrize("gap", [0, 3])
def test_the_chance_is_that_of_the_integrated_mixture(gap: int):
    found = rare.detect(COUNTS, [30, 39], baseline=20, gap=gap, alpha=0.01, dispersion="none")
    for column, at in enumerate((30, 39)):
        past = COUNTS[:, at - gap - 20 : at - gap]
        shape, rate = prior(past)
        for row in range(len(COUNTS)):
            own, points = float(np.nansum(past[row])), int(np.sum(~np.isnan(past[row])))
            chance = tail(COUNTS[row, at], shape + own, rate + points)
            assert found.pvalue[row, column] == pytest.approx(chance, rel=1e-6)
            assert found.expected[row, column] == pytest.approx((shape + own) / (rate + points))
            assert found.extra["prior_shape"][row, column] == pytest.approx(shape)
            assert found.extra["prior_rate"][row, column] == pytest.approx(rate)
            assert found.alarm[row, column] == (chance < 0.01)


def test_upper_is_the_largest_count_that_is_no_alarm():
    found = rare.detect(COUNTS, baseline=20, alpha=0.01, dispersion="none")
    for row, column in np.ndindex(found.upper.shape):
        shape = found.extra["prior_shape"][row, column] + found.extra["baseline_total"][row, column]
        rate = found.extra["prior_rate"][row, column] + found.extra["baseline_points"][row, column]
        at_least = nbinom(shape, rate / (rate + 1)).sf
        assert at_least(found.upper[row, column]) < 0.01 <= at_least(found.upper[row, column] - 1)


def test_with_too_few_series_to_learn_from_jeffreys_prior_stands():
    found = rare.detect([[0.0] * 26 + [3.0]], alpha=0.01)
    assert found.expected.item() == pytest.approx(0.5 / 26)
    # Of its clumps so empty a past tells little: as Student's with eight degrees of freedom.
    assert found.pvalue.item() == pytest.approx(student(8).cdf(norm.ppf(nbinom(0.5, 26 / 27).sf(2))))
    assert found.alarm.item() and found.known.item()
    few, many = (rare.detect([[0.0] * 26 + [count]], alpha=0.001) for count in (3.0, 4.0))
    assert many.alarm.item() and few.known.item() and not few.alarm.item()


def test_over_dispersion_is_estimated_over_all_baselines():
    noise = RNG.negative_binomial(2.0, 2.0 / (2.0 + 6.0), (40, 60)).astype(float)
    found = rare.detect(noise, [59], baseline=50, dispersion="pooled")
    past = noise[:, 9:59]
    mean = past.mean(axis=1, keepdims=True)
    phi = float(((past - mean) ** 2 / mean).sum() / (past.size - len(past)))
    assert 3 < phi < 5
    assert found.extra["dispersion"][:, 0] == pytest.approx(phi)
    plain = rare.detect(noise, [59], baseline=50, dispersion="none")
    assert (found.upper >= plain.upper).all() and (found.upper > plain.upper).mean() > 0.9


def own(past: np.ndarray) -> tuple[list[float], list[float]]:
    """Of areas seen whole: each one's over-dispersion drawn to the pool's line, and its freedom."""
    areas, blocks = past.shape
    means = [max(sum(row) / blocks, 1e-3) for row in past]
    seen = [
        sum((x - m) ** 2 / m for x in row) / (blocks - 1) if sum(row) else 1.0
        for row, m in zip(past, means, strict=True)
    ]
    free = [blocks - 1 if sum(row) else 0 for row in past]

    def told(at: int, phi: float) -> float:
        return free[at] * 2 / (2 + 6 * (phi - 1) / means[at] + 1 / (means[at] * phi))

    weight = [told(at, 1.0) for at in range(areas)]
    total = sum(weight)
    x0 = sum(w * m for w, m in zip(weight, means, strict=True)) / total
    y0 = sum(w * (y - 1) for w, y in zip(weight, seen, strict=True)) / total
    across = sum(w * (m - x0) ** 2 for w, m in zip(weight, means, strict=True))
    along = sum(w * (m - x0) * (y - 1 - y0) for w, m, y in zip(weight, means, seen, strict=True))
    slope = max(along / across, 0.0)
    if y0 < slope * x0:
        slope = max(
            sum(w * m * (y - 1) for w, m, y in zip(weight, means, seen, strict=True))
            / sum(w * m**2 for w, m in zip(weight, means, strict=True)), 0.0,
        )  # fmt: skip
        line = [1 + slope * m for m in means]
    else:
        line = [1 + y0 - slope * x0 + slope * m for m in means]
    weight = [told(at, line[at]) for at in range(areas)]
    spread = sum(w * (y / p - 1) ** 2 for w, y, p in zip(weight, seen, line, strict=True)) / sum(weight)
    beyond = max(spread - 2 * sum(w > 0 for w in weight) / sum(weight), 1e-9)
    pull = min(max(2 / beyond, 4.0), min(max(2.0 * areas, 4.0), 100.0))
    phi = [max((w * y + pull * p) / (w + pull), 1.0) for w, y, p in zip(weight, seen, line, strict=True)]
    trust = 3 + 7 * min(areas / 30, 1.0)
    freedom = [
        max(1 / (1 / (w + pull) + (f - 1) / (m + 2) / trust), 2.5) if f > 1 else math.inf
        for w, f, m in zip(weight, phi, means, strict=True)
    ]
    return phi, freedom


def test_each_area_has_its_own_dispersion_drawn_to_what_the_pool_expects_of_it():
    level = np.geomspace(0.3, 40, 8)[:, None]
    counts = RNG.negative_binomial(2.0, 2.0 / (2.0 + level), (8, 31)).astype(float)
    counts[0] = 0.0
    found = rare.detect(counts, [30], baseline=30)
    phi, freedom = own(counts[:, :30])
    assert found.extra["dispersion"][:, 0] == pytest.approx(phi)
    assert max(phi) > 5 > min(phi)
    shape, rate = prior(counts[:, :30])
    for row in range(len(counts)):
        if counts[row, 30] == 0:
            continue
        size, blocks = shape + counts[row, :30].sum() / phi[row], rate + 30 / phi[row]
        mean, wider = size / blocks, (phi[row] - 1) * blocks + 1
        plain = nbinom(size / wider, (size / wider) / (size / wider + mean)).sf(counts[row, 30] - 1)
        assert found.expected[row, 0] == pytest.approx(mean)
        assert found.pvalue[row, 0] == pytest.approx(student(freedom[row]).cdf(norm.ppf(plain)), rel=1e-6)


def test_where_nothing_varies_more_than_chance_the_noise_is_poissons():
    even = np.tile([2.0, 3.0], (5, 20))
    found, plain = rare.detect(even, [39]), rare.detect(even, [39], dispersion="none")
    assert (found.extra["dispersion"] == 1).all()
    assert np.array_equal(found.pvalue, plain.pvalue) and np.array_equal(found.upper, plain.upper)


def test_the_wave_of_the_year_is_followed_from_two_years_on():
    days = 739_000 + 7 * np.arange(160)
    mean = 6 * np.exp(0.8 * np.cos(2 * np.pi * (days - 739_000) / 365.25))
    counts = RNG.poisson(mean, (20, 160)).astype(float)
    by_season = rare.detect(counts, range(110, 160), baseline=104, days=days)
    flat = rare.detect(counts, range(110, 160), baseline=104, days=days, season="off")
    truth = mean[110:160]
    assert np.abs(by_season.expected.mean(axis=0) / truth - 1).max() < 0.12
    assert np.abs(flat.expected.mean(axis=0) / truth - 1).max() > 0.5
    assert np.array_equal(
        rare.detect(counts, [150], baseline=52, days=days).pvalue,
        rare.detect(counts, [150], baseline=52, days=days, season="off").pvalue,
    )


def test_weekdays_have_factors_only_where_the_points_are_days():
    days = np.arange(739_000, 739_000 + 400)
    mean = np.where(days % 7 == 5, 8.0, 2.0)
    counts = RNG.poisson(mean, (30, 400)).astype(float)
    by_day = rare.detect(counts, range(300, 314), baseline=182, days=days)
    assert by_day.expected[:, days[300:314] % 7 == 5].mean() == pytest.approx(8, rel=0.1)
    assert by_day.expected[:, days[300:314] % 7 != 5].mean() == pytest.approx(2, rel=0.1)
    for plain in (rare.detect(counts, range(300, 314), baseline=182),
                  rare.detect(counts, range(300, 314), baseline=182, days=days, weekday="off")):  # fmt: skip
        assert np.ptp(plain.expected, axis=1).max() < 0.1


def test_a_long_stretch_is_judged_in_parts_alike(monkeypatch: pytest.MonkeyPatch):
    whole = rare.detect(COUNTS, baseline=8)
    monkeypatch.setattr(rare, "_BATCH", 8 * len(COUNTS) * 3)
    parts = rare.detect(COUNTS, baseline=8)
    for name in ("times", "expected", "upper", "pvalue", "alarm", "known"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name), equal_nan=True)


def test_what_cannot_be_told_is_unknown():
    counts = COUNTS.copy()
    counts[0, 30] = np.nan
    counts[1, 20:30] = np.nan
    found = rare.detect(counts, [30], baseline=12)
    assert not found.known[0, 0] and not math.isnan(found.upper[0, 0])
    assert not found.known[1, 0] and math.isnan(found.upper[1, 0])
    assert found.known[2:].all()


def test_what_was_seen_of_a_block_is_its_exposure() -> None:
    """Half of the blocks seen to three quarters: less was told, in less time, and the prior weighs more."""
    told = np.tile([3.0, 4.0], 6)[None, None, :]
    seen = np.tile([0.75, 1.0], 6)[None, None, :]
    part = Series(
        cuts=np.array([739000]), window=28, gap=0, observed=np.array([[9.0]]), whole=np.ones((1, 1), bool),
        baseline=told / seen, seen=seen,
    )  # fmt: skip
    fitted = rare.model(part, rare.Params())
    assert fitted.facts(0, 0)["baseline_total"] == 42
    assert fitted.facts(0, 0)["baseline_blocks"] == 10.5
    assert fitted.expected[0, 0] == pytest.approx((42 + 0.5) / 10.5)
