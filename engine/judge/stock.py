"""The series of an indicator that keeps a stock: what is open, and how much more than when a block began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from engine.detect.measure import ENOUGH, starts_of
from engine.detect.reading import Blocks
from engine.detect.seen import Seen
from engine.detect.series import Floats, Past, Series
from engine.detect.stock import open_at
from engine.judge.panels import Panels
from engine.judge.placement import Counts, Ints, placement
from engine.judge.reading import blocks_of, columns
from engine.model.indicator import Indicator, Take
from engine.model.rule import Rule
from engine.model.told import Told


@dataclass(frozen=True, kw_only=True)
class _Stocks(Counts):
    """What is open around the areas of a level at the end of each block, in the place of what is counted."""

    told: Sequence[Told]
    blocks: Blocks

    @property
    def deep(self) -> bool:
        return False

    def values(self, codes: tuple[str, ...]) -> Floats:
        """(C, codes, J) the stock of areas of any levels, or how much it grew in the blocks."""
        records, of = columns(self.told, self.panels.tree, codes), self.blocks
        older = int(self.indicator.older / timedelta(seconds=1))
        now = open_at(records, of.moments, of.end, older)
        grown = self.indicator.take is Take.CHANGE
        return now - open_at(records, of.moments, of.begin, older) if grown else now

    def _of(self, codes: tuple[str, ...]) -> Floats:
        """Of the open ones by how deep they are placed, also where it is asked how much they grew."""
        records, of = columns(self.told, self.panels.tree, codes), self.blocks
        return open_at(records, of.moments, of.end)


def stocked(rule: Rule, indicator: Indicator, panels: Panels, cuts: Ints, past: Past) -> Series:
    """A stock in the rule's blocks, each at its end and as known at its cut.

    Where something of a block was missed, it may be openings or closings: there the stock is unknown.
    """
    days, starts = rule.window.days, starts_of(cuts, rule.window.days, past)
    watch = panels.watch(indicator, rule.level, int(starts.min()), int(cuts[-1]))
    seen = Seen.of(watch, cuts, starts, days)
    blocks = blocks_of(panels.calendar, cuts, starts, days)
    told = panels.told(indicator, *blocks.span, lasting=True)
    counts = _Stocks(panels, indicator, rule.level, cuts, starts, days, told=told, blocks=blocks)
    codes = panels.tree.at(rule.level)
    values, placed = counts.values(codes), placement(counts, watch, past.blocks)
    there = np.broadcast_to((seen.lost == 0) & (seen.filled == days), values.shape)
    enough = np.broadcast_to((seen.share >= ENOUGH) & seen.comparable, values.shape)
    deep = np.ones((1, 1, 1), bool) if placed is None else placed.blocks
    return Series(
        cuts=cuts, window=days, gap=past.gap, observed=values[:, :, 0],
        whole=there[:, :, 0] & np.broadcast_to(deep[:, :, 0], there.shape[:2]), unmonitored=~there[:, :, 0],
        baseline=np.where(enough & deep, values, np.nan)[:, :, past.blocks : 0 : -1],
        placed=None if placed is None else placed.share, codes=codes,
    )  # fmt: skip
