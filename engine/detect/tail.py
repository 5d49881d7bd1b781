"""A model that is a p-value: holds where the chance of at least this much is at most alpha."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.detect.dispersion import UNTOLD
from engine.detect.exact import at_most
from engine.detect.series import Bools, Floats


@dataclass(frozen=True)
class Tailed:
    """expected, known and every array of `given` are (C, A); `chance(observed, *given)` is the p-value
    cell by cell and never rises with the count, unless `fewer` turns the test round to counts that are
    too small."""

    expected: Floats
    known: Bools
    alpha: float
    chance: Callable[..., Floats]
    given: tuple[Floats, ...]
    fewer: bool = False
    #: A larger count changes nothing.
    most: float = 2.0**40
    #: Shown in an explanation, (C, A) each, in this order.
    shown: Mapping[str, Floats] = field(default_factory=dict)
    #: Where the past is long enough, and what happened in it too little: those cells are unknown too.
    doubtful: Bools | None = None

    def pvalue(self, observed: Floats) -> Floats:
        return self.chance(observed, *self.given)

    def holds(self, observed: Floats) -> Bools:
        return at_most(self.pvalue(observed), self.alpha)

    def needed(self, cut: int, area: int) -> float | None:
        """The smallest whole count that would hold (for `fewer`: the largest); None where there is none."""
        found = float(_turn(self, tuple(values[cut, area] for values in self.given), ()))
        return found if np.isfinite(found) else None

    def turn(self) -> Floats:
        """(C, A) `needed` of every cell at once: NaN where no count would hold, infinite where (for
        `fewer`) every count would."""
        return _turn(self, self.given, self.expected.shape)

    def untold(self, cut: int, area: int) -> str:
        return UNTOLD if self.doubtful is not None and self.doubtful[cut, area] else ""

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        return {"alpha": self.alpha} | {name: float(values[cut, area]) for name, values in self.shown.items()}


def _turn(model: Tailed, given: tuple[Floats, ...], shape: tuple[int, ...]) -> Floats:
    """Where `chance` crosses alpha, by doubling and halving."""

    def past(counts: Floats) -> Bools:
        enough = at_most(model.chance(counts, *given), model.alpha)
        return ~enough if model.fewer else enough

    low, high = np.full(shape, -1.0), np.ones(shape)
    while (short := ~past(high) & (high < model.most)).any():
        low, high = np.where(short, high, low), np.where(short, 2.0 * high, high)
    never = ~past(high)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = past(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    if not model.fewer:
        return np.where(never, np.nan, high)
    return np.where(never, np.inf, np.where(high < 1, np.nan, high - 1))
