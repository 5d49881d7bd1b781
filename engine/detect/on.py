"""`on`: a day of a calendar, today or soon, whatever is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from engine.detect.given import Given
from engine.detect.series import Past, Series
from engine.model.days import Days
from engine.model.finding import Held
from engine.model.period import duration
from engine.model.rule import RESOLVED, Window

ID = "on"
_DAY = timedelta(days=1)
#: So many days ahead it looks at most.
FARTHEST = 60


@dataclass(frozen=True, slots=True)
class Params:
    """calendar: one of `config/calendars.yaml`, or one that comes with the engine (`cn-holidays`,
    `cn-working-days`); ahead: so many days (`3d`) after the day of the judgement count too. Outside the days
    that the calendar knows nobody can tell."""

    calendar: str
    ahead: str = "0d"
    days: Days | None = field(default=None, metadata=RESOLVED)

    def __post_init__(self) -> None:
        if not self.calendar:
            raise ValueError("on needs the name of a calendar")
        if self.soon % _DAY or self.soon > FARTHEST * _DAY:
            raise ValueError("on looks ahead whole days, 60 at most")

    @property
    def soon(self) -> timedelta:
        return duration(self.ahead)

    @property
    def compared(self) -> dict[str, Any]:
        """The parameters as they are compared: which is the stricter."""
        return {"calendar": self.calendar, "ahead": self.soon / _DAY}


@dataclass(frozen=True)
class Dated(Given):
    """The same with the first of the days by which it holds, of each cut an ordinal; None where none does."""

    days: tuple[int | None, ...] = ()

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        day = self.days[cut]
        return {"day": date.fromordinal(day).isoformat()} if day is not None else {}


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> Given:
    """The day that a cut opens is the day of its judgement."""
    if params.days is None:
        return Given.nobody_knows(series)
    said = {True: Held.HELD, False: Held.NOT, None: Held.UNKNOWN}
    ahead = params.soon // _DAY
    found = [said[params.days.within(int(cut), int(cut) + ahead)] for cut in series.cuts]
    held = np.broadcast_to(np.array(found, np.int8)[:, None], series.observed.shape)
    first = [params.days.first_within(int(cut), int(cut) + ahead) for cut in series.cuts]
    return Dated(held, f"the calendar '{params.calendar}' does not know the day", days=tuple(first))
