"""Local days, and the mornings on which the days before are judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
#: A day is judged on the next morning at this hour.
WAIT = timedelta(hours=8)


@dataclass(frozen=True)
class Clock:
    zone: ZoneInfo

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def morning(self, cut: date) -> datetime:
        """The moment of a cut: what was known strictly before it counts."""
        return (datetime.combine(cut, time()) + WAIT).replace(tzinfo=self.zone).astimezone(UTC)

    def wall(self, moment: datetime) -> datetime:
        """What the clocks on the walls show."""
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def day(self, moment: datetime) -> date:
        return self.wall(moment).date()


def ends(cycle: str, first: date, last: date) -> Iterator[date]:
    """The days first..last that the end of a period opens: any day, a Monday, the first of a month."""
    day = first
    while day <= last:
        if (
            cycle == "daily"
            or (cycle == "weekly" and day.weekday() == 0)
            or (cycle == "monthly" and day.day == 1)
        ):
            yield day
        day += DAY


def days_of(text: str | int) -> int:
    """`3d` in days."""
    return int(str(text).removesuffix("d"))


def span_of(text: str) -> timedelta:
    number, unit = int(text[:-1]), text[-1]
    return timedelta(**{{"d": "days", "h": "hours", "m": "minutes"}[unit]: number})
