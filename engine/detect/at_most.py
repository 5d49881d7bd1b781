"""`at_most`: the judged block holds at most so many, where somebody was looking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.detect.exact import rounded
from engine.detect.series import Bools, Floats, Past, Series, Upper
from engine.model.rule import Window

ID = "at_most"


@dataclass(frozen=True, slots=True)
class Params:
    """most: the largest value (a count, or a sum of the measure) that holds; 0 is none at all."""

    most: float

    def __post_init__(self) -> None:
        if not 0 <= self.most < np.inf:
            raise ValueError("at_most needs a number of 0 or more, and not an infinite one")


class AtMost(Upper):
    """Holds up to its threshold; a sum is rounded to the digits that are more than noise."""

    def holds(self, observed: Floats) -> Bools:
        return rounded(observed) <= self.upper

    def needed(self, cut: int, area: int) -> float | None:
        """The largest value that holds."""
        return float(self.upper[cut, area])


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> AtMost:
    """Unknown wherever the judged block is not whole: more may have happened than was told."""
    shape = series.observed.shape
    known = series.whole & ~np.isnan(series.observed)
    if series.unmonitored is not None:
        known &= ~series.unmonitored
    most = np.full(shape, float(params.most))
    return AtMost(expected=np.full(shape, np.nan), known=known, upper=most)
