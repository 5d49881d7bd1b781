"""Farrington's algorithm with Noufaily's parameters: 3,000 weekly series at 52 points each, on one core,
against fitting the one model of each point by statsmodels.

With `--r` the R package surveillance judges a few of the same series beside it (Debian: r-cran-
surveillance), and both must agree. What counts is the processor's time: on a machine that does something
else as well, the clock runs on.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import statsmodels.api as sm

from benchmarks.measuring import fastest
from engine.detect.farrington.rung import Params, detect

SERIES, POINTS, OF_R = 3_000, 52, 4
#: At least so many times as fast as a single fit by statsmodels, and as the R package, in the same run.
FASTER, TIMES_FASTER, GIBIBYTES = 15.0, 150.0, 1.0
#: So many models are fitted by statsmodels, each on so many past points by season and trend.
FITTED, PAST = 100, 5 * 52
NOUFAILY = Params(no_periods=10, past_weeks_not_included=26, p_threshold_trend=1)
SCRIPT = Path(__file__).parent / "r" / "farrington_speed.R"


def main(arguments: list[str] | None = None) -> None:
    """Print the best of two runs, and R's time beside it; exit with 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--r", action="store_true", help="run the R package beside it")
    with_r = parser.parse_args(arguments).r
    counts = weekly()
    times = range(NOUFAILY.reach, counts.shape[1])
    point = fastest(detect, counts, times, NOUFAILY, rounds=2) / (SERIES * POINTS) * 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"farrington (Noufaily), {SERIES:,} series x {POINTS} points")
    fit = fastest(_by_statsmodels, counts) / FITTED * 1e6
    print(f"  {point:.1f} microseconds a point, {fit:,.0f} for a single fit by statsmodels")
    print(f"  {fit / point:.0f} times faster (limit {FASTER:.0f})")
    print(f"  peak memory {peak:.2f} GiB (limit {GIBIBYTES:.0f} GiB)")
    missed = fit < FASTER * point or peak > GIBIBYTES
    if with_r:
        missed |= beside_r(counts[:: SERIES // OF_R], point) < TIMES_FASTER
    if missed:
        raise SystemExit(1)


def weekly() -> np.ndarray:
    """(SERIES, T) over-dispersed counts with a season, means from 0.5 to 50, just long enough."""
    random = np.random.default_rng(1)
    points = NOUFAILY.reach + POINTS
    season = np.exp(0.3 * np.sin(2 * np.pi * np.arange(points) / 52))
    mean = np.geomspace(0.5, 50, SERIES)[:, None] * season
    return random.negative_binomial(mean / 0.5, 1 / 1.5).astype(float)


def _by_statsmodels(counts: np.ndarray) -> None:
    """One Poisson model with a level for each tenth of the year and a trend, as each point's is."""
    week = np.arange(PAST)
    design = np.column_stack([np.eye(10)[week % 52 * 10 // 52], week / PAST])
    for one in counts[:: SERIES // FITTED][:FITTED]:
        sm.GLM(one[:PAST], design, family=sm.families.Poisson()).fit()


def beside_r(counts: np.ndarray, point: float) -> float:
    """How many times faster a point is than in R, on the same series; fails if the bounds differ."""
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder) / "counts.csv", Path(folder) / "upper.csv"
        np.savetxt(given, counts.T, fmt="%d", delimiter=",")
        command = ["Rscript", str(SCRIPT), str(given), str(NOUFAILY.reach + 1), str(result)]
        seconds = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        theirs = np.genfromtxt(result, delimiter=",", missing_values="NA").T
    ours = detect(counts, None, replace(NOUFAILY, compat="surveillance")).upper
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    reference = seconds / ours.size * 1e6
    print(f"  R: {reference:,.0f} microseconds a point on {ours.size} of them, the same bounds")
    print(f"  {reference / point:,.0f} times faster (limit {TIMES_FASTER:.0f})")
    return reference / point


if __name__ == "__main__":
    main()
