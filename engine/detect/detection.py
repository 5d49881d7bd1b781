"""What a method answers over a stretch of time, and the checks that every method makes of its input."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.detect.series import Bools, Floats

Times = NDArray[np.int64]
#: Larger counts are no longer whole numbers in what is computed from them.
LARGEST = 10**15
_ARRAYS = ("times", "expected", "upper", "score", "pvalue", "alarm", "known")


@dataclass(frozen=True)
class Detection:
    """S series judged at T time points; every array but `times` is (S, T).

    times: (T,) positions (from 0) in the series given; expected: what the past leads to expect;
    upper: the threshold, NaN where the method has none; score: how far the observed value goes towards
    the threshold, in the method's own unit; pvalue: the chance of at least this much, NaN where the
    method has none; alarm: held; known: False where the method could not judge, and `alarm` then
    means nothing.
    """

    times: Times
    expected: Floats
    upper: Floats
    score: Floats
    pvalue: Floats
    alarm: Bools
    known: Bools
    #: What else a method has to say, (S, T) each.
    extra: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (self.alarm.shape[0], self.times.size)
        for name in _ARRAYS[1:]:
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, expected {shape}")


def joined(parts: Sequence[Detection]) -> Detection:
    """The same series at the time points of all the parts, in their order."""

    def along(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts], axis=-1)

    extra = {name: np.concatenate([part.extra[name] for part in parts], axis=1) for name in parts[0].extra}
    return Detection(**{name: along(name) for name in _ARRAYS}, extra=extra)


def as_counts(values: ArrayLike) -> Floats:
    """(S, T) float counts from one series or many; NaN means that nobody was looking.

    Raises ValueError for more than two axes, no values at all, a negative value or one above 1e15.
    """
    counts = np.atleast_2d(np.asarray(values, dtype=float))
    if counts.ndim != 2 or counts.size == 0:
        raise ValueError(f"counts must be (series, time) and not empty, found shape {counts.shape}")
    if (counts > LARGEST).any():
        raise ValueError(f"a count is above {LARGEST:.0e}, found {np.nanmax(counts):g}")
    if (counts < 0).any():
        row, column = (int(found[0]) for found in np.nonzero(counts < 0))
        raise ValueError(
            f"a count is negative: {counts[row, column]:g} at time point {column + 1} of series {row + 1}"
        )
    return counts


def as_times(times: Sequence[int] | Times | None, length: int, first: int, method: str) -> Times:
    """(T,) the positions to judge, ascending; all from `first` on where none are given.

    Raises ValueError where the series is too short for the method or a position lies outside.
    """
    if length <= first:
        raise ValueError(
            f"{method} needs at least {first + 1} time points with these parameters, found {length}"
        )
    if times is None:
        return np.arange(first, length)
    chosen = np.unique(np.asarray(times, dtype=np.int64))
    if chosen.size == 0:
        raise ValueError("the range holds no time point")
    if chosen[0] < first or chosen[-1] >= length:
        raise ValueError(
            f"{method} can judge the time points {first + 1} to {length} with these parameters, "
            f"found {chosen[0] + 1} to {chosen[-1] + 1}"
        )
    return chosen


def before(values: Floats, times: Times, length: int, gap: int = 0) -> Floats:
    """(S, T, length) the points of `values` that end `gap` points before each of `times`, oldest first."""
    windows = np.lib.stride_tricks.sliding_window_view(values, length, axis=1)
    return windows[:, times - gap - length]


def reachable(alpha: float, replicates: int) -> None:
    """Refuse an alpha that no chance told by so many replicates can fall to: it is at least 1 in one more."""
    if alpha * (replicates + 1) < 1 - 1e-9:
        least = math.ceil(1 / alpha) - 1
        raise ValueError(f"alpha {alpha:g} is never reached: it needs replicates: {least} or more")


def within(name: str, value: float, low: float, high: float, *, closed: bool = True) -> None:
    """Raise ValueError unless `value` is finite and in [low, high], or in (low, high) if not `closed`."""
    inside = low <= value <= high if closed else low < value < high
    if inside and abs(value) != np.inf:
        return
    if np.isinf(high):
        where = f"at {low:g} or above" if closed else f"above {low:g}"
    else:
        where = f"from {low:g} to {high:g}" if closed else f"strictly between {low:g} and {high:g}"
    raise ValueError(f"{name} must lie {where}, found {value!r}")


def one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    """Raise ValueError unless `value` is one of `allowed`."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, found {value!r}")
