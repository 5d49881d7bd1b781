"""A test at a time when the rule is not judged.

`at: D` is the cut that opens the day D. A weekly rule is judged on Mondays, a monthly one on the first day
of a month. Only an immediate rule's test may name a moment.

Wrong: a weekly rule with `at: 2026-03-04` (a Wednesday). Right: `at: 2026-03-02`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "test-off-cycle"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    cycle = source.written.cycle
    for test in source.tests:
        at, place = test.example.at, (*test.place, "at")
        if at.first != at.last:
            yield place, "'at' is one day, not a stretch of days"
        elif at.moment is not None and cycle is not Cycle.IMMEDIATE:
            yield place, f"a {cycle} rule is judged at a day's opening: write {at.first}"
        elif cycle is Cycle.WEEKLY and at.first.weekday():
            monday = at.first - timedelta(days=at.first.weekday())
            yield place, f"a weekly rule is judged on Mondays: write {monday}"
        elif cycle is Cycle.MONTHLY and at.first.day != 1:
            yield place, f"a monthly rule is judged on the first of a month: write {at.first.replace(day=1)}"
