"""A calendar that knows no day from soon on.

Outside the days that a calendar knows nobody can tell whether one is a day of it, and what asks for it stays
unknown. Public holidays are known when they are announced, about two months before the year begins.

Right: renew the file, and its `to`, in `config/calendars.yaml`; of one that comes with the engine, take the
newest release.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from engine.model.problem import Level
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "calendar-ends"
LEVEL = Level.WARNING
#: Of so many days ahead it must know.
_AHEAD = timedelta(days=30)


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, asked in source.days() if source.judged else ():
        calendar = context.calendars.get(asked.calendar)
        last = date.fromordinal(calendar.days.last) if calendar else date.max
        if context.today + _AHEAD + asked.soon > last:
            yield place, f"'{asked.calendar}' knows no day after {last}: from then on nobody can tell"
            return
