"""What is open at moments, as known at cuts: opened by then, and not closed."""

from __future__ import annotations

import numpy as np

from engine.detect.reading import Ints, Readings
from engine.detect.series import Floats


def open_at(records: Readings, moments: Ints, when: Ints, older: int = 0) -> Floats:
    """(C, A, J) how many records are open at the moments `when` (C, J), as known at `moments` (C,).

    moments and each column of `when` rise, in epoch seconds; older: only what has been open for longer than
    so many seconds.
    """
    known = np.searchsorted(moments, records.known, "right")
    over = np.searchsorted(moments, records.until, "right")
    found = np.empty((moments.size, records.areas, when.shape[1]))
    for column, at in enumerate(when.T):
        first = np.maximum(known, np.searchsorted(at, records.at + older, "right"))
        last = np.minimum(over, np.searchsorted(at, records.ended, "left"))
        there = first < last
        steps = np.zeros((moments.size + 1, records.areas))
        np.add.at(steps, (first[there], records.area[there]), 1.0)
        np.add.at(steps, (last[there], records.area[there]), -1.0)
        found[:, :, column] = np.cumsum(steps, axis=0)[:-1]
    return found
