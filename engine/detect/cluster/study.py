"""A scan of events, or of the daily counts of areas, for the clusters that `rung` judges.

What is usual by each model, and how large a statistic chance alone reaches, is `null`'s to say; here what is
given is brought into a table of places and days, and the most unlikely cylinders are told that share no
place. Sources: see `rung`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.cluster import null
from engine.detect.cluster.null import Asked, Null
from engine.detect.cluster.scan import inside
from engine.detect.cluster.zones import METRICS, Ints
from engine.detect.detection import as_counts, one_of, within
from engine.detect.series import Bools, Floats
from engine.model.distance import metres
from engine.model.text import numbered

#: More cases than this are refused rather than shuffled for hours.
_MOST_CASES = 5_000_000
#: Two sums of the same logarithms may differ by this.
_EQUAL = 1e-9
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
    days) or `bernoulli` (the share of cases in the whole that the rule names with `share_of`, or among cases
    and controls of a file); max_radius: how far a circle reaches from its centre, `50km`, in the plane a
    number; clumps: `together`, cases of one place and a few days that belong together are shuffled as one, or
    `apart`, each by itself (of `bernoulli`, always)."""

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
    kept, seen = known_of(table if every is None else table + every, params)
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


def known_of(table: Floats, params: Params) -> tuple[Ints, Bools]:
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
