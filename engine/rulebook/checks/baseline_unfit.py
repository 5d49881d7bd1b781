"""A baseline or a window that a test cannot work with.

Some tests need more of the past than others: `ears` at least three blocks, `farrington` several years of
the same season. What a test needs stands in the [rule language](../rules.md).

Wrong: `ears: C1` with `baseline: 2`. Right: `baseline: 7`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.resolve import window
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import unfit, uses_baseline

NAME = "baseline-unfit"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.cycle is Cycle.IMMEDIATE or not rule.window.days:
        return
    for place, test in source.conditions():
        lacking = not rule.blocks() and uses_baseline(test)
        reason = "" if lacking else unfit(test, window(rule))
        if reason:
            yield place, f"{test.name}: {reason}; change the baseline, or the test"
            return
