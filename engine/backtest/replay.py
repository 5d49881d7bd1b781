"""Live through a stretch of time again: every period in order, each with what was known then.

What was found is concluded one period after the other, by the same judge as the live service; nothing is
written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.judge import Before, Conclusion, Found, Terms, conclude
from engine.model.period import Period
from engine.model.rule import RuleBook
from engine.model.warning import RiskWarning, Standing


@dataclass
class Memory:
    """What a history remembers between its runs."""

    standing: dict[tuple[str, str], Standing] = field(default_factory=dict)
    warnings: dict[tuple[str, str], RiskWarning] = field(default_factory=dict)

    def before(self) -> Before:
        return Before(self.standing, self.warnings)

    def keep(self, concluded: Conclusion) -> None:
        self.standing |= {(one.rule, one.area): one for one in concluded.standing}
        self.warnings = {(one.area, one.topic): one for one in concluded.warnings if one.open}


def relive(
    book: RuleBook, found: Iterable[tuple[Period, Found]], terms: Terms
) -> Iterator[tuple[Period, Conclusion]]:
    """Conclude what was found, period by period in the total order, each upon what stood before it."""
    memory = Memory()
    for period, one in found:
        concluded = conclude(book, period, one.outcomes, memory.before(), terms, withheld=one.disputed)
        memory.keep(concluded)
        yield period, concluded
