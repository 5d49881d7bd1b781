"""Which incidents lie near others, as known at each judgement, and whose points are exact enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from engine.detect.evaluate import params
from engine.detect.measure import spans_of
from engine.detect.near_repeat import rung as near_repeat
from engine.detect.near_repeat.knox import TooManyPairs
from engine.detect.near_repeat.rung import NONE, Params, Repeats, followed
from engine.detect.reading import NEVER
from engine.detect.seen import Seen
from engine.detect.series import Bools, Floats, Past
from engine.judge.panels import Panels
from engine.judge.reading import moments_of
from engine.model.distance import beside
from engine.model.indicator import Indicator
from engine.model.panel import Watch
from engine.model.rule import Rule, Rung
from engine.model.told import Told

Ints = NDArray[np.int64]


def repeats(
    rule: Rule, rungs: Iterable[Rung], panels: Panels, cuts: Sequence[date]
) -> Mapping[object, Repeats]:
    """What the tests of these rungs ask of how near the rule's incidents lie, by their parameters."""
    indicator = rule.indicator
    asked = {params(test).asked for rung in rungs for test in rung.every if test.name == near_repeat.ID}
    if indicator is None or not indicator.adds:
        return {}
    days = np.array([cut.toordinal() for cut in cuts], np.int64)
    return {one: _repeats(rule, indicator, one, panels, days) for one in asked}


def _repeats(rule: Rule, indicator: Indicator, asked: Params, panels: Panels, cuts: Ints) -> Repeats:
    window = rule.window
    starts, _ = spans_of(cuts, window, Past(window.baseline, window.gap))
    first, since = starts.min(axis=1), starts[:, 0]
    watch = panels.watch(indicator, rule.level, int(since[0]) - asked.days, int(cuts[-1]))
    begin, end = (panels.calendar.midnight(date.fromordinal(int(day))) for day in (first.min(), cuts[-1]))
    events = _Events.of(panels.told(indicator, begin, end), panels, rule.level, cuts, asked.far)
    shape = cuts.size, len(panels.tree.at(rule.level))
    pairs, expected, chance, incidents, precise = (np.zeros(shape) for _ in range(5))
    crowded = np.zeros(shape, bool)
    for cut in range(cuts.size):
        known = events.at(cut, int(first[cut]), int(cuts[cut]))
        near = known.day >= since[cut] - asked.days
        incidents[cut] = np.bincount(known.area[near], minlength=shape[1])
        precise[cut] = np.bincount(known.area[near & known.exact], minlength=shape[1])
        for area in range(shape[1]):
            here = known.exact & (known.area == area)
            try:
                found = followed(known.day[here], known.where[here], int(since[cut]), asked)
            except TooManyPairs:
                found, crowded[cut, area] = NONE, True
            pairs[cut, area], expected[cut, area] = found.pairs, found.expected
            chance[cut, area] = found.chance
    reach = (cuts - since + asked.days)[:, None]
    seen = Seen.of(watch, cuts, cuts[:, None] - reach, reach).whole
    sure = np.broadcast_to(seen, shape) & (precise >= _wanted(watch, shape[1]) * incidents) & ~crowded
    return Repeats(pairs, expected, chance, incidents, precise, sure, crowded)


def _wanted(watch: Watch, areas: int) -> Floats:
    """(A,) the share of its incidents whose point must be exact enough: as many as must be placed."""
    shares = [np.where(feed.covers, feed.placed, 0.0) for feed in watch.feeds]
    return np.max(shares, axis=0) if shares else np.zeros(areas)


@dataclass(frozen=True)
class _Events:
    """Revisions as columns, one row for each area of the level that they lie in.

    area: (R,) positions; day: (R,) local days; where: (R, 2) longitude and latitude, NaN where unknown;
    exact: (R,) whether that says enough; begins, ends: (R,) the first cut that knows it, and the first that
    does not any more.
    """

    area: Ints
    day: Ints
    where: Floats
    exact: Bools
    begins: Ints
    ends: Ints

    @classmethod
    def of(cls, told: Sequence[Told], panels: Panels, level: str, cuts: Ints, far: float) -> _Events:
        position = {code: at for at, code in enumerate(panels.tree.at(level))}
        rows = [
            (position[area], at) for at, one in enumerate(told)
            for area in panels.tree.holding(one.areas, level)
        ]  # fmt: skip
        area, at = np.array(rows, np.int64).reshape(-1, 2).T
        moments = moments_of(panels.calendar, cuts)
        known = np.array([one.known for one in told], np.int64)
        until = np.array([NEVER if one.until is None else one.until for one in told], np.int64)
        where = np.array([one.point or (np.nan, np.nan) for one in told], float).reshape(-1, 2)[:, ::-1]
        exact = np.array([_exact(one, panels, far) for one in told], bool)
        local = panels.calendar.local_day
        day = [local(datetime.fromtimestamp(one.occurred, UTC)).toordinal() for one in told]
        begins, ends = (np.searchsorted(moments, of, "right") for of in (known, until))
        return cls(area, np.array(day, np.int64)[at], where[at], exact[at], begins[at], ends[at])

    def at(self, cut: int, first: int, last: int) -> _Events:
        """Those of the days `first`..`last - 1` that one cut knows."""
        told = (self.begins <= cut) & (cut < self.ends) & (self.day >= first) & (self.day < last)
        return _Events(
            self.area[told], self.day[told], self.where[told], self.exact[told], self.begins[told],
            self.ends[told],
        )  # fmt: skip


def _exact(one: Told, panels: Panels, far: float) -> bool:
    """Whether its point says where it was, as exactly as pairs within `far` metres need: each of two may be
    off. The middle of its own area, or of one around it, says no more than the area does."""
    off = panels.accuracy.get(one.feed)
    if one.point is None or off is None or 2 * off > far:
        return False
    around = {above for code in one.areas if code in panels.tree for above in panels.tree.lineage(code)}
    middles = (panels.tree[code].centroid for code in around)
    return not any(middle is not None and beside(one.point, middle) for middle in middles)
