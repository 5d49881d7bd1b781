"""Thresholds compared as the decimal numbers people write: 7 of 100 are a share of 0.07.

In floats 0.07 * 100 is above 7, and 0.7 + 0.2 + 0.1 is below 1: a count that meets its threshold exactly
would miss it by the last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.detect.series import Bools, Floats, Upper

#: Sums of measures, and probabilities, are told apart by so many significant digits.
DIGITS = 12
_SLACK = 1 + 10.0**-DIGITS


class AtLeast(Upper):
    """Holds from its threshold on; a sum is rounded to the digits that are more than noise."""

    def holds(self, observed: Floats) -> Bools:
        return rounded(observed) >= self.upper


def decimal(value: float) -> Fraction:
    """The number that is written so."""
    return Fraction(repr(float(value)))


def thresholds(values: ArrayLike, exactly: Callable[[Fraction], Fraction]) -> Floats:
    """Of each value the smallest float that is, as a decimal number, at least `exactly` of it; NaN stays."""
    given = np.asarray(values, float)
    distinct, place = np.unique(given, return_inverse=True)
    found = [_smallest(exactly(decimal(one))) if np.isfinite(one) else one for one in distinct]
    return np.array(found, float)[place].reshape(given.shape)


def at_most(chance: Floats, alpha: float) -> Bools:
    """Whether probabilities are at most alpha; one that equals it differs from it by rounding alone."""
    return chance <= alpha * _SLACK


def rounded(values: Floats) -> Floats:
    """Whole numbers as they are, others to `DIGITS` significant digits."""
    given: NDArray[np.float64] = np.array(values, float)
    odd = np.isfinite(given) & (given != np.floor(given))
    given[odd] = [float(f"{one:.{DIGITS}g}") for one in given[odd]]
    return given


def _smallest(bound: Fraction) -> float:
    nearest = float(bound)
    return nearest if decimal(nearest) >= bound else float(np.nextafter(nearest, np.inf))
