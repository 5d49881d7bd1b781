"""`rare`: the gamma-Poisson predictive, the default for sparse counts.

Each area's own rate is a gamma posterior: the prior is shared across the areas of the level (fitted
by moments on their baselines), the evidence is the area's own baseline. The judged count then has a
negative-binomial predictive distribution, and the test holds where its upper tail is below `alpha`.
A seven-point baseline cannot see a doubling of two; half a year with a shared prior can. Real counts come in
clumps: each area's over-dispersion is its own, drawn towards the pool's (`engine.detect.dispersion`).
Weekdays and, where two years are there, seasons are those that all areas share (`engine.detect.rhythm`).

Source: Gelman et al., Bayesian Data Analysis (3rd ed.), section 2.6 (Poisson with a gamma prior);
Clayton and Kaldor (1987), Biometrics 43, for the moment fit across areas. Measured choices and
false-alarm rates: docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from engine.detect.detection import Detection, Times, as_counts, as_times, joined, within
from engine.detect.dispersion import UNTOLD, Dispersion, dispersion
from engine.detect.rhythm import blocks_of, rhythm
from engine.detect.series import Bools, Floats, Past, Series, one_row
from engine.detect.tail import Tailed
from engine.model.later import Later
from engine.model.rule import Window

special = Later("scipy.special")

ID = "rare"

#: With fewer areas than this nothing can be learnt from the neighbours: Jeffreys' prior instead.
_POOL = 3
_JEFFREYS = 0.5
#: Fewer known baseline blocks than this, or than half of them, is too short a past.
_SHORTEST = 4
#: So many baseline values are looked at together.
_BATCH = 4_000_000


@dataclass(frozen=True, slots=True)
class Params:
    """alpha: the tail probability below which a count is rare; dispersion: `own` (each area's
    over-dispersion, drawn towards what all areas lead to expect), `pooled` (one for all areas) or `none`
    (Poisson noise); weekday: `auto` gives one-day windows a factor per weekday, `off` never does; season:
    `auto` follows the wave of the year where the baseline holds two years, `off` never does."""

    alpha: float = 0.01
    dispersion: str = "own"
    weekday: str = "auto"
    season: str = "auto"

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 0.5:
            raise ValueError("rare: alpha needs a probability above 0 and below 0.5")
        if self.dispersion not in ("own", "pooled", "none"):
            raise ValueError("rare: dispersion is 'own', 'pooled' or 'none'")
        for name in ("weekday", "season"):
            if getattr(self, name) not in ("auto", "off"):
                raise ValueError(f"rare: {name} is 'auto' or 'off'")


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    baseline: int = 26,
    gap: int = 0,
    alpha: float = 0.01,
    dispersion: str = "own",
    weekday: str = "auto",
    season: str = "auto",
    days: Times | None = None,
) -> Detection:
    """Counts (S, T) at each of `times`, by the `baseline` points that end `gap` earlier; the prior is shared
    by the series. days: (T,) ordinals of the points where they are dated evenly, for weekdays and seasons.

    `upper` is the largest count that is no alarm, `score` the count over its expectation; `extra` holds what
    the expectation was made of. Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    params = Params(alpha, dispersion, *(of if days is not None else "off" for of in (weekday, season)))
    within("baseline", baseline, _SHORTEST, np.inf)
    within("gap", gap, 0, np.inf)
    values = as_counts(counts)
    chosen = as_times(times, values.shape[1], baseline + gap, ID)
    step = max(1, _BATCH // (len(values) * baseline))
    parts = []
    for at in (chosen[start : start + step] for start in range(0, chosen.size, step)):
        series = blocks_of(values, at, baseline, gap, days)
        parts.append(_detected(at, model(series, params), series.observed))
    return joined(parts)


def _detected(times: Times, fitted: Rare, today: Floats) -> Detection:
    at = fitted.predictive
    known = fitted.known & ~np.isnan(today)
    turn = Tailed(at.expected, fitted.known, fitted.alpha, at.tail, ()).turn()
    upper = np.where(fitted.known, turn - 1, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = today / at.expected
    extra = {
        "baseline_total": at.total, "baseline_points": at.exposure, "prior_shape": at.prior_shape[:, None],
        "prior_rate": at.prior_rate[:, None], "dispersion": at.phi,
    }  # fmt: skip
    alarm = fitted.holds(today) & known
    return Detection(
        times, at.expected.T, upper.T, score.T, fitted.pvalue(today).T, alarm.T, known.T,
        {name: np.broadcast_to(of.T, alarm.T.shape) for name, of in extra.items()},
    )  # fmt: skip


def past(params: Params, window: Window) -> Past:
    return Past(window.baseline, window.gap)


@dataclass(frozen=True)
class Predictive:
    """The predictive distribution of the judged block: negative binomial by `mean` and `size`.

    All arrays (C, A); shape and rate: the prior of each cut, (C,); exposure: how many judged blocks
    the known baseline is worth; phi: over-dispersion, 1 where none is modelled; spread: how well that is
    known, where it is each area's own.
    """

    known: Bools
    expected: Floats
    size: Floats
    exposure: Floats
    total: Floats
    prior_shape: Floats
    prior_rate: Floats
    phi: Floats
    spread: Dispersion | None = None

    #: What was asked last, and the answer: rungs, and who explains them, ask the same again.
    _last: list[tuple[Floats, Floats]] = field(default_factory=list, repr=False, compare=False)

    def tail(self, observed: Floats) -> Floats:
        """P(Y >= observed); broadcasts."""
        if not (self._last and self._last[0][0] is observed):
            chance = self.expected / (self.expected + self.size)
            some = np.broadcast_to(observed > 0, np.broadcast_shapes(observed.shape, chance.shape))
            # Most areas of a nation counted nothing: of them nothing is worked out.
            plain = special.betainc(observed, self.size, chance, where=some, out=np.ones(some.shape))
            self._last[:] = [(observed, plain if self.spread is None else self.spread.wider(plain))]
        return self._last[0][1]

    def tail_at(self, cut: int, area: int, observed: float) -> float:
        """The same of one cell by itself."""
        mean, size = float(self.expected[cut, area]), float(self.size[cut, area])
        tail = float(special.betainc(observed, size, mean / (mean + size))) if observed > 0 else 1.0
        return tail if self.spread is None else self.spread.cell(cut, area).wider(np.array(tail)).item()


@dataclass(frozen=True)
class Rare:
    """The predictive with one rung's alpha."""

    predictive: Predictive
    alpha: float

    @cached_property
    def expected(self) -> Floats:
        return self.predictive.expected

    @cached_property
    def known(self) -> Bools:
        at = self.predictive
        return at.known if at.spread is None else at.known & at.spread.told

    def untold(self, cut: int, area: int) -> str:
        return UNTOLD if self.predictive.known[cut, area] else ""

    def pvalue(self, observed: Floats) -> Floats:
        return self.predictive.tail(observed)

    def holds(self, observed: Floats) -> Bools:
        return self.pvalue(observed) < self.alpha

    def needed(self, cut: int, area: int) -> float | None:
        tail, low, high = self.predictive.tail_at, 0, 1
        while tail(cut, area, high) >= self.alpha:
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if tail(cut, area, middle) >= self.alpha else (low, middle)
        return float(high)

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        at = self.predictive
        facts: dict[str, float | str] = {
            "alpha": self.alpha,
            "baseline_total": float(at.total[cut, area]),
            "baseline_blocks": round(float(at.exposure[cut, area]), 2),
            "prior_shape": float(at.prior_shape[cut]),
            "prior_rate": float(at.prior_rate[cut]),
        }
        if at.phi[cut, area] != 1:
            facts["dispersion"] = float(at.phi[cut, area])
        if at.total[cut, area] == 0:
            facts["note"] = "the whole baseline is zero: judged by the bound of the shared prior"
        return facts


def needed(blocks: int) -> float:
    """Of so many blocks of a baseline, how many must be usable."""
    return max(_SHORTEST, blocks / 2)


def model(series: Series, params: Params) -> Rare:
    """Fitted once per series; rungs differ only in their alpha."""
    key = (ID, params.dispersion, params.weekday, params.season)
    return Rare(series.fit(key, lambda: _predictive(series, params)), params.alpha)


def _predictive(series: Series, params: Params) -> Predictive:
    looked, told = series.exposure, series.told
    counts = told if series.complete else np.where(looked > 0, told, 0.0)
    weights, now = rhythm(
        series, counts, weekday=params.weekday == "auto", season=params.season == "auto"
    )
    total = counts.sum(axis=2)
    seen = np.broadcast_to(weights, counts.shape) if series.complete else looked * weights
    exposure = np.broadcast_to(one_row(seen).sum(axis=2) / now[:, None], total.shape)
    shape, rate = _prior(total, exposure)
    known = series.valid >= needed(looked.shape[2])
    if params.dispersion == "own":
        found = dispersion(counts, seen)
        phi, worth = found.phi, found.phi
    else:
        one = _pooled(counts, looked, weights) if params.dispersion == "pooled" else np.ones(len(total))
        found, phi, worth = None, np.broadcast_to(one[:, None], total.shape), np.ones(total.shape)
    # Clumps of phi incidents are evidence of one each.
    size = shape[:, None] + total / worth
    blocks = exposure / worth + rate[:, None]
    per_block = size / np.where(blocks > 0, blocks, np.inf)
    # Over-dispersion phi adds (phi - 1) * mean to the variance mean + mean^2/size.
    wider = (phi - 1) * size / np.maximum(per_block, 1e-300) + 1
    return Predictive(known, per_block, size / wider, exposure, total, shape, rate, phi, found)


def _prior(total: Floats, exposure: Floats) -> tuple[Floats, Floats]:
    """(C,) shape and rate of the gamma prior shared by the areas, by moments."""
    cuts, areas = total.shape
    if areas < _POOL:
        return np.full(cuts, _JEFFREYS), np.zeros(cuts)
    seen = exposure > 0
    worth = np.where(seen, exposure, 0)
    everything = worth.sum(axis=1)
    mean = (total.sum(axis=1) + _JEFFREYS) / np.maximum(everything, 1.0)
    rates = np.where(seen, total / np.where(seen, exposure, 1), 0)
    spread = (worth * (rates - mean[:, None]) ** 2).sum(axis=1) / np.maximum(everything, 1.0)
    noise = mean * seen.sum(axis=1) / np.maximum(everything, 1.0)
    between = np.maximum(spread - noise, mean**2 / 1e4)
    return mean**2 / between, mean / between


def _pooled(counts: Floats, looked: Floats, weights: Floats) -> Floats:
    """(C,) Pearson over-dispersion of the baselines around each area's own rate, at least 1."""
    worth = looked * weights
    exposure = worth.sum(axis=2, keepdims=True)
    fitted = counts.sum(axis=2, keepdims=True) / np.maximum(exposure, 1e-300) * worth
    some = fitted > 0
    residual = np.where(some, (counts - fitted) ** 2 / np.where(some, fitted, 1), 0).sum(axis=(1, 2))
    free = some.sum(axis=(1, 2)) - some.any(axis=2).sum(axis=1)
    phi: Floats = np.maximum(residual / np.maximum(free, 1), 1.0)
    return phi
