"""`at_least`: the judged block holds at least so many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.detect.exact import AtLeast
from engine.detect.series import Past, Series, Upper
from engine.model.rule import Window

ID = "at_least"


@dataclass(frozen=True, slots=True)
class Params:
    """count: the smallest value (a count, or a sum of the measure) that holds."""

    count: float

    def __post_init__(self) -> None:
        if not 0 < self.count < np.inf:
            raise ValueError("at_least needs a number above 0, and not an infinite one")


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> Upper:
    shape = series.observed.shape
    return AtLeast(
        expected=np.full(shape, np.nan), known=np.ones(shape, bool),
        upper=np.full(shape, float(params.count)), strict=False,
    )  # fmt: skip
