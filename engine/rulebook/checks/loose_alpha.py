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

NAME = "loose-alpha"
LEVEL = Level.HINT


WEEKLY = {Cycle.DAILY: 7.0, Cycle.WEEKLY: 1.0, Cycle.MONTHLY: 12 / 52}
#: A window of several days is judged anew each day on mostly the same days.
MOST = 5.0


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule, levels = source.threshold, context.tree.levels
    if rule is None or rule.cycle not in WEEKLY or rule.level not in levels or rule.fdr:
        return
    for word, tests in source.rungs().items():
        alphas = [value for test in tests for name, value in test.params if name == "alpha"]
        if not alphas or not isinstance(alphas[0], float):
            continue
        days = max(rule.window.days, 1)
        judged = WEEKLY[rule.cycle] / (days if rule.cycle is Cycle.DAILY else 1)
        chance = alphas[0] * judged * len(context.tree.at(rule.level))
        if chance > MOST:
            sentence = f"alpha {alphas[0]:g} over {len(context.tree.at(rule.level))} areas: chance alone"
            yield ("grades", word), f"{sentence} makes about {chance:.0f} alarms a week; lower it, or set fdr"
