"""How deep reports are placed: what is placed only above the judged level may belong to any area below.

A report counts in the area it names and in all above. What an area counts beyond what its children count is
placed no deeper than there, and casts doubt on every area below: as a part of the reports of each region
around it, from its parent up to the root.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.detect.measure import Known, Placed
from engine.detect.series import Bools, Floats
from engine.judge.panels import Panels
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, Watch
from engine.model.region import Regions

Ints = NDArray[np.int64]

#: Noted with an indicator's rows: from which day on all were placed as deep as their level.
_DEEP = "placed as deep from"


@dataclass(frozen=True)
class Counts:
    """What an indicator counts around the areas of one level, in the blocks that begin at `starts` (C, J).

    upto: the last cut of those judged together, whose ledger rows are read already.
    """

    panels: Panels
    indicator: Indicator
    level: str
    cuts: Ints
    starts: Ints
    days: int | Ints
    upto: int = 0

    @property
    def regions(self) -> Regions:
        return self.panels.tree.around(self.level)

    @cached_property
    def deep(self) -> bool:
        """Whether at the only cut every report of every day was placed as deep as the level; of many cuts
        it is not looked up, because what one knew another did not."""
        if self.cuts.size > 1:
            return False
        first, notes = int(self.starts.min()), self._deltas(self.level).notes
        if first < notes.get(_DEEP, int(self.cuts[-1])) and self._deep_from(first):
            notes[_DEEP] = first
        return notes.get(_DEEP, int(self.cuts[-1])) <= first

    def _deep_from(self, first: int) -> bool:
        days = int(self.cuts[-1]) - first
        cells, counts = [], []
        for level, (place, above) in self.panels.tree.steps(self.level).items():
            deltas = self._deltas(level)
            seen = np.flatnonzero((deltas.day >= first) & (deltas.day < self.cuts[-1]))
            area, day, n = deltas.area[seen], deltas.day[seen] - first, deltas.n[seen]
            for region, sign in ((place, 1), (above, -1)):
                of = region[area] if (region >= 0).any() else np.empty(0, np.int64)
                there = slice(of.size) if (region >= 0).all() else np.flatnonzero(of >= 0)
                cells.append(of[there] * days + day[there])
                counts.append(sign * n[there])
        beyond = np.bincount(np.concatenate(cells), np.concatenate(counts))
        return bool((beyond <= 0).all())

    @cached_property
    def whole(self) -> Floats:
        """(C, R, J) all reports of each region."""
        return self._of(self.regions.codes)

    @cached_property
    def own(self) -> Floats:
        """(C, R, J) the reports placed in a region itself and no deeper."""
        below = np.add.reduceat(self._of(self.regions.below), self.regions.begins, axis=1)
        return np.maximum(self.whole - below, 0.0)

    def _of(self, codes: tuple[str, ...]) -> Floats:
        """(C, codes, J) the counts of areas of any levels."""
        found = np.empty((self.cuts.size, len(codes), self.starts.shape[1]))
        for level, (wanted, places) in self.panels.tree.places(codes).items():
            found[:, wanted] = self._level(level)[:, places]
        return found

    @cached_property
    def _above(self) -> dict[str, Floats]:
        """What was counted at the levels above, each as a region and below another."""
        return {}

    def _level(self, level: str) -> Floats:
        if level == self.level:
            return self._counted(level)
        if level not in self._above:
            self._above[level] = self._counted(level)
        return self._above[level]

    def _counted(self, level: str) -> Floats:
        known = Known(self._deltas(level), int(self.starts.min()), self.cuts, totals=False)
        return known.sums(self.starts, self.days)

    def _deltas(self, level: str) -> Deltas:
        first, last = int(self.starts.min()), int(self.cuts[-1])
        return self.panels.deltas(self.indicator, level, first, max(last, self.upto))


def placement(counts: Counts, watch: Watch, baseline: int) -> Placed | None:
    """Whether the reports of each block are placed as deep as the level, as its feeds are asked to; None
    where nothing lies above. The `baseline` blocks follow the judged one."""
    if not counts.regions.parents or not watch.feeds:
        return None
    wanted = np.max([np.where(feed.covers, feed.placed, 0.0) for feed in watch.feeds], axis=0)
    parent = counts.regions.own
    if counts.deep:
        return Placed(np.ones((1, 1, 1), bool), np.ones((counts.cuts.size, parent.size)))
    unplaced, whole = _unplaced(counts)
    share = _share(unplaced, whole)
    blocks = _enough(unplaced, whole, wanted, parent, baseline)
    judged = np.append(share[:, :, 0], np.ones((share.shape[0], 1)), axis=1)[:, parent]
    return Placed(blocks, judged)


def _unplaced(counts: Counts) -> tuple[Floats, Floats]:
    """(depth, C, P, J) of the regions around each parent's areas, the reports that may belong to any of
    them, and all reports of the region; zero past the root."""
    unplaced, whole, doubt = [], [], np.zeros(())
    for step in counts.regions.chains.T:
        there = (step >= 0)[None, :, None]
        doubt = doubt + np.where(there, counts.own[:, step], 0.0)
        unplaced.append(np.where(there, doubt, 0.0))
        whole.append(np.where(there, counts.whole[:, step], 0.0))
    return np.array(unplaced), np.array(whole)


def _share(unplaced: Floats, whole: Floats) -> Floats:
    """(C, P, ...) the least share placed, of all regions around."""
    share: Floats = np.divide(whole - unplaced, whole, out=np.ones_like(whole), where=whole > 0).min(axis=0)
    return share


def _enough(unplaced: Floats, whole: Floats, wanted: Floats, parent: Ints, baseline: int) -> Bools:
    """(C, A, J), or (1, 1, 1) where it is so everywhere."""
    share = _share(unplaced, whole)
    if (share >= wanted.max()).all():
        return np.ones((1, 1, 1), bool)
    enough = np.ones((share.shape[0], parent.size, share.shape[2]), bool)
    for least in np.unique(wanted):
        own = (wanted == least) & (parent >= 0)
        fine = share >= least
        fine[:, :, 1 : baseline + 1] = _past(unplaced, whole, fine, least, baseline)
        enough[:, own] = fine[:, parent[own]]
    return enough


def _past(unplaced: Floats, whole: Floats, fine: Bools, least: float, baseline: int) -> Bools:
    """(C, P, B) the same of the baseline. All of it will do where its reports together are placed well
    enough: by single blocks, the few with a report would be left out and the empty ones kept. Where they
    are not, a block without any report is as good as the one before it."""
    blocks = slice(1, baseline + 1)
    together = _share(unplaced[..., blocks].sum(axis=-1), whole[..., blocks].sum(axis=-1)) >= least
    told = (whole[0, ..., blocks] > 0) | (unplaced[..., blocks] > 0).any(axis=0)
    oldest_first = slice(None, None, -1)
    known = _carried(fine[:, :, blocks][:, :, oldest_first], told[:, :, oldest_first])[:, :, oldest_first]
    past: Bools = together[:, :, None] | known
    return past


def _carried(fine: Bools, told: Bools) -> Bools:
    """(C, P, B) what holds of each block, or else of the last before it that tells anything, or the first
    after it."""
    last = np.maximum.accumulate(np.where(told, np.arange(told.shape[2]), -1), axis=2)
    if not told.shape[2]:
        return fine
    last = np.where(last < 0, told.argmax(axis=2)[:, :, None], last)
    carried: Bools = np.take_along_axis(fine, last, axis=2) | ~told.any(axis=2, keepdims=True)
    return carried


def shallow(counts: Counts, area: str) -> Iterable[tuple[str, float, float]]:
    """Of one area at the first cut: each region around it with reports placed no deeper, how many these are,
    and how many there are in all."""
    place = {code: at for at, code in enumerate(counts.regions.codes)}
    for code in counts.panels.tree.lineage(area)[1:]:
        own = float(counts.own[0, place[code], 0])
        if own > 0:
            yield code, own, float(counts.whole[0, place[code], 0])
