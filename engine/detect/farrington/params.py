"""The parameters of Farrington's algorithm, checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.detect.detection import one_of, within
from engine.detect.farrington import threshold
from engine.detect.farrington.fit import Choices, Fit

_DAILY = (364, 365, 366)


@dataclass(frozen=True)
class Params:
    """The parameters of the reference, with its defaults.

    frequency: points per year (52 weeks, 12 months, 365 days; in a rung by default what the window
    gives); b: how many years back; w: half the width of the seasonal window, in points; no_periods:
    seasonal levels, 1 for none but the window itself (Noufaily: 10); past_weeks_not_included: how many of
    the newest points are left out (by default w; Noufaily: 26); trend: try one; p_threshold_trend: keep
    it below this p-value (1: always); reweight and weights_threshold: down-weight past points whose
    standardised Anscombe residual is higher; alpha: one-sided chance of a false alarm; threshold_method:
    `student` (negative binomial that knows how well mean and dispersion are known; the default, because it
    keeps its false-alarm rate on clumped and skewed counts), `delta` (Normal on the scale of power_transform
    `2/3`, `1/2` or `none`; the reference's default, and that of the compat form), `nbPlugin` (negative
    binomial), `muan` (negative binomial at the upper limit of the mean); limit54: (cases, points),
    no alarm with fewer cases in the last points; population_offset: rates by the population; weekday: a
    factor per weekday (by default for 364 to 366 points per year, but not in compat form); compat:
    `surveillance` or empty.
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
    threshold_method: str | None = None
    power_transform: str = "2/3"
    limit54: tuple[int, int] = (5, 4)
    population_offset: bool = False
    weekday: bool | None = None
    compat: str = ""

    def __post_init__(self) -> None:
        within("frequency", self.yearly, 1, np.inf)
        within("b", self.b, 1, np.inf)
        within("no_periods", self.no_periods, 1, np.inf)
        within("w", self.w, 0, np.inf)
        within("past_weeks_not_included", self.left_out, 0, np.inf)
        within("p_threshold_trend", self.p_threshold_trend, 0, 1)
        within("weights_threshold", self.weights_threshold, 0, np.inf)
        within("alpha", self.alpha, 0, 0.5, closed=False)
        one_of("threshold_method", self.method, threshold.METHODS)
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
    def method(self) -> str:
        return self.threshold_method or ("delta" if self.compat else "student")

    @property
    def left_out(self) -> int:
        return self.w if self.past_weeks_not_included is None else self.past_weeks_not_included

    @property
    def by_weekday(self) -> bool:
        if self.weekday is None:
            return self.yearly in _DAILY and not self.compat
        return self.weekday

    @property
    def by_calendar(self) -> bool:
        """Whether points with dates have their reference times by the calendar: weeks, months and days."""
        return self.yearly in (12, 52, *_DAILY)

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
            found, alpha=self.alpha, method=self.method, power=self.power_transform,
            link_score=bool(self.compat),
        )  # fmt: skip
