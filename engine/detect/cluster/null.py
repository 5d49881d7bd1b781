"""What a scan takes for usual, by its model, and how large a statistic chance alone reaches under it.

* `permutation`: a place's share of all cases times the days' share; the dates are shuffled among the clumps
  of cases, which keep their size and place. So days have other totals in each shuffle, and other shares.
* `poisson`: a place's share of the inhabitants times the days' share of all days; the clumps fall anew on
  inhabitants and days.
* `bernoulli`: the share that cases have in all cases and controls; which of them are cases is drawn anew.

With `apart` every case is a clump of its own, as the published scans have it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.detect.cluster import clumps
from engine.detect.cluster.clumps import Followers
from engine.detect.cluster.labels import Labels, drawn
from engine.detect.cluster.scan import Statistic, maxima, permuted, scattered
from engine.detect.cluster.zones import Ints, Weights, Zones, zones
from engine.detect.series import Floats


@dataclass(frozen=True)
class Asked:
    """What of a scan's parameters the models need; radius: in units of the coordinates, or metres; apart:
    whether cases are no clumps."""

    max_days: int
    max_share: float
    radius: float
    metric: str
    replicates: int
    min_cases: int
    seed: int
    apart: bool = False


@dataclass(frozen=True)
class Null:
    """The cylinders of one scan: zones by the last 1..D days.

    value: the statistic of the counts (K, D) of the zones about a centre, 0 where one is not scanned;
    expected: of a centre, a zone and a duration (positions); largest: (R,) of each replicate.
    """

    made: Zones
    value: Callable[[int, Ints], Floats]
    expected: Callable[[int, int, int], float]
    largest: Floats


def permutation(table: Ints, coordinates: Floats, asked: Asked) -> Null:
    """table: (P, D) cases by place and day, the last `max_days` of them judged."""
    recent, cases = _recent(table, asked), int(table.sum())
    made = _zones(coordinates, table.sum(axis=1), asked)
    days = np.cumsum(recent.sum(axis=0))
    if asked.apart:
        statistic = Statistic.of(made.sizes, days, cases, cases, int(days[-1]), asked.min_cases)
        ages = np.repeat(np.arange(asked.max_days), recent.sum(axis=0))
        place = np.repeat(np.arange(len(table)), table.sum(axis=1))
        counts = permuted(place, ages, asked.max_days, len(table), asked.replicates, asked.seed)
        return _by_margins(made, statistic, maxima(counts, made, statistic))
    followers = Followers.of(table, clumps.by_others(table))
    counts = clumps.shuffled(
        followers, asked.max_days, table.shape[1], len(table), asked.replicates, asked.seed
    )
    lately = counts.sum(axis=0, dtype=np.int64)
    most = max(int(days[-1]), int(lately.max()))
    statistic = Statistic.of(made.sizes, days, cases, cases, most, asked.min_cases)
    return _by_margins(made, statistic, maxima(counts, made, statistic, lately))


def poisson(table: Ints, coordinates: Floats, asked: Asked, people: Floats) -> Null:
    """people: (P,) inhabitants, the same on all days."""
    cases, days = int(table.sum()), table.shape[1]
    made = _zones(coordinates, people, asked)
    expected_by_day = cases * np.arange(1, asked.max_days + 1) / days
    statistic = Statistic.of(made.sizes, expected_by_day, float(people.sum()), cases, cases, asked.min_cases)
    shares = people / people.sum()
    if asked.apart:
        counts = scattered(shares, cases, asked.max_days, days, asked.replicates, asked.seed)
    else:
        followers = Followers.of(table, np.repeat(cases * shares[:, None] / days, days, axis=1))
        counts = clumps.scattered(followers, shares, asked.max_days, days, asked.replicates, asked.seed)
    return _by_margins(made, statistic, maxima(counts, made, statistic))


def bernoulli(table: Ints, coordinates: Floats, asked: Asked, controls: Ints) -> Null:
    """controls: (P, D) of the same places and days."""
    every = table + controls
    made = _zones(coordinates, every.sum(axis=1), asked)
    labels = Labels.of(int(table.sum()), int(every.sum()), asked.min_cases)
    everybody = np.cumsum(_recent(every, asked), axis=1)
    counts = drawn(every, int(table.sum()), asked.max_days, asked.replicates, asked.seed)
    return Null(
        made, partial(labels.value, made, everybody), partial(labels.expected, made, everybody),
        labels.maxima(counts, made, everybody),
    )  # fmt: skip


def _recent(table: Ints, asked: Asked) -> Ints:
    """(P, D) the last days, the newest first."""
    return table[:, : -asked.max_days - 1 : -1]


def _zones(coordinates: Floats, weights: Weights, asked: Asked) -> Zones:
    return zones(coordinates, weights, asked.max_share, asked.metric, asked.radius)


def _by_margins(made: Zones, statistic: Statistic, largest: Floats) -> Null:
    """Of models whose cylinders expect the product of what is usual of the place and of the days."""
    days = np.arange(statistic.expected.shape[1])

    def value(center: int, held: Ints) -> Floats:
        cells = statistic.at(held, made.size_of[center][:, None], days)
        cells[made.size_of[center] < 0] = 0.0
        return cells

    def expected(center: int, zone: int, duration: int) -> float:
        return float(statistic.expected[made.size_of[center, zone], duration])

    return Null(made, value, expected, largest)
