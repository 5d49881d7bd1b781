"""An indicator's ledger rows and its values: areas x days, with a data state per cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class DataState(IntEnum):
    """What a cell's number means. A zero is evidence only where somebody was looking."""

    OBSERVED = 0
    OBSERVED_ZERO = 1
    UNMONITORED = 2
    #: A feed was silent: whatever is counted is a lower bound.
    SOURCE_FAILURE = 3


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


@dataclass(frozen=True)
class FeedWatch:
    """One feed's coverage and silences; moments are local days as ordinals with a fraction.

    covers: (A,) the areas the feed reports on, from the day `since` on; limit: how many days it may
    be silent; silences: (S, 2) from the last good poll before to the first good poll after, each
    longer than `limit`; what began with the newest poll of all ends at infinity.
    """

    feed: str
    covers: NDArray[np.bool_]
    since: int
    limit: float
    silences: NDArray[np.float64]

    def failed(self, first: int, last: int, as_of: float) -> NDArray[np.bool_]:
        """(days,) True where silence, as known at `as_of`, takes half of a day, or `limit` of it
        where that is shorter."""
        days = np.arange(first, last + 1, dtype=float)
        bad = np.zeros(days.size, bool)
        for start, end in self.silences:
            known = min(end, as_of)
            if known - start > self.limit:
                lost = np.minimum(days + 1, known) - np.maximum(days, start)
                bad |= lost >= min(self.limit, 0.5)
        return bad & (days >= self.since)


@dataclass(frozen=True)
class Watch:
    """Where and when somebody was looking, for one indicator over the areas of one level.

    `wait` is the fraction of a day between a cut's midnight and the moment it stands for.
    """

    feeds: tuple[FeedWatch, ...]
    wait: float = 1 / 3

    @classmethod
    def always(cls, areas: int) -> Watch:
        """Every area watched from the beginning without a gap (drafts, series from files)."""
        feed = FeedWatch("", np.ones(areas, bool), 0, np.inf, np.empty((0, 2)))
        return cls((feed,))

    def monitored(self, first: int, last: int) -> NDArray[np.bool_]:
        """(areas, days) True where at least one feed reports."""
        days = np.arange(first, last + 1)
        seen = np.zeros((self.feeds[0].covers.size, days.size), bool)
        for feed in self.feeds:
            seen |= feed.covers[:, None] & (days >= feed.since)[None, :]
        return seen

    def failed(self, first: int, last: int, cut: int) -> NDArray[np.bool_]:
        """(areas, days) True where at least one feed that reports there was silent, as known at
        the cut."""
        lost = np.zeros((self.feeds[0].covers.size, last - first + 1), bool)
        for feed in self.feeds:
            lost |= feed.covers[:, None] & feed.failed(first, last, cut + self.wait)[None, :]
        return lost

    def dead(self, first: int, last: int, cut: int) -> NDArray[np.bool_]:
        """(areas, days) True where every feed that reports there was silent, as known at the cut."""
        heard = np.zeros((self.feeds[0].covers.size, last - first + 1), bool)
        reports = np.zeros(self.feeds[0].covers.size, bool)
        for feed in self.feeds:
            reports |= feed.covers
            heard |= feed.covers[:, None] & ~feed.failed(first, last, cut + self.wait)[None, :]
        return reports[:, None] & ~heard

    def states(self, first: int, cut: int, counts: NDArray[np.float64]) -> NDArray[np.int8]:
        """(areas, days) of `DataState` for counts of the days `first`..`cut - 1`."""
        state = np.where(counts > 0, DataState.OBSERVED, DataState.OBSERVED_ZERO).astype(np.int8)
        state[self.failed(first, cut - 1, cut)] = DataState.SOURCE_FAILURE
        state[~self.monitored(first, cut - 1)] = DataState.UNMONITORED
        return state
