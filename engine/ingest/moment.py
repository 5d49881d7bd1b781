"""Reading moments: ISO 8601, epochs, strptime's formats, and dates inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import RecordError
from engine.ingest.field import getter, written
from engine.ingest.mapping import Moment

#: Nothing that a feed reports happened before this, and a year after the other is a misprint.
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)

#: Names of months in English and Swedish by their first three letters; `maj` and `okt` differ.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "maj": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "okt": 10, "nov": 11, "dec": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """A moment (aware, UTC), and whether the source gave only its day."""

    at: datetime
    bare: bool = False


#: From a record's fields and the latest moment that can be meant; None where the field is empty.
Reader = Callable[[Mapping[str, Any], datetime], Read | None]


def reader(moment: Moment, zone: ZoneInfo, at: time) -> Reader:
    """A function that reads `moment`; naive ones are of `zone`, bare dates stand for `at`.

    The function raises RecordError with the reason for what cannot be read.
    """
    zone, at = moment.zone or zone, moment.at or at
    join = _joined(moment.reads())
    shown = " ".join(moment.reads())
    parse = _by_pattern(moment.pattern, zone) if moment.pattern else _by_format(moment.format)
    seen: dict[str, Read] = {}

    def read(fields: Mapping[str, Any], latest: datetime) -> Read | None:
        text = join(fields)
        if text is None or text in seen:
            return seen[text] if text else None
        try:
            found = _placed(parse(text[:200], latest), zone, at)
        except (ValueError, OverflowError):
            raise RecordError(f"'{shown}' holds {text[:60]!r}, which is no moment as mapped") from None
        if not _EARLIEST <= found.at < _LATEST:
            raise RecordError(f"'{shown}' holds {text[:60]!r}, a moment that cannot be")
        if moment.pattern is None and len(seen) < 100_000:
            seen[text] = found
        return found

    return read


def _joined(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], str | None]:
    """The texts of the fields that hold something, parted by blanks; None where none does."""
    gets = [getter(name) for name in names]

    def join(fields: Mapping[str, Any]) -> str | None:
        values = [value for get in gets if (value := get(fields)) is not None]
        return " ".join(map(written, values)) if values else None

    def only(fields: Mapping[str, Any]) -> str | None:
        value = gets[0](fields)
        return value if value is None or type(value) is str else written(value)

    return only if len(gets) == 1 else join


def _placed(parsed: tuple[datetime, bool], zone: ZoneInfo, at: time) -> Read:
    """In UTC. An hour that the clocks skip or repeat is the one before the change."""
    found, bare = parsed
    if bare:
        found = datetime.combine(found.date(), at)
    return Read((found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC), bare)


Parse = Callable[[str, datetime], tuple[datetime, bool]]


def _by_format(formats: tuple[str, ...]) -> Parse:
    def parse(text: str, latest: datetime) -> tuple[datetime, bool]:
        for form in formats[:-1]:
            try:
                return _FORMS.get(form, _strptime)(text, form)
            except ValueError:
                continue
        return _FORMS.get(formats[-1], _strptime)(text, formats[-1])

    return parse


def _strptime(text: str, form: str) -> tuple[datetime, bool]:
    return datetime.strptime(text, form), not any(mark in form for mark in ("%H", "%I", "%c", "%X"))


def _iso(text: str, form: str) -> tuple[datetime, bool]:
    if len(text) == 10 and text[4] == text[7] == "-":
        return datetime.fromisoformat(text), True
    try:
        if len(text) > 15 and text[4] == "-":
            return datetime.fromisoformat(text), False
    except ValueError:
        pass
    found = _ISO.fullmatch(text)
    if not found:
        raise ValueError(text)
    *numbers, zone = found.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    naive = datetime(year, month, day, hour, minute, second)
    return (datetime.fromisoformat(f"{naive.isoformat()}{zone}") if zone else naive), False


def _epoch(text: str, form: str) -> tuple[datetime, bool]:
    seconds = float(text) / (1000 if form == "epoch_ms" else 1)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), False


_FORMS: Mapping[str, Callable[[str, str], tuple[datetime, bool]]] = {
    "iso": _iso, "epoch": _epoch, "epoch_ms": _epoch,
}  # fmt: skip


def _by_pattern(pattern: re.Pattern[str], zone: ZoneInfo) -> Parse:
    def parse(text: str, latest: datetime) -> tuple[datetime, bool]:
        found = pattern.search(text)
        if not found:
            raise ValueError(text)
        groups = {name: part for name, part in found.groupdict().items() if part is not None}
        hour, minute, second = (int(groups.get(name, 0)) for name in ("hour", "minute", "second"))
        clock = time(_of_24(hour, groups["half"]) if "half" in groups else hour, minute, second)
        month, day = _month(groups["month"]), int(groups["day"])
        if "year" in groups:
            return datetime.combine(date(int(groups["year"]), month, day), clock), "hour" not in groups
        local = latest.astimezone(zone).replace(tzinfo=None)
        return _latest(month, day, clock, local), "hour" not in groups

    return parse


def _of_24(hour: int, half: str) -> int:
    """An hour of the half day that begins at 12; `half` is AM or PM, however it is spelt."""
    mark = half.strip().casefold()[:1]
    if mark not in ("a", "p") or not 1 <= hour <= 12:
        raise ValueError(f"{hour} {half}")
    return hour % 12 + 12 * (mark == "p")


def _latest(month: int, day: int, clock: time, latest: datetime) -> datetime:
    """The last such moment not after `latest`; 29 February may be years ago."""
    for year in range(latest.year, latest.year - 9, -1):
        try:
            found = datetime.combine(date(year, month, day), clock)
        except ValueError:
            continue
        if found <= latest:
            return found
    raise ValueError(f"no year has {month}-{day}")


def _month(text: str) -> int:
    return int(text) if text.isdigit() else _MONTHS.get(text[:3].casefold(), 0)
