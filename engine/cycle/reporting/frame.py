"""What every part of a report looks at: its period and area, and what was known of them when it was due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engine.cycle.panels import StorePanels
from engine.cycle.reporting.lines import Behind, behind
from engine.cycle.reporting.then import Then, known
from engine.cycle.world import World
from engine.model.period import Calendar, Cycle, Period
from engine.notify.reference import Reference
from engine.store.database import Tx

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Frame:
    """One report's view of the store, in one transaction."""

    world: World
    tx: Tx
    period: Period
    #: The periods before and after it.
    before: Period
    after: Period
    area: str
    #: The area and everything below it.
    below: frozenset[str]
    then: Then
    behind: Behind
    panels: StorePanels

    @classmethod
    def of(cls, world: World, tx: Tx, period: Period, area: str) -> Frame:
        calendar, cycle = world.settings.calendar, period.cycle
        before = calendar.period(cycle, period.start.date() - DAY)
        below = frozenset(world.settings.tree.below(area))
        then = known(tx, before.due_at, period.due_at)
        then = replace(then, warnings={id_: one for id_, one in then.warnings.items() if one.area in below})
        return cls(
            world, tx, period, before, calendar.period(cycle, period.end.date()), area, below, then,
            behind(world, tx, then, cycle), StorePanels(tx, world.settings),
        )  # fmt: skip

    @property
    def calendar(self) -> Calendar:
        return self.world.settings.calendar

    @property
    def reference(self) -> Reference:
        return self.behind.reference

    @property
    def cycle(self) -> Cycle:
        return self.period.cycle

    @property
    def first(self) -> date:
        return self.period.start.date()

    @property
    def last(self) -> date:
        return self.period.end.date() - DAY

    @property
    def since(self) -> datetime:
        """When the report before was made."""
        return self.before.due_at

    @property
    def at(self) -> datetime:
        return self.period.due_at

    @property
    def level(self) -> str:
        return self.world.settings.tree[self.area].level

    @property
    def place(self) -> int:
        """Where the area stands among those of its level."""
        return self.world.settings.tree.at(self.level).index(self.area)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.calendar.zone)


def a_year_before(day: date) -> date:
    """The same day of the year before; of a leap day, the one before it."""
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
