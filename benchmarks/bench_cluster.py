"""The space-time permutation scan: 20,000 events in 300 places and 365 days, 999 replicates, beside shuffling
the dates so often and counting them by place and day, which no such scan can do without.
"""

from __future__ import annotations

import resource

import numpy as np

from benchmarks.measuring import fastest
from engine.detect.cluster.study import Params, areas

EVENTS, PLACES, DAYS = 20_000, 300, 365
REPLICATES = 999
TIMES, GIBIBYTES = 8.0, 1.0


def main() -> None:
    """Print the best of three runs, its first cluster, and the peak memory; exit with 1 if either is over
    its limit."""
    random = np.random.default_rng(1)
    counts = np.zeros((PLACES, DAYS))
    where, when = random.integers(0, PLACES, EVENTS), random.integers(0, DAYS, EVENTS)
    np.add.at(counts, (where, when), 1)
    coordinates = random.random((PLACES, 2))
    near = np.argsort(np.sum((coordinates - coordinates[7]) ** 2, axis=1))[:5]
    counts[near, -4:] += 1
    params = Params(max_days=14, max_share=0.5, replicates=REPLICATES)
    took, plain = fastest(areas, counts, coordinates, params), fastest(shuffled, where, when)
    found = areas(counts, coordinates, params)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    first = found.clusters[0]
    print(f"permutation scan, {EVENTS:,} events, {PLACES} places, {DAYS} days, durations to 14 days")
    seen = f"{first.observed} cases for {first.expected:.1f}"
    print(f"  found {len(first.places)} places, {seen}, p {first.pvalue}")
    ratio = took / plain
    print(f"  {took:.2f} s of one core, {ratio:.2f}x the {plain:.2f} s of shuffling (limit {TIMES:g}x)")
    print(f"  peak memory {peak:.2f} GiB (limit {GIBIBYTES:.0f} GiB)")
    if ratio > TIMES or peak > GIBIBYTES:
        raise SystemExit(1)


def shuffled(where: np.ndarray, when: np.ndarray) -> None:
    """So many replicates, each counted by place and day, and nothing looked for in them."""
    random = np.random.default_rng(2)
    for _ in range(REPLICATES):
        np.bincount(where * DAYS + random.permutation(when), minlength=PLACES * DAYS)


if __name__ == "__main__":
    main()
