"""What holds around an area at a judgement: which alerts are in force, and whether anybody would know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.detect import alert
from engine.detect.evaluate import params
from engine.detect.given import Given
from engine.detect.reading import NEVER
from engine.detect.series import Bools
from engine.judge.panels import Panels
from engine.judge.reading import moments_of
from engine.model.area import AreaTree
from engine.model.finding import Held
from engine.model.indicator import Indicator
from engine.model.panel import FeedWatch
from engine.model.rule import Rung
from engine.model.told import Told

Ints = NDArray[np.int64]
#: An alert that names no end is taken to be in force for so long from its beginning.
_LASTS = timedelta(days=1)
#: So many days before a cut it is looked up whether a feed was heard at it.
_LISTENED = 40


def context(
    rungs: Iterable[Rung], panels: Panels, level: str, cuts: Sequence[date]
) -> Mapping[object, Given]:
    """What the tests of these rungs ask of what holds around the areas of a level, by their parameters."""
    asked = {params(test) for rung in rungs for test in rung.every if test.name == alert.ID}
    return {one: in_force(one, panels, level, cuts) for one in asked}


def in_force(asked: alert.Params, panels: Panels, level: str, cuts: Sequence[date]) -> Given:
    """Where and when an alert is in force at the moment of a cut, or begins within the hours after it, as
    known then. In an area lies what is told of it, of a part of it, or of all around it.

    One whose end has not come is in force, though its feed be silent since; that none is, nobody can tell
    where a feed that would tell was not heard.
    """
    indicator = Indicator(frozenset(asked.categories), min_severity=asked.least, feeds=frozenset(asked.feeds))
    days = np.array([cut.toordinal() for cut in cuts], np.int64)
    moments = moments_of(panels.calendar, days)
    heard = _heard(indicator, panels, level, days, asked.soon)
    held = np.where(heard, int(Held.NOT), int(Held.UNKNOWN)).astype(np.int8)
    worst = np.zeros(held.shape)
    soon = int(asked.soon / timedelta(seconds=1))
    since, until = (datetime.fromtimestamp(int(at), UTC) for at in (moments[0], moments[-1] + soon))
    places = _Places(panels.tree, level)
    for one in panels.told(indicator, since, until + timedelta(seconds=1), lasting=True):
        if one.feed in panels.holding:
            at = _while(one, moments, soon)
            for area in places.of(one.areas):
                held[at, area] = Held.HELD
                worst[at, area] = np.maximum(worst[at, area], one.severity)
    return Given(held, "a feed that would tell of alerts was not heard", {"severity": worst})


def _while(one: Told, moments: Ints, soon: int) -> slice:
    """At which of the moments it was known, and in force or about to begin."""
    ended = one.occurred + int(_LASTS / timedelta(seconds=1)) if one.ended is None else one.ended
    until = NEVER if one.until is None else one.until
    begins = max(
        np.searchsorted(moments, one.known, "right"), np.searchsorted(moments, one.occurred - soon, "left")
    )
    ends = min(np.searchsorted(moments, until, "right"), np.searchsorted(moments, ended, "left"))
    return slice(int(begins), max(int(begins), int(ends)))


class _Places:
    """Which areas of a level an alert for some areas concerns."""

    def __init__(self, tree: AreaTree, level: str) -> None:
        self._tree, self._level = tree, level
        self._position = {code: at for at, code in enumerate(tree.at(level))}
        self._known: dict[tuple[str, ...], list[int]] = {}

    def of(self, codes: tuple[str, ...]) -> list[int]:
        if codes not in self._known:
            found = {one for code in codes if code in self._tree for one in self._around(code)}
            self._known[codes] = sorted(self._position[one] for one in found)
        return self._known[codes]

    def _around(self, code: str) -> Iterator[str]:
        above = self._tree.ancestor_at(code, self._level)
        if above is not None:
            yield above
        else:
            yield from (one for one in self._tree.below(code) if one in self._position)


def _heard(
    indicator: Indicator, panels: Panels, level: str, days: Ints, soon: timedelta
) -> Bools:
    """(C, A) where some feed would tell of such alerts, and all that would were heard at the cut's moment."""
    watch = panels.watch(indicator, level, int(days[0]) - _LISTENED, int(days[-1]))
    told = np.zeros((days.size, watch.areas), bool)
    missed = np.zeros_like(told)
    for feed in watch.feeds:
        if feed.feed in panels.holding:
            fills = feed.fills(days)[:, None] & feed.covers[None, :]
            told |= fills
            missed |= fills & ~_listened(feed, days, watch.wait, soon)
    heard: Bools = told & ~missed
    return heard


def _listened(feed: FeedWatch, days: Ints, wait: float, soon: timedelta) -> Bools:
    """(C, A), or (C, 1) where all areas are alike, whether the feed was heard and could be read."""
    moments = days + wait
    fine = (moments - feed.heard_at(days) <= feed.limit)[:, None]
    for one in feed.silences:
        fine = fine & ~((one.start <= moments) & (moments < one.end) & (one.known < moments))[:, None]
    for half in feed.unread:
        # Of a day of which too many reports could not be read one may be an alert that still holds, or that
        # begins within the hours asked for.
        near = (days - 1 <= half.day) & (half.day <= np.floor(moments + soon / timedelta(days=1)))
        torn = near & (half.begins <= days) & (days < half.ends)
        here = np.arange(feed.covers.size) == half.area if half.area is not None else np.ones(1, bool)
        fine = fine & ~(torn[:, None] & here[None, :])
    return fine
