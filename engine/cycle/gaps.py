"""Where a rota leaves nobody on duty in the weeks to come, as a problem of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from engine.duty import calendar, rota
from engine.model.problem import Level, Problem
from engine.model.rota import Rota, Stretch
from engine.model.text import numbered

#: So far ahead is looked.
AHEAD = timedelta(days=28)


def problems(rotas: Mapping[str, Rota], today: date) -> Iterator[Problem]:
    """One for each rota that must be filled and is not. What a calendar at an address says is not known
    here: `forewarn rota` asks it."""
    for one in rotas.values():
        if one.always and not (one.calendar and one.calendar.url):
            found = _gaps(one, today)
            if found:
                yield Problem(one.path, one.line, _sentence(one, found), "rota-gap", Level.WARNING)


def _gaps(one: Rota, today: date) -> list[Stretch]:
    begins = rota.midnight(today, one.zone)
    ends = begins + AHEAD
    source = one.calendar
    planned = calendar.entries(source.content, source.names, one.zone, begins, ends) if source else ()
    return rota.gaps(one, begins, ends, planned)


def _sentence(one: Rota, found: list[Stretch]) -> str:
    begins, ends = (f"{at.astimezone(one.zone):%Y-%m-%d %H:%M}" for at in (found[0].begins, found[0].ends))
    more = f", and {numbered(len(found) - 1, 'more time')} within {AHEAD.days} days" if found[1:] else ""
    return (
        f"nobody of '{one.id}' is on duty from {begins} to {ends}{more}: everybody of it is told then; "
        "fill the gap, or write always: false"
    )
