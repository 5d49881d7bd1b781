"""Silent: fewer than the baseline leads to expect, where somebody was looking.

A place or a feed gone quiet is a finding; a feed that failed is not: a count that is only a lower bound, or
that nobody made, is unknown here and never silence. Holds where the chance of so few, under the
negative-binomial predictive of the baseline, is at most alpha; where the usual count is too small for even a
zero to be that unlikely, no count holds, and the explanation says so. Nor is it a finding what was there
before: so few are at least as likely as they were among the blocks of the baseline. Sundays and summers are
quiet: weekdays are known where the blocks are days, seasons where the baseline holds two years
(`engine.detect.rhythm`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.detection import Detection, Times, as_counts, as_times, one_of, within
from engine.detect.exact import at_most
from engine.detect.negbin import lower_tail
from engine.detect.predictive import FEWEST, NOISE, predictive
from engine.detect.rhythm import blocks_of, rhythm
from engine.detect.series import Floats, Past, Series
from engine.detect.tail import Tailed
from engine.model.rule import Window

ID = "silent"


@dataclass(frozen=True)
class Params:
    """One rung: `silent: {alpha: 0.01}`; alpha: the chance of so few if nothing is amiss; noise: negbin
    (over-dispersion estimated) or poisson; weekday and season: `auto` where they can be told, or `off`."""

    alpha: float = 0.01
    noise: str = "negbin"
    weekday: str = "auto"
    season: str = "auto"

    def __post_init__(self) -> None:
        within("alpha", self.alpha, 0, 0.5, closed=False)
        one_of("noise", self.noise, NOISE)
        for name in ("weekday", "season"):
            one_of(name, getattr(self, name), ("auto", "off"))


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    baseline: int = 26,
    gap: int = 0,
    alpha: float = 0.01,
    noise: str = "negbin",
    weekday: str = "auto",
    season: str = "auto",
    days: Times | None = None,
) -> Detection:
    """Too few, in counts (S, T) at each of `times`, for the `baseline` points that end `gap` earlier.

    days: (T,) ordinals of the points where they are dated evenly, for weekdays and seasons.

    `upper` is the largest count that alarms (alarm where y <= upper), -1 where even a zero would not;
    `score` the count over its expectation, `pvalue` the chance of so few.

    Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    params = Params(alpha, noise, *(of if days is not None else "off" for of in (weekday, season)))
    within("baseline", baseline, FEWEST, np.inf)
    within("gap", gap, 0, np.inf)
    values = as_counts(counts)
    chosen = as_times(times, values.shape[1], baseline + gap, ID)
    today = values[:, chosen]
    fitted = _turned(_fit(blocks_of(values, chosen, baseline, gap, days), params))
    known = fitted.known & ~np.isnan(today)
    pvalue = fitted.pvalue(today)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = today / fitted.expected
    turn = fitted.turn()
    upper = np.where(np.isnan(turn) & fitted.known, -1.0, turn)
    return Detection(chosen, fitted.expected, upper, score, pvalue, at_most(pvalue, alpha) & known, known)


def _fit(series: Series, params: Params) -> Tailed:
    counts = np.where(series.exposure > 0, series.told, 0.0)
    auto = {name: getattr(params, name) == "auto" for name in ("weekday", "season")}
    weights, now = rhythm(series, counts, **auto)
    relative = np.broadcast_to(weights / now[:, None, None], series.baseline.shape)
    mean, size = predictive(series.baseline, params.noise, relative)
    # How surprising each past count was on a day of its own kind.
    seen = lower_tail(series.baseline, mean[..., None] * relative, size[..., None])
    given = (mean, size, seen)
    return Tailed(mean, ~np.isnan(mean), params.alpha, _chance, given, fewer=True)


def _chance(observed: Floats, mean: Floats, size: Floats, past: Floats) -> Floats:
    """Of so few: by the predictive, and at least as often as such chances were in the `past` (..., B)."""
    chance = np.asarray(lower_tail(observed, mean, size))
    as_few = (past <= chance[..., None] * (1 + 1e-9)).sum(axis=-1)
    known = (~np.isnan(past)).sum(axis=-1)
    return np.asarray(np.maximum(chance, as_few / (known + 1)))


def _turned(fitted: Tailed) -> Tailed:
    """(S, T) as series are given, from (T, S) as they are judged."""
    given = tuple(of.swapaxes(0, 1) for of in fitted.given)
    return replace(fitted, expected=fitted.expected.T, known=fitted.known.T, given=given)


def past(params: Params, window: Window) -> Past:
    """The rule's baseline."""
    within("baseline", window.baseline, FEWEST, np.inf)
    return Past(window.baseline, window.gap)


def model(series: Series, params: Params) -> Tailed:
    """Unknown wherever the judged block is not whole: a failed feed is not a quiet place."""
    key = (ID, params.noise, params.weekday, params.season)
    fitted: Tailed = series.fit(key, lambda: _fit(series, params))
    known = fitted.known & series.whole
    if series.unmonitored is not None:
        known &= ~series.unmonitored
    return replace(fitted, known=known, alpha=params.alpha)
