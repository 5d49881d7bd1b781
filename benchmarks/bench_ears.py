"""EARS C2, Normal counts: thresholds and alarms of 30,000 series over 416 points on one core, against the
moving mean and deviation that a user would otherwise take from pandas.

What counts is the processor's time: on a machine that does something else as well, the clock runs on.
"""

from __future__ import annotations

import resource

import numpy as np
import pandas as pd

from benchmarks.measuring import fastest
from engine.detect import ears

SERIES, POINTS = 30_000, 416
#: C2 looks at the seven points before a gap of two.
BASELINE, GAP = 7, 2
#: At most so many times as long as pandas takes for the two moments alone, and this much memory.
TIMES, GIBIBYTES = 0.5, 1.0
#: Every so many series pandas is timed on.
SAMPLE = 10


def main() -> None:
    """Print the best of three runs of both, and the peak memory of the process, counts included; exit with 1
    if either is over its limit."""
    counts = np.random.default_rng(1).poisson(6, (SERIES, POINTS)).astype(float)
    ours = fastest(ears.detect, counts, method="C2", dispersion="none", pvalues=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    theirs = SAMPLE * fastest(_moments, pd.DataFrame(counts[::SAMPLE].T))
    print(f"ears C2, {SERIES:,} series x {POINTS} points")
    print(f"  thresholds and alarms  {ours:6.2f} s of one core   {ours / theirs:.2f}x (limit {TIMES:g}x)")
    print(f"  pandas, the moments    {theirs:6.2f} s of one core")
    print(f"  peak memory            {peak:6.2f} GiB (limit {GIBIBYTES:.0f} GiB)")
    if ours > TIMES * theirs or peak > GIBIBYTES:
        raise SystemExit(1)


def _moments(counts: pd.DataFrame) -> None:
    before = counts.shift(GAP + 1).rolling(BASELINE)
    before.mean() + 3 * before.std()


if __name__ == "__main__":
    main()
