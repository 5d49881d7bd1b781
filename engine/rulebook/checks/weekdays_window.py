"""Weekdays in a window that does not hold each of them equally often.

With `weekdays`, blocks of three days hold two Fridays' worth of days at one time and none at another: what
they count says on which weekday they end, and not whether it is unusual. Whole weeks hold every weekday
alike; of single days only tests that know weekdays can tell.

Wrong: `weekdays: fri-sun` with `window: 3d` and `rare`. Right: `window: 7d`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.model.rule import Test
from engine.model.text import numbered
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source
from engine.rulebook.language.strictness import parameters, uses_baseline

NAME = "weekdays-window"
LEVEL = Level.WARNING

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.cycle is Cycle.IMMEDIATE or rule.indicator.where.weekdays is None:
        return
    if not rule.window or not rule.window % _WEEK:
        return
    for place, test in source.conditions():
        if uses_baseline(test) and not (rule.window == _DAY and _knows_weekdays(test)):
            days = numbered(rule.window.days, "day")
            span = f"windows of {days} hold these weekdays now more often, now less"
            yield place, f"{span}: '{test.name}' compares unlike with unlike, take whole weeks, such as 7d"
            return


def _knows_weekdays(test: Test) -> bool:
    return parameters(test).get("weekday", "off") not in ("off", False)
