"""How much more happens on a weekday, or at a time of the year, than on average: what all areas share.

Weekdays tell where the blocks are days and two weeks of them are known; the year where two years are known.
Both are drawn towards no difference at all, so that a handful of incidents makes no day special.

Source: Noufaily et al., Statistics in Medicine 32 (2013) 1206-1222, for levels by season; the wave here is
the first two harmonics of a year, fitted with a Poisson likelihood.
"""

from __future__ import annotations

import numpy as np

from engine.detect.detection import Times, before
from engine.detect.series import Floats, Series

#: Two whole years in days, for a season to be told from a single winter.
TWO_YEARS = 728
_FORTNIGHT = 14
_YEAR = 365.25
#: As many waves within a year are told.
_HARMONICS = 2
#: A wave is drawn towards none as by so many incidents.
_PULL = 8.0
_STEPS = 8


def blocks_of(values: Floats, times: Times, baseline: int, gap: int, days: Times | None = None) -> Series:
    """Counts (S, T) at each of `times` with the `baseline` points that end `gap` earlier; days: ordinals of
    the points where they are dated evenly, and then each is a block that ends on its day."""
    days = np.arange(values.shape[1]) if days is None else days
    window = int(days[1] - days[0]) if days.size > 1 else 1
    today = values[:, times].T
    return Series(
        cuts=days[times] + window, window=window, gap=gap * window, observed=today, whole=~np.isnan(today),
        baseline=before(values, times, baseline, gap).swapaxes(0, 1),
    )  # fmt: skip


def rhythm(series: Series, counts: Floats, *, weekday: bool, season: bool) -> tuple[Floats, Floats]:
    """(C, 1, B) relative weight of each baseline block, and (C,) of the judged one.

    counts: (C, A, B) what was told of the part of each block that was seen.
    """
    cuts, _, blocks = counts.shape
    weights, now = np.ones((cuts, blocks)), np.ones(cuts)
    season = season and blocks * series.span >= TWO_YEARS
    weekday = weekday and series.window == 1 and blocks >= _FORTNIGHT
    if not season and not weekday:
        return weights[:, None, :], now
    told, seen = counts.sum(axis=1), series.exposure.sum(axis=1)
    if season:
        weights, now = _wave(series, told, seen)
    if weekday:
        by_day, today = _weekdays(series, told, seen * weights)
        weights, now = weights * by_day, now * today
    return weights[:, None, :], now


def _weekdays(series: Series, told: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """By the weekday of each block; drawn towards 1 by seven pseudo-counts."""
    weekday, judged = _days(series, told.shape[1]).astype(np.int64) % 7, (series.cuts - 1) % 7
    by_day = np.stack([np.where(weekday == day, told, 0).sum(axis=1) for day in range(7)], axis=1)
    days = np.stack([np.where(weekday == day, seen, 0).sum(axis=1) for day in range(7)], axis=1)
    overall = (by_day.sum(axis=1) + 1) / (days.sum(axis=1) + 1)
    factor = (by_day + 1) / np.maximum(overall[:, None] * days + 1, 1e-9)
    today: Floats = np.take_along_axis(factor, judged[:, None], axis=1)[:, 0]
    return np.take_along_axis(factor, weekday, axis=1), today


def _wave(series: Series, told: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """By the time of the year of each block's middle."""
    waves = _harmonics(_days(series, told.shape[1]) - (series.span - 1) / 2)
    judged = _harmonics(series.cuts.astype(float) - (series.span + 1) / 2)
    fitted = _fitted(waves, told, seen)
    now: Floats = np.exp(np.einsum("cp,cp->c", judged, fitted))
    return np.exp(np.einsum("cbp,cp->cb", waves, fitted)), now


def _fitted(waves: Floats, told: Floats, seen: Floats) -> Floats:
    """(C, P) the coefficients of the waves (C, B, P), by a few steps of Newton's method."""
    found = np.zeros((len(told), waves.shape[2]))
    pull = _PULL * np.eye(waves.shape[2])
    for _ in range(_STEPS):
        shape = seen * np.exp(np.einsum("cbp,cp->cb", waves, found))
        level = told.sum(axis=1) / np.maximum(shape.sum(axis=1), 1e-300)
        mean = level[:, None] * shape
        centred = waves - _mean(waves, mean)[:, None, :]
        slope = np.einsum("cbp,cb->cp", centred, told - mean) - _PULL * found
        curve = np.einsum("cbp,cb,cbq->cpq", centred, mean, centred) + pull
        found = np.clip(found + np.linalg.solve(curve, slope[:, :, None])[:, :, 0], -3.0, 3.0)
    return found


def _mean(waves: Floats, weight: Floats) -> Floats:
    whole = np.maximum(weight.sum(axis=1), 1e-300)
    mean: Floats = np.einsum("cbp,cb->cp", waves, weight) / whole[:, None]
    return mean


def _days(series: Series, blocks: int) -> Floats:
    """(C, B) the last day of each baseline block."""
    ages = np.arange(blocks, 0, -1)
    days: Floats = (series.cuts - 1)[:, None] - series.gap - series.span * ages[None, :].astype(float)
    return days


def _harmonics(days: Floats) -> Floats:
    turns = 2 * np.pi / _YEAR * days[..., None] * np.arange(1, _HARMONICS + 1)
    return np.concatenate([np.cos(turns), np.sin(turns)], axis=-1)
