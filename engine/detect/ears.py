"""EARS C1, C2 and C3: the last few points against a short moving baseline.

* C1 compares a point with the `baseline` points before it; C2 leaves two points out between them, so that
  a slow start does not hide itself; C3 adds up what C2 has in excess of 1 on the point and the two before.
* By default each series' own noise is known from a longer past than its level (`engine.detect.ears_own`).
* With `dispersion: none` counts are taken as Normal and the threshold is the prediction limit of those points
  alone: the mean plus Student's t quantile with b - 1 degrees of freedom times sqrt(1 + 1/b) times the
  standard deviation, which is taken as at least `min_sigma` = 1. The published form uses the Normal quantile
  on seven points and cries wolf ten to fifty times too often.
* `compat="surveillance"` reproduces `earsC` of the R package to the last digit, with the Normal quantile, no
  minimum deviation unless asked for, and a C3 that does not look at the point it judges.

Source: Hutwagner et al., The bioterrorism preparedness and response Early Aberration Reporting System
(EARS), Journal of Urban Health 80 (2003) i89-i96.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from engine.detect import ears_own
from engine.detect.detection import Detection, Times, as_counts, as_times, before, joined, one_of, within
from engine.detect.dispersion import HISTORY
from engine.detect.series import Floats, Past, Series, Upper
from engine.detect.tail import Tailed
from engine.model.later import Later
from engine.model.rule import Window

special = Later("scipy.special")

ID = "ears"
METHODS = ("C1", "C2", "C3")
#: How many points lie between the baseline and the point judged.
_LAG = {"C1": 0, "C2": 2, "C3": 2}
#: How many points before the judged one enter beside its own baseline.
_SUMMED = {"C1": 0, "C2": 0, "C3": 2}
#: A block of so many series stays in the processor's cache.
_BLOCK = 100
#: So many points of the past are looked at together where each series has its own noise.
_BATCH = 4_000_000
#: The fewest known points a mean and a deviation may rest on.
_FEWEST = 3


@dataclass(frozen=True)
class Params:
    """One rung: `ears: {method: C2, alpha: 0.001}`; the rule's `baseline` tells how much counts vary.

    alpha is the chance of a false alarm per block (default 0.001; C3 0.025); points: how many of the blocks
    tell the level; dispersion: `own`, or `none` for Normal counts, whose level and deviation are those of
    the whole baseline; min_sigma: with `none`, the least deviation assumed (default 1; in compat form 0).
    """

    method: str = "C1"
    alpha: float | None = None
    min_sigma: float | None = None
    compat: str = ""
    dispersion: str = "own"
    points: int = 7

    def __post_init__(self) -> None:
        one_of("method", self.method, METHODS)
        one_of("compat", self.compat, ("", "surveillance"))
        one_of("dispersion", self.dispersion, ("own", "none"))
        within("points", self.points, _FEWEST, np.inf)
        if self.alpha is not None:
            within("alpha", self.alpha, 0, 0.5, closed=False)
        if self.min_sigma is not None and self.own:
            raise ValueError("min_sigma is the least deviation of Normal counts: add dispersion: none")
        if self.min_sigma is not None:
            within("min_sigma", self.min_sigma, 0, np.inf)

    @property
    def own(self) -> bool:
        return self.dispersion == "own" and not self.compat

    @property
    def level(self) -> float:
        return self.alpha if self.alpha is not None else 0.025 if self.method == "C3" else 0.001

    @property
    def least(self) -> float:
        return self.min_sigma if self.min_sigma is not None else 0.0 if self.compat else 1.0

    @property
    def lead(self) -> int:
        """How many points the judged one needs before it beside `baseline`."""
        return _LAG[self.method] + _SUMMED[self.method]

    @property
    def strict(self) -> bool:
        """Whether a count equal to the threshold is no alarm."""
        return self.method != "C3" or bool(self.compat)


class _Block(NamedTuple):
    """What one block of series leads to, (S, T) each; n is a single number where nothing is missing."""

    expected: Floats
    upper: Floats
    score: Floats
    n: Floats


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    method: str = "C1",
    baseline: int = 7,
    min_sigma: float | None = None,
    alpha: float | None = None,
    compat: str = "",
    pvalues: bool = True,
    dispersion: str = "own",
    history: int = HISTORY,
) -> Detection:
    """EARS over counts (S, T) at the positions `times`, by default all that have a full baseline.

    history: with dispersion `own`, so many points before (as many as there are) tell how much the series
    vary; `score` is then the count over its expectation, and series of one call share what they have in
    common. Of Normal counts (`none`) `score` is the C statistic (for C3 the sum of the three excesses); C3
    has no p-value, and `pvalues=False` leaves them out, which takes a third of the time.

    A missing count in a baseline is passed over as long as three known ones remain (in compat form the
    threshold is then unknown, as in the reference); a missing count itself is not judged.

    Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    params = Params(method, alpha, min_sigma, compat, dispersion, max(baseline, _FEWEST))
    within("baseline", baseline, 3, np.inf)
    within("history", history, 3, np.inf)
    values = as_counts(counts)
    chosen = as_times(times, values.shape[1], baseline + params.lead, f"ears {method}")
    if params.own:
        return _own(values, chosen, max(history, baseline), params)
    shape = (values.shape[0], chosen.size)
    expected, upper, score = (np.empty(shape) for _ in range(3))
    alarm, known = np.empty(shape, bool), np.empty(shape, bool)
    tailed = pvalues and method != "C3"
    pvalue = np.empty(shape) if tailed else np.broadcast_to(np.nan, shape)
    columns = _run(chosen)
    for start in range(0, shape[0], _BLOCK):
        rows = slice(start, start + _BLOCK)
        block = _judge(values[rows], chosen, baseline, params)
        today = values[rows, columns]
        expected[rows], upper[rows], score[rows] = block.expected, block.upper, block.score
        alarm[rows] = today > block.upper if params.strict else today >= block.upper
        known[rows] = ~(np.isnan(block.upper) | np.isnan(today))
        if tailed:
            pvalue[rows] = special.ndtr(-block.score) if compat else special.stdtr(block.n - 1, -block.score)
    return Detection(chosen, expected, upper, score, pvalue, alarm, known)


def _own(values: Floats, times: Times, history: int, params: Params) -> Detection:
    """What lies before the first point is not known."""
    reach = history + params.lead
    padded = np.pad(values, ((0, 0), (reach, 0)), constant_values=np.nan)
    step = max(1, _BATCH // (len(values) * reach))
    parts = []
    for at in (times[start : start + step] for start in range(0, times.size, step)):
        fitted = _own_model(before(padded, at + reach, reach).swapaxes(0, 1), params)
        today = values[:, at].T
        known = fitted.known & ~np.isnan(today)
        upper = np.where(fitted.known, fitted.turn() - 1, np.nan)
        parts.append(Detection(
            at, fitted.expected.T, upper.T, (today / fitted.expected).T, fitted.pvalue(today).T,
            (fitted.holds(today) & known).T, known.T, {name: of.T for name, of in fitted.shown.items()},
        ))  # fmt: skip
    return joined(parts)


def _own_model(past: Floats, params: Params) -> Tailed:
    return ears_own.judged(past, params.method, params.points, _LAG[params.method], params.level)


def _judge(counts: Floats, times: Times, baseline: int, params: Params) -> _Block:
    """The thresholds of one block at the positions `times`."""
    first, last = int(times[0]) - _SUMMED[params.method], int(times[-1])
    mean, sigma, n = _moments(counts, first, last, baseline, params)
    judged = counts[:, first : last + 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        quantile = np.broadcast_to(_quantile(params, n), mean.shape)
        if params.method == "C3":
            return _summed(judged, mean, sigma, quantile, times - first, params)
        statistic = judged - mean
        statistic /= sigma
        upper = sigma * quantile
        upper += mean
    pick = _run(times - first)
    return _Block(mean[:, pick], upper[:, pick], statistic[:, pick], n[:, pick] if n.ndim else n)


def _run(positions: Times) -> slice | Times:
    """The positions as a slice where they follow each other: a view instead of a copy."""
    first, last = int(positions[0]), int(positions[-1])
    return slice(first, last + 1) if last - first + 1 == positions.size else positions


def _summed(
    judged: Floats, mean: Floats, sigma: Floats, quantile: Floats, pick: Times, params: Params
) -> _Block:
    """C3 of one block; every array begins two points before the first of `pick`."""
    excess = np.maximum(0.0, (judged - mean) / sigma - 1.0)
    before = excess[:, _run(pick - 1)] + excess[:, _run(pick - 2)]
    now = _run(pick)
    judged, mean, sigma, excess = judged[:, now], mean[:, now], sigma[:, now], excess[:, now]
    rest = quantile[:, now] - before
    if params.compat:
        upper = np.maximum(0.0, judged + sigma * rest)
    else:
        upper = np.maximum(0.0, mean + sigma * (1.0 + rest))
        upper[rest <= 0.0] = 0.0
    return _Block(mean, upper, before + excess, np.array(np.nan))


def _quantile(params: Params, n: Floats) -> Floats:
    """The threshold in standard deviations; n is () or an array of numbers of known points."""
    if params.compat:
        return np.asarray(special.ndtri(1.0 - params.level))
    # Any of three points may carry the sum of C3: each is given a third of alpha.
    share = 3.0 if params.method == "C3" else 1.0
    return np.asarray(special.stdtrit(n - 1, 1.0 - params.level / share))


def _moments(
    counts: Floats, first: int, last: int, baseline: int, params: Params
) -> tuple[Floats, Floats, Floats]:
    """Mean, scale and number of known points of the baselines of the points first..last.

    The scale is the standard deviation, at least the minimum, and but for the compat form widened by
    sqrt(1 + 1/n). The number is one value for all where nothing is missing.
    """
    width = last - first + 1
    lag = _LAG[params.method]
    past = counts[:, first - lag - baseline : last - lag]
    windows = [past[:, shift : shift + width] for shift in range(baseline)]
    if params.compat or not np.isnan(past).any():
        n = np.array(float(baseline))
        mean, squares = _whole_moments(windows) if width > 1 else _moments_of_one(past)
    else:
        n, mean, squares = _known_moments(past, baseline, width)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares /= n - 1
        sigma = np.maximum(np.sqrt(squares, out=squares), params.least, out=squares)
        if not params.compat:
            sigma *= np.sqrt(1.0 + 1.0 / n)
    return mean, sigma, n


def _moments_of_one(past: Floats) -> tuple[Floats, Floats]:
    """The same of a single point: a rung judges one of many areas, and has many points before it."""
    mean = past.mean(axis=1, keepdims=True)
    gap = past - mean
    return mean, np.einsum("ij,ij->i", gap, gap)[:, None]


def _whole_moments(windows: list[Floats]) -> tuple[Floats, Floats]:
    """Mean and sum of squared deviations over windows without gaps, in two passes."""
    mean = windows[0].copy()
    for window in windows[1:]:
        mean += window
    mean /= len(windows)
    squares = np.zeros_like(mean)
    gap = np.empty_like(mean)
    for window in windows:
        np.subtract(window, mean, out=gap)
        gap *= gap
        squares += gap
    return mean, squares


def _known_moments(past: Floats, baseline: int, width: int) -> tuple[Floats, Floats, Floats]:
    """Number, mean and sum of squared deviations over the known points of each window; NaN where
    fewer than three are known."""
    seen = ~np.isnan(past)
    filled = np.where(seen, past, 0.0)
    shifts = [slice(shift, shift + width) for shift in range(baseline)]
    n = np.zeros((past.shape[0], width))
    total = np.zeros_like(n)
    for part in shifts:
        n += seen[:, part]
        total += filled[:, part]
    n[n < _FEWEST] = np.nan
    mean = total / n
    squares = np.zeros_like(n)
    for part in shifts:
        squares += seen[:, part] * (filled[:, part] - mean) ** 2
    return n, mean, squares


def past(params: Params, window: Window) -> Past:
    """The rule's baseline, and before it the blocks that C2 and C3 leave out or add up."""
    within("baseline", window.baseline, _FEWEST, np.inf)
    if params.method == "C3" and params.compat:
        raise ValueError("C3 in compat form does not look at the block it judges: use C2 or no compat")
    return Past(window.baseline + params.lead, window.gap)


def model(series: Series, params: Params) -> Upper | Tailed:
    """The threshold of the judged block, from the blocks before it alone."""
    if params.own:
        return _own_model(series.baseline, params)
    rows = series.flat()
    rows[:, -1] = 0.0
    last = rows.shape[1] - 1
    baseline = last - params.lead
    if baseline < _FEWEST:
        nothing = np.full(series.observed.shape, np.nan)
        return Upper(nothing, np.zeros(nothing.shape, bool), nothing)
    block = _judge(rows, np.array([last]), baseline, params)
    expected, upper = (values.reshape(series.observed.shape) for values in (block.expected, block.upper))
    return Upper(expected, ~np.isnan(upper), upper, strict=params.strict)
