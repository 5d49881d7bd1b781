"""What was counted lately, the older the less, as known at every cut: the rates that chances are made of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.detect.measure import ENOUGH, Known
from engine.detect.series import Bools, Floats
from engine.judge.panels import Panels
from engine.model.indicator import Indicator
from engine.model.panel import Watch, Watched

Ints = NDArray[np.int64]

#: After so many days what was counted counts half.
HALVES = (2, 7, 28, 91)
#: How far back is looked, in stretches within which all days count alike: the days before the cut at which
#: they begin.
EDGES = (0, 1, 2, 4, 7, 14, 28, 56, 91, 182, 364)
BACK = EDGES[-1]
#: Of so many days before the cut enough must have been reported on.
_LATELY = 28
#: In the place of no days at all.
_NEVER = 1e-12


@dataclass(frozen=True)
class Lately:
    """Rates a day at C cuts in A areas, one for each of `HALVES`.

    rates: (C, A, H) what was told of the days on which the same feeds reported as now: where some of them
    were lost, a lower bound; known: (C, A) False where too few of the last days were reported on, or some of
    them are told in another scale; whole: (C, A) whether enough of them, the older the less, were heard and
    read.
    """

    rates: Floats
    known: Bools
    whole: Bools


def lately(indicator: Indicator, level: str, panels: Panels, cuts: Ints) -> Lately:
    """The rates of an indicator at rising cuts."""
    first, last = int(cuts[0]) - BACK, int(cuts[-1]) - 1
    deltas = panels.deltas(indicator, level, first, last + 1)
    watch = panels.watch(indicator, level, first, last + 1)
    known = Known(deltas, first, cuts, totals=indicator.measure != "incidents")
    spans = list(pairwise(EDGES))
    told = np.concatenate(
        [known.sums((cuts - end)[:, None], end - begin) for begin, end in spans], axis=2
    )
    reported, heard = _exposed(watch, cuts, first, last)
    weight = np.array([[_weight(begin, end, half) for begin, end in spans] for half in HALVES])
    # Of stretches in which others reported than now nothing is compared.
    alike = reported >= ENOUGH * np.array([end - begin for begin, end in spans])
    told, reported, heard = (np.where(alike, of, 0.0) for of in (told, reported, heard))
    days = np.maximum(reported @ weight.T, _NEVER)
    near = reported[:, :, : EDGES.index(_LATELY)].sum(axis=2) >= ENOUGH * _LATELY
    rescaled = watch.rescaled(cuts - _LATELY, cuts)
    if rescaled is not None:
        near &= ~rescaled
    return Lately(told @ weight.T / days, near, (heard @ weight.T / days >= ENOUGH).all(axis=2))


def _weight(begin: int, end: int, half: int) -> float:
    """How much a day of the stretch counts, on average."""
    return float(np.mean(0.5 ** (np.arange(begin, end) / half)))


def _exposed(watch: Watch, cuts: Ints, first: int, last: int) -> tuple[Floats, Floats]:
    """(C, A, stretches) on how many days of each the same feeds reported as on the last day before the cut,
    and on how many of these all was heard and read."""
    shape = (cuts.size, watch.areas, len(EDGES) - 1)
    reported, heard = np.zeros(shape), np.zeros(shape)
    for group in watch.groups:
        same = _same(group, cuts, first, last)
        lost = group.lost(cuts, first, last, watch.wait)
        reported[:, group.areas] = _in_stretches(same, cuts, first)[:, None]
        heard[:, group.areas] = _in_stretches(same & ~lost, cuts, first)[:, None]
    for feed in watch.feeds:
        for day in feed.unread:
            if day.area is not None:
                at = np.arange(*np.searchsorted(cuts, (max(day.begins, day.day + 1), day.ends)))
                back = cuts[at] - 1 - day.day
                stretch = np.searchsorted(EDGES, back, "right") - 1
                near = back < BACK
                heard[at[near], day.area, stretch[near]] -= 1.0
    return reported, np.maximum(heard, 0.0)


def _same(group: Watched, cuts: Ints, first: int, last: int) -> Bools:
    """(C, days first..last) on which the very feeds report that do so on the last day before each cut."""
    days = np.arange(first, last + 1)
    same, some = np.ones((cuts.size, days.size), bool), np.zeros((cuts.size, 1), bool)
    for feed in group.feeds:
        now = feed.fills(cuts - 1)[:, None]
        same &= feed.fills(days)[None, :] == now
        some |= now
    return same & some


def _in_stretches(days: Bools, cuts: Ints, first: int) -> Floats:
    """(C, stretches) how many of the days before each cut are marked."""
    total = np.zeros((days.shape[0], days.shape[1] + 1), np.int64)
    np.cumsum(days, axis=1, out=total[:, 1:])
    ends = (cuts - first)[:, None] - np.array(EDGES)[None, :]
    upto = np.take_along_axis(total, ends, axis=1)
    return cast(Floats, (upto[:, :-1] - upto[:, 1:]).astype(float))
