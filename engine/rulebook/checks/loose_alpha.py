"""A chance that many areas and days will meet.

`alpha` is the chance of a false alarm in one area at one judgement. Over all areas of the level and a year of
judgements that adds up; more than one false alarm a week from one rung tires its readers.

Wrong: `rare: {alpha: 0.05}` daily over 290 municipalities (100 a week). Right: `alpha: 0.0003`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import promised

NAME = "loose-alpha"
LEVEL = Level.HINT


WEEKLY = {Cycle.DAILY: 7.0, Cycle.WEEKLY: 1.0, Cycle.MONTHLY: 12 / 52}
#: A window of several days is judged anew each day on mostly the same days.
MOST = 5.0


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule, levels = source.threshold, context.tree.levels
    if rule is None or rule.cycle not in WEEKLY or rule.level not in levels or rule.fdr:
        return
    areas = len(context.tree.at(rule.level))
    for word, rung in source.rungs().items():
        days, alpha = max(rule.window.days, 1), promised(rung)
        judged = WEEKLY[rule.cycle] / (days if rule.cycle is Cycle.DAILY else 1)
        chance = alpha * judged * areas
        if chance > MOST:
            sentence = f"alpha {alpha:g} over {areas} areas: chance alone"
            yield ("grades", word), f"{sentence} makes about {chance:.0f} alarms a week; lower it, or set fdr"
