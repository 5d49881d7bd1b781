"""Trend: Mann-Kendall's test over the baseline and the judged point, with Sen's slope.

Counts how many pairs of points rise less how many fall, so that neither outliers nor the shape of the noise
matter. With a season of more than one point only points of the same season are compared (Hirsch's form); a
rung does so by itself where its baseline holds two years, because a spring is no trend.
Ties shrink the variance; missing points drop out of their pairs. Points must be independent of each
other: strong autocorrelation raises false alarms.

Sources: Mann, Econometrica 13 (1945) 245-259; Kendall, Rank Correlation Methods (1975); Hirsch, Slack and
Smith, Water Resources Research 18 (1982) 107-121; Sen, Journal of the American Statistical Association 63
(1968) 1379-1389.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.detection import Detection, Times, as_counts, as_times, one_of, within
from engine.detect.exact import at_most
from engine.detect.series import Floats, Past, Series
from engine.detect.tail import Tailed
from engine.model.later import Later
from engine.model.rule import Window

special = Later("scipy.special")

ID = "trend"
DIRECTIONS = ("up", "down")
#: With fewer known points before the judged one, nothing is said.
_FEWEST = 7
#: A year in days, in whole weeks.
YEAR = 364
#: Rows whose pairs are held in memory together.
_BLOCK = 1000


@dataclass(frozen=True)
class Params:
    """One rung: `trend: {alpha: 0.01, season: 1, direction: up}`.

    alpha: the chance of such a trend if there is none; season: how many blocks make a full cycle (1:
    no season; 52 for weeks in a year; not given: a year, where the baseline holds two); direction: up or
    down.
    """

    alpha: float = 0.01
    season: int | None = None
    direction: str = "up"

    def __post_init__(self) -> None:
        within("alpha", self.alpha, 0, 0.5, closed=False)
        if self.season is not None:
            within("season", self.season, 1, 400)
        one_of("direction", self.direction, DIRECTIONS)


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    baseline: int | None = None,
    frequency: int = 1,
    alpha: float = 0.01,
    direction: str = "up",
) -> Detection:
    """Whether counts (S, T) rise (or fall) over the `baseline` points up to and with each of `times`.

    `baseline` is 26 points, with a season of `frequency` points four seasons. `expected` continues Sen's
    line to the point. `upper` is the largest count that shows no trend, infinite where none would show
    one; for `down` the largest that shows one, -1 where none would. `score` is the normal deviate,
    `extra["slope"]` Sen's slope per point, the judged point included.

    Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    params = Params(alpha, frequency, direction)
    length = baseline if baseline is not None else 26 if frequency == 1 else 4 * frequency
    within("baseline", length, _FEWEST, np.inf)
    values = as_counts(counts)
    chosen = as_times(times, values.shape[1], length, ID)
    windows = np.lib.stride_tricks.sliding_window_view(values, length + 1, axis=1)[:, chosen - length]
    fitted = _fit(windows[..., :-1], params)
    today = windows[..., -1]
    known = fitted.known & ~np.isnan(today)
    pvalue = np.where(known, fitted.pvalue(today), np.nan)
    turn = np.where(known, fitted.turn(), np.nan)
    never = known & np.isnan(turn)
    upper = np.where(never, -1.0, turn) if fitted.fewer else np.where(never, np.inf, turn - 1)
    score = _deviate(today, *fitted.given)
    slope, _ = _sen(windows, frequency)
    return Detection(
        chosen, fitted.expected, upper, score, pvalue, at_most(pvalue, alpha) & known, known, {"slope": slope}
    )


def past(params: Params, window: Window) -> Past:
    """The rule's baseline."""
    within("baseline", window.baseline, _FEWEST, np.inf)
    return Past(window.baseline, window.gap)


def model(series: Series, params: Params) -> Tailed:
    """The pairs of the baseline; downwards, a count that is only a lower bound is unknown."""
    fitted = _fit(series.baseline, replace(params, season=params.season or _cycle(series)))
    known = fitted.known & series.whole if fitted.fewer else fitted.known
    return replace(fitted, known=known)


def _cycle(series: Series) -> int:
    """How many blocks make a year, where two years are there; 1 where not."""
    year = round(YEAR / series.span)
    return year if year and series.baseline.shape[2] >= 2 * year else 1


def _fit(past: Floats, params: Params) -> Tailed:
    """All that the points before (..., B) contribute; the judged point comes in `_deviate`."""
    length, season = past.shape[-1], params.season or 1
    rises = np.zeros(past.shape[:-1])
    spread = np.zeros(past.shape[:-1])
    for lag in range(season, length, season):
        rises += np.nansum(np.sign(past[..., lag:] - past[..., :-lag]), axis=-1)
    for first in range(season):
        if first != length % season:
            spread += _spread(past[..., first::season])
    own = past[..., length % season :: season]
    slope, level = _sen(past, season)
    expected = np.maximum(0.0, level + slope * length)
    known = ((~np.isnan(past)).sum(axis=-1) >= _FEWEST) & (~np.isnan(own)).any(axis=-1)
    down = params.direction == "down"
    given = (own, rises, spread, _spread(own))
    most = float(np.nanmax(past, initial=0.0)) + 1.0
    chance = _falls if down else _rises
    return Tailed(expected, known, params.alpha, chance, given, down, most, {"slope": slope})


def _spread(points: Floats) -> Floats:
    """18 times the variance of Kendall's sum over points (..., n) of one season: ties taken off."""
    n = (~np.isnan(points)).sum(axis=-1).astype(float)
    equal = np.zeros(points.shape)
    for other in range(points.shape[-1]):
        equal += points == points[..., other : other + 1]
    ties = np.where(equal > 0, (equal - 1) * (2 * equal + 5), 0.0).sum(axis=-1)
    spread: Floats = n * (n - 1) * (2 * n + 5) - ties
    return spread


def _deviate(observed: Floats, own: Floats, rises: Floats, spread: Floats, own_spread: Floats) -> Floats:
    """The normal deviate of Kendall's sum with `observed` as the last point, continuity-corrected."""
    gap = np.asarray(observed)[..., None] - own
    total = rises + np.nansum(np.sign(gap), axis=-1)
    n = (~np.isnan(own)).sum(axis=-1).astype(float)
    same = (gap == 0).sum(axis=-1)
    # One more point adds 6 n (n + 2) to the sum over n points, less the same of those it ties with.
    variance = (spread + own_spread + 6 * n * (n + 2) - 6 * same * (same + 2)) / 18
    with np.errstate(divide="ignore", invalid="ignore"):
        deviate: Floats = np.where(variance > 0, (total - np.sign(total)) / np.sqrt(variance), 0.0)
    return deviate


def _rises(observed: Floats, *given: Floats) -> Floats:
    return np.asarray(special.ndtr(-_deviate(observed, *given)))


def _falls(observed: Floats, *given: Floats) -> Floats:
    return np.asarray(special.ndtr(_deviate(observed, *given)))


def _sen(points: Floats, season: int) -> tuple[Floats, Floats]:
    """Sen's slope per point over points (..., n), and the level at the first; NaN without a pair."""
    rows = points.reshape(-1, points.shape[-1])
    found = [_sen_rows(rows[start : start + _BLOCK], season) for start in range(0, rows.shape[0], _BLOCK)]
    slope, level = (np.concatenate(part).reshape(points.shape[:-1]) for part in zip(*found, strict=True))
    return slope, level


def _sen_rows(rows: Floats, season: int) -> tuple[Floats, Floats]:
    length = rows.shape[1]
    lags = range(season, length, season)
    pairs = [(rows[:, lag:] - rows[:, :-lag]) / lag for lag in lags]
    slope = _median(np.concatenate(pairs, axis=1)) if pairs else np.full(rows.shape[0], np.nan)
    return slope, _median(rows - slope[:, None] * np.arange(length))


def _median(rows: Floats) -> Floats:
    """(R,) the median of what is known in each row; NaN where nothing is."""
    order = np.sort(rows, axis=1)
    known = (~np.isnan(rows)).sum(axis=1)
    low, high = np.maximum((known - 1) // 2, 0), np.minimum(known // 2, rows.shape[1] - 1)
    pick = np.arange(rows.shape[0])
    middle: Floats = (order[pick, low] + order[pick, high]) / 2
    return middle
