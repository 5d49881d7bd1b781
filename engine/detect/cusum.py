"""CUSUM of counts: adds up the evidence that the mean has risen to `shift` times its usual level.

Each point adds the logarithm of how much likelier its count is under the raised mean than under the usual
one, for Poisson or negative-binomial noise, and the sum never falls below zero. Where the usual level is
known, the chance that the sum stands at S or higher is at most exp(-S), so it alarms at log(1/alpha). The
level is not known: mean and over-dispersion come from `baseline` points that end `gap` points earlier, and
the mean is raised by half its standard error so that an underestimate does not add up for ever (measured in
docs/statistics.md).

`compat="surveillance"` is `cusum` of the R package: a fixed mean, standardised counts, k and h.

Sources: Lorden, Annals of Mathematical Statistics 42 (1971) 1897-1908, for the bound; Hawkins and Olwell,
Cumulative Sum Charts and Charting for Quality Improvement (1998), ch. 5; Rossi, Lampugnani and Marchi,
Statistics in Medicine 18 (1999) 2111-2122, for the standardised form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.detect import cusum_compat
from engine.detect.detection import Detection, Times, as_counts, as_times, one_of, within
from engine.detect.predictive import FEWEST, NOISE
from engine.detect.series import Floats, Past, Series
from engine.detect.tail import Tailed
from engine.model.rule import Window

ID = "cusum"
#: The mean is taken so many standard errors above its estimate.
_MARGIN = 0.5


@dataclass(frozen=True)
class Params:
    """One rung: `cusum: {shift: 2, run: 8, alpha: 0.01}`.

    shift: the rise looked for, as a factor; run: how many blocks are added up, the judged one included
    (the rule's `baseline` ends before them); alpha: the chance of a false alarm per block; noise: negbin
    (over-dispersion estimated) or poisson.
    """

    shift: float = 2.0
    run: int = 8
    alpha: float = 0.01
    noise: str = "negbin"

    def __post_init__(self) -> None:
        within("shift", self.shift, 1, 100, closed=False)
        within("run", self.run, 1, 1000)
        within("alpha", self.alpha, 0, 0.5, closed=False)
        one_of("noise", self.noise, NOISE)


def detect(
    counts: ArrayLike,
    times: Sequence[int] | Times | None = None,
    *,
    shift: float = 2.0,
    alpha: float | None = None,
    baseline: int = 52,
    gap: int = 8,
    noise: str = "negbin",
    reset: bool | None = None,
    compat: str = "",
    k: float = 1.04,
    h: float = 2.26,
    m: float | str | None = None,
    trans: str = "standard",
    frequency: int = 52,
) -> Detection:
    """The CUSUM of counts (S, T) from the first of `times` on, where it starts at zero.

    With `reset` (the default) the sum starts again after an alarm; without, it stays up as long as the
    evidence does. `score` is the sum, `pvalue` its bound exp(-sum), `upper` the count that would just
    have alarmed (alarm where y >= upper). A missing count adds nothing and is not judged.

    In compat form `times` are to be given (the mean is that of the points before), `alpha` is the
    reference's negative-binomial parameter (0.1), and k, h, m (a number, `glm` or the mean), trans and
    reset (off) mean what they mean there.

    Raises ValueError for a bad parameter, bad counts or a series too short.
    """
    one_of("compat", compat, ("", "surveillance"))
    values = as_counts(counts)
    if compat:
        if times is None:
            raise ValueError("cusum in compat form needs a range: its mean is that of the points before")
        chosen = as_times(times, values.shape[1], 1, "cusum")
        spread = 0.1 if alpha is None else alpha
        return cusum_compat.detect(values, chosen, k, h, m, trans, spread, bool(reset), frequency)
    params = Params(shift, 1, 0.01 if alpha is None else alpha, noise)
    within("baseline", baseline, FEWEST, np.inf)
    within("gap", gap, 0, np.inf)
    chosen = as_times(times, values.shape[1], baseline + gap, ID)
    return _run(values, chosen, baseline, gap, params, reset is not False)


def _run(
    counts: Floats, times: Times, baseline: int, gap: int, params: Params, reset: bool
) -> Detection:
    limit = -np.log(params.alpha)
    span = np.arange(int(times[0]), int(times[-1]) + 1)
    shape = (counts.shape[0], span.size)
    expected, upper, score = (np.empty(shape) for _ in range(3))
    sums = np.zeros(counts.shape[0])
    for column, time in enumerate(span):
        mean, gain, cost = _weights(counts[:, time - gap - baseline : time - gap], params)
        expected[:, column] = mean
        upper[:, column] = np.maximum(0.0, (limit - sums + cost) / gain)
        step = gain * counts[:, time] - cost
        sums = np.maximum(0.0, sums + np.where(np.isnan(step), 0.0, step))
        score[:, column] = sums
        if reset:
            sums = np.where(sums >= limit, 0.0, sums)
    pick = times - span[0]
    score, upper = score[:, pick], upper[:, pick]
    known = ~(np.isnan(upper) | np.isnan(counts[:, times]))
    alarm = (score >= limit) & known
    return Detection(times, expected[:, pick], upper, score, np.exp(-score), alarm, known)


def _weights(past: Floats, params: Params) -> tuple[Floats, Floats, Floats]:
    """The usual mean (S,), what one count adds, and what one point costs; NaN where too few of the
    `past` (S, B) are known. A point adds gain * count - cost."""
    seen = ~np.isnan(past)
    n = np.where(seen.sum(axis=1) >= FEWEST, seen.sum(axis=1), np.nan)
    mean = np.where(seen, past, 0.0).sum(axis=1) / n
    squares = (np.where(seen, past - mean[:, None], 0.0) ** 2).sum(axis=1)
    spread = np.ones_like(mean)
    if params.noise == "negbin":
        spread = np.maximum(1.0, squares / (n - 1) / np.where(mean > 0, mean, 1.0))
    # Half a count more: a baseline of zeros is no proof that nothing can happen.
    level = mean + 0.5 / n
    level = level + _MARGIN * np.sqrt(spread * level / n)
    excess = (spread - 1.0) / level
    ratio = (1.0 + excess * params.shift * level) / (1.0 + excess * level)
    over = excess > 1e-9
    gain = np.log(params.shift) - np.where(over, np.log(ratio), 0.0)
    cost = np.where(over, np.log(ratio) / np.where(over, excess, 1.0), (params.shift - 1.0) * level)
    return mean, np.where(np.isnan(mean), np.nan, gain), cost


def past(params: Params, window: Window) -> Past:
    """The rule's baseline, and after it the blocks that are added up with the judged one."""
    within("baseline", window.baseline, FEWEST, np.inf)
    return Past(window.baseline + params.run - 1, window.gap)


def model(series: Series, params: Params) -> Tailed:
    """The sum carried up to the judged block, and what its count would add."""
    rows = series.flat()[:, :-1]
    baseline = max(rows.shape[1] - (params.run - 1), 0)
    mean, gain, cost = _weights(rows[:, :baseline], params)
    sums = np.zeros(rows.shape[0])
    for column in range(baseline, rows.shape[1]):
        step = gain * rows[:, column] - cost
        sums = np.maximum(0.0, sums + np.where(np.isnan(step), 0.0, step))
    expected, gain, cost, carried = (
        values.reshape(series.observed.shape) for values in (mean, gain, cost, sums)
    )
    known = ~np.isnan(expected)
    return Tailed(expected, known, params.alpha, _bound, (carried, gain, cost), shown={"carried": carried})


def _bound(observed: Floats, carried: Floats, gain: Floats, cost: Floats) -> Floats:
    return np.exp(-np.maximum(0.0, carried + gain * observed - cost))
