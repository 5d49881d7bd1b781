"""The ways in which sources write a moment: ISO 8601, RFC 822, epochs, spreadsheets' numbers, strptime's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from engine.ingest.chinese import spoken
from engine.ingest.formats import FORMATS, SPAN
from engine.ingest.span import span
from engine.model.serial import moment

#: A moment as it was read (naive where no offset stood there), and whether only its day was given.
Found = tuple[datetime, bool]
#: From a text and the latest moment that can be meant; raises ValueError for what is none.
Parse = Callable[[str, datetime], Found]


class UnclearZone(ValueError):
    """A zone by a name that stands for several zones, or for one nobody has heard of."""


#: The names of one zone only.
_UTC = frozenset({"Z", "UTC", "GMT", "UT"})
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?([A-Za-z]{1,5}|(?:GMT|UTC)?[+-][0-9]{1,2}(?::?[0-5][0-9])?)?"
)
#: RFC 822 as later mended: years of four digits, numeric zones, a remark behind them that may name one.
_RFC822 = re.compile(
    r"(?:[A-Za-z]{3,9}, ?)?([0-9]{1,2}) ([A-Za-z]{3})[a-z]* ([0-9]{4}|[0-9]{2}) ([0-9]{1,2}):([0-9]{2})"
    r"(?::([0-9]{2}))?(?: ([A-Za-z]{1,5}|(?:GMT|UTC)?[+-][0-9]{2}:?[0-5][0-9]))?(?: \(([^()]*)\))?"
)
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{1,2}):?([0-5][0-9])?")
_WORD = re.compile(r"(?<![A-Za-z_/])[A-Za-z_/]+")
_CLOCK = ("%H", "%I", "%c", "%X")

#: Names of months in English and Swedish by their first three letters; `maj` and `okt` differ.
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "maj": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "okt": 10, "nov": 11, "dec": 12,
}  # fmt: skip


def parser(form: str, zone: ZoneInfo) -> Parse:
    """The function that reads a format of the mapping: one by its name, or strptime's directives; `zone`
    is that of the days meant without a year."""
    if form == "zh":
        return lambda text, latest: dated(*spoken(text), latest, zone)
    if form in FORMATS:
        return _NAMED[form]
    bare = not any(mark in form for mark in _CLOCK)
    if "%Z" not in form:
        return lambda text, latest: (datetime.strptime(text, form), bare)
    return lambda text, latest: (_zoned(text, form.replace("%Z", "%z")), bare)


def month(text: str) -> int:
    """The number of a month; 0 for what is none."""
    return int(text) if text.isdecimal() else _MONTHS.get(text[:3].casefold(), 0)


def _zoned(text: str, form: str) -> datetime:
    """By a format with `%z`, where the zone may be a name: strptime itself would read some and forget
    them."""
    try:
        return datetime.strptime(text, form)
    except ValueError:
        for word in _WORD.finditer(text):
            try:
                found = datetime.strptime(f"{text[: word.start()]}+0000{text[word.end() :]}", form)
            except ValueError:
                continue
            if word[0].upper() not in _UTC:
                raise UnclearZone(word[0]) from None
            return found
        raise


def _iso(text: str, latest: datetime) -> Found:
    if len(text) == 10 and text[4] == text[7] == "-":
        return datetime.fromisoformat(text), True
    if text[13:14] in (".", ","):
        # Python takes `07.17` for seven and a fraction of a second; people mean minutes.
        raise ValueError(text)
    try:
        if len(text) > 15 and text[4] == "-":
            return datetime.fromisoformat(text), False
    except ValueError:
        pass
    found = _ISO.fullmatch(text)
    if not found:
        raise ValueError(text)
    *numbers, zone = found.groups()
    year, month_, day, hour, minute, second = (int(number or 0) for number in numbers)
    return _with_offset(datetime(year, month_, day, hour, minute, second), zone), False


def _rfc822(text: str, latest: datetime) -> Found:
    found = _RFC822.fullmatch(" ".join(text.split()))
    if not found:
        raise ValueError(text)
    day, name, year, hour, minute, second, zone, remark = found.groups()
    century = (2000 if int(year) < 50 else 1900) if len(year) == 2 else 0
    at = datetime(int(year) + century, month(name), int(day), int(hour), int(minute), int(second or 0))
    return _with_offset(at, zone or remark), False


def _with_offset(naive: datetime, zone: str | None) -> datetime:
    if not zone:
        return naive
    if offset := _OFFSET.fullmatch(zone):
        away = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return naive.replace(tzinfo=timezone(away if offset[1] == "+" else -away))
    if zone.upper() not in _UTC:
        raise UnclearZone(zone)
    return naive.replace(tzinfo=UTC)


def _epoch(part: int) -> Parse:
    def parse(text: str, latest: datetime) -> Found:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text) / part), False

    return parse


def _excel(epoch_1904: bool) -> Parse:
    def parse(text: str, latest: datetime) -> Found:
        serial = float(text)
        return moment(serial, epoch_1904=epoch_1904), serial.is_integer()

    return parse


def _span(text: str, latest: datetime) -> Found:
    return datetime.combine(span(text)[0], time()), True


_NAMED: Mapping[str, Parse] = {
    "iso": _iso, "rfc822": _rfc822, "epoch": _epoch(1), "epoch_ms": _epoch(1000), "excel": _excel(False),
    "excel_1904": _excel(True), SPAN: _span,
}  # fmt: skip


def dated(
    year: int | None, month: int, day: int, clock: time | None, latest: datetime, zone: ZoneInfo
) -> Found:
    """The moment; without a year the last such one in the zone that is not after `latest`: 29 February
    may be years ago."""
    at = clock or time()
    if year is not None:
        return datetime.combine(date(year, month, day), at), clock is None
    local = latest.astimezone(zone).replace(tzinfo=None)
    for one in range(local.year, local.year - 9, -1):
        try:
            found = datetime.combine(date(one, month, day), at)
        except ValueError:
            continue
        if found <= local:
            return found, clock is None
    raise ValueError(f"no year has {month}-{day}")
