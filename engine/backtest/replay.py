"""Live through a stretch of time again: every period in order, each with what was known then.

The calendar cycles are found for all their cuts at once and concluded one by one, by the same judge as
the live service; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from engine.judge import (
    Before,
    Conclusion,
    Correlate,
    Found,
    Panels,
    Terms,
    conclude,
    find,
    find_immediate,
)  # fmt: skip
from engine.model.period import CALENDAR, Cycle, Period
from engine.model.rule import RuleBook
from engine.model.warning import Act, RiskWarning, Standing


@dataclass
class Memory:
    """What a history remembers between its runs."""

    standing: dict[tuple[str, str], Standing] = field(default_factory=dict)
    warnings: dict[tuple[str, str], RiskWarning] = field(default_factory=dict)

    def before(self, acts: tuple[Act, ...] = ()) -> Before:
        return Before(self.standing, self.warnings, acts)

    def keep(self, concluded: Conclusion) -> None:
        self.standing |= {(one.rule, one.area): one for one in concluded.standing}
        self.warnings = {(one.area, one.topic): one for one in concluded.warnings if one.open}


def replay(
    book: RuleBook, panels: Panels, since: datetime, until: datetime, *,
    correlate: Correlate | None = None, moments: Iterable[datetime] = (), terms: Terms | None = None,
) -> Iterator[tuple[Period, Conclusion]]:  # fmt: skip
    """Every period with `since < due_at <= until` and what it concluded, in the total order.

    moments: when something became known that an immediate rule may judge.
    """
    found = _in_order(book, panels, since, until, correlate, moments)
    return relive(book, found, terms or Terms())


def relive(
    book: RuleBook, found: Iterable[tuple[Period, Found]], terms: Terms
) -> Iterator[tuple[Period, Conclusion]]:
    """Conclude what was found, period by period in the total order, each upon what stood before it."""
    memory = Memory()
    for period, one in found:
        concluded = conclude(
            book, period, one.outcomes, memory.before(), terms, withheld=one.disputed
        )
        memory.keep(concluded)
        yield period, concluded


def _in_order(
    book: RuleBook, panels: Panels, since: datetime, until: datetime, correlate: Correlate | None,
    moments: Iterable[datetime],
) -> Iterator[tuple[Period, Found]]:  # fmt: skip
    found: dict[Period, Found] = {}
    for cycle in CALENDAR:
        periods = list(panels.calendar.due(cycle, since, until))
        if periods:
            cuts = [period.cut for period in periods]
            answers = find(book.of(cycle), panels, cuts, book=book, correlate=correlate)
            found |= dict(zip(periods, answers, strict=True))
    at_once = [panels.calendar.immediate(moment) for moment in moments]
    periods = [*found, *(period for period in at_once if since < period.due_at <= until)]
    for period in sorted(periods, key=lambda period: period.rank):
        if period.cycle is Cycle.IMMEDIATE:
            outcomes = find_immediate(book.of(Cycle.IMMEDIATE), panels, period.start)
            yield period, Found(period.cut, outcomes)
        else:
            yield period, found[period]
