"""A test that compares with a past the rule does not give.

`rare`, `ears` and others look at earlier blocks: without `baseline` they can never tell, and the rung never
holds.

Wrong: `rare: {alpha: 0.01}` without `baseline`. Right: `baseline: 182d`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import uses_baseline

NAME = "baseline-missing"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.cycle is Cycle.IMMEDIATE or rule.blocks():
        return
    needy = sorted({test.name for _, test in source.conditions() if uses_baseline(test)})
    if needy:
        sentence = f"{' and '.join(needy)} needs earlier blocks: give baseline, such as baseline: 182d"
        yield ("grades",), sentence
