"""The scan of cases among cases and controls: the Bernoulli statistic of every cylinder, and its largest
value where chance alone says which are cases.

Source: Kulldorff, A spatial scan statistic, Communications in Statistics 26 (1997) 1481-1496.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.detect.cluster.scan import Counts, inside
from engine.detect.cluster.zones import Ints, Zones
from engine.detect.series import Floats
from engine.model.later import Later

special = Later("scipy.special")

#: So many replicates at a time stay in the processor's cache.
_BLOCK = 32


@dataclass(frozen=True)
class Labels:
    """The log likelihood ratio of c cases among n inside and C - c among N - n outside, where the share is
    higher inside: of the two shares, less that of one for all.

    known: (N+1,) k log k; cases, every: C and N; least: the smallest count that may be a cluster.
    """

    known: Floats
    cases: int
    every: int
    least: int

    @classmethod
    def of(cls, cases: int, every: int, least: int) -> Labels:
        numbers = np.arange(every + 1, dtype=float)
        return cls(np.asarray(special.xlogy(numbers, numbers), float), cases, every, least)

    def at(self, counts: Ints | Counts, among: Ints) -> Floats:
        """The statistic of counts of cases among so many; broadcasts."""
        counts = counts.astype(np.int64)
        cases, every, known = self.cases, self.every, self.known
        value = known[counts] + known[among - counts] - known[among]
        value += known[cases - counts] + known[every - among - (cases - counts)] - known[every - among]
        value -= known[cases] + known[every - cases] - known[every]
        raised = (counts * every > among * cases) & (counts >= self.least)
        return np.where(raised, np.maximum(value, 0.0), 0.0)

    def value(self, made: Zones, everybody: Ints, center: int, held: Ints) -> Floats:
        """(K, D) of the counts of the zones about a centre; everybody: (P, D) cases and controls."""
        cells = self.at(held, inside(everybody, made.order[center]))
        cells[made.size_of[center] < 0] = 0.0
        return cells

    def expected(self, made: Zones, everybody: Ints, center: int, zone: int, duration: int) -> float:
        """The cases that a cylinder would hold if its share were that of all."""
        among = everybody[made.order[center, : zone + 1], duration].sum()
        return float(among * self.cases / self.every)

    def maxima(self, counts: Counts, made: Zones, everybody: Ints) -> Floats:
        """(R,) the largest statistic over all cylinders in each column of counts (P, D, R)."""
        best = np.zeros(counts.shape[2])
        for order, size_of in zip(made.order, made.size_of, strict=True):
            scanned = size_of >= 0
            if not scanned.any():
                continue
            among = inside(everybody, order)[scanned][:, :, None]
            for start in range(0, best.size, _BLOCK):
                block = slice(start, start + _BLOCK)
                held = inside(np.ascontiguousarray(counts[:, :, block]), order)[scanned]
                np.maximum(best[block], self.at(held, among).max(axis=(0, 1)), out=best[block])
        return best


def drawn(every: Ints, cases: int, days: int, replicates: int, seed: int) -> Counts:
    """(P, days, R) cases in each place in the last 1..days days, where so many of all (P, D) are drawn to be
    cases."""
    random = np.random.default_rng(seed)
    places = len(every)
    recent = every[:, : -days - 1 : -1]
    cells = np.repeat(np.arange(recent.size), recent.ravel())
    counts = np.empty((places, days, replicates), np.int32)
    for replicate in range(replicates):
        found = random.choice(int(every.sum()), cases, replace=False)
        table = np.bincount(cells[found[found < cells.size]], minlength=recent.size)
        counts[:, :, replicate] = np.cumsum(table.reshape(places, days), axis=1)
    return counts
