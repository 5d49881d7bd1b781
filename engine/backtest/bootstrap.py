"""Intervals by resampling, with a fixed seed: the same data always give the same interval."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.detect.series import Floats

SEED = 20_230_601
RESAMPLES = 1_000
#: Days are resampled in blocks of this length, all places together, because warnings and events last
#: for days and neighbouring places share their causes.
BLOCK = 28
#: A 95 % interval.
TAILS = (2.5, 97.5)

Interval = tuple[float | None, float | None]


def over_days(sums: Floats, measure: Callable[[Floats], Floats]) -> Interval:
    """The interval of a measure of summed components.

    sums: (D, K) the components of each day; measure: (R, K) -> (R,), NaN where it is not defined.
    Neither end where there are fewer than two blocks (block bootstrap, Kuensch 1989, with blocks that
    do not overlap).
    """
    blocks = -(-len(sums) // BLOCK)
    if blocks < 2:
        return None, None
    parts = np.array([sums[at * BLOCK : (at + 1) * BLOCK].sum(axis=0) for at in range(blocks)])
    drawn = np.random.default_rng(SEED).multinomial(blocks, np.full(blocks, 1 / blocks), RESAMPLES)
    return _interval(measure(drawn @ parts))


def over_cases(cases: Floats, measure: Callable[[Floats], Floats]) -> Interval:
    """The interval of a measure of independent cases. cases: (N,); measure: (R, N) -> (R,)."""
    if cases.size < 2:
        return None, None
    picked = np.random.default_rng(SEED).integers(0, cases.size, (RESAMPLES, cases.size))
    return _interval(measure(cases[picked]))


def ratio(above: Floats, below: Floats) -> Floats:
    """above / below, NaN where there is nothing to divide by."""
    found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return found


def _interval(values: Floats) -> Interval:
    values = values[~np.isnan(values)]
    if not values.size:
        return None, None
    low, high = np.percentile(values, TAILS)
    return float(low), float(high)
