"""The series of an indicator that reads gauges: nothing adds up, and no reading is no zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.detect.measure import ENOUGH, starts_of
from engine.detect.reading import NEVER, Blocks, Readings, greatest, latest
from engine.detect.seen import Seen
from engine.detect.series import Past, Series
from engine.judge.panels import Panels
from engine.judge.placement import Counts, placement
from engine.model.area import AreaTree
from engine.model.indicator import Indicator, Take
from engine.model.period import Calendar
from engine.model.rule import Rule
from engine.model.told import Told

Ints = NDArray[np.int64]


def read(rule: Rule, indicator: Indicator, panels: Panels, cuts: Ints, past: Past) -> Series:
    """An indicator of readings in the rule's blocks, each as known at its cut.

    The greatest of a block is a lower bound where something of the block was missed; the last is unknown
    there, unless it holds. A block without any reading is unknown, and never zero.
    """
    days, starts = rule.window.days, starts_of(cuts, rule.window.days, past)
    first, last = int(starts.min()), int(cuts[-1])
    watch = panels.watch(indicator, rule.level, first, last)
    seen = Seen.of(watch, cuts, starts, days)
    counts = Counts(panels, indicator, rule.level, cuts, starts, days)
    placed = placement(counts, watch, past.blocks)
    blocks = blocks_of(panels.calendar, cuts, starts, days, indicator.holds)
    values = (greatest if indicator.take is Take.MAX else latest)(
        readings(indicator, rule.level, panels, blocks), blocks
    )
    there = np.isfinite(values)
    whole = np.broadcast_to((seen.lost == 0) & (seen.filled == days), there.shape)
    enough = np.broadcast_to((seen.share >= ENOUGH) & seen.comparable, there.shape)
    if placed is not None:
        whole, enough = whole & placed.blocks, enough & placed.blocks
    if indicator.take is Take.LAST:
        values = values if indicator.holds else np.where(whole, values, np.nan)
        there = whole = enough = np.isfinite(values)
    rescaled = watch.rescaled(starts[:, 0] - -(-indicator.holds // timedelta(days=1)), cuts)
    if rescaled is not None:
        whole = whole & ~rescaled[:, :, None]
    return Series(
        cuts=cuts, window=days, gap=past.gap, observed=values[:, :, 0],
        whole=whole[:, :, 0] & there[:, :, 0],
        unmonitored=np.broadcast_to(seen.unmonitored, there.shape[:2]),
        baseline=np.where(enough, values, np.nan)[:, :, past.blocks : 0 : -1],
        placed=None if placed is None else placed.share, codes=panels.tree.at(rule.level),
        rescaled=rescaled,
    )  # fmt: skip


def blocks_of(
    calendar: Calendar, cuts: Ints, starts: Ints, days: int, holds: timedelta = timedelta(0)
) -> Blocks:
    """The blocks of `days` that begin at the local days `starts` (C, J); those in which a reading `holds`
    begin so long before they end."""
    midnight = np.vectorize(
        lambda day: int(calendar.midnight(date.fromordinal(int(day))).timestamp()), [np.int64]
    )
    moments = moments_of(calendar, cuts)
    end = midnight(starts + days)
    begin = end - int(holds / timedelta(seconds=1)) if holds else midnight(starts)
    return Blocks(moments, begin, end)


def moments_of(calendar: Calendar, cuts: Ints) -> Ints:
    """When each cut is judged, in epoch seconds."""
    moments = (calendar.cut_at(date.fromordinal(int(cut))) for cut in cuts)
    return np.array([int(moment.timestamp()) for moment in moments], np.int64)


def readings(indicator: Indicator, level: str, panels: Panels, blocks: Blocks) -> Readings:
    """All that was read of the blocks, in the areas of a level."""
    return columns(panels.told(indicator, *blocks.span), panels.tree, panels.tree.at(level))


def columns(told: Sequence[Told], tree: AreaTree, codes: tuple[str, ...]) -> Readings:
    """Revisions as columns, one row for each of the areas `codes` that they lie in."""
    position = {code: at for at, code in enumerate(codes)}
    within: dict[tuple[str, ...], tuple[int, list[int]]] = {}
    for one in told:
        if one.areas not in within:
            around = {above for code in one.areas if code in tree for above in tree.lineage(code)}
            within[one.areas] = len(within), sorted(position[code] for code in around & position.keys())
    area, place, at, known, over, row, ended = (
        np.array(list(_rows(told, within)), np.int64).reshape(-1, 7).T
    )  # fmt: skip
    amounts = np.array([one.amount for one in told], np.float64)
    return Readings(len(position), area, place, at, known, over, amounts[row], ended)


def _rows(told: Sequence[Told], within: dict[tuple[str, ...], tuple[int, list[int]]]) -> Iterator[list[int]]:
    for at, one in enumerate(told):
        place, areas = within[one.areas]
        over, ended = (NEVER if moment is None else moment for moment in (one.until, one.ended))
        for area in areas:
            yield [area, place, one.occurred, one.known, over, at, ended]
