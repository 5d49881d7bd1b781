"""A rung whose grade can never be given.

A rung that holds whenever the next lower one does takes its place at once: the lower grade is never seen.
That is so where both have the same parameters and the same delay, or the higher even a shorter delay.

Wrong: `blue: {at_least: 3}` with `yellow: {at_least: 3}`. Right: drop one of them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from engine.model.problem import Level
from engine.model.rule import Rung
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import parameters

NAME = "rung-unreachable"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.threshold is None:
        yield from _counts(source)
        return
    rungs = source.rungs()
    for low, high in itertools.pairwise(rungs):
        same = _judged(rungs[low]) == _judged(rungs[high])
        if same and rungs[low].every and rungs[high].delay_on <= rungs[low].delay_on:
            sentence = f"'{low}' is never given: whenever it holds, '{high}' holds too"
            yield ("grades", low), f"{sentence}; make '{high}' stricter, or drop one of them"


def _judged(rung: Rung) -> object:
    return rung.parted([(test.name, parameters(test)) for test in rung.every])


def _counts(source: Source) -> Iterator[tuple[Place, str]]:
    for (low, few), (high, many) in itertools.pairwise(source.matches().items()):
        if many <= few:
            sentence = f"'{low}' is never given: '{high}' needs {many} matches and '{low}' {few}"
            yield ("grades", low), f"{sentence}; give '{high}' a larger number"
