"""The ledger's rows as blocks: what was known at each cut, for many cuts at once."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.detect.seen import Lapses, Seen
from engine.detect.series import Bools, Floats, Past, Series
from engine.model.panel import Deltas, Watch
from engine.model.rule import Window

#: A year, in whole weeks, so that weekdays meet weekdays.
YEAR = 364
#: Of a baseline block so much must have been seen, to stand for the whole of it.
ENOUGH = 0.75


@dataclass(frozen=True)
class Placed:
    """Whether enough reports were placed as deep as is judged.

    blocks: (C, A, J) of each block, the judged one first, or (1, 1, 1) for all; share: (C, A) how many, of
    the judged one.
    """

    blocks: Bools
    share: Floats


def reach(window: Window, past: Past) -> int:
    """How many days before the cut a test with this past looks back."""
    if window.month:
        return 31 * max(past.blocks + 1, 12 * past.years + 1 if past.year_ago else 0)
    days = window.days + past.blocks * window.days + (past.gap if past.blocks else 0)
    return max(days, past.years * YEAR + window.days if past.year_ago else 0)


def measure(
    deltas: Deltas, watch: Watch, cuts: NDArray[np.int64], window: Window, past: Past, *,
    totals: bool = False, placed: Placed | None = None,
) -> Series:  # fmt: skip
    """The series of one indicator at every cut, each exactly as known then.

    cuts: (C,) rising ordinals. The judged block is the last `window.days` days before the cut, and
    `past.blocks` earlier ones end `past.gap` days before it begins. A baseline block of which some days
    were lost counts what was told of the others, for a whole block, where enough of it was seen. Of calendar
    months each earlier one counts what it would have in as many days as the judged one has.
    """
    starts, days = spans_of(cuts, window, past)
    known = Known(deltas, int(starts.min()), cuts, totals=totals)
    values, seen = known.sums(starts, days), Seen.of(watch, cuts, starts, days)
    share = seen.share
    usable = seen.comparable & (share >= ENOUGH)
    sure = seen.whole
    if placed is not None:
        usable, sure = usable & placed.blocks, sure & placed.blocks[:, :, 0]
    partly = usable & (share < 1)
    partly[:, :, 0] = False
    if partly.any():
        partly, share = np.broadcast_to(partly, values.shape), np.broadcast_to(share, values.shape)
        lost = known.told_on(seen.lapses(partly), values.shape)
        values = np.where(partly, (values - lost) / np.where(partly, share, 1.0), values)
    worth = share
    if window.month:
        length = days / days[:, :1]
        values = values / length[:, None, :]
        worth = np.broadcast_to(share * length[:, None, :], values.shape)
    scaled = window.month or partly.any()
    baseline = values if usable.all() else np.where(usable, values, np.nan)
    whole, unmonitored = (np.broadcast_to(of, values.shape[:2]) for of in (sure, seen.unmonitored))
    blocks, years = slice(past.blocks, 0, -1), slice(-past.years, None)
    return Series(
        cuts=cuts, window=window.days, gap=past.gap,
        lengths=days[:, : past.blocks + 1] if window.month else None,
        observed=values[:, :, 0], whole=whole, unmonitored=unmonitored,
        baseline=baseline[:, :, blocks],
        seen=np.where(usable, worth, 0.0)[:, :, blocks] if scaled else None,
        year_ago=baseline[:, :, -past.years] if past.year_ago else None,
        year_seen=worth[:, :, -past.years] if past.year_ago and scaled else None,
        years=baseline[:, :, years] if past.year_ago and past.years > 1 else None,
        years_seen=worth[:, :, years] if past.year_ago and past.years > 1 and scaled else None,
        placed=None if placed is None else placed.share,
        rescaled=watch.rescaled(starts[:, 0], cuts),
    )  # fmt: skip


def spans_of(
    cuts: NDArray[np.int64], window: Window, past: Past
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(C, J) the first day of the same blocks, and how many days each has."""
    if not window.month:
        starts = starts_of(cuts, window.days, past)
        return starts, np.full_like(starts, window.days)
    back = [*range(past.blocks + 1), *(12 * n for n in range(1, past.years + 1) if past.year_ago)]
    found = [[(months_before(int(cut), n + 1), months_before(int(cut), n)) for n in back] for cut in cuts]
    spans = np.array(found, np.int64)
    return spans[:, :, 0], spans[:, :, 1] - spans[:, :, 0]


def months_before(day: int, months: int) -> int:
    """The same day of the month so many months before, or the last one of that; ordinals."""
    of = date.fromordinal(day)
    year, month = divmod(of.year * 12 + of.month - 1 - months, 12)
    return date(year, month + 1, min(of.day, monthrange(year, month + 1)[1])).toordinal()


def starts_of(cuts: NDArray[np.int64], days: int, past: Past) -> NDArray[np.int64]:
    """(C, J) first day of the judged block, of each earlier block (newest first), of each year ago."""
    back = [days, *(days + past.gap + days * (k + 1) for k in range(past.blocks))]
    if past.year_ago:
        back += [YEAR * year + days for year in range(1, past.years + 1)]
    return cuts[:, None] - np.array(back, np.int64)[None, :]


class Known:
    """What was known of every day at each cut.

    At a single cut incidents are counted one by one. Many cuts have prefix sums of everything ever known,
    less what each could not yet see: nearly every row is known at the first cut after its day, so one grid
    serves all, and only the late rows are taken back from the cuts that came before them.
    """

    def __init__(self, deltas: Deltas, first: int, cuts: NDArray[np.int64], *, totals: bool) -> None:
        last_cut = int(cuts[-1])
        keep = (deltas.day >= first) & (deltas.day < last_cut) & (deltas.cut <= last_cut)
        self.area, self.day, self.known = deltas.area[keep], deltas.day[keep], deltas.cut[keep]
        self.weight = (deltas.total if totals else deltas.n.astype(float))[keep]
        self.first, self.cuts, self.areas = first, cuts, len(deltas.areas)
        # Sums of measures are rounded by the order in which they are added: it is one for all cuts.
        self.counts = not totals

    @cached_property
    def prefix(self) -> Floats:
        """(A, D + 1) sums of the days before each."""
        grid = np.zeros((self.areas, int(self.cuts[-1]) - self.first + 1))
        np.add.at(grid, (self.area, self.day - self.first + 1), self.weight)
        return np.cumsum(grid, axis=1)

    def sums(self, starts: NDArray[np.int64], days: int | NDArray[np.int64]) -> Floats:
        """(C, A, J) sums over the blocks of `days` (C, J) that begin at `starts` (C, J)."""
        days = np.broadcast_to(days, starts.shape)
        if self.cuts.size == 1 and self.counts:
            return self._one(starts[0], days[0])[None]
        begin = starts - self.first
        values = self.prefix[:, begin + days] - self.prefix[:, begin]
        values = np.ascontiguousarray(values.transpose(1, 0, 2))
        self._take_back(values, starts, days)
        return values

    def _one(self, starts: NDArray[np.int64], days: NDArray[np.int64]) -> Floats:
        """(A, J) the same at the only cut: a day lies in one block, but for that of a year ago."""
        order = np.argsort(starts)
        ends = (starts + days)[order]
        apart = np.append(True, starts[order][1:] >= ends[:-1])
        values = self._apart(starts, order[apart], days)
        return values if apart.all() else values + self._apart(starts, order[~apart], days)

    def _apart(
        self, starts: NDArray[np.int64], columns: NDArray[np.int64], days: NDArray[np.int64]
    ) -> Floats:
        """(A, J) the sums of these blocks alone, of which none overlaps another; they rise."""
        block = np.searchsorted(starts[columns], self.day, "right") - 1
        inside = (block >= 0) & (self.day < (starts + days)[columns][block])
        cell = self.area[inside] * starts.size + columns[block[inside]]
        counted = np.bincount(cell, self.weight[inside], self.areas * starts.size)
        return counted.astype(float, copy=False).reshape(self.areas, starts.size)

    def told_on(self, lapses: Iterable[Lapses], shape: tuple[int, ...]) -> Floats:
        """(C, A, J) what of the blocks was told of these days, as each cut knew it."""
        told, order = np.zeros(shape), np.argsort(self.day, kind="stable")
        area, known, weight = self.area[order], self.known[order], self.weight[order]
        for one in lapses:
            begin, end = (np.searchsorted(self.day[order], one.day, side) for side in ("left", "right"))
            lapse = np.repeat(np.arange(one.day.size), end - begin)
            row = np.arange(lapse.size) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin)
            row += begin[lapse]
            cut = one.cut[lapse]
            hit = one.holds(lapse, area[row]) & (known[row] <= self.cuts[cut])
            np.add.at(told, (cut[hit], area[row[hit]], one.block[lapse[hit]]), weight[row[hit]])
        return told

    def _take_back(self, values: Floats, starts: NDArray[np.int64], days: NDArray[np.int64]) -> None:
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
            hit = (age >= 0) & (age < days[cut, block])
            np.subtract.at(values, (cut[hit], area[row[hit]], block), weight[row[hit]])
