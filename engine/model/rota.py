"""Who is on duty when: shifts in turn, what overrides them, and a calendar kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: The receivers who are on duty together.
Team = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of every such day by the clocks on the wall, which teams take in turn.

    One that ends when or before it begins ends the day after. `since`: the day on which the first team's
    turn begins; before it nobody has this duty.
    """

    name: str
    begins: time
    ends: time
    since: date
    teams: tuple[Team, ...]
    #: Whole days that a team's turn lasts.
    every: int = 7
    #: The weekdays on which it begins, Monday 0.
    days: frozenset[int] = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one moment to another, who is on duty (nobody is a gap), and by which shift or override."""

    begins: datetime
    ends: datetime
    team: Team
    cause: str = ""

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(frozen=True, slots=True)
class Source:
    """A calendar kept elsewhere: a file as it was read, or an address that is asked from time to time.

    names: the receiver that a title of the calendar means.
    """

    names: Mapping[str, str]
    content: bytes = field(default=b"", repr=False)
    url: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    poll: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Rota:
    """A receiver that stands for people by time."""

    id: str
    title: str
    zone: ZoneInfo
    shifts: tuple[Shift, ...] = ()
    overrides: tuple[Stretch, ...] = ()
    calendar: Source | None = None
    #: Somebody must be on duty at every moment.
    always: bool = True
    path: str = ""
    line: int = 1

    @property
    def members(self) -> Team:
        """Everybody who may be on duty, each once, in the order of the file."""
        teams = [team for shift in self.shifts for team in shift.teams]
        teams += [stretch.team for stretch in self.overrides]
        named = list(self.calendar.names.values()) if self.calendar else []
        return tuple(dict.fromkeys([*(one for team in teams for one in team), *named]))
