"""A fixed number alone in a daily rule.

Without a comparison with the past, `at_least` draws a map of the big areas: they warn every day, the small
ones never; `at_most` draws one of the small. (Over the whole country there is only one area, and a number is
a number; so is the level of a gauge or of a stock, which no size of an area makes.)

Wrong: `yellow: {at_least: 5}` in a daily county rule. Right:
`yellow: {at_least: 5, rare: {alpha: 0.001}}` with a baseline.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.indicator import Take
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "at-least-alone"
LEVEL = Level.WARNING


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    if source.written.cycle is not Cycle.DAILY or source.written.level == context.tree.levels[0]:
        return
    if source.threshold is not None and source.threshold.indicator.take is not Take.SUM:
        return
    rungs = source.rungs()
    names = {test.name for rung in rungs.values() for test in rung.every}
    if names == {"at_least"}:
        yield ("grades",), "a fixed number alone warns of big areas, not of change: add rare, or a rate"
    elif names == {"at_most"}:
        yield ("grades",), "a fixed number alone warns of small areas, not of change: add silent"
