"""Cycles, their periods, and the daily cuts that decide what was known when.

A *cut* is named by the local day it opens: the cut 2026-03-08 stands at that day's midnight plus
the calendar's `wait`, and everything known strictly before it counts. Days travel through arrays as
proleptic ordinals (`date.toordinal()`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def duration(text: str) -> timedelta:
    """A stretch of time as files write it: `3d`, `12h`, `30m`, `45s`; ValueError for anything else."""
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not (number.isascii() and number.isdigit()) or len(number) > 6:
        raise ValueError(f"{text!r} is not a duration; write a number and d, h, m or s, as in 3d or 12h")
    return timedelta(**{_UNITS[unit]: int(number)})


class Cycle(StrEnum):
    """The rhythms of judgement, in the order in which runs due at one moment are judged."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def order(self) -> int:
        return tuple(Cycle).index(self)


#: The cycles that follow the calendar.
CALENDAR = (Cycle.DAILY, Cycle.WEEKLY, Cycle.MONTHLY)


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of time that one cycle judges once; every datetime is aware."""

    cycle: Cycle
    start: datetime
    end: datetime
    due_at: datetime
    #: Of an immediate one: so often that moment was looked at before.
    look: int = 0

    @property
    def cut(self) -> date:
        """The daily cut this period judges at: the local day its end opens."""
        return self.end.date()

    @property
    def key(self) -> str:
        """`2026-03-08` for calendar cycles, a full moment for an immediate one; it ends in `b` in the
        hour that comes twice when the clocks go back, the second time, and in `~1` where the moment was
        looked at once before."""
        if self.cycle is Cycle.IMMEDIATE:
            again = f"~{self.look}" if self.look else ""
            return self.start.strftime("%Y-%m-%dT%H:%M:%S") + ("b" if self.start.fold else "") + again
        return self.start.date().isoformat()

    @property
    def rank(self) -> tuple[datetime, int]:
        """The total order of runs; in UTC, because moments of one zone are compared by their clocks."""
        return self.due_at.astimezone(UTC), self.cycle.order


@dataclass(frozen=True)
class Calendar:
    """Local days, ISO weeks and months of one time zone, and how long a period waits for reports."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    wait: timedelta = timedelta(hours=8)

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)

    def cut_at(self, cut: date) -> datetime:
        """The moment of a cut: local midnight plus `wait`, in wall-clock time."""
        return (datetime.combine(cut, time()) + self.wait).replace(tzinfo=self.zone)

    def local_day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def cut_after(self, known_at: datetime) -> date:
        """The first cut strictly after `known_at`: the first judgement that may see it."""
        day = known_at.astimezone(self.zone).date()
        if known_at < self.cut_at(day):
            return day
        return day + timedelta(days=1)

    def period(self, cycle: Cycle, day: date) -> Period:
        """The period of `cycle` that holds the local day `day`."""
        if cycle is Cycle.DAILY:
            start, end = day, day + timedelta(days=1)
        elif cycle is Cycle.WEEKLY:
            start = day - timedelta(days=day.weekday())
            end = start + timedelta(days=7)
        elif cycle is Cycle.MONTHLY:
            start = day.replace(day=1)
            end = (start + timedelta(days=32)).replace(day=1)
        else:
            raise ValueError("an immediate period has no calendar; use Calendar.immediate")
        return Period(cycle, self.midnight(start), self.midnight(end), self.cut_at(end))

    def immediate(self, known_at: datetime, look: int = 0) -> Period:
        """The judgement of what became known at one moment; it sees that moment too. look: so often it was
        judged before more of it came."""
        moment = known_at.astimezone(self.zone)
        due_at = (known_at.astimezone(UTC) + timedelta(seconds=1)).astimezone(self.zone)
        return Period(Cycle.IMMEDIATE, moment, moment, due_at, look)

    @staticmethod
    def ending(end: datetime, zone: tzinfo | None) -> Period:
        """The immediate judgement that is due when a finding ends: it is dated as the end itself."""
        due_at = end.astimezone(zone)
        moment = (end.astimezone(UTC) - timedelta(seconds=1)).astimezone(zone)
        return Period(Cycle.IMMEDIATE, moment, moment, due_at)

    def last_due(self, cycle: Cycle, now: datetime) -> Period:
        """The latest period of `cycle` that is due at or before `now`."""
        period = self.period(cycle, self.local_day(now))
        while period.due_at > now:
            period = self.period(cycle, period.start.date() - timedelta(days=1))
        return period

    def due(self, cycle: Cycle, since: datetime, now: datetime) -> Iterator[Period]:
        """Periods of `cycle` with `since < due_at <= now`, oldest first."""
        period = self.last_due(cycle, since)
        while True:
            period = self.period(cycle, period.end.date())
            if period.due_at > now:
                return
            if period.due_at > since:
                yield period
