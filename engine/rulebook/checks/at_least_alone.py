"""A fixed number alone in a daily rule.

Without a comparison with the past, `at_least` draws a map of the big areas: they warn every day, the small
ones never; `at_most` draws one of the small. (Over the whole country there is only one area, and a number is
a number; so is the level of a gauge or of a stock, which no size of an area makes. And where an immediate
rule of the same topic warns of every single one, several in a few days are grave in an area of any size.)

Wrong: `yellow: {at_least: 5}` in a daily county rule. Right:
`yellow: {at_least: 5, rare: {alpha: 0.001}}` with a baseline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.indicator import Take
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.model.rule import Test
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "at-least-alone"
LEVEL = Level.WARNING
_ONE = Test.of("at_least", count=1)


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    every = [source for source in sources if source.judged and _tells_each(source)]
    for source in sources:
        if source.written.cycle is not Cycle.DAILY or source.written.level == context.tree.levels[0]:
            continue
        if source.threshold is not None and source.threshold.indicator.take is not Take.SUM:
            continue
        names = {test.name for rung in source.rungs().values() for test in rung.every}
        if names == {"at_least"} and not any(_covers(one, source, context) for one in every):
            said = "a fixed number alone warns of big areas, not of change: add rare, or a rate"
            yield source, ("grades",), said
        elif names == {"at_most"}:
            said = "a fixed number alone warns of small areas, not of change: add silent"
            yield source, ("grades",), said


def _tells_each(source: Source) -> bool:
    """Whether it warns at once of each of what it counts, however mild and wherever."""
    rule = source.threshold
    if rule is None or rule.cycle is not Cycle.IMMEDIATE or rule.areas is not None:
        return False
    where = rule.indicator.where
    chosen = where.severity, where.feeds(), where.hours, where.weekdays
    lowest = next(iter(source.rungs().values()))
    return rule.indicator.count is not None and not any(chosen) and [*lowest.every] == [_ONE]


def _covers(single: Source, source: Source, context: Context) -> bool:
    """Whether all that a rule counts is warned of one by one by another of its topic."""
    one, rule = single.threshold, source.threshold
    if one is None or rule is None or one.topic != rule.topic or rule.indicator.count is None:
        return False
    counted, told = (context.selected(of.indicator.where.categories()) for of in (rule, one))
    return counted <= told
