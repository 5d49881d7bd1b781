"""The Knox test: whether events that are near in space are also near in time more often than chance.

Pairs of events are counted by their distance and by the days between them. What a band should hold, if
place and time had nothing to do with each other, is exact: its share of all pairs by distance times its
share by time. How often as many come together by chance is found by shuffling the dates among the events.

Source: Knox, The detection of space-time interactions, Applied Statistics 13 (1964) 25-29; Townsley,
Homel and Chaseling, British Journal of Criminology 43 (2003) 615-633, for the near-repeat reading.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.detect.cluster.zones import EARTH, METRICS
from engine.detect.detection import one_of, within
from engine.detect.series import Floats
from engine.model.later import Later

spatial = Later("scipy.spatial")

#: More pairs than this are refused rather than shuffled for hours.
_MOST_PAIRS = 50_000_000

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Params:
    """space_bands: rising upper edges of distance, in units of the coordinates or, for degrees, in metres
    (a first edge of 0 makes the same place a band of its own); time_bands: the same in days; replicates:
    how often the dates are shuffled (p is at least 1 / (replicates + 1)); metric: `plane` or `degrees`
    (longitude, latitude); seed: of the shuffling."""

    space_bands: tuple[float, ...] = (100, 200, 300, 400)
    time_bands: tuple[int, ...] = (7, 14, 21, 28)
    replicates: int = 999
    metric: str = "plane"
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("space_bands", "time_bands"):
            edges = tuple(getattr(self, name))
            if not edges or edges[0] < 0 or not all(np.diff(edges) > 0) or not np.isfinite(edges[-1]):
                raise ValueError(f"{name} must be rising upper edges from 0 on, found {edges}")
            object.__setattr__(self, name, edges)
        within("replicates", self.replicates, 19, 1_000_000)
        within("seed", self.seed, 0, np.inf)
        one_of("metric", self.metric, METRICS)


@dataclass(frozen=True)
class Knox:
    """Pairs per band of distance (rows) and time (columns), all (S, T).

    expected: under no interaction; ratio: observed / expected, NaN where nothing is expected; pvalue: the
    chance of at least as many.
    """

    space_bands: tuple[float, ...]
    time_bands: tuple[int, ...]
    observed: Ints
    expected: Floats
    ratio: Floats
    pvalue: Floats
    events: int


def knox(
    days: ArrayLike, coordinates: ArrayLike, n: ArrayLike | None = None, params: Params | None = None
) -> Knox:
    """Test events: days (E,) whole numbers, coordinates (E, 2), n (E,) events in each row (1 where not
    given).

    Raises ValueError for missing or unequally long input, fewer than two events, or too many near pairs.
    """
    params = params or Params()
    when, where = _events(days, coordinates, n)
    first, second, distance = near(where, params.space_bands[-1], params.metric)
    space = np.searchsorted(params.space_bands, distance, side="left")
    # The band of every possible number of days between two events; the last one is beyond all.
    bands = np.searchsorted(params.time_bands, np.arange(np.ptp(when) + 1), side="left")
    shape = len(params.space_bands), len(params.time_bands) + 1
    cell = space * shape[1]

    def table(dates: Ints) -> Ints:
        time = bands[np.abs(dates[first] - dates[second])]
        return np.bincount(cell + time, minlength=shape[0] * shape[1]).reshape(shape)[:, :-1]

    observed = table(when)
    random = np.random.default_rng(params.seed)
    as_many = np.zeros(observed.shape, np.int64)
    for _ in range(params.replicates):
        as_many += table(random.permutation(when)) >= observed
    expected = _expected(when, space, bands, shape)
    ratio = np.divide(observed, expected, out=np.full(expected.shape, np.nan), where=expected > 0)
    chance = (1 + as_many) / (1 + params.replicates)
    return Knox(params.space_bands, params.time_bands, observed, expected, ratio, chance, when.size)


def _events(days: ArrayLike, coordinates: ArrayLike, n: ArrayLike | None) -> tuple[Ints, Floats]:
    when = np.asarray(days, dtype=np.int64)
    where = np.asarray(coordinates, dtype=float)
    if when.ndim != 1 or where.shape != (when.size, 2) or not np.isfinite(where).all():
        raise ValueError("near_repeat needs a day and two finite coordinates for each event")
    if n is not None:
        times = np.asarray(n, dtype=float)
        if times.shape != when.shape or not (times >= 0).all() or (times != np.floor(times)).any():
            raise ValueError("n must be a whole number of events for each row")
        repeats = times.astype(np.int64)
        when, where = np.repeat(when, repeats), np.repeat(where, repeats, axis=0)
    if when.size < 2:
        raise ValueError(f"near_repeat compares events with each other, found {when.size}")
    return when, where


class TooManyPairs(ValueError):
    """More pairs lie near than can be shuffled."""


def near(
    where: Floats, reach: float, metric: str, most: int = _MOST_PAIRS
) -> tuple[Ints, Ints, Floats]:
    """(M,) each: every pair of the events at `where` (E, 2) that lie no farther than `reach` apart, by their
    positions, and its distance; of degrees (longitude, latitude) in metres.

    Raises TooManyPairs for more than `most`.
    """
    points = where
    if metric == "degrees":
        longitude, latitude = np.radians(where).T
        around = np.stack([np.cos(longitude), np.sin(longitude)], axis=1) * np.cos(latitude)[:, None]
        points = EARTH * np.column_stack([around, np.sin(latitude)])
    tree = spatial.cKDTree(points)
    # A hair more, so that rounding leaves no pair out that lies on the last edge.
    wide = reach * (1 + 1e-9) + 1e-9
    # Counts both orders of a pair and every event with itself.
    if (tree.count_neighbors(tree, wide) - len(where)) / 2 > most:
        raise TooManyPairs(f"more than {most} pairs lie within {reach:g}; lower the last of space_bands")
    pairs = tree.query_pairs(wide, output_type="ndarray")
    first, second = pairs[:, 0], pairs[:, 1]
    distance = np.sqrt(np.sum((points[first] - points[second]) ** 2, axis=1))
    if metric == "degrees":
        distance = 2 * EARTH * np.arcsin(np.minimum(distance / (2 * EARTH), 1.0))
    inside = distance <= reach
    return first[inside], second[inside], distance[inside]


def _expected(when: Ints, space: Ints, bands: Ints, shape: tuple[int, int]) -> Floats:
    """(S, T) pairs near in space times the share of all pairs that are near in time."""
    daily = np.bincount(when - when.min()).astype(float)
    # How many pairs of events lie 0, 1, 2, ... days apart.
    apart = np.correlate(daily, daily, mode="full")[daily.size - 1 :]
    apart[0] = (apart[0] - when.size) / 2
    near_in_time = np.bincount(bands, weights=apart, minlength=shape[1])[: shape[1] - 1]
    every = when.size * (when.size - 1) / 2
    return np.asarray(np.bincount(space, minlength=shape[0])[:, None] * near_in_time[None, :] / every)
