"""A window that does not fit its cycle.

Calendar cycles count whole days, and a window is at least as long as the cycle, or some days would never
be judged: one day daily, 7 days weekly, 28 days monthly. `gap` and `baseline` are whole days too.

Wrong: `cycle: weekly` with `window: 3d`. Right: `window: 7d`, or `cycle: daily`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "window-cycle"
LEVEL = Level.ERROR


SHORTEST = {Cycle.DAILY: 1, Cycle.WEEKLY: 7, Cycle.MONTHLY: 28}
_DAY = timedelta(days=1)


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.cycle is Cycle.IMMEDIATE:
        return
    if rule.window % _DAY or not rule.window:
        yield ("window",), f"a {rule.cycle} rule counts whole days: write a window such as 7d"
    elif rule.window.days < SHORTEST[rule.cycle]:
        shortest = SHORTEST[rule.cycle]
        sentence = (
            f"a window of {rule.window.days} days leaves days that a {rule.cycle} rule never judges: "
            f"take {shortest}d or more"
        )
        yield ("window",), sentence
    if rule.gap % _DAY:
        yield ("gap",), "a gap is whole days, such as 7d"
