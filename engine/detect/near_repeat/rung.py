"""`near_repeat`: incidents follow near ones, in space and in time, more often than chance would have it.

Of the incidents of the window and the baseline, the pairs are counted that lie within a distance and a number
of days of each other and whose later incident falls into the window. How many chance would give is found by
shuffling the days among the incidents: that keeps how busy each place is and how busy each day, so neither a
busy town nor a busy week is a finding; only that the next one comes near, and soon.

* Shuffles are drawn until twenty give as many pairs, and no more than `replicates`: the chance is valid
  wherever that stops, and where it is large few are needed.
* What is expected is exact: the share of all pairs of days that are near and end in the window, of the pairs
  that are near in space.
* Incidents whose point is not known as exactly as `within` asks for make no pair: where too many are so, the
  pairs are a lower bound, which can hold and never fail.

Source: Knox, The detection of space-time interactions, Applied Statistics 13 (1964) 25-29; Rogerson,
Monitoring point patterns for the development of space-time clusters, Journal of the Royal Statistical Society
A 164 (2001) 87-96, for judging the newest events alone; Besag and Clifford, Sequential Monte Carlo p-values,
Biometrika 78 (1991) 301-304.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.detect.detection import reachable, within
from engine.detect.near_repeat.knox import Ints, near
from engine.detect.series import Bools, Floats, Past, Series
from engine.model.distance import metres, written_metres
from engine.model.rule import Window
from engine.model.text import numbered

ID = "near_repeat"
#: So many shuffles with as many pairs are enough to say how large a chance is.
_ENOUGH = 20
#: More pairs than this near in space are not shuffled, day by day and place by place.
MOST_PAIRS = 2_000_000
#: So many pairs of shuffles are held at once.
_BLOCK = 4_000_000
#: The window and its baseline are so many times as long as two incidents may lie apart: in fewer days most of
#: them are near in time, whatever happens.
_TIMES = 4
#: Why nobody can tell, where the points do not say it.
UNASKED = "nobody has looked how near the incidents lie"
CROWDED = f"more than {MOST_PAIRS:,} pairs lie so near: choose a shorter distance"


@dataclass(frozen=True, slots=True)
class Params:
    """within: how far two incidents may lie apart (`400m`, `1.5km`), at least twice what their points may be
    off; days: and how many days; alpha: the chance of at least so many pairs, if place and time had nothing
    to do with each other; replicates: how often the days are shuffled at most (the chance is at least
    1 / (replicates + 1)); seed: of the shuffling. The rule's `window` holds the later of a pair; the earlier
    lies in it, or before it. Needs points that are kept, of feeds that say how accurate they are (`accuracy`
    in the mapping)."""

    within: str
    days: int = 14
    alpha: float = 0.01
    replicates: int = 999
    seed: int = 1

    def __post_init__(self) -> None:
        within("days", self.days, 0, 366)
        within("alpha", self.alpha, 0, 1, closed=False)
        within("replicates", self.replicates, 19, 1_000_000)
        within("seed", self.seed, 0, np.inf)
        if not 0 < self.far <= 100_000:
            raise ValueError(f"within must be a distance up to 100km, found {self.within!r}")
        reachable(self.alpha, self.replicates)

    @property
    def far(self) -> float:
        """The distance in metres."""
        return metres(self.within)

    @property
    def asked(self) -> Params:
        """The same whatever the cut is: rungs that differ in it alone share their shuffles."""
        return replace(self, alpha=0.5)

    @property
    def compared(self) -> dict[str, Any]:
        """The parameters as they are compared: which is the stricter."""
        return {"within": self.far, "days": self.days, "alpha": self.alpha, "replicates": self.replicates,
                "seed": self.seed}  # fmt: skip


@dataclass(frozen=True)
class Followed:
    """Of one area at one cut: how many pairs were near and ended in the window, how many are expected, and
    the chance of at least so many."""

    pairs: int
    expected: float
    chance: float


NONE = Followed(0, 0.0, 1.0)


def followed(days: Ints, where: Floats, since: int, params: Params) -> Followed:
    """Judge events: days (E,) ordinals, where (E, 2) longitude and latitude; a pair counts whose later event
    is of the day `since` or after.

    Raises TooManyPairs where too many lie near in space.
    """
    recent = int((days >= since).sum())
    if days.size < 2 or recent == 0:
        return NONE
    first, second, _ = near(where, params.far, "degrees", MOST_PAIRS)
    expected = first.size * _share(days, since, params.days)

    def count(dates: Ints) -> Ints:
        """(...) the pairs that are near in time as well, of dates (..., E)."""
        one, other = dates[..., first], dates[..., second]
        soon = np.abs(one - other) <= params.days
        found: Ints = (soon & (np.maximum(one, other) >= since)).sum(axis=-1)
        return found

    pairs = int(count(days))
    return Followed(pairs, expected, _chance(days, pairs, count, first.size, params) if pairs else 1.0)


def _share(days: Ints, since: int, apart: int) -> float:
    """The share of all pairs of events that lie at most so many days apart, the later of the day `since` or
    after: the chance of one pair that is near in space, wherever the dates fall."""
    dates = np.sort(days)
    earlier = np.arange(dates.size) - np.searchsorted(dates, dates - apart, "left")
    return float(earlier[dates >= since].sum() / (dates.size * (dates.size - 1) / 2))


def _chance(days: Ints, pairs: int, count: Any, near_in_space: int, params: Params) -> float:
    """The chance of at least so many pairs, by shuffles one after the other until enough have them."""
    random = np.random.default_rng(params.seed)
    size = int(np.clip(_BLOCK // max(near_in_space, days.size), 1, 100))
    drawn = reached = 0
    while drawn < params.replicates:
        block = min(size, params.replicates - drawn)
        hits = np.cumsum(count(random.permuted(np.tile(days, (block, 1)), axis=1)) >= pairs)
        if reached + hits[-1] >= _ENOUGH:
            return float(_ENOUGH / (drawn + 1 + np.argmax(reached + hits >= _ENOUGH)))
        drawn, reached = drawn + block, reached + int(hits[-1])
    return (1 + reached) / (1 + params.replicates)


@dataclass(frozen=True)
class Repeats:
    """What was found of every cell, put into a series' context by `Params.asked`; all (C, A).

    pairs, expected, chance: as in `Followed`; incidents: how many of the judged block and of as many days
    before it as a pair may span; precise: those of them with a point as exact as is asked for; sure: False
    where more pairs may have been than were told; crowded: too many lie near to be shuffled.
    """

    pairs: Floats
    expected: Floats
    chance: Floats
    incidents: Floats
    precise: Floats
    sure: Bools
    crowded: Bools


@dataclass(frozen=True)
class Near:
    """The test of one rung: as sure as the points and the counts are.

    It answers for the incidents it was made with: `observed` is not looked at, and no number of them alone
    would hold.
    """

    expected: Floats
    known: Bools
    found: Repeats | None
    params: Params

    def holds(self, observed: Floats) -> Bools:
        found: Bools = self.pvalue(observed) <= self.params.alpha
        return found

    def pvalue(self, observed: Floats) -> Floats:
        return np.ones(self.known.shape) if self.found is None else self.found.chance

    def needed(self, cut: int, area: int) -> float | None:
        return None

    def untold(self, cut: int, area: int) -> str:
        """Where enough points are known, the counts or the past say why."""
        found = self.found
        if found is None:
            return UNASKED
        if found.crowded[cut, area]:
            return CROWDED
        told, precise = int(found.incidents[cut, area]), int(found.precise[cut, area])
        if not found.sure[cut, area] and precise < told:
            lacking = f"{told - precise} of {numbered(told, 'incident')} without a point"
            return f"{lacking} as exact as {self.params.within} asks for"
        return ""

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        found = self.found
        if found is None:
            return {}
        return {
            "alpha": self.params.alpha, "pairs": float(found.pairs[cut, area]),
            "pairs_expected": float(found.expected[cut, area]),
            "within": written_metres(self.params.far), "days": float(self.params.days),
            "incidents": float(found.incidents[cut, area]), "with_points": float(found.precise[cut, area]),
        }  # fmt: skip


def past(params: Params, window: Window) -> Past:
    """The rule's baseline. Raises ValueError where it and the window are too short to tell what is soon."""
    days, least = window.days * (1 + window.baseline), _TIMES * params.days
    if days < least:
        span = numbered(least, "day")
        raise ValueError(f"days {params.days} needs a window and a baseline of {span} or more together")
    return Past(window.baseline, window.gap)


def model(series: Series, params: Params) -> Near:
    """As the series' context says; without one nobody can tell, and no lower bound clears."""
    found = series.context.get(params.asked)
    nothing = np.full(series.observed.shape, np.nan)
    if not isinstance(found, Repeats):
        return Near(nothing, np.zeros(series.observed.shape, bool), None, params)
    seen = series.span * (1 + series.exposure.sum(axis=2))
    sure: NDArray[np.bool_] = found.sure & (seen >= _TIMES * params.days)
    return Near(nothing, sure | (found.chance <= params.alpha), found, params)
