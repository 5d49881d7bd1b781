"""New: seen now, and never within the baseline before.

Asks for proven absence: where part of the baseline was not watched and the rest is empty, nobody can say,
and the answer is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.detection import Detection, Times, as_counts, as_times, before, within
from engine.detect.exact import AtLeast, rounded
from engine.detect.series import Bools, Floats, Past, Series, Upper
from engine.model.rule import Window

ID = "new"


@dataclass(frozen=True)
class Params:
    """One rung: `new: {at_least: 1}`; the rule's `window` and `baseline` say within what time."""

    at_least: float = 1

    def __post_init__(self) -> None:
        within("at_least", self.at_least, 0, np.inf, closed=False)


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    baseline: int = 52,
    at_least: float = 1,
) -> Detection:
    """First seen within `baseline` points, in counts (S, T) at each of `times`.

    `expected` is 0 where nothing was seen, else what the baseline averaged; `upper` the count that
    alarms (y >= upper), infinite where there was something before; `score` is the count; no p-value.

    Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    params = Params(at_least)
    within("baseline", baseline, 1, np.inf)
    values = as_counts(counts)
    chosen = as_times(times, values.shape[1], baseline, ID)
    expected, upper, known = _judge(before(values, chosen, baseline), params)
    today = values[:, chosen]
    known &= ~np.isnan(today)
    nothing = np.broadcast_to(np.nan, today.shape)
    return Detection(chosen, expected, upper, today, nothing, (rounded(today) >= upper) & known, known)


def _judge(past: Floats, params: Params) -> tuple[Floats, Floats, Bools]:
    """Expected, threshold and known (...) from the blocks before (..., B)."""
    seen = ~np.isnan(past)
    total = np.where(seen, past, 0.0).sum(axis=-1)
    expected = np.where(total > 0, total / np.maximum(seen.sum(axis=-1), 1), 0.0)
    upper = np.where(total > 0, np.inf, float(params.at_least))
    return expected, upper, seen.all(axis=-1) | (total > 0)


def past(params: Params, window: Window) -> Past:
    """The rule's baseline."""
    within("baseline", window.baseline, 1, np.inf)
    return Past(window.baseline, window.gap)


def model(series: Series, params: Params) -> Upper:
    """Holds from `at_least` on where the whole baseline is known to be empty."""
    # Nothing in the part of a block that was seen is no proof of nothing in the block.
    proven = np.where((series.watched < 1) & (series.baseline == 0), np.nan, series.baseline)
    expected, upper, known = _judge(proven, params)
    return AtLeast(expected, known & (series.baseline.shape[2] > 0), upper, strict=False)
