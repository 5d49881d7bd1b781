"""EARS where counts come in clumps: the last few points tell the level, a longer past how much they vary.

Seven points cannot tell a standard deviation: after seven quiet ones anything is an alarm, and where counts
are skewed the mean and three deviations are passed far too often. Here the noise is each series' own
(`engine.detect.dispersion`), from all the points of the past given and drawn towards what all series lead to
expect, and the count is judged by the negative-binomial predictive of the last few. C3 adds up, over the
point and the two before, by how much each one's normal score is above 1; what such a sum of three may come to
by chance is known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.detect.dispersion import Dispersion, dispersion
from engine.detect.predictive import clumped, wide_tail
from engine.detect.series import Bools, Floats
from engine.detect.tail import Tailed
from engine.model.later import Later

special = Later("scipy.special")

#: A level rests on at least so many known points.
_FEWEST = 3
#: Jeffreys' prior of a level: it begins at half an incident.
_PRIOR = 0.5
#: The three points of C3 share most of their levels: measured, their sum is so much likelier.
_SHARED = 1.6
#: The steps in which the chance of a sum is tabulated, and its end.
_STEP, _END = 0.002, 40.0


@dataclass(frozen=True)
class Level:
    """(C, A) what one point was expected to be."""

    known: Bools
    mean: Floats
    size: Floats
    noise: Dispersion

    def tail(self, counts: Floats) -> Floats:
        return wide_tail(counts, self.mean, self.size, self.noise.freedom)

    def excess(self, counts: Floats) -> Floats:
        """By how much the normal score of these counts is above 1; NaN where it is not known."""
        score = -special.ndtri(np.clip(self.tail(counts), 1e-300, 1 - 1e-16))
        return np.where(self.known & ~np.isnan(counts), np.maximum(score - 1.0, 0.0), np.nan)


def level(past: Floats, points: int) -> Level:
    """Of the point after `past` (C, A, B), by the last `points` of it; NaN where nobody looked."""
    seen = ~np.isnan(past)
    noise = dispersion(np.where(seen, past, 0.0), seen.astype(float))
    near = seen[:, :, -points:]
    total, known = np.where(near, past[:, :, -points:], 0.0).sum(axis=2), near.sum(axis=2)
    mean, size = clumped(total, np.maximum(known, 1).astype(float), noise.phi, prior=_PRIOR)
    return Level(known >= _FEWEST, mean, size, noise)


def judged(past: Floats, method: str, points: int, lag: int, alpha: float) -> Tailed:
    """EARS of the point after `past` (C, A, B); lag: how many of its last points its level leaves out."""
    blocks = past.shape[2] - lag - (2 if method == "C3" else 0)
    if blocks < _FEWEST:
        nothing = np.full(past.shape[:2], np.nan)
        return Tailed(nothing, np.zeros(nothing.shape, bool), alpha, wide_tail, (nothing, nothing, nothing))
    end = past.shape[2] - lag
    now = level(past[:, :, end - blocks : end], points)
    known, doubtful = now.known, ~now.noise.told
    given: tuple[Floats, ...] = (now.mean, now.size, now.noise.freedom)
    shown: dict[str, Floats] = {"dispersion": now.noise.phi}
    chance: Callable[..., Floats] = wide_tail
    if method == "C3":
        carried = np.zeros(now.mean.shape)
        for back in (1, 2):
            before = level(past[:, :, end - back - blocks : end - back], points)
            # A point before that nobody counted adds nothing.
            carried += np.nan_to_num(before.excess(past[:, :, past.shape[2] - back]))
        chance, given, shown = _summed, (*given, carried), shown | {"carried": carried}
    return Tailed(
        now.mean, known & ~doubtful, alpha, chance, given, shown=shown, doubtful=known & doubtful
    )


def _summed(observed: Floats, mean: Floats, size: Floats, freedom: Floats, carried: Floats) -> Floats:
    """The chance of at least the sum that is reached with `observed`."""
    tail = wide_tail(observed, mean, size, freedom)
    reached = carried + np.maximum(-special.ndtri(np.clip(tail, 1e-300, 1 - 1e-16)) - 1.0, 0.0)
    sums, chances = _sum_of_three()
    chance = np.minimum(_SHARED * np.interp(reached, sums, chances), 1.0)
    return np.where(np.isnan(reached), np.nan, chance)


@cache
def _sum_of_three() -> tuple[Floats, Floats]:
    """Sums, and the chance that three normal scores reach each together by what they have above 1."""
    steps = np.arange(0.0, _END, _STEP)
    # The chance of each step, and of nothing at all at 0; three of them together by their transform.
    one = np.diff(special.ndtr(steps + 1.0), append=1.0)
    one[0] += special.ndtr(1.0)
    three = np.fft.irfft(np.fft.rfft(one, 4 * steps.size) ** 3)[: steps.size]
    return steps, np.maximum(np.cumsum(three[::-1])[::-1], 1e-15)
