"""Forecast: the next point's expected count with an interval, by exponential smoothing (statsmodels).

The level (and with `season` its additive seasons) is fitted on the baseline alone; the
interval is the negative binomial around it whose dispersion is that of the one-step errors, at least
Poisson's, read as Student's by how well that is known (`engine.detect.dispersion`). A short gap in the
baseline is bridged by a straight line; with less than half of it known nothing is said. One fit takes some
milliseconds: meant for dozens of series, not for tens of thousands.

Source: Hyndman et al., Forecasting with Exponential Smoothing (2008).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.detection import Detection, Times, as_counts, as_times, before, within
from engine.detect.dispersion import Dispersion, alone, narrowed
from engine.detect.exact import at_most
from engine.detect.negbin import quantile, size_of
from engine.detect.predictive import wide_tail
from engine.detect.series import Floats, Past, Series
from engine.detect.tail import Tailed
from engine.model.rule import Window

ID = "forecast"
_FEWEST = 10


@dataclass(frozen=True)
class Params:
    """One rung: `forecast: {alpha: 0.01}`.

    alpha: the chance of at least this much if the forecast is right; season: how many blocks make a
    full cycle (1: none; the baseline must hold two).
    """

    alpha: float = 0.01
    season: int = 1

    def __post_init__(self) -> None:
        within("alpha", self.alpha, 0, 0.5, closed=False)
        within("season", self.season, 1, 400)

    @property
    def shortest(self) -> int:
        return max(_FEWEST, 2 * self.season if self.season > 1 else 0)


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    baseline: int | None = None,
    frequency: int = 1,
    alpha: float = 0.01,
) -> Detection:
    """Each of `times` in counts (S, T) against its forecast from the `baseline` points before it.

    The point after the last is a time point too: it has a forecast and is not judged. `baseline` is 52
    points, with a season of `frequency` points three seasons. `upper` and `extra["low"]` bound the
    interval with `alpha` on either side; `score` is the error in standard deviations.

    Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    params = Params(alpha, frequency)
    length = baseline if baseline is not None else 52 if frequency == 1 else 3 * frequency
    within("baseline", length, params.shortest, np.inf)
    values = as_counts(counts)
    values = np.concatenate([values, np.full((values.shape[0], 1), np.nan)], axis=1)
    chosen = as_times(times, values.shape[1], length, ID)
    fitted = _predict(before(values, chosen, length), params)
    mean, size = fitted.mean, fitted.size
    today = values[:, chosen]
    pvalue = wide_tail(today, mean, size, fitted.noise.freedom)
    score = (today - mean) / np.sqrt(mean + mean**2 / size)
    low, upper = fitted.interval(alpha)
    known = ~np.isnan(pvalue) & fitted.noise.told
    extra = {"low": low}
    return Detection(chosen, mean, upper, score, pvalue, at_most(pvalue, alpha) & known, known, extra)


def past(params: Params, window: Window) -> Past:
    """The rule's baseline."""
    within("baseline", window.baseline, params.shortest, np.inf)
    return Past(window.baseline, window.gap)


def model(series: Series, params: Params) -> Tailed:
    """The forecast of the judged block; rungs that differ only in alpha share it."""
    key = (ID, params.season)
    fitted = series.fit(key, lambda: _predict(series.baseline, params))
    low, high = fitted.interval(params.alpha)
    known, doubtful = ~np.isnan(fitted.mean), ~fitted.noise.told
    return Tailed(
        fitted.mean, known & ~doubtful, params.alpha, wide_tail,
        (fitted.mean, fitted.size, fitted.noise.freedom),
        shown={"low": low, "high": high, "dispersion": fitted.noise.phi}, doubtful=known & doubtful,
    )  # fmt: skip


@dataclass(frozen=True)
class _Next:
    """What the next count is expected to be, NaN where too little is known; all of one shape."""

    mean: Floats
    size: Floats
    noise: Dispersion

    def interval(self, alpha: float) -> tuple[Floats, Floats]:
        """Its ends, with `alpha` beyond either."""
        side = narrowed(alpha, self.noise.freedom)
        with np.errstate(invalid="ignore"):
            return quantile(side, self.mean, self.size), quantile(1 - side, self.mean, self.size)


def _predict(past: Floats, params: Params) -> _Next:
    """Of the count after `past` (..., B)."""
    length, shape = past.shape[-1], past.shape[:-1]
    rows = past.reshape(-1, length)
    seen = (~np.isnan(rows)).sum(axis=1)
    found = np.full((3, rows.shape[0]), np.nan)
    if length >= params.shortest:
        for row in np.flatnonzero(seen >= max(_FEWEST, length / 2)):
            found[:, row] = _smooth(_bridged(rows[row]), params)
    mean, own, free = found
    told = ~np.isnan(mean)
    own, usual, free = (np.where(told, of, 1.0) for of in (own, mean, free))
    noise = alone(own, usual, free, np.nansum(rows, axis=1), seen)
    # The level rests on as many points as there are of each season.
    variance = mean * noise.phi * (1 + params.season / length)
    noise = Dispersion(noise.phi.reshape(shape), noise.freedom.reshape(shape), noise.told.reshape(shape))
    return _Next(mean.reshape(shape), size_of(mean, variance).reshape(shape), noise)


def _bridged(row: Floats) -> Floats:
    seen = ~np.isnan(row)
    steps = np.arange(row.size)
    return np.interp(steps, steps[seen], row[seen])


def _smooth(row: Floats, params: Params) -> tuple[float, float, float]:
    """Mean of the next count, over-dispersion of the one-step errors, and the degrees of freedom of that.

    Half a count over the whole baseline is the least expected: a baseline of zeros is no proof that nothing
    can happen."""
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    least = 0.5 / row.size
    if (row == row[0]).all():
        return max(float(row[0]), least), 0.0, row.size - 1
    seasonal = params.season > 1
    smoothing = ExponentialSmoothing(
        row, seasonal="add" if seasonal else None, seasonal_periods=params.season if seasonal else None,
        initialization_method="estimated",
    )  # fmt: skip
    with warnings.catch_warnings():
        # A search that stopped early still gives a level; its errors below say how good it is.
        warnings.simplefilter("ignore", ConvergenceWarning)
        fitted = smoothing.fit()
    mean = max(float(fitted.forecast(1)[0]), least)
    steps = np.maximum(np.asarray(fitted.fittedvalues), least)
    free = max(row.size - 1 - (params.season if seasonal else 0), 1)
    return mean, float(((row - steps) ** 2 / steps).sum()) / free, free
