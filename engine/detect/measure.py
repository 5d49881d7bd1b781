"""The ledger's rows as blocks: what was known at each cut, for many cuts at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Bools, Floats, Past, Series
from engine.model.panel import Deltas, Watch
from engine.model.rule import Window

#: A year, in whole weeks, so that weekdays meet weekdays.
YEAR = 364


def reach(window: Window, past: Past) -> int:
    """How many days before the cut a test with this past looks back."""
    days = window.days + past.blocks * window.days + (past.gap if past.blocks else 0)
    return max(days, YEAR + window.days if past.year_ago else 0)


def measure(
    deltas: Deltas, watch: Watch, cuts: NDArray[np.int64], window: Window, past: Past, *,
    totals: bool = False,
) -> Series:  # fmt: skip
    """The series of one indicator at every cut, each exactly as known then.

    cuts: (C,) rising ordinals. The judged block is the last `window.days` days before the cut, and
    `past.blocks` earlier ones end `past.gap` days before it begins.
    """
    starts = _starts(cuts, window.days, past)
    first = int(starts.min())
    known = _Known(deltas, first, cuts, totals=totals)
    values = known.sums(starts, window.days)
    failed, unseen = _blind(watch, first, cuts, starts, window.days)
    aside = _aside(deltas, watch, cuts, window.days, failed[:, :, 0], totals=totals)
    baseline = np.where((failed | unseen)[:, :, 1:], np.nan, values[:, :, 1:])
    blocks = past.blocks
    return Series(
        cuts=cuts, window=window.days, gap=past.gap,
        observed=values[:, :, 0] - aside,
        aside=aside,
        whole=~failed[:, :, 0] & ~unseen[:, :, 0],
        baseline=baseline[:, :, :blocks][:, :, ::-1],
        year_ago=baseline[:, :, -1] if past.year_ago else None,
        unmonitored=unseen[:, :, 0],
    )  # fmt: skip


def _starts(cuts: NDArray[np.int64], days: int, past: Past) -> NDArray[np.int64]:
    """(C, J) first day of the judged block, of each earlier block (newest first), of a year ago."""
    back = [days, *(days + past.gap + days * (k + 1) for k in range(past.blocks))]
    if past.year_ago:
        back.append(YEAR + days)
    return cuts[:, None] - np.array(back, np.int64)[None, :]


class _Known:
    """Prefix sums of everything ever known, less what each cut could not yet see.

    Nearly every row is known at the first cut after its day, so one grid serves all cuts, and only
    the late rows are taken back from the cuts that came before them.
    """

    def __init__(self, deltas: Deltas, first: int, cuts: NDArray[np.int64], *, totals: bool) -> None:
        last_cut = int(cuts[-1])
        keep = (deltas.day >= first) & (deltas.day < last_cut) & (deltas.cut <= last_cut)
        self.area, self.day, self.known = deltas.area[keep], deltas.day[keep], deltas.cut[keep]
        self.weight = (deltas.total if totals else deltas.n.astype(float))[keep]
        self.first, self.cuts, self.areas = first, cuts, len(deltas.areas)
        grid = np.zeros((self.areas, last_cut - first + 1))
        np.add.at(grid, (self.area, self.day - first + 1), self.weight)
        self.prefix = np.cumsum(grid, axis=1)

    def sums(self, starts: NDArray[np.int64], days: int) -> Floats:
        """(C, A, J) sums over the blocks of `days` that begin at `starts` (C, J)."""
        begin = starts - self.first
        values = self.prefix[:, begin + days] - self.prefix[:, begin]
        values = np.ascontiguousarray(values.transpose(1, 0, 2))
        self._take_back(values, starts, days)
        return values

    def _take_back(self, values: Floats, starts: NDArray[np.int64], days: int) -> None:
        late = self.known > self.day + 1
        area, day, weight = self.area[late], self.day[late], self.weight[late]
        low = np.searchsorted(self.cuts, day + 1)
        high = np.searchsorted(self.cuts, self.known[late])
        count = high - low
        if not count.sum():
            return
        row = np.repeat(np.arange(count.size), count)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        cut = low[row] + within
        for block in range(starts.shape[1]):
            age = day[row] - starts[cut, block]
            hit = (age >= 0) & (age < days)
            np.subtract.at(values, (cut[hit], area[row[hit]], block), weight[row[hit]])


def _blind(
    watch: Watch, first: int, cuts: NDArray[np.int64], starts: NDArray[np.int64], days: int
) -> tuple[Bools, Bools]:
    """(C, A, J) twice: blocks with a day on which a feed was silent, and blocks that nobody watched
    from their first day on."""
    last = int(cuts[-1]) - 1
    areas = watch.feeds[0].covers.size
    failed = np.zeros((cuts.size, areas, starts.shape[1]), bool)
    since = np.full(areas, np.iinfo(np.int64).max)
    for feed in watch.feeds:
        since = np.where(feed.covers, np.minimum(since, feed.since), since)
        lost = _lost(feed.failed(first, last, float(cuts[-1]) + watch.wait), starts - first, days)
        for at in _while_silent(feed.silences, cuts, watch.wait):
            now = feed.failed(first, last, float(cuts[at]) + watch.wait)
            lost[at] = _lost(now, starts[at] - first, days)
        failed |= feed.covers[None, :, None] & lost[:, None, :]
    unseen = starts[:, None, :] < since[None, :, None]
    return failed, unseen


def _aside(
    deltas: Deltas, watch: Watch, cuts: NDArray[np.int64], days: int, failed: Bools, *, totals: bool
) -> Floats:
    """(C, A) what was booked on days of the judged block on which no feed was heard at all.

    What arrives in bulk after a silence is history, not a wave: it must not raise anything.
    """
    aside = np.zeros((cuts.size, len(deltas.areas)))
    for at in np.flatnonzero(failed.any(axis=1)):
        cut = int(cuts[at])
        dead = watch.dead(cut - days, cut - 1, cut)
        if dead.any():
            aside[at] = (deltas.grid(cut - days, cut - 1, cut, totals=totals) * dead).sum(axis=1)
    return aside


def _lost(bad: Bools, begin: NDArray[np.int64], days: int) -> Bools:
    prefix = np.concatenate([[0], np.cumsum(bad)])
    lost: Bools = prefix[np.minimum(begin + days, bad.size)] > prefix[np.minimum(begin, bad.size)]
    return lost


def _while_silent(silences: Floats, cuts: NDArray[np.int64], wait: float) -> NDArray[np.int64]:
    """Positions of the cuts that fell into a silence which ended later, or has not yet."""
    moments = cuts + wait
    inside = np.zeros(cuts.size, bool)
    for start, end in silences:
        inside |= (moments > start) & (moments < end)
    return np.flatnonzero(inside)
