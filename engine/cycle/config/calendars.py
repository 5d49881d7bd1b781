"""config/calendars.yaml: the calendars that rules read ahead, and those that come with the engine."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from engine.charter.judgement import Kind, refusals
from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Bilingual, Name, Strict
from engine.duty.calendar import CalendarError, days_of, titles
from engine.model.days import Calendar, Days
from engine.model.regular import regular
from engine.model.text import Text
from engine.yamlfile import Document, Path_

#: The State Council's notices on holidays of the years 2023 to 2026: days off, and days of a weekend on which
#: people work instead.
_CHINA = Path(__file__).with_name("bundled") / "cn-holidays.csv"
_YEARS = date(2023, 1, 1), date(2026, 12, 31)
_DAY = timedelta(days=1)
#: No file is read further than so many days.
_LONGEST = 366 * 30
#: What an entry may be called after, unlike the calendar itself: many public holidays are a faith's.
_HOLIDAYS = ("faith", "clergy", "worship")


class CalendarEntry(Strict):
    """One calendar as written: an iCalendar file, and from which day to which it is whole."""

    id: Name
    title: Bilingual
    path: Path
    from_: Annotated[date, Field(alias="from")]
    to: date

    @model_validator(mode="after")
    def _in_order(self) -> CalendarEntry:
        if not 0 <= (self.to - self.from_).days <= _LONGEST:
            raise ValueError("'to' comes after 'from', and not more than thirty years")
        return self


class CalendarsFile(Strict):
    """The whole file."""

    calendars: tuple[CalendarEntry, ...] = ()


def bundled() -> dict[str, Calendar]:
    """The calendars that come with the engine, by id."""
    with _CHINA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    off, on = (
        Days.of((day for row in rows if row["off"] == word for day in _stretch(row)), *_YEARS)
        for word in ("yes", "no")
    )
    listed = (
        Calendar("cn-holidays", Text("public holidays in China", "法定节假日放假日"), off),
        Calendar("cn-working-days", Text("weekend days worked in China", "调休上班日"), on),
    )
    return {one.id: one for one in listed}


def _stretch(row: Mapping[str, str]) -> Iterator[date]:
    first, last = (date.fromisoformat(row[key]) for key in ("first", "last"))
    yield from (first + n * _DAY for n in range((last - first).days + 1))


def load(reading: Reading, zone: ZoneInfo | None) -> Mapping[str, Calendar]:
    """The calendars by id, those that come with the engine among them."""
    own = bundled()
    found = dict(own)
    read = reading.file("calendars.yaml", CalendarsFile, required=False)
    if read is None:
        return found
    document, file = read
    if file.calendars:
        reading.unique(document, "calendar", "id", "calendars")
    for index, entry in enumerate(file.calendars):
        where: Path_ = ("calendars", index)
        if entry.id in own:
            sentence = f"'{entry.id}' comes with the engine; give yours another id"
            reading.note(document, (*where, "id"), sentence, "calendar-taken")
        days = _days(reading, document, where, entry, zone or ZoneInfo("UTC"))
        if days is not None:
            found[entry.id] = Calendar(entry.id, entry.title.text, days)
    return found


def _days(
    reading: Reading, document: Document, where: Path_, entry: CalendarEntry, zone: ZoneInfo
) -> Days | None:
    if not reading.inside(document, (*where, "path"), entry.path):
        return None
    try:
        content = regular(reading.root / entry.path).read_bytes()
        days = days_of(content, zone, entry.from_, entry.to)
    except (OSError, CalendarError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        reading.note(document, (*where, "path"), f"{entry.path} cannot be read: {said}", "calendar-file")
        return None
    reading.bytes(str(entry.path))
    refused = (said for title in titles(content) for said in refusals(Kind.TITLE, title, _HOLIDAYS))
    reading.charter(document, (((*where, "path"), said) for said in refused))
    if not days:
        sentence = f"{entry.path} has no entry from {entry.from_} to {entry.to}: it never holds"
        reading.note(document, (*where, "path"), sentence, "calendar-empty")
    return Days.of(days, entry.from_, entry.to)
