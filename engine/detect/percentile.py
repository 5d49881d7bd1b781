"""`percentile`: the judged block holds more than so large a part of the other areas do.

Areas are compared at one moment and with each other, not with their past: so what moves all of them is no
news, and one that always leads always holds. An area that counts the same is not below. Of areas that were
not observed whole nobody knows where they stand, and they are left out; where too few are left, nobody can
tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from engine.detect.detection import one_of, within
from engine.detect.exact import decimal, rounded
from engine.detect.series import Bools, Floats, Past, Series, Upper
from engine.model.rule import Window

ID = "percentile"
BY = ("count", "rate")


@dataclass(frozen=True, slots=True)
class Params:
    """above: the part of the other areas (0.95) that must hold less; by: `count`, or `rate`, by inhabitants;
    among: how many other areas must be known, or nobody can tell."""

    above: float
    by: str = "count"
    among: int = 10

    def __post_init__(self) -> None:
        within("above", self.above, 0, 1, closed=False)
        one_of("by", self.by, BY)
        within("among", self.among, 2, 100_000)


class Above(Upper):
    """Holds above its threshold; sums and rates are rounded to the digits that are more than noise."""

    def holds(self, observed: Floats) -> Bools:
        return rounded(observed) > self.upper


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> Above:
    """What the area must exceed: the least of the others that has so many of them at or below it."""
    people = np.ones(series.observed.shape[1])
    if params.by == "rate":
        people = series.population if series.population is not None else people * np.nan
        people = np.where(people > 0, people, np.nan)
    values, judged = series.observed / people, np.ones(people.size, bool)
    if series.judged is not None:
        judged = series.judged
    there = series.whole & ~np.isnan(values) & judged
    if series.unmonitored is not None:
        there &= ~series.unmonitored
    part = decimal(params.above)
    found = [_of_others(*of, part) for of in zip(rounded(values), there, strict=True)]
    upper = rounded(np.array([least for least, _ in found]).reshape(values.shape) * people)
    others = np.array([number for _, number in found], float).reshape(values.shape)
    known = (others >= params.among) & ~np.isnan(people)
    unknown = judged.sum() - 1 - others
    return Above(
        expected=np.full(values.shape, np.nan), known=known, upper=np.where(known, upper, np.inf),
        extra={"others": others, "unknown": unknown},
    )  # fmt: skip


def _of_others(values: Floats, known: Bools, part: Fraction) -> tuple[Floats, Floats]:
    """(A,) what each area must exceed, and how many others are known."""
    ranked = np.sort(values[known])
    others = ranked.size - known.astype(int)
    place = np.array([ceil(part * int(number)) for number in others])
    padded = np.append(np.concatenate([[-np.inf], ranked]), np.inf)
    # Without its own value those from it on stand a place lower.
    least = padded[np.minimum(place, ranked.size)]
    after = padded[np.minimum(place + 1, ranked.size + 1)]
    return np.where(known & (values <= least), after, least), others.astype(float)
