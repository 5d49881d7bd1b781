"""What a baseline of counts leads to expect of the next one: a negative binomial that knows how little it
was fitted on."""

from __future__ import annotations

import numpy as np

from engine.detect.negbin import size_of
from engine.detect.series import Floats

NOISE = ("negbin", "poisson")
#: The fewest known points a mean and a dispersion may rest on.
FEWEST = 4


def predictive(past: Floats, noise: str) -> tuple[Floats, Floats]:
    """Mean and size (without the last axis) of the next count after `past` (..., B), NaN where unseen.

    The variance is the noise's (the mean, times the over-dispersion where `noise` is negbin) and the
    mean's own uncertainty; both NaN where fewer than four points are known.
    """
    seen = ~np.isnan(past)
    n = seen.sum(axis=-1).astype(float)
    n = np.where(n >= FEWEST, n, np.nan)
    mean = np.where(seen, past, 0.0).sum(axis=-1) / n
    spread = np.ones_like(mean)
    if noise == "negbin":
        squares = (np.where(seen, past - mean[..., None], 0.0) ** 2).sum(axis=-1)
        spread = np.maximum(1.0, squares / (n - 1) / np.where(mean > 0, mean, 1.0))
    return mean, size_of(mean, mean * spread * (1 + 1 / n))
