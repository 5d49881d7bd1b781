"""Silent: fewer than the baseline leads to expect, where somebody was looking.

A place or a feed gone quiet is a finding; a feed that failed is not: a count that is only a lower bound, or
that nobody made, is unknown here and never silence. Holds where the chance of so few, under the
negative-binomial predictive of the baseline, is at most alpha; where the usual count is too small for even a
zero to be that unlikely, no count holds, and the explanation says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.detection import Detection, Times, as_counts, as_times, before, one_of, within
from engine.detect.exact import at_most
from engine.detect.negbin import lower_tail
from engine.detect.predictive import FEWEST, NOISE, predictive
from engine.detect.series import Floats, Past, Series
from engine.detect.tail import Tailed
from engine.model.rule import Window

ID = "silent"


@dataclass(frozen=True)
class Params:
    """One rung: `silent: {alpha: 0.01}`; alpha: the chance of so few if nothing is amiss; noise: negbin
    (over-dispersion estimated) or poisson."""

    alpha: float = 0.01
    noise: str = "negbin"

    def __post_init__(self) -> None:
        within("alpha", self.alpha, 0, 0.5, closed=False)
        one_of("noise", self.noise, NOISE)


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    baseline: int = 26,
    gap: int = 0,
    alpha: float = 0.01,
    noise: str = "negbin",
) -> Detection:
    """Too few, in counts (S, T) at each of `times`, for the `baseline` points that end `gap` earlier.

    `upper` is the largest count that alarms (alarm where y <= upper), -1 where even a zero would not;
    `score` the count over its expectation, `pvalue` the chance of so few.

    Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    params = Params(alpha, noise)
    within("baseline", baseline, FEWEST, np.inf)
    within("gap", gap, 0, np.inf)
    values = as_counts(counts)
    chosen = as_times(times, values.shape[1], baseline + gap, ID)
    fitted = _fit(before(values, chosen, baseline, gap), params)
    today = values[:, chosen]
    known = fitted.known & ~np.isnan(today)
    pvalue = fitted.pvalue(today)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = today / fitted.expected
    turn = fitted.turn()
    upper = np.where(np.isnan(turn) & fitted.known, -1.0, turn)
    return Detection(chosen, fitted.expected, upper, score, pvalue, at_most(pvalue, alpha) & known, known)


def _fit(past: Floats, params: Params) -> Tailed:
    mean, size = predictive(past, params.noise)
    return Tailed(mean, ~np.isnan(mean), params.alpha, lower_tail, (mean, size), fewer=True)


def past(params: Params, window: Window) -> Past:
    """The rule's baseline."""
    within("baseline", window.baseline, FEWEST, np.inf)
    return Past(window.baseline, window.gap)


def model(series: Series, params: Params) -> Tailed:
    """Unknown wherever the judged block is not whole: a failed feed is not a quiet place."""
    fitted = _fit(series.baseline, params)
    known = fitted.known & series.whole
    if series.unmonitored is not None:
        known &= ~series.unmonitored
    return replace(fitted, known=known)
