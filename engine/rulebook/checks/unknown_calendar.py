"""A calendar that nobody has written.

`on:` names a calendar of `config/calendars.yaml`, or one that comes with the engine.

Wrong: `on: cn-holiday`. Right: `on: cn-holidays`.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.problem import Level, nearest
from engine.rulebook.context import Context
from engine.rulebook.language.source import Place, Source

NAME = "unknown-calendar"
LEVEL = Level.ERROR


def check(source: Source, context: Context) -> Iterator[tuple[Place, str]]:
    for place, asked in source.days():
        if asked.calendar not in context.calendars:
            yield place, f"unknown calendar '{asked.calendar}'{nearest(asked.calendar, context.calendars)}"
