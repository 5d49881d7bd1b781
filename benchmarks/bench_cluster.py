"""The space-time permutation scan: 20,000 events in 300 places and 365 days, 999 replicates, on one core."""

from __future__ import annotations

import resource
import time

import numpy as np

from engine.detect.cluster.rung import Params, areas

EVENTS, PLACES, DAYS = 20_000, 300, 365
SECONDS, GIBIBYTES = 3.0, 1.0


def main() -> None:
    """Print the best of three runs, its first cluster, and the peak memory; exit with 1 if either is over
    its limit."""
    random = np.random.default_rng(1)
    counts = np.zeros((PLACES, DAYS))
    np.add.at(counts, (random.integers(0, PLACES, EVENTS), random.integers(0, DAYS, EVENTS)), 1)
    coordinates = random.random((PLACES, 2))
    near = np.argsort(np.sum((coordinates - coordinates[7]) ** 2, axis=1))[:5]
    counts[near, -4:] += 1
    took, waited = [], []
    for _ in range(3):
        start, begun = time.process_time(), time.perf_counter()
        found = areas(counts, coordinates, Params(max_days=14, max_share=0.5, replicates=999))
        took.append(time.process_time() - start)
        waited.append(time.perf_counter() - begun)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    first = found.clusters[0]
    print(f"permutation scan, {EVENTS:,} events, {PLACES} places, {DAYS} days, durations to 14 days")
    seen = f"{first.observed} cases for {first.expected:.1f}"
    print(f"  found {len(first.places)} places, {seen}, p {first.pvalue}")
    print(f"  {min(took):.2f} s of one core (limit {SECONDS:.0f} s), {min(waited):.2f} s by the clock")
    print(f"  peak memory {peak:.2f} GiB (limit {GIBIBYTES:.0f} GiB)")
    if min(took) > SECONDS or peak > GIBIBYTES:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
