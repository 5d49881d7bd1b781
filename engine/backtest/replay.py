"""Live through a stretch of time again: every period in order, each with what was known then.

What was found is concluded one period after the other, by the same judge as the live service; nothing is
written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from engine.judge import Before, Conclusion, Found, Terms, conclude, next_end
from engine.model.period import Calendar, Cycle, Period
from engine.model.rule import RuleBook
from engine.model.warning import RiskWarning, Standing


@dataclass
class Memory:
    """What a history remembers between its runs."""

    standing: dict[tuple[str, str], Standing] = field(default_factory=dict)
    warnings: dict[tuple[str, str], RiskWarning] = field(default_factory=dict)
    #: Of what stands, that which ends by itself.
    lasting: dict[tuple[str, str], Standing] = field(default_factory=dict)

    #: The cells of `standing` and the places of `warnings` in each area.
    _cells: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _places: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))

    def conclude(self, book: RuleBook, period: Period, found: Found, terms: Terms) -> Conclusion:
        """Conclude what was found upon what stood, and keep it.

        An immediate run moves nothing but where something was found and what has had its time, and what an
        area stands for depends on no other: of all that stands in a country only that is concluded anew, and
        scored; warnings elsewhere stay as they were judged last.
        """
        areas = self._touched(period, found) if period.cycle is Cycle.IMMEDIATE else None
        before = Before(self.standing, self.warnings) if areas is None else self._in(areas)
        concluded = conclude(book, period, found.outcomes, before, terms, withheld=found.disputed)
        if areas is not None:
            rest = (one for one in self.warnings.values() if one.area not in areas)
            whole = sorted((*concluded.warnings, *rest), key=lambda one: (one.area, one.topic))
            concluded = replace(concluded, warnings=tuple(whole))
        self._keep(concluded)
        return concluded

    def _touched(self, period: Period, found: Found) -> set[str]:
        at = period.due_at.astimezone(UTC)
        over = (one.area for one in self.lasting.values() if one.until is not None and one.until <= at)
        return {*(one.area for one in found.outcomes), *over}

    def _in(self, areas: Collection[str]) -> Before:
        cells = [cell for area in areas for cell in self._cells[area]]
        places = [place for area in areas for place in self._places[area]]
        return Before(
            {cell: self.standing[cell] for cell in cells}, {place: self.warnings[place] for place in places}
        )

    @property
    def next_end(self) -> datetime | None:
        """When the first finding ends by itself."""
        return next_end(self.lasting.values())

    def _keep(self, concluded: Conclusion) -> None:
        for one in concluded.standing:
            self.lasting.pop((one.rule, one.area), None)
            if one.until is not None:
                self.lasting[one.rule, one.area] = one
            self.standing[one.rule, one.area] = one
            self._cells[one.area].add((one.rule, one.area))
        for warning in concluded.warnings:
            place = warning.area, warning.topic
            if warning.open:
                self.warnings[place] = warning
                self._places[warning.area].add(place)
            elif self.warnings.pop(place, None) is not None:
                self._places[warning.area].discard(place)


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
        yield period, memory.conclude(book, period, one, terms)
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
        yield period, memory.conclude(book, period, Found(period.cut), terms)
