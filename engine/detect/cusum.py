"""CUSUM of counts: adds up the evidence that the mean has risen to `shift` times its usual level.

Each point adds the logarithm of how much likelier its count is under the raised mean than under the usual
one, for Poisson or negative-binomial noise, and the sum never falls below zero. That bounds false alarms by
exp(-S), which is far from what they are: how likely chance is to carry the sum so far is told from the tails
of the last 1, 2, 4, ... points together, any of which may have carried it. Mean and over-dispersion come from
`baseline` points that end `gap` points earlier, and the tails know how well both are known (measured in
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
from engine.detect.dispersion import Dispersion, dispersion, poisson, widened
from engine.detect.exact import at_most
from engine.detect.negbin import size_of, upper_tail
from engine.detect.predictive import FEWEST, NOISE
from engine.detect.series import Bools, Floats, Past, Series
from engine.detect.tail import Tailed
from engine.model.rule import Window

ID = "cusum"
#: How many points together may have carried the sum: each tail is looked at, and for as many of them the
#: chance is multiplied as they are worth independent ones.
_TOGETHER = (1, 2, 4, 8, 16)
_WORTH = 0.5


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
    evidence does. `score` is the sum, `pvalue` the chance of so large a one, `upper` the count that would
    just have alarmed (alarm where y >= upper). A missing count adds nothing and is not judged.

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


def _run(counts: Floats, times: Times, baseline: int, gap: int, params: Params, reset: bool) -> Detection:
    span = np.arange(int(times[0]), int(times[-1]) + 1)
    carried, steps = np.zeros(counts.shape[0]), []
    for time in span:
        before, today = counts[:, time - gap - baseline : time - gap], counts[:, time]
        # Each series by itself: they need not be of one kind.
        usual = _usual(before[:, None, :], params)
        chance, score = _chance(today, carried, *usual.given), usual.onward(carried, today)
        steps.append((usual.mean, score, usual.noise.told, chance, carried, *usual.given))
        carried = np.where(at_most(chance, params.alpha), 0.0, score) if reset else score
    expected, score, told, chance, *given = (
        np.stack(of, axis=1) for of in zip(*(steps[at] for at in times - span[0]), strict=True)
    )
    known = ~(np.isnan(expected) | np.isnan(counts[:, times])) & told
    upper = np.where(known, Tailed(expected, known, params.alpha, _chance, tuple(given)).turn(), np.nan)
    return Detection(times, expected, upper, score, chance, at_most(chance, params.alpha) & known, known)


@dataclass(frozen=True)
class _Usual:
    """(S,) what is usual: the mean, how many points tell it, and what a point adds: gain * count - cost."""

    mean: Floats
    points: Floats
    noise: Dispersion
    gain: Floats
    cost: Floats

    @property
    def given(self) -> tuple[Floats, ...]:
        level = self.mean + 0.5 / self.points
        return self.gain, self.cost, level, self.points, self.noise.phi, self.noise.freedom

    def onward(self, sums: Floats, counts: Floats) -> Floats:
        step = self.gain * counts - self.cost
        return np.asarray(np.maximum(0.0, sums + np.where(np.isnan(step), 0.0, step)))


def _usual(past: Floats, params: Params) -> _Usual:
    """Of the `past` (C, A, B), the cells in one row; NaN where too few points are known."""
    seen = ~np.isnan(past)
    counts = np.where(seen, past, 0.0)
    n = np.where(seen.sum(axis=2) >= FEWEST, seen.sum(axis=2), np.nan).ravel()
    mean = counts.sum(axis=2).ravel() / n
    noise = poisson(mean)
    if params.noise == "negbin":
        noise = dispersion(counts, seen.astype(float)).flat()
    # Half a count more: a baseline of zeros is no proof that nothing can happen.
    level = mean + 0.5 / n
    excess = (noise.phi - 1.0) / level
    ratio = (1.0 + excess * params.shift * level) / (1.0 + excess * level)
    over = excess > 1e-9
    gain = np.log(params.shift) - np.where(over, np.log(ratio), 0.0)
    cost = np.where(over, np.log(ratio) / np.where(over, excess, 1.0), (params.shift - 1.0) * level)
    return _Usual(mean, n, noise, np.where(np.isnan(mean), np.nan, gain), cost)


def _chance(
    observed: Floats, carried: Floats, gain: Floats, cost: Floats, level: Floats, points: Floats,
    phi: Floats, freedom: Floats,
) -> Floats:  # fmt: skip
    """The chance of at least the sum that is reached with `observed`."""
    reached = carried + gain * observed - cost
    tails = []
    for together in _TOGETHER:
        mean = together * level
        # What so many points hold, and what is not known of their mean.
        size = size_of(mean, mean * phi * (1 + together / points))
        # A count that just reaches it does, whatever the last digit says.
        least = (reached + together * cost) / gain * (1 - 1e-12)
        tails.append(widened(upper_tail(np.maximum(least, 0.0), mean, size), freedom))
    largest = np.maximum.reduce(tails)
    chance: Floats = np.minimum(largest + _WORTH * (np.add.reduce(tails) - largest), 1.0)
    return chance


def past(params: Params, window: Window) -> Past:
    """The rule's baseline, and after it the blocks that are added up with the judged one."""
    within("baseline", window.baseline, FEWEST, np.inf)
    return Past(window.baseline + params.run - 1, window.gap)


def model(series: Series, params: Params) -> Tailed:
    """The sum carried up to the judged block, and what its count would add."""
    key = (ID, params.shift, params.run, params.noise)
    expected, told, given = series.fit(key, lambda: _fit(series, params))
    known, doubtful = ~np.isnan(expected), ~told
    shown = {"carried": given[0], "dispersion": given[4]}
    return Tailed(
        expected, known & ~doubtful, params.alpha, _chance, given, shown=shown, doubtful=known & doubtful
    )


def _fit(series: Series, params: Params) -> tuple[Floats, Bools, tuple[Floats, ...]]:
    shape, blocks = series.observed.shape, series.baseline.shape[2]
    baseline = max(blocks - (params.run - 1), 0)
    # Each area by itself, as on the command line.
    usual = _usual(series.baseline[:, :, :baseline].reshape(-1, 1, baseline), params)
    sums = np.zeros(usual.mean.shape)
    for column in range(baseline, blocks):
        sums = usual.onward(sums, series.baseline[:, :, column].ravel())
    expected, *given = (of.reshape(shape) for of in (usual.mean, sums, *usual.given))
    return expected, usual.noise.told.reshape(shape), tuple(given)
