"""Chances from counts: what was said before, and whether it came true.

A chance is the posterior mean of a beta-binomial (Gelman et al., Bayesian Data Analysis, chapter 5): what
one rule saw at one grade, drawn toward what the pack of rules alike saw at that grade, the more so the less
it saw itself. Then no grade claims less than a lesser one (isotonic regression, weighted by what each saw).
Judgements of one month share their causes, so that twenty of them tell less than twenty: how much less is
measured by how far the months differ from each other, and widens the interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.model.chance import Chance
from engine.model.grade import RUNGS, Grade
from engine.model.later import Later

optimize, special = Later("scipy.optimize"), Later("scipy.special")

Floats = NDArray[np.float64]

#: Of fewer judgements at a grade nothing is claimed.
LEAST = 10
#: How much the pack may count for, in judgements; the value that explains its rules best is taken.
STRENGTHS = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
#: The strength of a pack of one, which cannot tell how far rules differ.
ALONE = 4.0
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class Past:
    """The judgements of one rule at which something stood, and of which is known what became of them.

    said: (N,) the grade; came: (N,) whether it came true; block: (N,) which month or so each is of.
    """

    said: NDArray[np.int64]
    came: NDArray[np.bool_]
    block: NDArray[np.int64]

    def counts(self) -> tuple[Floats, Floats]:
        """(4,) how often each grade was said, blue first, and how often it then came true."""
        told = np.bincount(self.said, minlength=len(Grade))[1:].astype(float)
        came = np.bincount(self.said, self.came.astype(float), minlength=len(Grade))[1:]
        return told, np.asarray(came, float)


@dataclass(frozen=True)
class Learned:
    """(4,) each, blue first: what each grade came to be worth, and the counts that comes from.

    weight: as how many independent judgements all that is known of it counts; spread: how many judgements
    count as one.
    """

    chance: Floats
    weight: Floats
    told: Floats
    came: Floats
    spread: float

    def claim(self, grade: Grade, days: int) -> Chance | None:
        """What the grade claims; None where too little is known."""
        at = int(grade) - 1
        if grade is Grade.NONE or self.told[at] < LEAST:
            return None
        chance = float(self.chance[at])
        low, high = (float(special.betaincinv(*self._shape(at), tail)) for tail in _TAILS)
        return Chance(
            chance=chance, low=min(low, chance), high=max(high, chance), came=int(self.came[at]),
            told=int(self.told[at]), days=days,
        )  # fmt: skip

    def bears(self, grade: Grade, came: int, told: int) -> bool:
        """Whether so many of so many later ones lie within what the claim leads to expect, in 95 of 100."""
        least = max(round(told / self.spread), 1)
        shape = self._shape(int(grade) - 1)
        low, high = (_quantile(tail, least, *shape) / least for tail in _TAILS)
        # Of a few nothing finer can be seen than one more or less.
        return low - 1 / told <= came / told <= high + 1 / told

    def _shape(self, at: int) -> tuple[float, float]:
        chance, weight = float(self.chance[at]), float(self.weight[at])
        return chance * weight, (1 - chance) * weight


def learn(pack: Mapping[str, Past]) -> dict[str, Learned]:
    """What each of some rules came to be worth that judge the same topic at the same level and horizon."""
    if not pack:
        return {}
    n, k = (np.array([past.counts()[which] for past in pack.values()]) for which in (0, 1))
    base = (k.sum() + 0.5) / (n.sum() + 1.0)
    centre = (k.sum(axis=0) + base) / (n.sum(axis=0) + 1.0)
    strength = _strength(n, k, centre)
    return {
        name: _learned(n[row], k[row], centre, strength, _spread(past))
        for row, (name, past) in enumerate(pack.items())
    }


def _strength(n: Floats, k: Floats, centre: Floats) -> float:
    """How alike the rules of the pack are: the strength under which what they saw is likeliest."""
    if len(n) < 2:
        return ALONE
    fits = [_likelihood(n, k, centre, strength) for strength in STRENGTHS]
    return STRENGTHS[int(np.argmax(fits))]


def _likelihood(n: Floats, k: Floats, centre: Floats, strength: float) -> float:
    a, b = strength * centre, strength * (1 - centre)
    return float((special.betaln(k + a, n - k + b) - special.betaln(a, b)).sum())


def _learned(n: Floats, k: Floats, centre: Floats, strength: float, spread: float) -> Learned:
    weight, said = n + strength, n > 0
    chance = (k + strength * centre) / weight
    if said.any():
        chance[said] = optimize.isotonic_regression(chance[said], weights=weight[said]).x
    # What was pooled to one value knows as much as its parts together.
    pooled = np.array([weight[np.isclose(chance, value) & said].sum() for value in chance])
    return Learned(chance, np.where(said, pooled, weight) / spread, n, k, spread)


def _quantile(share: float, n: int, a: float, b: float) -> int:
    """The least count that a beta-binomial of n stays at or below with a chance of `share` or more."""
    k = np.arange(n + 1)
    ways = -special.betaln(n - k + 1, k + 1) - np.log(n + 1)
    chance = np.exp(ways + special.betaln(k + a, n - k + b) - special.betaln(a, b))
    return min(int(np.searchsorted(np.cumsum(chance), share)), n)


def _spread(past: Past) -> float:
    """By how much the blocks differ more than independent judgements would: 1 or more."""
    blocks, index = np.unique(past.block, return_inverse=True)
    if len(blocks) < 2:
        return 1.0
    told, came = past.counts()
    expected = ((came + 0.5) / (told + 1.0))[past.said - 1]
    residual = np.bincount(index, past.came - expected)
    return max(1.0, float((residual**2).sum() / (expected * (1 - expected)).sum()))


def chances(learned: Learned, days: int) -> dict[Grade, Chance]:
    """The claims of every grade that has one."""
    found = {grade: learned.claim(grade, days) for grade in RUNGS}
    return {grade: claim for grade, claim in found.items() if claim is not None}
