"""What a baseline of counts leads to expect of the next one: a negative binomial that knows how little it
was fitted on."""

from __future__ import annotations

import numpy as np

from engine.detect.dispersion import widened
from engine.detect.negbin import size_of, upper_tail
from engine.detect.series import Floats

NOISE = ("negbin", "poisson")
#: The fewest known points a mean and a dispersion may rest on.
FEWEST = 4


def predictive(past: Floats, noise: str, weights: Floats | float = 1.0) -> tuple[Floats, Floats]:
    """Mean and size (without the last axis) of the next count after `past` (..., B), NaN where unseen.

    weights: how much more than the next one each past point was to be expected to hold. The variance is the
    noise's (the mean, times the over-dispersion where `noise` is negbin) and the mean's own uncertainty; both
    NaN where fewer than four points are known.
    """
    seen = ~np.isnan(past)
    known = seen.sum(axis=-1).astype(float)
    known = np.where(known >= FEWEST, known, np.nan)
    n = known * np.where(seen, weights, 0.0).sum(axis=-1) / np.maximum(seen.sum(axis=-1), 1)
    mean = np.where(seen, past, 0.0).sum(axis=-1) / n
    spread = np.ones_like(mean)
    if noise == "negbin":
        fitted = mean[..., None] * weights
        some = seen & (fitted > 0)
        squares = np.where(some, (past - fitted) ** 2 / np.where(some, fitted, 1.0), 0.0).sum(axis=-1)
        spread = np.maximum(1.0, squares / (known - 1))
    return mean, size_of(mean, mean * spread * (1 + 1 / n))


def clumped(
    total: Floats, blocks: Floats, phi: Floats, *, prior: float, vague: Floats | float = 0.0
) -> tuple[Floats, Floats]:
    """Mean and size of the next count, where `total` came in so many `blocks` and in clumps of `phi`.

    Clumps are evidence of one incident each, and the prior is worth so many of them. vague: the squared
    relative error of whatever else the expectation was multiplied by.
    """
    evidence = prior + total / phi
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = evidence * phi / blocks
        # Over-dispersion phi adds (phi - 1) * mean to the variance mean + mean^2 / size.
        size: Floats = 1 / (1 / evidence + (phi - 1) / mean + vague)
    return mean, size


def wide_tail(observed: Floats, mean: Floats, size: Floats, freedom: Floats) -> Floats:
    """The chance of at least so many, by a spread that is known with so many degrees of freedom."""
    return widened(upper_tail(observed, mean, size), freedom)
