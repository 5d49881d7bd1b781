"""Reading moments: from one field or several, in the zone meant, in a format or inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import RecordError
from engine.guard.exit import quoted
from engine.ingest.field import getter, written
from engine.ingest.mapping import Moment
from engine.ingest.notation import Found, Parse, UnclearZone, dated, month, parser
from engine.ingest.number import ascii_digits

#: Nothing that a feed reports happened before this, and a year after the other is a misprint.
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)

#: So much of a text is looked at, and so many are remembered.
_LOOKED_AT = 200
_ROOM = 100_000


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
    parse = _by_pattern(moment.pattern, zone) if moment.pattern else _by_format(moment.format, zone)
    #: What is meant without a year depends on when it was told.
    lasting = moment.pattern is None and "zh" not in moment.format
    seen: dict[str, Read] = {}

    def read(fields: Mapping[str, Any], latest: datetime) -> Read | None:
        text = join(fields)
        if text is None or text in seen:
            return seen[text] if text else None
        try:
            found = _placed(parse(ascii_digits(text), latest), zone, at)
        except UnclearZone as name:
            said = f"'{shown}' holds …: '{name}' may mean several zones"
            offset = "it takes an offset such as +08:00, GMT or UTC"
            raise RecordError(f"{said}; {offset}", quoted(text)) from None
        except (ValueError, OverflowError):
            raise RecordError(f"'{shown}' holds …, which is no moment as mapped", quoted(text)) from None
        if not _EARLIEST <= found.at < _LATEST:
            raise RecordError(f"'{shown}' holds …, a moment that cannot be", quoted(text))
        if lasting and len(seen) < _ROOM:
            seen[text] = found
        return found

    return read


def _joined(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], str | None]:
    """The texts of the fields that hold something, parted by blanks; None where none does."""
    gets = [getter(name) for name in names]

    def join(fields: Mapping[str, Any]) -> str | None:
        values = [value for get in gets if (value := get(fields)) is not None]
        return " ".join(map(written, values)).strip()[:_LOOKED_AT] if values else None

    def only(fields: Mapping[str, Any]) -> str | None:
        value = gets[0](fields)
        if type(value) is str:
            return value.strip()[:_LOOKED_AT]
        return None if value is None else written(value)[:_LOOKED_AT]

    return only if len(gets) == 1 else join


def _placed(parsed: Found, zone: ZoneInfo, at: time) -> Read:
    """In UTC. An hour that the clocks skip or repeat is the one before the change."""
    found, bare = parsed
    if bare:
        found = datetime.combine(found.date(), at)
    return Read((found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC), bare)


def _by_format(formats: tuple[str, ...], zone: ZoneInfo) -> Parse:
    """The first format that fits; where none does, a zone that is unclear is the better reason."""
    parsers = [parser(form, zone) for form in formats]

    def parse(text: str, latest: datetime) -> Found:
        unclear = None
        for one in parsers:
            try:
                return one(text, latest)
            except UnclearZone as reason:
                unclear = unclear or reason
            except ValueError:
                continue
        raise unclear or ValueError(text)

    return parse


def _by_pattern(pattern: re.Pattern[str], zone: ZoneInfo) -> Parse:
    def parse(text: str, latest: datetime) -> Found:
        found = pattern.search(text)
        if not found:
            raise ValueError(text)
        groups = {name: part for name, part in found.groupdict().items() if part is not None}
        hour, minute, second = (int(groups.get(name, 0)) for name in ("hour", "minute", "second"))
        clock = time(_of_24(hour, groups["half"]) if "half" in groups else hour, minute, second)
        year = int(groups["year"]) if "year" in groups else None
        at = clock if "hour" in groups else None
        return dated(year, month(groups["month"]), int(groups["day"]), at, latest, zone)

    return parse


def _of_24(hour: int, half: str) -> int:
    """An hour of the half day that begins at 12; `half` is AM or PM, however it is spelt, or 上午, 下午."""
    mark = {"上": "a", "下": "p"}.get(half.strip()[:1], half.strip().casefold()[:1])
    if mark not in ("a", "p") or not 1 <= hour <= 12:
        raise ValueError(f"{hour} {half}")
    return hour % 12 + 12 * (mark == "p")
