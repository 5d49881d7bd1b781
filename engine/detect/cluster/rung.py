"""`cluster`: the prospective space-time scan, where and since when too much happens at once.

Every circle about a place (up to a share of all places and cases, and a radius) and every stretch of the last
1..max_days days make a cylinder. What it should hold follows, by the `model` that is used without being asked
for, from the cases alone: a place's share of all cases times the days' share. That takes out what is special
about a place and what is special about a day, so neither a busy town nor a busy week is a cluster; only their
interaction is. The most unlikely cylinder is judged by how often an equally unlikely one appears when the
dates are shuffled among the cases; those of one place and a few days that belong together, as the dates of
all cases tell, keep together.

* With `model: poisson` a cylinder should hold the share that its places have in all inhabitants and its days
  in all days: there a busy town and a busy week are clusters.
* With `model: bernoulli` cases are compared with controls (or with a whole that they are part of): a cylinder
  should hold the share of cases that all have. There a busy week is no cluster, unless cases alone are many.
* `clumps: apart` takes every case for one of its own, as the published scans do. There a clump is a cluster:
  use it where one event is never counted twice, or makes no other.
* A place without any case is a place: it counts in the share of places, and its inhabitants and controls do.

* `pvalue` is already adjusted for the many cylinders looked at. `recurrence` is how many days pass, on
  average, between such clusters by chance if the scan is made every `every` days.
* The first cluster is the most unlikely; further ones share no place with those before them.
* Deterministic: the same cases, parameters and seed give the same answer.

Source: Kulldorff et al., A space-time permutation scan statistic for disease outbreak detection, PLoS
Medicine 2 (2005) e59; Kulldorff, Prospective time periodic geographical disease surveillance using a scan
statistic, Journal of the Royal Statistical Society A 164 (2001) 61-72, for inhabitants; Kulldorff, A spatial
scan statistic, Communications in Statistics 26 (1997) 1481-1496, for cases and controls; Kleinman et al.,
American Journal of Epidemiology 159 (2004) 217-224, for the recurrence interval; of what belongs together,
engine/detect/cluster/clumps.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.detect.cluster import null
from engine.detect.cluster.null import Asked, Null
from engine.detect.cluster.scan import inside
from engine.detect.cluster.zones import METRICS, Ints
from engine.detect.detection import as_counts, one_of, reachable, within
from engine.detect.series import Bools, Floats, Past, Series
from engine.model.distance import metres
from engine.model.rule import Window
from engine.model.text import numbered

ID = "cluster"
#: More cases than this are refused rather than shuffled for hours.
_MOST_CASES = 5_000_000
#: Two sums of the same logarithms may differ by this.
_EQUAL = 1e-9
#: Why nobody can tell, where neither the counts nor the past say it.
NO_PLACE = "the area has no place on the map, or no inhabitants, to be compared by"
ALONE = "there is no other area to compare it with"
MODELS = ("permutation", "poisson", "bernoulli")
CLUMPS = ("together", "apart")
_NUMBER = re.compile(r"(?=.*[1-9])\d{1,12}(\.\d{1,6})?")


@dataclass(frozen=True)
class Params:
    """max_days: the longest cylinder (at most half of the days given); max_share: the largest share of
    all places, and of all cases, in one circle; replicates: how often the dates are shuffled (p is at
    least 1 / (replicates + 1)); min_cases: fewer are no cluster; clusters: how many are reported at most;
    every: days between two scans; metric: `plane` or `degrees` (longitude, latitude); seed: of the
    shuffling; alpha: in a rung, the largest p-value at which the areas of a cluster hold; model: what is
    usual, `permutation` (a place's and a day's share of the cases), `poisson` (of the inhabitants and the
    days) or `bernoulli` (the share of cases among cases and controls, which only files give); max_radius: how
    far a circle reaches from its centre, `50km`, in the plane a number; clumps: `together`, cases of one
    place and a few days that belong together are shuffled as one, or `apart`, each by itself (of `bernoulli`,
    always)."""

    max_days: int = 14
    max_share: float = 0.5
    replicates: int = 999
    min_cases: int = 2
    clusters: int = 10
    every: int = 1
    metric: str = "plane"
    seed: int = 1
    alpha: float = 0.01
    model: str = "permutation"
    max_radius: str = ""
    clumps: str = "together"

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
        one_of("model", self.model, MODELS)
        one_of("clumps", self.clumps, CLUMPS)
        if self.max_radius and not self.radius_in("plane"):
            metres(self.max_radius)

    def radius_in(self, metric: str) -> float | None:
        """The largest radius in units of the plane, or in metres for degrees; infinite where none is given,
        None where it is not one of those."""
        if not self.max_radius:
            return np.inf
        if metric == "degrees":
            return metres(self.max_radius)
        return float(self.max_radius) if _NUMBER.fullmatch(self.max_radius) else None


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
    first: int | None = None, last: int | None = None, people: ArrayLike | None = None,
    controls: ArrayLike | None = None,
) -> Scan:  # fmt: skip
    """Scan events: days (E,) whole numbers, coordinates (E, 2), n (E,) cases each (1 where not given; 0 names
    a place where nothing happened), people (E,) inhabitants of the event's place (NaN where another of its
    events says it), controls (E,) controls of that day and place.

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
    table, beside = np.zeros((2, len(places), end - start + 1), np.int64)
    np.add.at(table, (place.ravel(), when - start), weight)
    if controls is not None:
        np.add.at(beside, (place.ravel(), when - start), _whole(np.asarray(controls, dtype=float)))
    given = _Given(
        None if people is None else _of_places(np.asarray(people, dtype=float), place.ravel(), len(places)),
        None if controls is None else beside,
    )
    return _scan(table, places, np.arange(start, end + 1), params or Params(), given)


def _of_places(people: Floats, place: Ints, places: int) -> Floats:
    """(P,) the inhabitants of each place, as its events say."""
    said = ~np.isnan(people)
    most, least = np.full(places, -np.inf), np.full(places, np.inf)
    np.maximum.at(most, place[said], people[said])
    np.minimum.at(least, place[said], people[said])
    if (most > least).any():
        raise ValueError("a place has two different populations: give each place one")
    return np.where(np.isfinite(most), most, np.nan)


def areas(
    counts: ArrayLike, coordinates: ArrayLike, params: Params | None = None, *, first: int = 0,
    people: ArrayLike | None = None, whole: ArrayLike | None = None,
) -> Scan:  # fmt: skip
    """Scan daily counts (A, D) of areas with centroids (A, 2); the first column is the day `first`. people:
    (A,) inhabitants; whole: (A, D) the cases and their controls.

    NaN is a count nobody made. An area that misses one of the last max_days days, or more than half of
    all, is left out and named in `left_out`; a day that any other area misses is left out for all. Raises
    ValueError for counts that are negative or not whole, fewer than two areas, or days too few for
    max_days.
    """
    params = params or Params()
    table, where = as_counts(counts), _coordinates(coordinates)
    if len(where) != len(table):
        raise ValueError(f"{len(table)} areas of counts, but {len(where)} coordinates")
    every = None if whole is None else as_counts(whole)
    kept, seen = _known(table if every is None else table + every, params)
    days = np.arange(first, first + table.shape[1])[seen]
    cases = _whole(table[kept][:, seen])
    given = _Given(
        None if people is None else np.asarray(people, dtype=float)[kept],
        None if every is None else _rest(_whole(every[kept][:, seen]), cases),
    )
    found = _scan(cases, where[kept], days, params, given)
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


def _rest(whole: Ints, cases: Ints) -> Ints:
    if (whole < cases).any():
        raise ValueError("there are more cases than the whole that they are part of")
    return whole - cases


@dataclass(frozen=True)
class _Given:
    """What is known beside the cases of P places. people: (P,) inhabitants; controls: (P, D)."""

    people: Floats | None = None
    controls: Ints | None = None


def _scan(table: Ints, coordinates: Floats, days: Ints, params: Params, given: _Given) -> Scan:
    """Scan a table (P, D) of known counts; days: (D,) the number of each column."""
    if len(table) < 2:
        raise ValueError(f"cluster compares places with each other, found {numbered(len(table), 'place')}")
    if days.size < 2 * params.max_days:
        raise ValueError(f"max_days {params.max_days} needs {2 * params.max_days} days, found {days.size}")
    cases, recent = int(table.sum()), table[:, : -params.max_days - 1 : -1]
    every = cases if given.controls is None else cases + int(given.controls.sum())
    if every > _MOST_CASES:
        raise ValueError(f"a scan shuffles at most {_MOST_CASES} cases, found {every}: count incidents")
    if recent.sum() == 0:
        return Scan((), cases, np.zeros(params.replicates), coordinates)
    usual = _null(table, coordinates, params, given)
    found = _clusters(np.cumsum(recent, axis=1), usual, days, params)
    return Scan(found, cases, usual.largest, coordinates)


def _null(table: Ints, coordinates: Floats, params: Params, given: _Given) -> Null:
    """What is usual by the model asked for. Raises ValueError for what that needs and is not given."""
    radius = params.radius_in(params.metric)
    if radius is None:
        raise ValueError("max_radius in the plane is a number in units of the coordinates, without m or km")
    asked = Asked(
        params.max_days, params.max_share, radius, params.metric, params.replicates, params.min_cases,
        params.seed, params.clumps == "apart",
    )  # fmt: skip
    if params.model == "bernoulli":
        if given.controls is None:
            raise ValueError("model bernoulli compares cases with controls: give a column 'controls'")
        return null.bernoulli(table, coordinates, asked, given.controls)
    if params.model == "poisson":
        people = given.people
        if people is None or not (np.isfinite(people).all() and (people >= 0).all() and people.sum() > 0):
            raise ValueError("model poisson needs the population of every place: a column 'population'")
        return null.poisson(table, coordinates, asked, people)
    return null.permutation(table, coordinates, asked)


def _clusters(counts: Ints, usual: Null, days: Ints, params: Params) -> tuple[Cluster, ...]:
    """The most unlikely cylinders of counts (P, D) that share no place, most unlikely first."""
    made, largest = usual.made, usual.largest
    value, duration, observed = _best_durations(counts, usual)
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
            expected=usual.expected(int(center), int(size), int(duration[cell])),
            statistic=float(value[cell]), pvalue=float(pvalue), recurrence=float(params.every / pvalue),
        ))  # fmt: skip
    return tuple(found)


def _best_durations(counts: Ints, usual: Null) -> tuple[Floats, Ints, Ints]:
    """(P, K) each: the largest statistic of a zone, the position of its duration, and its count."""
    shape = usual.made.order.shape
    value, duration, observed = np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for center, order in enumerate(usual.made.order):
        held = inside(counts, order)
        cells = usual.value(center, held)
        best = cells.argmax(axis=1)[:, None]
        value[center] = np.take_along_axis(cells, best, axis=1)[:, 0]
        observed[center] = np.take_along_axis(held, best, axis=1)[:, 0]
        duration[center] = best[:, 0]
    return value, duration, observed


def past(params: Params, window: Window) -> Past:
    """The rule's baseline, in days. Raises ValueError for another window than a day, a gap, too few, what
    only a file gives, or a radius that is no distance."""
    if window.days != 1 or window.gap:
        raise ValueError("cluster needs a window of 1 day and no gap")
    if window.baseline + 1 < 2 * params.max_days:
        least = 2 * params.max_days - 1
        raise ValueError(f"max_days {params.max_days} needs a baseline of at least {least} days")
    if params.model == "bernoulli":
        raise ValueError("model bernoulli needs controls, which only the files of `forewarn detect` have")
    if params.max_radius and params.radius_in("plane") is not None:
        raise ValueError(f"max_radius {params.max_radius} is no distance: write it as in 50km")
    reachable(params.alpha, params.replicates)
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
    #: (A,) those with a place on the map and, where the model asks for them, inhabitants.
    scanned: Bools

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

    def untold(self, cut: int, area: int) -> str:
        """Where the area could be scanned, and others with it, its counts or its past say why."""
        if not self.scanned[area]:
            return NO_PLACE
        return ALONE if self.scanned.sum() < 2 else ""

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

    An area without coordinates is unknown (or without inhabitants, where the model asks for them), as is one
    that `areas` leaves out; all are while too few areas
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
        if params.model == "poisson" and series.population is not None:
            share = series.population / max(float(series.population[placed].sum()), 1.0)
            expected[cut] = everywhere * share / (1 + series.baseline.shape[2])
        else:
            expected[cut] = totals * series.observed[cut, placed].sum() / everywhere
        known[cut, placed] = True
        known[cut, list(scan.left_out)] = False
        for rank, one in enumerate(scan.clusters):
            member[cut, list(one.places)] = rank
    codes = series.codes or tuple(str(place) for place in range(where.shape[0]))
    scanned = np.zeros(where.shape[0], bool)
    scanned[placed] = True
    return Clustered(expected, known, member, scans, params.alpha, codes, scanned)


def _scan_cuts(series: Series, where: Floats, params: Params) -> tuple[tuple[Scan, ...], Ints]:
    """A scan per cut, its places numbered as the areas are, and the areas that have coordinates."""
    there = np.isfinite(where).all(axis=1)
    people = np.full(len(where), np.nan) if series.population is None else series.population
    if params.model == "poisson":
        there &= people > 0
    placed = np.flatnonzero(there)
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
        found = areas(
            table, where[placed], replace(params, metric="degrees"), first=first, people=people[placed]
        )
        named = tuple(
            replace(one, center=int(placed[one.center]), places=tuple(placed[list(one.places)].tolist()))
            for one in found.clusters
        )
        out = tuple(placed[list(found.left_out)].tolist())
        scans.append(replace(found, clusters=named, coordinates=where, left_out=out))
    return tuple(scans), placed
