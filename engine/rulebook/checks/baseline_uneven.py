"""A baseline that is no whole number of windows.

A baseline given as a duration holds as many whole windows as fit; the rest is left out. A tenth of the
baseline or more is worth a word.

Wrong: `window: 28d` with `baseline: 100d` (3 windows and 16 days). Right: `baseline: 112d`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.notation import written_duration
from engine.rulebook.source import Place, Source

NAME = "baseline-uneven"
LEVEL = Level.HINT


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or isinstance(rule.baseline, int) or not rule.window:
        return
    if rule.blocks() and rule.baseline % rule.window >= rule.baseline / 10:
        whole = written_duration(rule.blocks() * rule.window)
        yield ("baseline",), f"only {rule.blocks()} whole windows fit: the baseline used is {whole}"
