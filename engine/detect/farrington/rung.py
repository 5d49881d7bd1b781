"""Farrington's algorithm in the flexible form of Noufaily: the same season of the years before.

A quasi-Poisson regression on the past points gives the expected count: a level per season (`no_periods`),
a linear trend where it is significant, a factor per weekday for daily counts, an offset for the
population. Past outbreaks are down-weighted, the newest points left out. A count above the upper limit of
its prediction is an alarm if the last points hold enough cases (`limit54`).

* The default form corrects the reference (the R package surveillance): standard errors and the p-value of
  the trend come from the dispersion that the fit itself has. The reference overwrites the working weights
  before it takes them, so that its variances are too small by about a factor of the mean and its trends far
  too often significant. Scores of `nbPlugin` and `muan` compare counts with counts, not with logarithms. A
  missing count among the last points does not silence the judged one.
* `compat="surveillance"` reproduces `farringtonFlexible` (1.20.3; the same lines stand in 1.26.0), but for
  what depends on rounding there: a season with a single point, a baseline of nothing but zeros; and but for
  its trend on dates after a missing first count, which it carries forward by too few steps.

Source: Farrington et al., JRSS A 159 (1996) 547-563; Noufaily et al., Statistics in Medicine 32 (2013)
1206-1222; Salmon et al., Journal of Statistical Software 70 (2016), section 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.detect.detection import Detection, Times, as_counts, as_times
from engine.detect.farrington.batch import design_at, designs, first_position, fit_all
from engine.detect.farrington.fit import Fit
from engine.detect.farrington.params import Params
from engine.detect.farrington.threshold import Limit
from engine.detect.series import Bools, Floats, Past, Series
from engine.model.rule import Window

__all__ = ["ID", "Farrington", "Params", "detect", "model", "past"]

ID = "farrington"
#: The usual windows and how many of them make a year.
_YEARLY = {1: 365, 7: 52, 28: 13}


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    params: Params | None = None,
    *,
    population: ArrayLike | None = None,
    days: ArrayLike | None = None,
) -> Detection:
    """Judge counts (S, T) at the positions `times`, by default all that have b years and w points before
    them.

    population: (S, T) or (T,), above 0, with `population_offset`; days: (T,) rising ordinals of the
    points: with 52, 12 or 364 to 366 points a year reference times then follow the calendar instead of
    `frequency` points; a trend's step is the distance of the first two points.

    NaN is a missing count: left out of the baseline; unknown where it is the judged one. `upper` is NaN where
    limit54 alone forbids an alarm (the point is known, `alarm` False). `score` is (y - expected) / (upper -
    expected). extra: phi, trend (1 or 0) and slope, its coefficient per step (NaN without a trend).

    Raises ValueError for bad parameters, counts, population or days, or a series too short.
    """
    params = params or Params()
    values = as_counts(counts)
    length = values.shape[1]
    dates = None if days is None else _as_days(days, length)
    chosen = as_times(times, length, first_position(params, dates), ID)
    offset = _log_population(population, values.shape, params)
    found = Fit.unknown(values.shape[0] * chosen.size)
    for made, columns in designs(chosen, params, dates):
        fit_all(made, values, offset, chosen, columns, params.choices, found)
    return _detection(values, chosen, found, params)


def _as_days(days: ArrayLike, length: int) -> NDArray[np.int64]:
    ordinals = np.asarray(days, dtype=np.int64)
    if ordinals.shape != (length,) or (np.diff(ordinals) <= 0).any() or length < 2:
        raise ValueError("days must be one rising ordinal per time point")
    return ordinals


def _log_population(population: ArrayLike | None, shape: tuple[int, ...], params: Params) -> Floats | None:
    if not params.population_offset:
        return None
    if population is None:
        raise ValueError("population_offset needs a population")
    people = np.broadcast_to(np.asarray(population, dtype=float), shape)
    if not (people > 0).all() or np.isinf(people).any():
        raise ValueError("population must be above 0 at every time point")
    return np.asarray(np.log(people))


def _detection(values: Floats, times: Times, found: Fit, params: Params) -> Detection:
    shape = (values.shape[0], times.size)
    observed = values[:, times]
    limits = params.limit(found)
    upper, judged = limits.upper.reshape(shape), limits.known.reshape(shape)
    enough = _enough(values, times, params)
    score = limits.score(observed.ravel()).reshape(shape)
    with np.errstate(invalid="ignore"):
        over = score > 1 if params.compat else observed > upper
    known = judged & ~np.isnan(observed)
    alarm = known & enough & over & (observed > 0)
    shown = judged & enough if params.compat else judged
    extra = {"phi": found.phi, "trend": np.where(found.known, found.trend, np.nan), "slope": found.slope}
    return Detection(
        times=times,
        expected=np.where(shown, limits.expected.reshape(shape), np.nan),
        upper=np.where(judged & enough, upper, np.nan),
        score=score,
        pvalue=limits.pvalue(observed.ravel()).reshape(shape),
        alarm=alarm, known=known,
        extra={name: values.reshape(shape) for name, values in extra.items()},
    )  # fmt: skip


def _enough(values: Floats, times: Times, params: Params) -> Bools:
    """(S, T) whether the last points hold enough cases; a missing one counts as none (in compat form: not
    enough)."""
    cases, points = params.limit54
    window = values[:, times[:, None] - np.arange(points)]
    total = window.sum(axis=2) if params.compat else np.nansum(window, axis=2)
    return np.asarray(total >= cases)


def past(params: Params, window: Window) -> Past:
    """b years and w blocks. Raises ValueError where the window does not divide the year."""
    fitted = _for_window(params, window.days)
    return Past(fitted.reach - _gap_blocks(window.gap, window.days), window.gap)


def _for_window(params: Params, days: int) -> Params:
    if params.population_offset:
        raise ValueError("a rung knows one population per area: population_offset would change nothing")
    frequency = params.frequency or _YEARLY.get(days)
    if frequency is None:
        raise ValueError(f"farrington needs a window of 1, 7 or 28 days, or its frequency, found {days} days")
    return replace(
        params, frequency=frequency, weekday=params.weekday if days == 1 else False
    )


def _gap_blocks(gap: int, days: int) -> int:
    if gap % days:
        raise ValueError(f"farrington needs a gap of whole windows of {days} days, found {gap} days")
    return gap // days


@dataclass(frozen=True)
class Farrington:
    """The threshold of every cell, with one rung's alpha; arrays (C, A), those of `limit` and `fit` flat.

    recent: cases in the blocks before the judged one that count towards limit54; all_zero: where the whole
    baseline is zero and the expectation is half a case in all of it.
    """

    expected: Floats
    known: Bools
    upper: Floats
    recent: Floats
    all_zero: Bools
    limit: Limit
    fit: Fit
    params: Params

    def holds(self, observed: Floats) -> Bools:
        enough = observed + self.recent >= self.params.limit54[0]
        return np.asarray((observed > self.upper) & (observed > 0) & enough)

    def pvalue(self, observed: Floats) -> Floats:
        return self.limit.pvalue(observed.ravel()).reshape(observed.shape)

    def needed(self, cut: int, area: int) -> float | None:
        if not self.known[cut, area]:
            return None
        few = self.params.limit54[0] - self.recent[cut, area]
        return float(max(np.floor(self.upper[cut, area]) + 1, np.ceil(few), 1))

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        cell = int(np.ravel_multi_index((cut, area), self.expected.shape))
        facts: dict[str, float | str] = {
            "alpha": self.params.alpha,
            "years": float(self.params.b),
            "dispersion": float(self.fit.phi[cell]),
            "trend": float(self.fit.slope[cell]) if self.fit.trend[cell] else "none",
            "recent": float(self.recent[cut, area]),
        }
        if self.all_zero[cut, area]:
            facts["note"] = "the whole baseline is zero: half a case is expected in all of it"
        return facts


def model(series: Series, params: Params) -> Farrington:
    """Fitted on the past alone, once for rungs that differ only in alpha, threshold or limit54.

    A cell is known where at least half of its baseline is. Raises ValueError as `past` does.
    """
    own = _for_window(params, series.window)
    shared = replace(own, alpha=0.01, threshold_method="delta", power_transform="2/3", limit54=(0, 1))
    found, all_zero = series.fit((ID, shared), lambda: _fit_cells(series, shared))
    limits = own.limit(found)
    shape = series.observed.shape
    return Farrington(
        expected=limits.expected.reshape(shape), known=limits.known.reshape(shape),
        upper=limits.upper.reshape(shape), recent=_recent(series, own),
        all_zero=all_zero.reshape(shape), limit=limits, fit=found, params=own,
    )  # fmt: skip


def _fit_cells(series: Series, params: Params) -> tuple[Fit, Bools]:
    """The fit of every cell, and where its whole baseline is zero."""
    cuts, areas, blocks = series.baseline.shape
    gap = _gap_blocks(series.gap, series.window)
    found = Fit.unknown(cuts * areas)
    if blocks + gap < params.reach:
        return found, np.zeros(cuts * areas, bool)
    made = design_at(params.reach, replace(params, past_weeks_not_included=max(params.left_out, gap)), None)
    values = series.baseline.reshape(cuts * areas, blocks)
    now = np.array([blocks + gap])
    fit_all(made, values, None, now, np.array([0]), params.choices, found)
    used = values[:, blocks + gap - made.back]
    seen = ~np.isnan(used)
    all_zero = ~np.any(used > 0, axis=1)
    stuck = all_zero & ~found.known
    found.eta[stuck] = np.log(0.5 / np.maximum(seen[stuck].sum(axis=1), 1))
    found.se[stuck], found.phi[stuck], found.known[stuck] = 0.0, 1.0, True
    found.known &= 2 * seen.sum(axis=1) >= used.shape[1]
    return found, all_zero


def _recent(series: Series, params: Params) -> Floats:
    """(C, A) cases in the known blocks just before the judged one, as many as limit54 looks at."""
    blocks = params.limit54[1] - 1 - _gap_blocks(series.gap, series.window)
    if blocks <= 0:
        return np.zeros(series.observed.shape)
    return np.asarray(np.nansum(series.baseline[:, :, -blocks:], axis=2))
