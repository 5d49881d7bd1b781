"""Farrington's algorithm in the flexible form of Noufaily: the same season of the years before.

A quasi-Poisson regression on the past points gives the expected count: a level per season (`no_periods`), a
linear trend where it is significant, a factor per weekday for daily counts, an offset for the population. Past
outbreaks are down-weighted, the newest points left out. A count above the upper limit of its prediction is an
alarm if the last points hold enough cases (`limit54`).

* The default form corrects the reference (the R package surveillance): standard errors and the p-value of the
  trend come from the dispersion that the fit itself has. The reference overwrites the working weights before it
  takes them, so that its variances are too small by about a factor of the mean and its trends far too often
  significant. Scores of `nbPlugin` and `muan` compare counts with counts, not with logarithms; and a year with
  fewer free points than blocks leaves blocks empty instead of eating the edge of the window.
* `compat="surveillance"` reproduces `farringtonFlexible` (1.20.3; the same lines stand in 1.26.0).

Source: Farrington et al., JRSS A 159 (1996) 547-563; Noufaily et al., Statistics in Medicine 32 (2013)
1206-1222; Salmon et al., Journal of Statistical Software 70 (2016), section 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.detect import farrington_threshold as threshold
from engine.detect.detection import Detection, Times, as_counts, as_times, one_of, within
from engine.detect.farrington_design import Design, design, references_by_date, references_by_lag
from engine.detect.farrington_fit import Baseline, Choices, Fit, fit
from engine.detect.series import Bools, Floats

ID = "farrington"
#: So many counts at a time stay in the processor's cache: 250 rows of a weekly baseline of five years.
_BLOCK = 60_000
_DAILY = (364, 365, 366)


@dataclass(frozen=True)
class Params:
    """The parameters of the reference, with its defaults.

    frequency: points per year (52 weeks, 12 months, 365 days; in a rung by default what the window gives);
    b: how many years back; w: half the width of the seasonal window, in points; no_periods: seasonal levels,
    1 for none but the window itself (Noufaily: 10); past_weeks_not_included: how many of the newest points are
    left out (by default w; Noufaily: 26); trend: try one; p_threshold_trend: keep it below this p-value (1:
    always); reweight and weights_threshold: down-weight past points whose standardised Anscombe residual is
    higher; alpha: one-sided chance of a false alarm; threshold_method: `delta` (Normal on the scale of
    power_transform `2/3`, `1/2` or `none`), `nbPlugin` (negative binomial), `muan` (negative binomial at the
    upper limit of the mean); limit54: (cases, points), no alarm with fewer cases in the last points;
    population_offset: rates by the population; weekday: a factor per weekday (by default for 364 to 366
    points per year, but not in compat form); compat: `surveillance` or empty.
    """

    frequency: int | None = None
    b: int = 5
    w: int = 3
    no_periods: int = 1
    past_weeks_not_included: int | None = None
    trend: bool = True
    p_threshold_trend: float = 0.05
    reweight: bool = True
    weights_threshold: float = 2.58
    alpha: float = 0.05
    threshold_method: str = "delta"
    power_transform: str = "2/3"
    limit54: tuple[int, int] = (5, 4)
    population_offset: bool = False
    weekday: bool | None = None
    compat: str = ""

    def __post_init__(self) -> None:
        for name in ("frequency", "b", "no_periods"):
            within(name, getattr(self, name) or 1, 1, np.inf)
        within("w", self.w, 0, np.inf)
        within("past_weeks_not_included", self.left_out, 0, np.inf)
        within("p_threshold_trend", self.p_threshold_trend, 0, 1)
        within("weights_threshold", self.weights_threshold, 0, np.inf)
        within("alpha", self.alpha, 0, 0.5, closed=False)
        one_of("threshold_method", self.threshold_method, threshold.METHODS)
        one_of("power_transform", self.power_transform, tuple(threshold.POWERS))
        one_of("compat", self.compat, ("", "surveillance"))
        object.__setattr__(self, "limit54", tuple(self.limit54))
        if len(self.limit54) != 2 or self.limit54[0] < 0 or self.limit54[1] < 1:
            raise ValueError(f"limit54 needs (cases >= 0, points >= 1), found {self.limit54}")
        if self.compat and self.weekday:
            raise ValueError("the reference knows no weekday: leave out weekday or compat")

    @property
    def yearly(self) -> int:
        return 52 if self.frequency is None else self.frequency

    @property
    def left_out(self) -> int:
        return self.w if self.past_weeks_not_included is None else self.past_weeks_not_included

    @property
    def by_weekday(self) -> bool:
        if self.weekday is None:
            return self.yearly in _DAILY and not self.compat
        return self.weekday

    @property
    def reach(self) -> int:
        """How many points before the judged one are needed."""
        return max(self.b * self.yearly + self.w, self.limit54[1] - 1)

    @property
    def choices(self) -> Choices:
        return Choices(
            trend=self.trend and self.b >= 3,
            p_threshold_trend=self.p_threshold_trend,
            reweight=self.reweight,
            weights_threshold=self.weights_threshold,
            case_weight_dispersion=bool(self.compat),
        )

    def limit(self, found: Fit) -> threshold.Limit:
        return threshold.limit(
            found, alpha=self.alpha, method=self.threshold_method, power=self.power_transform,
            link_score=bool(self.compat),
        )  # fmt: skip


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    params: Params | None = None,
    *,
    population: ArrayLike | None = None,
    days: ArrayLike | None = None,
) -> Detection:
    """Judge counts (S, T) at the positions `times`, by default all that have b years and w points before them.

    population: (S, T) or (T,), above 0, with `population_offset`; days: (T,) rising ordinals of the points:
    reference times then follow the calendar year instead of `frequency` points, and a trend's step is the
    distance of the first two points.

    NaN is a missing count: left out of the baseline; unknown where it is the judged one. `upper` is NaN where
    limit54 alone forbids an alarm (the point is known, `alarm` False). `score` is (y - expected) / (upper -
    expected). extra: phi, trend (1 or 0) and slope, its coefficient per step (NaN without a trend).

    Raises ValueError for bad parameters, counts, population or days, or a series too short.
    """
    params = params or Params()
    values = as_counts(counts)
    length = values.shape[1]
    dates = None if days is None else _as_days(days, length)
    chosen = as_times(times, length, params.reach, ID)
    offset = _log_population(population, values.shape, params)
    found = Fit.unknown(values.shape[0] * chosen.size)
    for made, columns in _designs(chosen, params, dates):
        _fit_all(made, values, offset, chosen, columns, params.choices, found)
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


def _designs(
    times: Times, params: Params, days: NDArray[np.int64] | None
) -> Iterator[tuple[Design, NDArray[np.int64]]]:
    """Each distinct design with the columns of the result that it serves."""
    made: dict[bytes, Design] = {}
    serves: dict[bytes, list[int]] = {}
    for column, at in enumerate(times.tolist()):
        if days is None and made:
            key = next(iter(made))
        else:
            new = _design(at, params, days)
            key = new.key
            made.setdefault(key, new)
        serves.setdefault(key, []).append(column)
    for key, one in made.items():
        yield one, np.array(serves[key])


def _design(at: int, params: Params, days: NDArray[np.int64] | None) -> Design:
    if days is None:
        references = references_by_lag(at, params.b, params.yearly)
    else:
        references = references_by_date(at, params.b, days, weekly=params.yearly == 52)
    return design(
        references, params.w, params.no_periods, params.left_out,
        spill=bool(params.compat), weekday=params.by_weekday, days=days,
    )  # fmt: skip


def _fit_all(
    made: Design, values: Floats, offset: Floats | None, times: Times, columns: NDArray[np.int64],
    choices: Choices, found: Fit,
) -> None:  # fmt: skip
    """Fit every series at these columns, in blocks of rows, into `found` (rows: series by columns)."""
    rows = (np.arange(values.shape[0])[:, None] * times.size + columns[None, :]).ravel()
    block = max(16, _BLOCK // made.back.size)
    for start in range(0, rows.size, block):
        part = rows[start : start + block]
        series, now = part // times.size, times[part % times.size]
        past = (series[:, None], now[:, None] - made.back[None, :])
        counts = values[past]
        seen = ~np.isnan(counts)
        baseline = Baseline(np.where(seen, counts, 0.0), seen)
        if offset is not None:
            baseline = Baseline(baseline.counts, seen, offset[past], offset[series, now])
        found.put(part, fit(made, baseline, choices))


def _detection(values: Floats, times: Times, found: Fit, params: Params) -> Detection:
    shape = (values.shape[0], times.size)
    observed = values[:, times]
    limits = params.limit(found)
    upper, expected = limits.upper.reshape(shape), limits.expected.reshape(shape)
    pvalue = limits.pvalue(observed.ravel()).reshape(shape)
    enough = _enough(values, times, params)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = limits.score(observed.ravel()).reshape(shape)
        over = score > 1 if params.compat else observed > upper
        alarm = over & (observed > 0) & enough
    known = limits.known.reshape(shape) & ~np.isnan(observed)
    upper = np.where(enough, upper, np.nan)
    if params.compat:
        expected = np.where(enough, expected, np.nan)
    extra = {"phi": found.phi, "trend": found.trend.astype(float), "slope": found.slope}
    return Detection(
        times, expected, upper, score, pvalue, alarm & known, known,
        {name: np.where(known, of.reshape(shape), np.nan) for name, of in extra.items()},
    )  # fmt: skip


def _enough(values: Floats, times: Times, params: Params) -> Bools:
    """(S, T) whether the last points hold enough cases; a missing one counts as none (in compat form: not
    enough)."""
    cases, points = params.limit54
    window = values[:, times[:, None] - np.arange(points)]
    total = window.sum(axis=2) if params.compat else np.nansum(window, axis=2)
    return np.asarray(total >= cases)
