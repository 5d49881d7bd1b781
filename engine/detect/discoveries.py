"""Which cells of a rung are discoveries: by Benjamini-Hochberg across the areas of each cut.

A rung's p-value is the largest of the tests that must hold, because all of them must. Of alternatives it is
the least of those that hold, times their number (Bonferroni): whichever of them was lucky was one of so many.
What holds by an alternative that has no p-value needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from engine.detect.exact import at_most
from engine.detect.fdr import adjust
from engine.detect.series import Bools, Floats, Helds, Model
from engine.model.rule import Rung

#: Held, where outcomes are ordered as NOT 0 < UNKNOWN 1 < HELD 2.
_HELD = 2
#: Of one alternative: where its tests are known, how it came out, and its p-value where it has one.
_Way: TypeAlias = tuple[Bools, Helds, Floats | None]


def discoveries(
    rung: Rung, held: Helds, models: Sequence[Model], ordered: Sequence[Helds],
    pvalues: Sequence[Floats | None], *, rate: float, judged: Bools | None = None,
) -> Helds:  # fmt: skip
    """(C, A) the rung as it came out (`held`), with what is no discovery at this rate among the areas that
    are judged taken for not held.

    models, ordered, pvalues: of every test of the rung, how it came out among them.
    """
    musts, ways = rung.parted(list(zip(models, ordered, pvalues, strict=True)))
    chance, free = _must(musts), np.zeros(held.shape, bool)
    known = _known([model for model, _, _ in musts], held)
    if ways:
        found = [(_known([m for m, _, _ in way], held), *_outcome(way)) for way in ways]
        least, sure = _of_ways(found)
        known &= np.logical_or.reduce([of for of, _, _ in found])
        free = sure if chance is None else free
        chance = _larger(chance, least)
    if chance is None:
        return held
    if judged is not None:
        known &= judged
    discovered = at_most(adjust(chance, known & ~free), rate) | free
    kept: Helds = np.where((held == _HELD) & ~discovered, 0, held)
    return kept


def _must(tests: Sequence[tuple[Model, Helds, Floats | None]]) -> Floats | None:
    given = [pvalue for _, _, pvalue in tests if pvalue is not None]
    return np.maximum.reduce(given) if given else None


def _known(models: Sequence[Model], like: Helds) -> Bools:
    known: Bools = np.logical_and.reduce([np.ones(like.shape, bool), *(model.known for model in models)])
    return known


def _outcome(way: Sequence[tuple[Model, Helds, Floats | None]]) -> tuple[Helds, Floats | None]:
    return np.minimum.reduce([ordered for _, ordered, _ in way]), _must(way)


def _of_ways(ways: Sequence[_Way]) -> tuple[Floats | None, Bools]:
    """The p-value of the alternatives together, None where none has one; and where one without it holds."""
    sure: Bools = np.logical_or.reduce([(held == _HELD) & (chance is None) for _, held, chance in ways])
    given = [np.where(held == _HELD, chance, 1.0) for _, held, chance in ways if chance is not None]
    if not given:
        return None, sure
    return np.where(sure, 0.0, np.minimum(len(given) * np.minimum.reduce(given), 1.0)), sure


def _larger(one: Floats | None, other: Floats | None) -> Floats | None:
    if one is None or other is None:
        return one if other is None else other
    return np.maximum(one, other)
