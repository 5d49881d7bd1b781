"""A baseline that is no whole number of windows.

A baseline given as a duration is made of as many whole windows as cover it. Where that makes it longer by a
tenth or more, say what is meant.

Wrong: `window: 28d` with `baseline: 90d` (4 windows: 112 days). Right: `baseline: 112d`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.notation import written_duration
from engine.rulebook.language.source import Place, Source

NAME = "baseline-uneven"
LEVEL = Level.HINT


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or isinstance(rule.baseline, int):
        return
    used = rule.blocks() * rule.window
    if used - rule.baseline >= rule.baseline / 10 and rule.baseline:
        sentence = f"it takes {rule.blocks()} windows to cover it: the baseline used is"
        yield ("baseline",), f"{sentence} {written_duration(used)}"
