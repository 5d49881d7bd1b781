"""`rate_at_least`: the judged block holds at least so many per so many inhabitants."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from engine.detect.exact import AtLeast, decimal, thresholds
from engine.detect.series import Floats, Past, Series, Upper
from engine.model.rule import Window

ID = "rate_at_least"


@dataclass(frozen=True, slots=True)
class Params:
    """rate: the smallest rate that holds; per: inhabitants it is counted against."""

    rate: float
    per: int = 100_000

    def __post_init__(self) -> None:
        if not 0 < self.rate < np.inf:
            raise ValueError("rate_at_least needs a rate above 0, and not an infinite one")
        if not self.per > 0:
            raise ValueError("rate_at_least: per needs a number of inhabitants above 0")


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> Upper:
    """A rate without a population is unknown, never zero."""
    shape = series.observed.shape
    people = series.population if series.population is not None else np.full(shape[1], np.nan)
    rate = decimal(params.rate) / params.per
    upper = np.broadcast_to(_upper(rate, people.tobytes()), shape)
    known = np.broadcast_to(people > 0, shape)
    return AtLeast(np.full(shape, np.nan), known, np.where(known, upper, np.inf), strict=False)


@lru_cache(maxsize=64)
def _upper(rate: Fraction, people: bytes) -> Floats:
    """The count from which on each area has the rate: exact, and therefore slow, and of a tree always the
    same."""
    return thresholds(np.frombuffer(people), lambda of: rate * of)
