"""A correlation that looks for raw findings of a slower cycle within too short a time.

A weekly finding stands all week, but raw it is made once a week: a daily correlation that looks back two days
sees it on two days of seven.

Wrong: `within: 2d` with `see: raw`, or a test of its own, on a weekly rule. Right: `within: 7d`, or what
stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.period import Cycle
from engine.model.problem import Level
from engine.model.rule import See
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "correlation-slow"
LEVEL = Level.WARNING


PACE = {Cycle.DAILY: 1, Cycle.WEEKLY: 7, Cycle.MONTHLY: 31}


def check(sources: Sequence[Source], context: Context) -> Iterator[tuple[Source, Place, str]]:
    by_id = {source.id: source for source in sources}
    for source in sources:
        for place, pattern in source.finding_patterns():
            other = by_id.get(pattern.rule or "")
            if other is None or other.written.cycle not in PACE or source.correlate is None:
                continue
            if pattern.see is See.STANDING and pattern.test is None:
                continue
            days = PACE[other.written.cycle]
            if source.correlate.within.days < days:
                sentence = f"'{other.id}' finds once in {days} days: take within: {days}d or more"
                yield source, (*place, "rule"), sentence
