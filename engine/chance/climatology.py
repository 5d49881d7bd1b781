"""How often something happens anyway: each place's own past, and the season, as known then.

A year ago counts half of what today does: wars end, and a place is not what it was.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.model.later import Later

signal = Later("scipy.signal")

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: For so many horizons a place counts as all places together do, before its own past outweighs them.
STRENGTH = 4.0
#: A season is told by the days of other years within so many days of it, once two of them are known.
SEASON, YEARS = 45, 2
_YEAR = 365
#: How much of what was known a day before still counts.
KEPT = 0.5 ** (1 / _YEAR)


def climatology(event: Bools, known: Bools, ahead: NDArray[np.int64], first: int) -> Floats:
    """(P, T - first) for each place and day from `first` on the chance that something happens within the
    horizon which begins then.

    event: (P, T) whether something happened within the horizon that begins on a day; known: (P, T) whether
    anybody can tell; ahead: (P,) the horizons in days. Of a horizon is known on the day after it.
    """
    own = usual(event, known, ahead, first)
    return np.asarray(np.clip(own * _season(event & known, known, ahead, first), 0.0, 1.0), float)


def usual(event: Bools, known: Bools, ahead: NDArray[np.int64], first: int) -> Floats:
    """(P, T - first) the same whatever the season is."""
    came, told = (_so_far(part, ahead, first) for part in (event & known, known))
    weight = STRENGTH * ahead[:, None].astype(float)
    base = (came.sum(axis=0) + 0.5) / (told.sum(axis=0) + 1.0)
    return np.asarray((came + weight * base[None, :]) / (told + weight), float)


def _so_far(days: Bools, ahead: NDArray[np.int64], first: int) -> Floats:
    """(P, T - first) how many of the days are marked whose horizon is over, the older the less."""
    summed = np.zeros((len(days), days.shape[1] + 1))
    summed[:, 1:] = signal.lfilter([1.0], [1.0, -KEPT], days.astype(float), axis=1)
    over = np.arange(first, days.shape[1])[None, :] - ahead[:, None] + 1
    return np.asarray(np.take_along_axis(summed, np.clip(over, 0, None), axis=1), float)


def _season(event: Bools, known: Bools, ahead: NDArray[np.int64], first: int) -> Floats:
    """(T - first,) how much more happens at this time of the year, in all places together; 1 until it is
    known of two years before."""
    came, told = (np.concatenate([[0.0], np.cumsum(part.sum(axis=0))]) for part in (event, known))
    factor = np.ones(event.shape[1] - first)
    far = int(ahead.max(initial=1))
    for day in range(first, event.shape[1]):
        spans = [(at - SEASON, at + SEASON + 1) for at in range(day - _YEAR, SEASON, -_YEAR)]
        n = sum(told[stop] - told[start] for start, stop in spans)
        over = max(day - far + 1, 0)
        if len(spans) >= YEARS and n and came[over]:
            k = sum(came[stop] - came[start] for start, stop in spans)
            base = came[over] / told[over]
            near = STRENGTH * far * len(event) / 4
            factor[day - first] = (k + near * base) / (n + near) / base
    return factor
