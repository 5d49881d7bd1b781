"""Days of which too many reports could not be read: whatever was counted then may not be all.

A report that could not be read may belong to any cell that what could be read of it leaves open: with an
area, to that area, those above and those below; with a category, to the indicators that count it. One that
was read and does not say by what an indicator counts (how severe it was, the measure that is added up, at
what hour it was) is unread for that indicator.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.cycle.since import Ceased, Scaled, Unnamed
from engine.model.area import AreaTree
from engine.model.fault import Fault
from engine.model.feed import GRAVE, Feed, too_many
from engine.model.indicator import Indicator
from engine.model.panel import HalfRead
from engine.model.period import Calendar
from engine.notify.notice import Trouble
from engine.store import faults, known, meta, rejects
from engine.store.database import Tx
from engine.store.moment import moment_of
from engine.store.rejects import Unread

_FAR = date.max.toordinal()
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
#: Where it is noted that what was told since a fault (by its id) may be trusted after all.
MENDED = "mended/{}"
#: Where it is noted how much of each category was usual when one of them ceased, by what that is called.
USUAL = "usual/{}"


@dataclass(frozen=True, slots=True)
class _Report:
    """One report of a day, read or not, for the cuts `begins`..`ends - 1`. areas: those it names, None where
    it may be of any; within: these with all above them."""

    begins: int
    ends: int
    within: frozenset[str]
    areas: tuple[str, ...] | None = None
    category: str | None = None
    severity: int = 0
    measures: frozenset[str] = frozenset()
    occurred_at: int = 0
    precision: str = ""


def counted_by(feed: Feed, indicator: Indicator) -> frozenset[str]:
    """The measures of a feed's reports that decide whether, or for how much, an indicator counts them."""
    read = {indicator.measure} - {"incidents"}
    if indicator.min_severity and feed.mapping is not None:
        read |= {feed.mapping.grading} - {""}
    return frozenset(read)


class Readings:
    """What could not be read, and what else was told of the same days; each read once."""

    def __init__(self, tx: Tx, tree: AreaTree, calendar: Calendar, seq: int | None) -> None:
        self._tx, self._tree, self._calendar, self._seq = tx, tree, calendar, seq
        self._unread: tuple[int, dict[str, list[Unread]]] = (_FAR, {})
        self._told: dict[tuple[str, int], list[_Report]] = {}
        self._judged: dict[tuple[object, ...], tuple[HalfRead, ...]] = {}
        self._unnamed: list[Fault] | None = None
        self._scaled: list[Fault] | None = None
        self._mended: dict[int, int] = {}
        self._ceased: list[tuple[Fault, Ceased, dict[str, float]]] | None = None
        self._mute: dict[tuple[str, str, str], tuple[int, tuple[HalfRead, ...]]] = {}

    def half_read(
        self, feed: Feed, indicator: Indicator, level: str, covers: NDArray[np.bool_], first: int
    ) -> tuple[HalfRead, ...]:
        """The half-read days from `first` on of the areas of a level that the feed covers, (A,), for an
        indicator."""
        refused = self._refused(feed, indicator.categories, level, covers, first)
        return refused + self._unsaid(feed, indicator, level, covers, first)

    def mute(self, feed: Feed, level: str, covers: NDArray[np.bool_], last: int) -> tuple[HalfRead, ...]:
        """The days up to the last of the areas of a level that the feed named no more, from when that was
        seen on."""
        if self._unnamed is None:
            self._unnamed = faults.listing(self._tx, _EVER, Trouble.UNNAMED)
        every = ((fault, Unnamed.of_name(fault.name)) for fault in self._unnamed)
        own = [(fault, one) for fault, one in every if one.feed == feed.id and one.area in self._tree]
        found, places = list[HalfRead](), self._open(level, covers) if own else {}
        for fault, one in own:
            begins, first, days = self._stretch(fault, one.since, last)
            codes = (one.area,) if one.without else self._tree.below(one.area)
            found += [
                HalfRead(day, begins, _FAR, 0, 0, places[code], mute=first)
                for code in codes if code in places for day in days
            ]  # fmt: skip
        return tuple(found)

    def scaled(self, feed: Feed, indicator: Indicator, last: int) -> tuple[HalfRead, ...]:
        """The days up to the last on which the measure of an indicator is told in another scale, from when
        that was seen on to when they were mended."""
        found = list[HalfRead]()
        for fault, one in self._steps(feed, indicator):
            begins, first, days = self._stretch(fault, one.since, last)
            if fault.ended_at is not None:
                days = range(first, min(days.stop + 1, last))  # that day some were told before
            ends = self._mended_at(fault)
            found += [HalfRead(day, begins, ends, 0, 0, lacks=one.measure, mute=first) for day in days]
        return tuple(found)

    def ceased(self, feed: Feed, indicator: Indicator, last: int) -> tuple[HalfRead, ...]:
        """The days up to the last on which the feed told no more of a category that makes a large part of
        what an indicator counts, from when that was seen on to when they were read anew."""
        if self._ceased is None:
            self._ceased = [
                (fault, one := Ceased.of_name(fault.name), usually(self._tx, one))
                for fault in faults.listing(self._tx, _EVER, Trouble.CEASED)
            ]
        found = list[HalfRead]()
        for fault, one, usual in self._ceased:
            own = sum(usual.get(code, 0.0) for code in indicator.categories)
            if one.feed == feed.id and one.category in indicator.categories and (
                usual.get(one.category, 0.0) >= GRAVE * own
            ):  # fmt: skip
                begins, first, days = self._stretch(fault, one.since, last)
                ends = self._mended_at(fault)
                found += [
                    HalfRead(day, begins, ends, 0, 0, mute=first, category=one.category) for day in days
                ]
        return tuple(found)

    def rescaled(self, feed: Feed, indicator: Indicator, at: datetime) -> bool:
        """Whether it was known at a moment that the feed tells the measure of an indicator in another
        scale."""
        steps = (fault for fault, _ in self._steps(feed, indicator))
        return any(one.since <= at and (one.ended_at is None or at < one.ended_at) for one in steps)

    def _steps(self, feed: Feed, indicator: Indicator) -> Iterator[tuple[Fault, Scaled]]:
        measures = counted_by(feed, indicator)
        if not measures:
            return
        if self._scaled is None:
            self._scaled = faults.listing(self._tx, _EVER, Trouble.SCALE)
        for fault in self._scaled:
            one = Scaled.of_name(fault.name)
            if one.feed == feed.id and one.measure in measures:
                yield fault, one

    def _mended_at(self, fault: Fault) -> int:
        """The first cut that trusts what was told since a fault after all."""
        if fault.ended_at is None:
            return _FAR
        if fault.id not in self._mended:
            mended = meta.get(self._tx, MENDED.format(fault.id)) is not None
            self._mended[fault.id] = (
                self._calendar.cut_after(fault.ended_at).toordinal() if mended else _FAR
            )
        return self._mended[fault.id]

    def _stretch(self, fault: Fault, since: date, last: int) -> tuple[int, int, range]:
        """The cut from which a fault was seen, its first day, and its days up to the last."""
        begins, first = self._calendar.cut_after(fault.since).toordinal(), since.toordinal()
        ended = fault.ended_at
        until = last if ended is None else self._calendar.local_day(ended).toordinal()
        return begins, first, range(first, min(until, last))

    def _refused(
        self, feed: Feed, categories: Collection[str], level: str, covers: NDArray[np.bool_], first: int
    ) -> tuple[HalfRead, ...]:
        bad = self._rejected(first).get(feed.id)
        if not bad:
            return ()
        counted = frozenset(one.category for one in bad if one.category in categories)
        key = (feed.id, counted, level, self._unread[0])
        if key not in self._judged:
            self._judged[key] = tuple(self._days(feed, bad, counted, level, covers))
        return self._judged[key]

    def _unsaid(
        self, feed: Feed, indicator: Indicator, level: str, covers: NDArray[np.bool_], first: int
    ) -> tuple[HalfRead, ...]:
        if not indicator.asks:
            return ()
        key = (feed.id, indicator.key, level)
        held = self._mute.get(key)
        if held is None or held[0] > first:
            held = self._mute[key] = first, tuple(self._mute_days(feed, indicator, level, covers, first))
        return held[1]

    def _mute_days(
        self, feed: Feed, indicator: Indicator, level: str, covers: NDArray[np.bool_], first: int
    ) -> Iterator[HalfRead]:
        """The days of which too many reports do not say by what they count."""
        since = self._calendar.midnight(date.fromordinal(first))
        on = {self._day(at) for at in known.unsaid(self._tx, feed, indicator, since, self._seq)}
        days = sorted(day.toordinal() for day in on if feed.covers.since <= day <= feed.covers.until)
        self._read(feed, [day for day in days if (feed.id, day) not in self._told])
        places = self._open(level, covers)
        for day in days:
            told: list[_Report] = []
            mute: list[_Report] = []
            lacks = ""
            for one in self._told[feed.id, day]:
                if one.category in indicator.categories:
                    at = moment_of(one.occurred_at)
                    missed = indicator.misses(one.severity, one.measures, at, one.precision)
                    (mute if missed else told).append(one)
                    lacks = max(lacks, missed)
            for half in self._torn(feed, day, mute, told, indicator.categories, places):
                yield replace(half, lacks=lacks)

    def _open(self, level: str, covers: NDArray[np.bool_]) -> dict[str, int]:
        """The positions of the areas of a level that a feed covers."""
        return {code: at for at, code in enumerate(self._tree.at(level)) if covers[at]}

    def _rejected(self, first: int) -> dict[str, list[Unread]]:
        if first < self._unread[0]:
            self._unread = (first, rejects.of_days(self._tx, first, self._seq))
        return self._unread[1]

    def _days(
        self, feed: Feed, bad: Sequence[Unread], counted: Collection[str | None], level: str,
        covers: NDArray[np.bool_],
    ) -> Iterator[HalfRead]:  # fmt: skip
        by_day: dict[int, list[_Report]] = {}
        for one in bad:
            if feed.covers.since.toordinal() <= one.day <= feed.covers.until.toordinal():
                by_day.setdefault(one.day, []).append(self._rejection(one))
        self._read(feed, sorted(day for day in by_day if (feed.id, day) not in self._told))
        places = self._open(level, covers)
        for day, unread in sorted(by_day.items()):
            yield from self._torn(feed, day, unread, self._told[feed.id, day], counted, places)

    def _torn(
        self, feed: Feed, day: int, unread: Sequence[_Report], told: Sequence[_Report],
        counted: Collection[str | None], places: dict[str, int],
    ) -> Iterator[HalfRead]:  # fmt: skip
        """While, and where, too many reports of a day could not be read beside those that were told."""
        moments = sorted({at for one in (*unread, *told) for at in (one.begins, one.ends)})
        for begins, ends in pairwise([*moments, _FAR] if moments and moments[-1] < _FAR else moments):
            now = [[one for one in of if one.begins <= begins < one.ends] for of in (unread, told)]
            day_ = _Day(self._tree, now[0], now[1], feed.tolerate)
            for area, (n, of) in day_.torn(counted, places).items():
                yield HalfRead(day, begins, ends, n, of, area)

    def _rejection(self, one: Unread) -> _Report:
        area = one.area if one.area in self._tree else None
        within = frozenset(self._tree.lineage(area)) if area else frozenset[str]()
        ends = _FAR if one.read_at is None else self._cut(one.read_at)
        return _Report(self._cut(one.seen_at), ends, within, (area,) if area else None, one.category)

    def _read(self, feed: Feed, days: Sequence[int]) -> None:
        """What else the feed told of these days, a statement for each run of days."""
        for day in days:
            self._told[feed.id, day] = []
        for first, last in _runs(days):
            since, until = (self._calendar.midnight(date.fromordinal(day)) for day in (first, last + 1))
            categories = feed.covers.categories
            for one in known.reported(self._tx, feed.id, categories, since, until, self._seq):
                placed = tuple(code for code in one.areas if code in self._tree)
                within = frozenset(area for code in placed for area in self._tree.lineage(code))
                ends = _FAR if one.until is None else self._cut(one.until)
                self._told[feed.id, self._day(one.occurred_at).toordinal()].append(_Report(
                    self._cut(one.known_at), ends, within, placed, one.category,
                    feed.severity(one.severity), one.measures, one.occurred_at, one.precision,
                ))  # fmt: skip

    def _day(self, seconds: int) -> date:
        return self._calendar.local_day(moment_of(seconds))

    def _cut(self, seconds: int) -> int:
        """The first cut that sees what happened at a moment."""
        return self._calendar.cut_after(moment_of(seconds)).toordinal()


def usually(tx: Tx, one: Ceased) -> dict[str, float]:
    """How many reports a day were usual of each category when one of them ceased."""
    usual: dict[str, float] = json.loads(meta.get(tx, USUAL.format(one.name)) or "{}")
    return usual


@dataclass(frozen=True)
class _Day:
    """One day's reports of one feed, as one cut knows them."""

    tree: AreaTree
    unread: Sequence[_Report]
    told: Sequence[_Report]
    tolerate: float

    def torn(
        self, counted: Collection[str | None], places: dict[str, int]
    ) -> dict[int | None, tuple[int, int]]:
        """How many could not be read, and of how many, by the position of the area; None is everywhere."""
        own = [one for one in self.unread if one.category is None or one.category in counted]
        anywhere, total = sum(one.areas is None for one in own), len(self.unread) + len(self.told)
        if too_many(anywhere, total, self.tolerate):
            return {None: (anywhere, total)}
        found: dict[int | None, tuple[int, int]] = {}
        named = [one for one in own if one.areas]
        for code in {code for one in named for area in one.areas or () for code in self._open(area, places)}:
            worst = self._worst(code, named, anywhere, total)
            if worst is not None:
                found[places[code]] = worst
        return found

    def _open(self, area: str, places: dict[str, int]) -> Iterator[str]:
        """The judged areas to which a report from the area may belong."""
        yield from (code for code in self.tree.lineage(area) if code in places)
        yield from (code for code in self.tree.below(area) if code in places)

    def _worst(
        self, code: str, named: Sequence[_Report], anywhere: int, total: int
    ) -> tuple[int, int] | None:
        """Of the feed's whole day, or of any region around the area: the first of which too many are lost."""
        lineage = self.tree.lineage(code)
        mine = [one for one in named if code in one.within or not set(lineage).isdisjoint(one.areas or ())]
        if too_many(anywhere + len(mine), total, self.tolerate):
            return anywhere + len(mine), total
        for region in lineage:
            lost = sum(region in one.within for one in mine)
            of = sum(region in one.within for one in (*self.told, *self.unread))
            if too_many(lost, of, self.tolerate):
                return lost, of
        return None


def _runs(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of days without a gap."""
    start = 0
    for at in range(1, len(days) + 1):
        if at == len(days) or days[at] != days[at - 1] + 1:
            yield days[start], days[at - 1]
            start = at
