"""A window that does not fit its cycle.

Calendar cycles count whole days, and a window is at least as long as the cycle, or some days would never
be judged: one day daily, 7 days weekly, 28 days monthly. `gap` and `baseline` are whole days too.

`window: month` is the calendar month before the cut, and `baseline: 12` the twelve months before that, each
for as many days as the judged one has. It counts or adds up, by the monthly cycle, without `gap` and
`nowcast`.

Wrong: `cycle: weekly` with `window: 3d`. Right: `window: 7d`, or `cycle: daily`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.model.indicator import Take
from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.notation import CalendarMonth
from engine.rulebook.language.schema import ThresholdRule
from engine.rulebook.language.source import Place, Source

NAME = "window-cycle"
LEVEL = Level.ERROR


SHORTEST = {Cycle.DAILY: 1, Cycle.WEEKLY: 7, Cycle.MONTHLY: 28}
_DAY = timedelta(days=1)


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    rule = source.threshold
    if rule is None or rule.cycle is Cycle.IMMEDIATE:
        return
    if isinstance(rule.window, CalendarMonth):
        yield from _month(rule)
    elif rule.window % _DAY or not rule.window:
        yield ("window",), f"a {rule.cycle} rule counts whole days: write a window such as 7d"
    elif rule.window.days < SHORTEST[rule.cycle]:
        shortest = SHORTEST[rule.cycle]
        sentence = (
            f"a window of {rule.window.days} days leaves days that a {rule.cycle} rule never judges: "
            f"take {shortest}d or more"
        )
        yield ("window",), sentence
    if rule.gap % _DAY and not isinstance(rule.window, CalendarMonth):
        yield ("gap",), "a gap is whole days, such as 7d"


def _month(rule: ThresholdRule) -> Iterator[tuple[Place, str]]:
    if rule.cycle is not Cycle.MONTHLY:
        mend = "write cycle: monthly, or a window in days"
        yield ("window",), f"a {rule.cycle} rule judges no calendar months: {mend}"
    if rule.gap:
        yield ("gap",), "calendar months follow each other without a gap: take it out"
    if rule.nowcast:
        yield ("nowcast",), "calendar months are not completed by what usually comes late: take nowcast out"
    if rule.indicator.take is not Take.SUM:
        yield ("window",), "readings and stocks are judged by days: write a window such as 28d"
