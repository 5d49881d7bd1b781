"""Counts as a negative binomial by mean and size: tails and quantiles, Poisson where size is infinite.

The variance is mean + mean**2 / size. Every function broadcasts its arguments; NaN stays NaN.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.series import Floats
from engine.model.later import Later

special = Later("scipy.special")

#: Above this size the Poisson limit is nearer than the rounding of the beta function.
_POISSON = 1e9


def size_of(mean: Floats, variance: Floats) -> Floats:
    """The size that gives this variance; infinite where it is no larger than the mean."""
    excess = variance - mean
    with np.errstate(divide="ignore", invalid="ignore"):
        size: Floats = np.where(excess > 0, mean**2 / excess, np.where(np.isnan(excess), np.nan, np.inf))
    return size


def upper_tail(counts: ArrayLike, mean: ArrayLike, size: ArrayLike) -> Floats:
    """P(Y >= counts); counts need not be whole: 2.4 asks for 3 or more."""
    least, mean, size = _ready(np.ceil(counts), mean, size)
    finite = np.where(size < _POISSON, size, 1.0)
    some = np.maximum(least, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        tail = np.where(
            size < _POISSON, special.betainc(some, finite, mean / (mean + finite)),
            special.gammainc(some, mean),
        )
    return np.where(least > 0, tail, np.where(np.isnan(least + mean + size), np.nan, 1.0))


def lower_tail(counts: ArrayLike, mean: ArrayLike, size: ArrayLike) -> Floats:
    """P(Y <= counts)."""
    above, mean, size = _ready(np.floor(counts) + 1.0, mean, size)
    finite = np.where(size < _POISSON, size, 1.0)
    some = np.maximum(above, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        tail = np.where(
            size < _POISSON, special.betaincc(some, finite, mean / (mean + finite)),
            special.gammaincc(some, mean),
        )
    return np.where(above > 0, tail, np.where(np.isnan(above + mean + size), np.nan, 0.0))


def quantile(chance: ArrayLike, mean: ArrayLike, size: ArrayLike) -> Floats:
    """The smallest whole number q with P(Y <= q) >= chance."""
    wanted, mean, size = _ready(chance, mean, size)
    unknown = np.isnan(mean + size)
    low = np.full(mean.shape, -1.0)
    high = np.where(unknown, 0.0, np.ceil(mean) + 1.0)
    while (short := ~unknown & (lower_tail(high, mean, size) < wanted)).any():
        low = np.where(short, high, low)
        high = np.where(short, 2.0 * high + 1.0, high)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = lower_tail(middle, mean, size) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(unknown, np.nan, high)


def _ready(counts: ArrayLike, mean: ArrayLike, size: ArrayLike) -> tuple[Floats, Floats, Floats]:
    one, two, three = np.broadcast_arrays(
        np.asarray(counts, float), np.asarray(mean, float), np.asarray(size, float)
    )
    return one, two, three
