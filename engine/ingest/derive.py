"""Fields made of fields: joined, the first of several, filled up or cut, divided, the time between two.

What cannot be made is missing, as it is where the source leaves a field empty: never nothing's own zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.ingest import number
from engine.ingest.field import getter, written
from engine.ingest.mapping import Derived, Numbers
from engine.ingest.notation import parser

Fields = Mapping[str, Any]
Make = Callable[[Fields], Any]

#: Seconds of the units that a time between two moments is told in.
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_LATEST = datetime(9_999, 1, 1, tzinfo=UTC)


def deriver(derived: Mapping[str, Derived], numbers: Numbers, zone: ZoneInfo) -> Callable[[Fields], Fields]:
    """From a record's fields to the same with those that the mapping makes; later ones may use earlier."""
    makes = [(name, _maker(one, numbers, zone)) for name, one in derived.items()]

    def derive(fields: Fields) -> Fields:
        found = dict(fields)
        for name, make in makes:
            found[name] = make(found)
        return found

    return derive if makes else lambda fields: fields


def _maker(one: Derived, numbers: Numbers, zone: ZoneInfo) -> Make:
    if one.join:
        return _joined(one)
    if one.first:
        return _first(one)
    if one.ratio:
        return _ratio(one, numbers)
    if one.between:
        return _between(one, zone)
    return _cut(one)


def _joined(one: Derived) -> Make:
    gets = [getter(name) for name in one.join]

    def join(fields: Fields) -> str | None:
        values = [written(value) for get in gets if (value := get(fields)) is not None]
        return one.by.join(values) if values else None

    return join


def _first(one: Derived) -> Make:
    gets = [getter(name) for name in one.first]
    return lambda fields: next((value for get in gets if (value := get(fields)) is not None), None)


def _cut(one: Derived) -> Make:
    get, width = getter(one.pad or one.cut or ""), one.width or 0

    def cut(fields: Fields) -> str | None:
        value = get(fields)
        if value is None or isinstance(value, Mapping | list):
            return None
        return written(value).zfill(width) if one.pad else written(value)[:width]

    return cut


def _ratio(one: Derived, numbers: Numbers) -> Make:
    part, whole = (getter(name) for name in one.ratio)
    read = number.reader(numbers)

    def ratio(fields: Fields) -> float | None:
        try:
            return read(part(fields)) / read(whole(fields))
        except (ValueError, ZeroDivisionError, OverflowError):
            return None

    return ratio


def _between(one: Derived, zone: ZoneInfo) -> Make:
    begin, end = (getter(name) for name in one.between)
    parses = [parser(form, zone) for form in one.format]

    def moment(value: Any) -> datetime | None:
        for parse in parses if value is not None else ():
            try:
                at = parse(written(value), _LATEST)[0]
            except (ValueError, OverflowError):
                continue
            return at if at.tzinfo else at.replace(tzinfo=zone)
        return None

    def between(fields: Fields) -> float | None:
        first, last = moment(begin(fields)), moment(end(fields))
        if first is None or last is None or last < first:
            return None
        return (last.astimezone(UTC) - first.astimezone(UTC)).total_seconds() / _UNITS[one.unit]

    return between
