"""`cluster`: the prospective space-time permutation scan, where and since when too much happens at once.

Every circle about a place (up to a share of all places and cases) and every stretch of the last
1..max_days days make a cylinder. What it should hold follows from the cases alone: a place's share of all
cases times the days' share. That takes out what is special about a place and what is special about a day,
so neither a busy town nor a busy week is a cluster; only their interaction is. The most unlikely cylinder
is judged by how often an equally unlikely one appears when the dates are shuffled among the cases.

* `pvalue` is already adjusted for the many cylinders looked at. `recurrence` is how many days pass, on
  average, between such clusters by chance if the scan is made every `every` days.
* The first cluster is the most unlikely; further ones share no place with those before them.
* Deterministic: the same cases, parameters and seed give the same answer.

Source: Kulldorff et al., A space-time permutation scan statistic for disease outbreak detection, PLoS
Medicine 2 (2005) e59; Kleinman et al., American Journal of Epidemiology 159 (2004) 217-224, for the
recurrence interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.detect.cluster.scan import Statistic, inside, maxima, permuted
from engine.detect.cluster.zones import METRICS, Ints, Zones, zones
from engine.detect.detection import as_counts, one_of, within
from engine.detect.series import Bools, Floats, Past, Series
from engine.model.rule import Window

ID = "cluster"
#: More cases than this are refused rather than shuffled for hours.
_MOST_CASES = 5_000_000
#: Two sums of the same logarithms may differ by this.
_EQUAL = 1e-9


@dataclass(frozen=True)
class Params:
    """max_days: the longest cylinder (at most half of the days given); max_share: the largest share of
    all places, and of all cases, in one circle; replicates: how often the dates are shuffled (p is at
    least 1 / (replicates + 1)); min_cases: fewer are no cluster; clusters: how many are reported at most;
    every: days between two scans; metric: `plane` or `degrees` (longitude, latitude); seed: of the
    shuffling; alpha: in a rung, the largest p-value at which the areas of a cluster hold."""

    max_days: int = 14
    max_share: float = 0.5
    replicates: int = 999
    min_cases: int = 2
    clusters: int = 10
    every: int = 1
    metric: str = "plane"
    seed: int = 1
    alpha: float = 0.01

    def __post_init__(self) -> None:
        within("max_days", self.max_days, 1, 1000)
        within("max_share", self.max_share, 0, 1, closed=False)
        within("replicates", self.replicates, 19, 1_000_000)
        within("min_cases", self.min_cases, 1, np.inf)
        within("clusters", self.clusters, 1, np.inf)
        within("every", self.every, 1, np.inf)
        within("seed", self.seed, 0, np.inf)
        within("alpha", self.alpha, 0, 1, closed=False)
        one_of("metric", self.metric, METRICS)


@dataclass(frozen=True)
class Cluster:
    """center and places: positions of the places, nearest first; first and last: its days, in the numbering
    given; statistic: the log likelihood ratio."""

    rank: int
    center: int
    places: tuple[int, ...]
    first: int
    last: int
    observed: int
    expected: float
    statistic: float
    pvalue: float
    recurrence: float


@dataclass(frozen=True)
class Scan:
    """clusters: most unlikely first; cases: how many were scanned; maxima: (replicates,) the largest
    statistic of each shuffling; coordinates: (P, 2) of the places; left_out: places that were not scanned
    because their counts are not known."""

    clusters: tuple[Cluster, ...]
    cases: int
    maxima: Floats
    coordinates: Floats
    left_out: tuple[int, ...] = ()


def points(
    days: ArrayLike, coordinates: ArrayLike, n: ArrayLike | None = None, params: Params | None = None, *,
    first: int | None = None, last: int | None = None,
) -> Scan:  # fmt: skip
    """Scan events: days (E,) whole numbers, coordinates (E, 2), n (E,) cases each (1 where not given).

    The study runs from `first` to `last` (by default of the events); cylinders end on the last day.
    Events at the same coordinates share a place; `Scan.coordinates` lists the places. Raises ValueError
    for missing or unequally long input, fewer than two places, or days too few for max_days.
    """
    when = np.asarray(days, dtype=np.int64)
    where = _coordinates(coordinates)
    weight = np.ones(when.size, np.int64) if n is None else _whole(np.asarray(n, dtype=float))
    if not (when.size == len(where) == weight.size) or when.size == 0:
        raise ValueError("cluster needs a day, two coordinates and a number of cases for each of its events")
    places, place = np.unique(where, axis=0, return_inverse=True)
    start = int(when.min()) if first is None else first
    end = int(when.max()) if last is None else last
    if when.min() < start or when.max() > end:
        raise ValueError(f"an event lies outside the days {start} to {end}")
    table = np.zeros((len(places), end - start + 1), np.int64)
    np.add.at(table, (place.ravel(), when - start), weight)
    return _scan(table, places, np.arange(start, end + 1), params or Params())


def areas(
    counts: ArrayLike, coordinates: ArrayLike, params: Params | None = None, *, first: int = 0
) -> Scan:
    """Scan daily counts (A, D) of areas with centroids (A, 2); the first column is the day `first`.

    NaN is a count nobody made. An area that misses one of the last max_days days, or more than half of
    all, is left out and named in `left_out`; a day that any other area misses is left out for all. Raises
    ValueError for counts that are negative or not whole, fewer than two areas, or days too few for
    max_days.
    """
    params = params or Params()
    table, where = as_counts(counts), _coordinates(coordinates)
    if len(where) != len(table):
        raise ValueError(f"{len(table)} areas of counts, but {len(where)} coordinates")
    kept, seen = _known(table, params)
    days = np.arange(first, first + table.shape[1])[seen]
    found = _scan(_whole(table[kept][:, seen]), where[kept], days, params)
    clusters = tuple(
        replace(one, center=int(kept[one.center]), places=tuple(kept[list(one.places)].tolist()))
        for one in found.clusters
    )
    out = np.setdiff1d(np.arange(len(table)), kept)
    return replace(found, clusters=clusters, coordinates=where, left_out=tuple(out.tolist()))


def _known(table: Floats, params: Params) -> tuple[Ints, Bools]:
    """The positions of the areas of `table` (A, D) that can be scanned, and (D,) which days all of them
    know."""
    missing = np.isnan(table)
    out = missing[:, -params.max_days :].any(axis=1) | (missing.mean(axis=1) > 0.5)
    return np.flatnonzero(~out), ~missing[~out].any(axis=0)


def _coordinates(values: ArrayLike) -> Floats:
    where = np.asarray(values, dtype=float)
    if where.ndim != 2 or where.shape[1] != 2 or not np.isfinite(where).all():
        raise ValueError("coordinates must be two finite numbers a place")
    return where


def _whole(values: Floats) -> Ints:
    if not (np.isfinite(values).all() and (values >= 0).all() and (values == np.floor(values)).all()):
        raise ValueError("cluster needs whole, non-negative numbers of cases")
    return values.astype(np.int64)


def _scan(table: Ints, coordinates: Floats, days: Ints, params: Params) -> Scan:
    """Scan a table (P, D) of known counts; days: (D,) the number of each column."""
    if len(table) < 2:
        raise ValueError(f"cluster compares places with each other, found {len(table)}")
    if days.size < 2 * params.max_days:
        raise ValueError(f"max_days {params.max_days} needs {2 * params.max_days} days, found {days.size}")
    cases, recent = int(table.sum()), table[:, : -params.max_days - 1 : -1]
    if cases > _MOST_CASES:
        raise ValueError(f"a scan shuffles at most {_MOST_CASES} cases, found {cases}: count incidents")
    if recent.sum() == 0:
        return Scan((), cases, np.zeros(params.replicates), coordinates)
    made = zones(coordinates, table.sum(axis=1), params.max_share, params.metric)
    statistic = Statistic.of(made.sizes, np.cumsum(recent.sum(axis=0)), cases, params.min_cases)
    ages = np.repeat(np.arange(params.max_days), recent.sum(axis=0))
    place = np.repeat(np.arange(len(table)), table.sum(axis=1))
    shuffled = permuted(place, ages, params.max_days, len(table), params.replicates, params.seed)
    largest = maxima(shuffled, made, statistic)
    found = _clusters(np.cumsum(recent, axis=1), made, statistic, largest, days, params)
    return Scan(found, cases, largest, coordinates)


def _clusters(
    counts: Ints, made: Zones, statistic: Statistic, largest: Floats, days: Ints, params: Params
) -> tuple[Cluster, ...]:
    """The most unlikely cylinders of counts (P, D) that share no place, most unlikely first."""
    value, duration, observed = _best_durations(counts, made, statistic)
    taken = np.zeros(len(counts), bool)
    found: list[Cluster] = []
    while len(found) < params.clusters:
        free = ~np.logical_or.accumulate(taken[made.order], axis=1)
        # By size first, so that of equal zones the one with the fewest places is named.
        size, center = np.unravel_index(np.argmax(np.where(free, value, 0.0).T), value.T.shape)
        if not free[center, size] or value[center, size] <= 0:
            break
        places = made.order[center, : size + 1]
        taken[places] = True
        cell = center, size
        pvalue = (1 + np.count_nonzero(largest >= value[cell] - _EQUAL)) / (largest.size + 1)
        found.append(Cluster(
            rank=len(found) + 1, center=int(center), places=tuple(places.tolist()),
            first=int(days[-1 - duration[cell]]), last=int(days[-1]), observed=int(observed[cell]),
            expected=float(statistic.expected[made.size_of[cell], duration[cell]]),
            statistic=float(value[cell]), pvalue=float(pvalue), recurrence=float(params.every / pvalue),
        ))  # fmt: skip
    return tuple(found)


def _best_durations(counts: Ints, made: Zones, statistic: Statistic) -> tuple[Floats, Ints, Ints]:
    """(P, K) each: the largest statistic of a zone, the position of its duration, and its count."""
    value = np.zeros(made.order.shape)
    duration = np.zeros(made.order.shape, np.int64)
    observed = np.zeros(made.order.shape, np.int64)
    days = np.arange(counts.shape[1])
    for center, size_of in enumerate(made.size_of):
        held = inside(counts, made.order[center])
        cells = statistic.at(held, size_of[:, None], days)
        cells[size_of < 0] = 0.0
        best = cells.argmax(axis=1)[:, None]
        value[center] = np.take_along_axis(cells, best, axis=1)[:, 0]
        observed[center] = np.take_along_axis(held, best, axis=1)[:, 0]
        duration[center] = best[:, 0]
    return value, duration, observed


def past(params: Params, window: Window) -> Past:
    """The rule's baseline, in days. Raises ValueError for another window than a day, a gap, or too few."""
    if window.days != 1 or window.gap:
        raise ValueError("cluster needs a window of 1 day and no gap")
    if window.baseline + 1 < 2 * params.max_days:
        least = 2 * params.max_days - 1
        raise ValueError(f"max_days {params.max_days} needs a baseline of at least {least} days")
    return Past(window.baseline)


@dataclass(frozen=True)
class Clustered:
    """One scan per cut, over all areas of the level at once: an area holds if it lies in a cluster.

    The test looks at all areas together, so it answers for the counts it was made with, not for others:
    `observed` is not looked at and no single number is needed.
    """

    expected: Floats
    known: Bools
    cluster_of: NDArray[np.int64]
    scans: tuple[Scan, ...]
    alpha: float
    #: What the areas are called.
    codes: tuple[str, ...]

    def cluster(self, cut: int, area: int) -> Cluster | None:
        """The cluster this area lies in, however likely by chance."""
        at = int(self.cluster_of[cut, area])
        return None if at < 0 else self.scans[cut].clusters[at]

    def holds(self, observed: Floats) -> Bools:
        return self.pvalue(observed) <= self.alpha

    def pvalue(self, observed: Floats) -> Floats:
        chances = np.ones(self.known.shape)
        for cut, area in np.argwhere(self.cluster_of >= 0):
            chances[cut, area] = self.scans[cut].clusters[self.cluster_of[cut, area]].pvalue
        return chances

    def needed(self, cut: int, area: int) -> float | None:
        return None

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        found = self.cluster(cut, area)
        if found is None:
            return {"alpha": self.alpha, "cluster": "none"}
        return {
            "alpha": self.alpha,
            "from": date.fromordinal(found.first).isoformat(),
            "to": date.fromordinal(found.last).isoformat(),
            "areas": " ".join(sorted(self.codes[place] for place in found.places)),
            "cases": float(found.observed),
            "cases_expected": found.expected,
            "statistic": found.statistic,
            "recurrence_days": found.recurrence,
        }


def model(series: Series, params: Params) -> Clustered:
    """Scan every cut of one-day blocks; the judged block is the last day of the scan.

    An area without coordinates is unknown, as is one that `areas` leaves out; all are while too few areas
    or days are known to compare. Raises ValueError where the series has no coordinates.
    """
    if series.places is None:
        raise ValueError("cluster needs the coordinates of the areas")
    where = series.places
    key = (ID, replace(params, alpha=0.01))
    scans, placed = series.fit(key, lambda: _scan_cuts(series, where, params))
    expected = np.full(series.observed.shape, np.nan)
    member = np.full(series.observed.shape, -1)
    known = np.zeros(series.observed.shape, bool)
    for cut, scan in enumerate(scans):
        totals = np.nansum(series.baseline[cut], axis=1) + series.observed[cut]
        everywhere = max(float(totals[placed].sum()), 1.0)
        expected[cut] = totals * series.observed[cut, placed].sum() / everywhere
        known[cut, placed] = True
        known[cut, list(scan.left_out)] = False
        for rank, one in enumerate(scan.clusters):
            member[cut, list(one.places)] = rank
    codes = series.codes or tuple(str(place) for place in range(where.shape[0]))
    return Clustered(expected, known, member, scans, params.alpha, codes)


def _scan_cuts(series: Series, where: Floats, params: Params) -> tuple[tuple[Scan, ...], Ints]:
    """A scan per cut, its places numbered as the areas are, and the areas that have coordinates."""
    placed = np.flatnonzero(np.isfinite(where).all(axis=1))
    # Cases are shuffled, and what is only expected to be reported has none.
    judged = series.observed if series.reported is None else series.reported
    # A place whose feed was silent on the last day would look quiet, and the others like a cluster.
    judged = np.where(series.whole, judged, np.nan)
    scans = []
    for cut, ordinal in enumerate(series.cuts.tolist()):
        table = np.hstack([series.baseline[cut], judged[cut][:, None]])[placed]
        kept, seen = _known(table, params)
        if kept.size < 2 or seen.sum() < 2 * params.max_days:
            scans.append(Scan((), 0, np.zeros(params.replicates), where, tuple(placed.tolist())))
            continue
        first = ordinal - table.shape[1]
        found = areas(table, where[placed], replace(params, metric="degrees"), first=first)
        named = tuple(
            replace(one, center=int(placed[one.center]), places=tuple(placed[list(one.places)].tolist()))
            for one in found.clusters
        )
        out = tuple(placed[list(found.left_out)].tolist())
        scans.append(replace(found, clusters=named, coordinates=where, left_out=out))
    return tuple(scans), placed
