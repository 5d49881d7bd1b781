"""A duty calendar in iCalendar form as stretches of duty: who an entry means, and when it comes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from engine.duty.rota import moment
from engine.model.rota import Stretch

#: Duties that came again so often would be without number.
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
#: No desk has so many duties written down, or in the months that are kept.
_MOST = 10_000
_DAY = timedelta(days=1)
#: How a stretch says that a calendar named it.
CAUSE = "calendar"


class CalendarError(ValueError):
    """It is no calendar, or an entry of it cannot be read; says which."""


def entries(
    content: bytes, names: Mapping[str, str], zone: ZoneInfo, begins: datetime, ends: datetime
) -> list[Stretch]:
    """The entries that touch the time between two moments, recurrences spelt out; cancelled ones left out.

    names: receivers by the titles that mean them; entries with other titles are no duty (`strangers`).
    Times without a zone are by `zone`; whole days go from midnight to midnight.
    """
    found = []
    # What has no zone is looked for by UTC, and may lie up to a day beside it.
    for event in _between(content, begins - _DAY, ends + _DAY):
        member = _named(names, str(event.get("SUMMARY", "")))
        if member and str(event.get("STATUS", "")).upper() != "CANCELLED":
            first, over = (_moment(event.get(key).dt, zone) for key in ("DTSTART", "DTEND"))
            found.append(Stretch(first, over, (member,), CAUSE))
        if len(found) > _MOST:
            raise CalendarError(f"more than {_MOST:,} duties in so short a time")
    found = [one for one in found if one.begins < ends and begins < one.ends]
    return sorted(found, key=lambda one: (one.begins, one.ends, one.team))


def days_of(content: bytes, zone: ZoneInfo, first: date, last: date) -> set[date]:
    """The local days from `first` to `last` that any entry touches, recurrences spelt out; cancelled entries
    left out."""
    begins, ends = (moment(day, time(), zone) for day in (first, last + _DAY))
    found: set[date] = set()
    for event in _between(content, begins - _DAY, ends + _DAY):
        if str(event.get("STATUS", "")).upper() != "CANCELLED":
            since, over = (_moment(event.get(key).dt, zone).astimezone(zone) for key in ("DTSTART", "DTEND"))
            day = since.date()
            while day < over.date() or (day == over.date() and (day == since.date() or over.time() > time())):
                found.add(day)
                day += _DAY
    return {day for day in found if first <= day <= last}


def titles(content: bytes) -> list[str]:
    """What the entries of a calendar are called, each title once."""
    return list(dict.fromkeys(str(event.get("SUMMARY", "")) for event in _calendar(content).walk("VEVENT")))


def strangers(content: bytes, names: Mapping[str, str]) -> list[str]:
    """The titles of a calendar that mean nobody, each once."""
    return [title for title in titles(content) if not _named(names, title)]


def _named(names: Mapping[str, str], title: str) -> str:
    known = {written.strip().casefold(): member for written, member in names.items()}
    return known.get(title.strip().casefold(), "")


def _between(content: bytes, begins: datetime, ends: datetime) -> Iterator[Any]:
    import recurring_ical_events

    try:
        _countable(content)
        yield from recurring_ical_events.of(_calendar(content)).between(begins, ends)
    except CalendarError:
        raise
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise CalendarError(f"an entry cannot be read: {error}") from error


def _countable(content: bytes) -> None:
    events = _calendar(content).walk("VEVENT")
    if len(events) > _MOST:
        raise CalendarError(f"more than {_MOST:,} entries; leave out what is over")
    for event in events:
        often = {str(word).upper() for word in event.get("RRULE", {}).get("FREQ", ())}
        if often & _TOO_OFTEN:
            raise CalendarError(f"an entry comes again too often: {', '.join(sorted(often))}")
        _placed(event)


def _placed(event: Any) -> None:
    """What can be read of an entry's moments and yet not be meant: a library would guess."""
    title = str(event.get("SUMMARY", ""))[:40]
    moments = [event[key] for key in ("DTSTART", "DTEND") if key in event]
    for at in moments:
        zone = at.params.get("TZID", "")
        if zone and isinstance(at.dt, datetime) and at.dt.tzinfo is None:
            raise CalendarError(f"'{title}' is by the clocks of '{zone}', which is no known time zone")
    if len(moments) == 2:
        first, over = (_moment(at.dt, ZoneInfo("UTC")) for at in moments)
        if over < first and len({at.params.get("TZID", "") for at in moments}) == 1:
            raise CalendarError(f"'{title}' ends before it begins")


@lru_cache(maxsize=32)
def _calendar(content: bytes) -> Any:
    import icalendar

    try:
        return icalendar.Calendar.from_ical(content)
    except (ValueError, KeyError, IndexError) as error:
        raise CalendarError(f"this is no iCalendar text: {error}") from error


def _moment(at: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return moment(at, time(), zone)
    return at.astimezone(UTC) if at.tzinfo else moment(at.date(), at.time(), zone)
