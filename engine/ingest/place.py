"""Says where an incident is: one attempt of the mapping's `place`, answered by the gazetteer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import shapely

from engine.errors import RecordError
from engine.guard.exit import shortened
from engine.ingest import angle
from engine.ingest.field import getter, several, written
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.mapping import PLAIN, Numbers, Place
from engine.ingest.memory import remembered
from engine.ingest.shape import read_shapes

#: From a record's fields to area codes; None where the fields are empty.
Locate = Callable[[Mapping[str, Any]], tuple[str, ...] | None]
#: From a record's fields to (latitude, longitude); None where the fields are empty.
Point = Callable[[Mapping[str, Any]], tuple[float, float] | None]

#: What is greater on both axes is no angle, but a map's metres: UTM, Web Mercator, a national grid.
_DEGREES = 360
PROJECTED = "these are no degrees but metres of a map projection: ask the source for WGS 84 (EPSG:4326)"


def locator(attempt: Place, gazetteer: Gazetteer, numbers: Numbers = PLAIN) -> Locate:
    """A function that makes one attempt; it raises RecordError with the reason where it fails."""
    if attempt.fixed is not None:
        fixed = tuple(attempt.fixed)
        return lambda fields: fixed
    if attempt.code is not None:
        return _by_code(attempt, gazetteer)
    if attempt.name is not None:
        return _by_name(attempt, gazetteer)
    return _by_point(attempt, gazetteer, numbers) if attempt.point else _by_shape(attempt, gazetteer)


def _by_code(attempt: Place, gazetteer: Gazetteer) -> Locate:
    get = getter(attempt.code or "")

    @remembered
    def find(code: str) -> str:
        return gazetteer.by_code(attempt.prefix + code.zfill(attempt.width or 0)[: attempt.cut])

    return lambda fields: _known(several(get(fields), attempt.separator), find)


def _by_name(attempt: Place, gazetteer: Gazetteer) -> Locate:
    get = getter(attempt.name or "")
    holder = getter(attempt.within) if attempt.within else None

    @remembered
    def find(asked: tuple[str, str | None]) -> str:
        return gazetteer.by_name(asked[0], asked[1], attempt.level)

    def locate(fields: Mapping[str, Any]) -> tuple[str, ...] | None:
        within = holder(fields) if holder else None
        held = None if within is None else written(within)
        return _known([(name, held) for name in several(get(fields), attempt.separator)], find)

    return locate


def _known(asked: list[Any], find: Callable[[Any], str]) -> tuple[str, ...] | None:
    """Every area found, once each and in order; a reason only where none is. None for nothing asked."""
    if len(asked) == 1:
        return (find(asked[0]),)
    found: dict[str, None] = {}
    reason: RecordError | None = None
    for one in asked:
        try:
            found[find(one)] = None
        except RecordError as refusal:
            reason = reason or refusal
    if not found and reason is not None:
        raise reason
    return tuple(sorted(found)) or None


def _by_point(attempt: Place, gazetteer: Gazetteer, numbers: Numbers) -> Locate:
    point = coordinates(attempt.point, numbers)

    @remembered
    def find(at: tuple[float, float]) -> str:
        return gazetteer.at_point(*at, attempt.level, attempt.reach)

    def locate(fields: Mapping[str, Any]) -> tuple[str, ...] | None:
        at = point(fields)
        return None if at is None else (find(at),)

    return locate


def coordinates(names: tuple[str, ...], numbers: Numbers = PLAIN) -> Point:
    """A function that reads latitude and longitude in degrees from two fields, or from one as
    `59.33,18.07` (with a decimal comma: `59,33;18,07`); either may be in degrees, minutes and seconds."""
    gets, degrees = [getter(name) for name in names], [angle.reader(numbers, axis) for axis in (0, 1)]
    parted = re.compile(r"\s*[;；]\s*|\s+" if numbers.decimal == "," else "[,;，；]")

    def read(fields: Mapping[str, Any]) -> tuple[float, float] | None:
        values = [get(fields) for get in gets]
        if len(values) == 1 and isinstance(values[0], str):
            values = list(parted.split(values[0].strip()))
        elif len(values) == 1 and isinstance(values[0], list | tuple):
            values = list(values[0])
        if not values or None in values:
            return None
        shown = shortened(str(values), 60)
        try:
            latitude, longitude = (read(value) for read, value in zip(degrees, values, strict=True))
        except (ValueError, OverflowError):
            raise RecordError(f"'{' '.join(names)}' holds …, which is no point", shown) from None
        if abs(latitude) > 90 or abs(longitude) > 180:
            said = f"'{' '.join(names)}' holds …, which is no point"
            projected = min(abs(latitude), abs(longitude)) > _DEGREES
            raise RecordError(f"{said}; {PROJECTED}" if projected else said, shown)
        # (0, 0) lies in the open sea: sources write it for "not known".
        return (latitude, longitude) if latitude or longitude else None

    return read


def _by_shape(attempt: Place, gazetteer: Gazetteer) -> Locate:
    gets = [getter(name) for name in attempt.shape]
    level = attempt.level or ""

    def locate(fields: Mapping[str, Any]) -> tuple[str, ...] | None:
        shapes = list(read_shapes([get(fields) for get in gets]))
        return gazetteer.overlapping(shapely.geometrycollections(shapes), level) if shapes else None

    return locate
