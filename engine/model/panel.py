"""An indicator's ledger rows, its values (areas x days), and what of them was observed, as known then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


class DataState(IntEnum):
    """What a cell's number means. A zero is evidence only where somebody was looking."""

    OBSERVED = 0
    OBSERVED_ZERO = 1
    UNMONITORED = 2
    #: More may have happened than was counted: a feed was silent, nobody listened afterwards, or
    #: reports could not be read.
    LOWER_BOUND = 3


@dataclass(frozen=True)
class Deltas:
    """Signed rows of the ledger for one indicator and one level, in no particular order.

    area: (R,) positions in `areas`; day, cut: (R,) ordinals, the day it occurred and the first daily
    cut that may see it; n: (R,) signed counts; total: (R,) signed sums of the measure.
    """

    areas: tuple[str, ...]
    area: NDArray[np.int64]
    day: NDArray[np.int64]
    cut: NDArray[np.int64]
    n: NDArray[np.int64]
    total: NDArray[np.float64]
    #: What was worked out of these rows, so that no other rule has to.
    notes: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def empty(cls, areas: Sequence[str]) -> Deltas:
        none = np.empty(0, np.int64)
        return cls(tuple(areas), none, none, none, none, np.empty(0))

    @classmethod
    def of(cls, areas: Sequence[str], rows: Sequence[tuple[int, int, int, int, float]]) -> Deltas:
        """Rows of (area position, day, cut, n, total)."""
        if not rows:
            return cls.empty(areas)
        area, day, cut, n = np.array([row[:4] for row in rows], np.int64).T
        return cls(tuple(areas), area, day, cut, n, np.array([row[4] for row in rows], float))

    def grid(self, first: int, last: int, as_of: int, *, totals: bool = False) -> NDArray[np.float64]:
        """(areas, days first..last) of what was known at the cut `as_of`."""
        seen = (self.cut <= as_of) & (self.day >= first) & (self.day <= last)
        grid = np.zeros((len(self.areas), last - first + 1))
        weight = self.total if totals else self.n
        np.add.at(grid, (self.area[seen], self.day[seen] - first), weight[seen])
        return grid


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch in which a feed was not heard; moments are local days as ordinals with a fraction.

    It ends at infinity where it has not ended. known: only after this moment is it a silence, because it
    had lasted for too long; aged: the feed answered, but told nothing new.
    """

    start: float
    end: float
    known: float
    aged: bool = False

    def days(self, at: float, least: float) -> tuple[int, int]:
        """The first day of which it takes at least the fraction `least`, and the day after the last, as
        known at a moment."""
        end = min(self.end, at)
        first, last = math.floor(self.start), math.floor(end)
        if min(first + 1, end) - self.start < least:
            first += 1
        if end - max(last, self.start) >= least:
            last += 1
        return first, last


@dataclass(frozen=True, slots=True)
class HalfRead:
    """A day of which too many reports could not be read, for the cuts `begins`..`ends - 1`.

    area: a position among the areas of the level, or None for every area the feed covers; lacks: they were
    read, and do not say this, by which they are counted; mute: none was told, of an area of which the feed
    always told, from this day on; or, with `lacks`, that measure is told in another scale from then on; or,
    with `category`, nothing is told of this one from then on.
    """

    day: int
    begins: int
    ends: int
    unread: int
    of: int
    area: int | None = None
    lacks: str = ""
    mute: int = 0
    category: str = ""

    @property
    def scaled(self) -> bool:
        """Whether what is told of it is of another scale: neither all there is, nor at least that."""
        return bool(self.mute and self.lacks)


@dataclass(frozen=True)
class FeedWatch:
    """What one feed covers, and when it was not heard or not understood.

    covers: (A,) the areas the feed reports on, from the day `since` to the day `until`; limit: how many
    days it may be silent; heard: (D,) up to which moment somebody had listened to it, as known at each
    cut from `begins` on; placed: the least share of reports that must be placed as deep as is judged.
    """

    feed: str
    covers: NDArray[np.bool_]
    since: int
    limit: float
    silences: tuple[Silence, ...] = ()
    heard: NDArray[np.float64] = field(default_factory=lambda: np.array([np.inf]))
    begins: int = 0
    unread: tuple[HalfRead, ...] = ()
    placed: float = 0.0
    until: int = date.max.toordinal()

    @property
    def least(self) -> float:
        """How much of a day a silence must take for the day to be lost."""
        return min(self.limit, 0.5)

    def fills(self, days: NDArray[np.int64]) -> NDArray[np.bool_]:
        return (days >= self.since) & (days <= self.until)

    def heard_at(self, cuts: NDArray[np.int64]) -> NDArray[np.float64]:
        """(C,) up to which moment somebody had listened, as known at each cut."""
        known: NDArray[np.float64] = self.heard[np.clip(cuts - self.begins, 0, self.heard.size - 1)]
        return known

    def lost(self, cuts: NDArray[np.int64], first: int, last: int, wait: float) -> NDArray[np.bool_]:
        """(C, days first..last) True where what it told of a day may not be all, in every area it covers."""
        days = np.arange(first, last + 1)
        lost: NDArray[np.bool_] = days[None, :] >= np.floor(self.heard_at(cuts))[:, None]
        moments = cuts + wait
        for one in self.silences:
            known = int(np.searchsorted(moments, one.known, "right"))
            over = max(known, int(np.searchsorted(moments, one.end)))
            for at in range(known, over):
                begin, end = one.days(float(moments[at]), self.least)
                lost[at, max(begin - first, 0) : max(end - first, 0)] = True
            begin, end = one.days(one.end, self.least) if over < cuts.size else (first, first)
            lost[over:, max(begin - first, 0) : max(end - first, 0)] = True
        for day in self.unread:
            if day.area is None and first <= day.day <= last:
                begin, end = np.searchsorted(cuts, (day.begins, day.ends))
                lost[begin:end, day.day - first] = True
        return lost & self.fills(days)


@dataclass(frozen=True)
class Watched:
    """Areas that the same feeds report on. areas: (A,) which."""

    areas: NDArray[np.bool_]
    feeds: tuple[FeedWatch, ...]

    def lost(self, cuts: NDArray[np.int64], first: int, last: int, wait: float) -> NDArray[np.bool_]:
        """(C, days first..last) True where at least one of the feeds may not have told all."""
        lost = np.zeros((cuts.size, last - first + 1), bool)
        for feed in self.feeds:
            lost |= feed.lost(cuts, first, last, wait)
        return lost

    def filled(self, first: int, last: int) -> NDArray[np.bool_]:
        """(days first..last) True where at least one feed reports."""
        days = np.arange(first, last + 1)
        filled = np.zeros(days.size, bool)
        for feed in self.feeds:
            filled |= feed.fills(days)
        return filled


@dataclass(frozen=True)
class Watch:
    """Where and when somebody was looking, for one indicator over the areas of one level.

    `wait` is the fraction of a day between a cut's midnight and the moment it stands for.
    """

    feeds: tuple[FeedWatch, ...]
    wait: float = 1 / 3
    #: How many areas the level has, where no feed says it.
    size: int = 0

    @classmethod
    def always(cls, areas: int) -> Watch:
        """Every area watched from the beginning without a gap (drafts, series from files)."""
        return cls((FeedWatch("", np.ones(areas, bool), 0, np.inf),))

    @cached_property
    def groups(self) -> tuple[Watched, ...]:
        """The areas by the feeds that report on them; areas without any are in none."""
        if not self.feeds:
            return ()
        covers = np.array([feed.covers for feed in self.feeds])
        if covers.all():
            return (Watched(covers[0], self.feeds),)
        ways, own = np.unique(covers, axis=1, return_inverse=True)
        return tuple(
            Watched(own == way, tuple(feed for feed, on in zip(self.feeds, ons, strict=True) if on))
            for way, ons in enumerate(ways.T) if ons.any()
        )  # fmt: skip

    @property
    def areas(self) -> int:
        return self.feeds[0].covers.size if self.feeds else self.size

    def monitored(self, first: int, last: int) -> NDArray[np.bool_]:
        """(areas, days) True where at least one feed reports."""
        seen = np.zeros((self.areas, last - first + 1), bool)
        for group in self.groups:
            seen[group.areas] = group.filled(first, last)
        return seen

    def lost(self, first: int, last: int, cut: int) -> NDArray[np.bool_]:
        """(areas, days) True where more may have happened than was told, as known at the cut."""
        lost = np.zeros((self.areas, last - first + 1), bool)
        for group in self.groups:
            lost[group.areas] = group.lost(np.array([cut]), first, last, self.wait)[0]
        for feed in self.feeds:
            for day in feed.unread:
                if day.area is not None and first <= day.day <= last and day.begins <= cut < day.ends:
                    lost[day.area, day.day - first] = True
        return lost

    def rescaled(self, firsts: NDArray[np.int64], cuts: NDArray[np.int64]) -> NDArray[np.bool_] | None:
        """(cuts, areas) True where a feed told of a day from `firsts` (C,) up to the cut in another scale, as
        known at the cut; None where none did."""
        rescaled = np.zeros((cuts.size, self.areas), bool)
        for feed in self.feeds:
            for day in feed.unread:
                if day.scaled and feed.since <= day.day <= feed.until:
                    known = (day.begins <= cuts) & (cuts < day.ends)
                    at = known & (firsts <= day.day) & (day.day < cuts)
                    rescaled[np.ix_(at, feed.covers)] = True
        return rescaled if rescaled.any() else None

    def states(self, first: int, cut: int, counts: NDArray[np.float64]) -> NDArray[np.int8]:
        """(areas, days) of `DataState` for counts of the days `first`..`cut - 1`."""
        state = np.where(counts > 0, DataState.OBSERVED, DataState.OBSERVED_ZERO).astype(np.int8)
        state[self.lost(first, cut - 1, cut)] = DataState.LOWER_BOUND
        state[~self.monitored(first, cut - 1)] = DataState.UNMONITORED
        return state
