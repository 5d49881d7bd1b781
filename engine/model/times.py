"""Hours of the day and weekdays, by local clocks: which of what happens an indicator counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from engine.model.incident import Precision

#: As rules write them, Monday first.
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
WHOLE_DAY = (0, _DAY)
EVERY_DAY = frozenset(range(len(WEEK)))
#: Moments are tried so many minutes apart.
_STEP = 30


@dataclass(frozen=True, slots=True)
class Times:
    """Minutes `since`..`until - 1` of the local day, over midnight where it ends before it begins; on the
    weekdays on which they begin, so that all of the night from Friday to Saturday is Friday's."""

    zone: str = "UTC"
    since: int = WHOLE_DAY[0]
    until: int = WHOLE_DAY[1]
    weekdays: frozenset[int] = EVERY_DAY

    @property
    def of_hours(self) -> bool:
        """Whether it is more than a choice of weekdays."""
        return (self.since, self.until) != WHOLE_DAY

    @property
    def lacks(self) -> str:
        """What an incident must say to be among them."""
        return "hour" if self.of_hours else "day"

    def told(self, precision: str) -> bool:
        """Whether an incident that is known so exactly says what decides."""
        exact = (Precision.MINUTE,) if self.of_hours else (Precision.MINUTE, Precision.DAY)
        return precision in exact

    def holds(self, at: datetime) -> bool:
        """Whether a moment is among them."""
        local = at.astimezone(_zone(self.zone))
        minute, day = local.hour * 60 + local.minute, local.weekday()
        if self.since < self.until:
            return self.since <= minute < self.until and day in self.weekdays
        if minute >= self.since:
            return day in self.weekdays
        return minute < self.until and (day - 1) % 7 in self.weekdays

    def counts(self, at: datetime, precision: str) -> bool:
        """Whether an incident is surely among them."""
        return self.told(precision) and self.holds(at)

    def may(self, at: datetime, precision: str) -> bool:
        """Whether an incident may be among them, by what it says of when it happened."""
        if self.told(precision):
            return self.holds(at)
        if precision != Precision.DAY:
            return True
        day = at.astimezone(_zone(self.zone)).weekday()
        return day in self.weekdays or (self.since >= self.until and (day - 1) % 7 in self.weekdays)

    def moments(self, day: date) -> Iterator[datetime]:
        """Moments of a local day that are among them, by the half hour from where they begin."""
        begins = datetime.combine(day, time(), _zone(self.zone))
        for minute in (*range(self.since, _DAY, _STEP), *range(0, self.since, _STEP)):
            at = begins + timedelta(minutes=minute)
            if self.holds(at):
                yield at


def clock(times: Times) -> str:
    """The hours as rules write them."""
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (times.since, times.until))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
