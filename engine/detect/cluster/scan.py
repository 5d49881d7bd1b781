"""The scan statistic of every cylinder, and its largest value in each of many permutations.

A cylinder is a zone and the last d days. Its count in R permutations costs one addition each; the
logarithms are needed only where a count can matter: a sample of the cylinders bounds each permutation's
maximum from below, the bound becomes the smallest whole count that could beat it, and only counts that
reach that are evaluated. The maxima are exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.detect.cluster.zones import Ints, Weights, Zones
from engine.detect.series import Floats
from engine.model.later import Later

special = Later("scipy.special")

Counts = NDArray[np.signedinteger]
_Whole = TypeVar("_Whole", bound=np.signedinteger)
#: So many permutations at a time stay in the processor's cache.
_BLOCK = 128
#: Every so many places is the centre of a sampled cylinder, at most so many sizes each.
_CENTRES, _SIZES = 10, 16
_FAR = np.iinfo(np.int16).max


@dataclass(frozen=True)
class Statistic:
    """The log likelihood ratio of a count c in a cylinder where m of N cases are expected, by what is usual
    of the place and of the days: c log(c/m) + (N-c) log((N-c)/(N-m)) for c > m, else 0.

    gain: (M+1,) what depends on c alone; slope and base: (S, D) what depends on the cylinder alone; expected:
    (S, D) m; shares: (S,) what of all is usual of the zones; cases: N; least: the smallest count that may be
    a cluster.
    """

    gain: Floats
    slope: Floats
    base: Floats
    expected: Floats
    shares: Floats
    cases: int
    least: int

    @classmethod
    def of(
        cls, sizes: Weights, recent: Weights, whole: float, cases: int, most: int, least: int
    ) -> Statistic:
        """sizes: (S,) what zones weigh, of `whole` in all; recent: (D,) the cases that are usual everywhere
        in the last 1..D days; most: the largest count that can be in a cylinder."""
        share = np.arange(most + 1) / cases
        gain = np.asarray(cases * (special.xlogy(share, share) + special.xlog1py(1 - share, -share)), float)
        shares = sizes / whole
        expected = sizes[:, None] * recent[None, :] / whole
        slope, base = _terms(expected, cases)
        return cls(gain, slope, base, expected, shares, cases, least)

    def among(self, recent: Weights) -> Statistic:
        """The same where so many cases (D,) are usual everywhere in the last 1..D days."""
        expected = self.shares[:, None] * recent[None, :]
        slope, base = _terms(expected, self.cases)
        return replace(self, slope=slope, base=base, expected=expected)

    def at(
        self, counts: NDArray[np.integer], size: Ints, day: Ints | slice, recent: Ints | None = None
    ) -> Floats:
        """The statistic of counts in cylinders of these sizes (positions) and durations; recent: the cases
        that are usual everywhere in such a duration, where each count has its own. Broadcasts."""
        if recent is None:
            expected, slope, base = (of[size, day] for of in (self.expected, self.slope, self.base))
        else:
            expected = self.shares[size] * recent
            slope, base = _terms(expected, self.cases)
        raised = (counts > expected) & (counts >= self.least)
        return np.where(raised, np.maximum(self.gain[counts] - counts * slope - base, 0.0), 0.0)

    def reaching(self, level: float) -> Ints:
        """(S, D) the smallest count whose statistic is at least `level` and above 0; one more than all where
        none is."""
        low = np.maximum(np.floor(self.expected).astype(np.int64), self.least - 1)
        high = np.full(low.shape, self.gain.size, np.int64)
        low = np.minimum(low, high - 1)
        size, day = np.ogrid[: low.shape[0], : low.shape[1]]
        while (high - low > 1).any():
            middle = (low + high) // 2
            value = self.at(middle, size, day)
            reached = (value >= level) & (value > 0)
            wide = high - low > 1
            high, low = np.where(wide & reached, middle, high), np.where(wide & ~reached, middle, low)
        return high


def _terms(expected: Floats, cases: int) -> tuple[Floats, Floats]:
    """What of the statistic depends on what is expected: times the count, and by itself."""
    # Neither an empty nor a complete cylinder is ever raised.
    usual = np.clip(expected / cases, 1e-300, 1 - 1e-16)
    rest = np.log1p(-usual)
    return np.log(usual) - rest, cases * rest


def counting(shape: tuple[int, int, int], most: int) -> Counts:
    """Room for counts that are no larger than `most`."""
    return np.empty(shape, np.int16 if most < _FAR else np.int32)


def permuted(place: Ints, recent: Ints, days: int, places: int, replicates: int, seed: int) -> Counts:
    """(P, days, R) cases in each place in the last 1..days days, with the dates shuffled among the cases.

    place: (N,) of each case; recent: (M,) how many days ago each of the cases of the last days was.
    """
    random = np.random.default_rng(seed)
    counts = counting((places, days, replicates), recent.size)
    for replicate in range(replicates):
        drawn = place[random.choice(place.size, recent.size, replace=False)]
        table = np.bincount(drawn * days + recent, minlength=places * days).reshape(places, days)
        counts[:, :, replicate] = np.cumsum(table, axis=1)
    return counts


def scattered(people: Floats, cases: int, days: int, of: int, replicates: int, seed: int) -> Counts:
    """(P, days, R) cases in each place in the last 1..days of so many days, where each case falls on any day
    and, by the shares `people` (P,), on any place."""
    random = np.random.default_rng(seed)
    counts = counting((people.size, days, replicates), cases)
    for replicate in range(replicates):
        lately = random.binomial(cases, days / of)
        place = random.choice(people.size, lately, p=people)
        cells = place * days + random.integers(0, days, lately)
        table = np.bincount(cells, minlength=people.size * days).reshape(people.size, days)
        counts[:, :, replicate] = np.cumsum(table, axis=1)
    return counts


def maxima(counts: Counts, zones: Zones, statistic: Statistic, recent: Ints | None = None) -> Floats:
    """(R,) the largest statistic over all cylinders in each column of counts (P, D, R); recent: (D, R) the
    cases that are usual everywhere in the last 1..D days, where each column has its own."""
    best = _sampled(counts, zones, statistic, recent)
    most = np.iinfo(counts.dtype).max
    order = np.argsort(best, kind="stable")
    for start in range(0, order.size, _BLOCK):
        block = order[start : start + _BLOCK]
        # What fewer expected cases do not reach, more do not.
        fewest = statistic if recent is None else statistic.among(recent[:, block].min(axis=1))
        reaching = np.minimum(fewest.reaching(float(best[block[0]])), most).astype(counts.dtype)
        usual = None if recent is None else recent[:, block]
        best[block] = _exact(counts[:, :, block], zones, statistic, reaching, best[block], usual)
    return best


def _sampled(counts: Counts, zones: Zones, statistic: Statistic, recent: Ints | None) -> Floats:
    """(R,) the largest statistic over a few of the cylinders."""
    best = np.zeros(counts.shape[2])
    days = np.arange(counts.shape[1])
    last = zones.order.shape[1]
    chosen = np.unique(np.geomspace(1, last, _SIZES).astype(np.int64)) - 1
    for centre in range(0, len(zones.order), _CENTRES):
        held = inside(counts, zones.order[centre])[chosen]
        sizes = zones.size_of[centre, chosen]
        for size, count in zip(sizes.tolist(), held, strict=True):
            if size >= 0:
                value = statistic.at(count, np.array([[size]]), days[:, None], recent)
                np.maximum(best, value.max(axis=0), out=best)
    return best


def inside(counts: NDArray[_Whole], order: Ints) -> NDArray[_Whole]:
    """(K, ...) counts in the zones about one centre, from those of the places (P, ...)."""
    held = counts[order]
    # Row by row: `cumsum` along the first axis is ten times slower.
    for nearer, farther in pairwise(held):
        np.add(farther, nearer, out=farther)
    return held


def _exact(
    counts: Counts, zones: Zones, statistic: Statistic, reaching: Counts, best: Floats, recent: Ints | None
) -> Floats:
    """(B,) the largest statistic of a block; no count below `reaching` (S, D) can beat `best`;
    recent: (D, B)."""
    counts = np.ascontiguousarray(counts)
    best = best.copy()
    for order, size_of in zip(zones.order, zones.size_of, strict=True):
        held = inside(counts, order)
        scanned = size_of >= 0
        if not scanned.all():
            held, size_of = held[scanned], size_of[scanned]
        if size_of.size == 0:
            continue
        over = held - reaching[size_of][:, :, None]
        day, column = np.nonzero(over.max(axis=0) >= 0)
        if day.size == 0:
            continue
        zone, hit = np.nonzero(over[:, day, column] >= 0)
        day, column = day[hit], column[hit]
        usual = None if recent is None else recent[day, column]
        np.maximum.at(best, column, statistic.at(held[zone, day, column], size_of[zone], day, usual))
    return best
