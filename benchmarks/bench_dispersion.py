"""EARS C2 and a change, by their defaults: an area's own dispersion is learned from its past at every point.
Against the plain way: mean and variance of the past by pandas, the negative binomial's tail by SciPy.

What counts is the processor's time: on a machine that does something else as well, the clock runs on.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from scipy.stats import nbinom

from benchmarks.bench_ears import BASELINE, GAP
from benchmarks.measuring import fastest, peak
from engine.detect import change, ears
from engine.detect.dispersion import HISTORY

SERIES, POINTS = 1_000, 416
#: Counts that vary as much as their mean and a third of its square, as clumps do.
MEAN, SHAPE = 6.0, 3.0
#: At most so many times as long as that takes.
LIMITS = {"ears": 40.0, "change": 60.0}


def main() -> int:
    """Print the best of three runs of each, and the peak memory; 1 where one is over its limit."""
    chance = np.random.default_rng(1)
    counts = chance.poisson(chance.gamma(SHAPE, MEAN / SHAPE, (SERIES, POINTS))).astype(float)
    plain = fastest(_tails, pd.DataFrame(counts.T))
    spent = {
        "ears": fastest(ears.detect, counts, method="C2"),
        "change": fastest(change.detect, counts, window=BASELINE),
    }  # fmt: skip
    print(f"dispersion of each series' own, {SERIES:,} series x {POINTS} points")
    for name, taken in spent.items():
        print(f"  {name:7} {taken:7.2f} s of one core   {taken / plain:.1f}x (limit {LIMITS[name]:g}x)")
    print(f"  pandas  {plain:7.2f} s of one core   and SciPy: moments of {HISTORY} points, and the tail")
    print(f"  peak memory {peak()}")
    return int(any(taken > LIMITS[name] * plain for name, taken in spent.items()))


def _tails(counts: pd.DataFrame) -> None:
    """The chance of as many, by the moments of what came before; a hair of dispersion where there is none."""
    before = counts.shift(GAP + 1).rolling(HISTORY, min_periods=BASELINE)
    mean, variance = before.mean().to_numpy(), before.var().to_numpy()
    beyond = np.maximum(variance - mean, 1e-3)
    nbinom.sf(counts.to_numpy() - 1, mean**2 / beyond, mean / (mean + beyond))


if __name__ == "__main__":
    sys.exit(main())
