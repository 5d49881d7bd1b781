"""How much more counts vary than independent incidents: Pearson's statistic, whatever was looked at."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.detect import dispersion as of
from engine.detect.dispersion import dispersion

Floats = NDArray[np.float64]
SHAPE = (2, 5, 30)


def counts(seed: int, *, mean: float = 2.0) -> Floats:
    random = np.random.default_rng(seed)
    return random.negative_binomial(2.0, 2.0 / (2.0 + mean), SHAPE).astype(float)


def worths(seed: int) -> dict[str, Floats]:
    random = np.random.default_rng(seed)
    whole = np.broadcast_to(1.0, SHAPE)
    return {
        "all of it": whole,
        "weekdays, in all areas alike": np.broadcast_to(random.uniform(0.3, 2.0, (2, 1, 30)), SHAPE),
        "parts, here and there": random.choice([0.0, 0.8, 1.0], SHAPE),
        "not at all": np.where(np.arange(5)[:, None] == 1, 0.0, whole),
    }


def plainly(counts: Floats, worth: Floats) -> tuple[Floats, Floats, Floats]:
    """Pearson's dispersion, mean and degrees of freedom of each series, by their definition."""
    own, mean, free = np.ones(counts.shape[:2]), np.full(counts.shape[:2], 1e-3), np.zeros(counts.shape[:2])
    for cell in np.ndindex(own.shape):
        seen = worth[cell] > 0
        if seen.any() and counts[cell].sum() > 0:
            fitted = counts[cell].sum() / worth[cell].sum() * worth[cell][seen]
            residuals = (counts[cell][seen] - fitted) ** 2 / fitted
            free[cell], mean[cell] = seen.sum() - 1, fitted.mean()
            own[cell] = residuals.sum() / free[cell] if free[cell] else 1.0
    return own, mean, free


@pytest.mark.parametrize("kind", worths(0))
@pytest.mark.parametrize("seed", range(3))
def test_it_is_pearsons_of_what_was_looked_at(
    kind: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    worth = worths(seed)[kind]
    told = np.where(worth > 0, counts(seed), 0.0)
    told[0, 2] = 0.0
    given: list[Floats] = []
    drawn = of._drawn
    monkeypatch.setattr(of, "_drawn", lambda *asked: given.extend(asked) or drawn(*asked))
    dispersion(told, worth)
    for found, right in zip(given, plainly(told, worth), strict=True):
        np.testing.assert_allclose(found, right, rtol=1e-9, atol=1e-9)


def test_large_counts_that_hardly_vary_are_no_more_than_chance() -> None:
    """What is small beside what it is the difference of stays small."""
    steady = np.full(SHAPE, 1e9) + np.arange(30) % 2
    found = dispersion(steady, np.broadcast_to(1.0, SHAPE))
    assert (found.phi == 1).all() and np.isinf(found.freedom).all()


def test_what_was_counted_nowhere_varies_by_chance() -> None:
    found = dispersion(np.zeros(SHAPE), np.broadcast_to(1.0, SHAPE))
    assert (found.phi == 1).all() and found.told.all()
