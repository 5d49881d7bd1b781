"""When a forecast is judged, and on what: each once, by what happens within its horizon.

A *judgement* is one place on one watch day: what stands there says whether something will happen within the
days of the horizon, that day the first. The next judgement of the place comes when the horizon has passed,
or on the day on which something graver is said than was said last. A warning that stands for four weeks
with a horizon of four weeks is judged once, and so are four quiet weeks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Bools

Days = NDArray[np.int64]


def asked(grades: NDArray[np.int8], ahead: Days) -> Bools:
    """(P, D) the days on which a judgement is made.

    grades: (P, D) what stood on each day; ahead: (P,) the horizon of each place, in days.
    """
    found = np.zeros(grades.shape, bool)
    due, said = np.zeros(len(grades), np.int64), np.zeros(len(grades), grades.dtype)
    for day in range(grades.shape[1]):
        now = (due <= day) | (grades[:, day] > said)
        found[now, day] = True
        due[now], said[now] = day + ahead[now], grades[now, day]
    return found


def within(days: Bools, first: int, ahead: Days, count: int) -> Bools:
    """(P, count) whether any of the `ahead` days from `first` on is one of the days marked; then from the
    next day on, and so forth."""
    so_far = np.zeros((len(days), days.shape[1] + 1), np.int64)
    np.cumsum(days, axis=1, out=so_far[:, 1:])
    begins = first + np.arange(count)[None, :]
    ends = begins + ahead[:, None]
    found: Bools = np.take_along_axis(so_far, ends, axis=1) > so_far[:, first : first + count]
    return found
