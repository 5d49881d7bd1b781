"""Live through a stretch of time again: every period in order, each with what was known then.

What was found is concluded one period after the other, by the same judge as the live service; nothing is
written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.judge import Before, Conclusion, Found, Terms, conclude, next_end
from engine.model.period import Calendar, Period
from engine.model.rule import RuleBook
from engine.model.warning import RiskWarning, Standing


@dataclass
class Memory:
    """What a history remembers between its runs."""

    standing: dict[tuple[str, str], Standing] = field(default_factory=dict)
    warnings: dict[tuple[str, str], RiskWarning] = field(default_factory=dict)
    #: Of what stands, that which ends by itself.
    lasting: dict[tuple[str, str], Standing] = field(default_factory=dict)

    def before(self) -> Before:
        return Before(self.standing, self.warnings)

    @property
    def next_end(self) -> datetime | None:
        """When the first finding ends by itself."""
        return next_end(self.lasting.values())

    def keep(self, concluded: Conclusion) -> None:
        for one in concluded.standing:
            self.lasting.pop((one.rule, one.area), None)
            if one.until is not None:
                self.lasting[one.rule, one.area] = one
        self.standing |= {(one.rule, one.area): one for one in concluded.standing}
        self.warnings = {(one.area, one.topic): one for one in concluded.warnings if one.open}


def relive(
    book: RuleBook, found: Iterable[tuple[Period, Found]], terms: Terms, until: datetime | None = None
) -> Iterator[tuple[Period, Conclusion]]:
    """Conclude what was found, period by period in the total order, each upon what stood before it.

    Between them, and after the last up to `until`, immediate findings end each at its minute, in a run of
    its own.
    """
    memory = Memory()
    for period, one in found:
        yield from _ends(book, memory, terms, period.due_at, period)
        concluded = conclude(book, period, one.outcomes, memory.before(), terms, withheld=one.disputed)
        memory.keep(concluded)
        yield period, concluded
    if until is not None:
        yield from _ends(book, memory, terms, until)


def _ends(
    book: RuleBook, memory: Memory, terms: Terms, until: datetime, following: Period | None = None
) -> Iterator[tuple[Period, Conclusion]]:
    """The runs that end findings, up to a moment and before the period that follows."""
    while (end := memory.next_end) is not None and end <= until.astimezone(UTC):
        period = Calendar.ending(end, until.tzinfo)
        if following is not None and period.rank >= following.rank:
            return
        concluded = conclude(book, period, (), memory.before(), terms)
        memory.keep(concluded)
        yield period, concluded
