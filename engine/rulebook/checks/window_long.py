"""A window much longer than its cycle.

The same incidents are then judged over and over: a daily rule on 28 days raises a warning and cannot drop it
for a month. A long window belongs to the weekly or the monthly cycle.

Wrong: `cycle: daily` with `window: 28d`. Right: `cycle: weekly`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "window-long"
LEVEL = Level.WARNING


LONGEST = {Cycle.DAILY: 14, Cycle.WEEKLY: 91, Cycle.MONTHLY: 366}


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.cycle is Cycle.IMMEDIATE:
        return
    days, longest = rule.window.days, LONGEST[rule.cycle]
    if days > longest:
        sentence = f"{days} days are long for a {rule.cycle} rule"
        yield ("window",), f"{sentence}: take {longest}d or less, or a slower cycle"
