"""Readings of gauges in blocks: the greatest, and the last of each place, as known at every cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Floats

Ints = NDArray[np.int64]
#: No moment is later: of what still is, and of what was not told otherwise.
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Readings:
    """What was read where and when, revision by revision; moments in epoch seconds.

    area: (R,) positions among the `areas` judged; place: (R,) which place it was read at, alike in all areas
    around it; at: (R,) when; known, until: (R,) while it was what was known (`Told`); value: (R,); ended:
    (R,) when it ended, `NEVER` where it has not.
    """

    areas: int
    area: Ints
    place: Ints
    at: Ints
    known: Ints
    until: Ints
    value: Floats
    ended: Ints


@dataclass(frozen=True)
class Blocks:
    """Blocks that end at moments, judged at others; epoch seconds.

    moments: (C,) rising, of the judgements; begin, end: (C, J), each rising from cut to cut.
    """

    moments: Ints
    begin: Ints
    end: Ints

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From when to when the blocks reach."""
        first, last = int(self.begin.min()), int(self.end.max())
        return datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC)

    def within(self, readings: Readings) -> Iterator[tuple[int, Ints, Ints]]:
        """Of each block its position, and (cut, reading) of all that were read in it and known at the cut,
        in the order of the readings."""
        known = np.searchsorted(self.moments, readings.known, "right")
        over = np.searchsorted(self.moments, readings.until, "right")
        for block in range(self.end.shape[1]):
            first = np.maximum(known, np.searchsorted(self.end[:, block], readings.at, "right"))
            last = np.minimum(over, np.searchsorted(self.begin[:, block], readings.at, "right"))
            many = np.maximum(last - first, 0)
            row = np.repeat(np.arange(many.size), many)
            yield block, first[row] + np.arange(row.size) - np.repeat(np.cumsum(many) - many, many), row


def greatest(readings: Readings, blocks: Blocks) -> Floats:
    """(C, A, J) the greatest reading of each block; NaN where there was none."""
    found = _none(readings.areas, blocks)
    for block, cut, row in blocks.within(readings):
        np.maximum.at(found[:, :, block], (cut, readings.area[row]), readings.value[row])
    return _known(found)


def latest(readings: Readings, blocks: Blocks) -> Floats:
    """(C, A, J) of the last reading of each place in each block the greatest; NaN where there was none."""
    if not readings.at.size:
        return _known(_none(readings.areas, blocks))
    order = np.lexsort((readings.value, readings.known, readings.at))
    # A place lies in several areas only where a report names several: each is a pair of its own.
    pairs, own = np.unique(
        np.stack([readings.place[order], readings.area[order]]), axis=1, return_inverse=True
    )
    found = _none(readings.areas, blocks)
    for block, cut, row in blocks.within(_sorted(readings, order)):
        last = np.full((found.shape[0], pairs.shape[1]), -np.inf)
        last[cut, own.reshape(-1)[row]] = readings.value[order][row]  # of equal cells the last one stays
        for pair, area in enumerate(pairs[1]):
            np.maximum(found[:, area, block], last[:, pair], out=found[:, area, block])
    return _known(found)


def _sorted(readings: Readings, order: Ints) -> Readings:
    names = ("area", "place", "at", "known", "until", "value", "ended")
    return replace(readings, **{name: getattr(readings, name)[order] for name in names})


def _none(areas: int, blocks: Blocks) -> Floats:
    return np.full((blocks.end.shape[0], areas, blocks.end.shape[1]), -np.inf)


def _known(found: Floats) -> Floats:
    return np.where(np.isneginf(found), np.nan, found)
