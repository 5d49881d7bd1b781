"""Says how grave an incident is, from a table or from the bounds of a number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import RecordError
from engine.guard.exit import quoted
from engine.ingest import number
from engine.ingest.field import getter, held, several
from engine.ingest.mapping import PLAIN, Numbers, SeveritySource
from engine.model.incident import UNGRADED


def grader(source: SeveritySource | None, numbers: Numbers = PLAIN) -> Callable[[Mapping[str, Any]], int]:
    """A function from a record's fields to its severity: 0 less than minor, 1 .. 4 extreme, or UNGRADED.

    Several values in one field count as the worst of those that are understood. Raises RecordError where
    none is.
    """
    if source is None or source.field is None:
        fixed = source.fixed if source and source.fixed else 0
        return lambda fields: fixed
    get, field, amount = getter(source.field), source.field, _amount(source, numbers)
    otherwise = source.otherwise
    table = {word.casefold(): grade for word, grade in source.table.items()}

    def look_up(value: str) -> int | None:
        return table.get(value.casefold(), otherwise)

    def measure(value: str) -> int | None:
        found = amount(value)
        return None if found is None else bisect_right(source.bounds, found)

    grade, what = (measure, "is no number") if source.bounds else (look_up, "stands in no table")

    def read_off(fields: Mapping[str, Any]) -> int:
        values = several(get(fields))
        if not values:
            return UNGRADED if otherwise is None or not held(fields, field) else otherwise
        known = [found for value in values if (found := grade(value)) is not None]
        if not known:
            raise RecordError(f"'{field}' holds …, which {what}", quoted(values[0], 40))
        return max(known)

    return read_off


def graded_by(
    source: SeveritySource, numbers: Numbers = PLAIN
) -> Callable[[Mapping[str, Any]], float | None]:
    """A function from a record's fields to the number by whose bounds its severity is reckoned: the greatest
    of several; None where none can be read."""
    get, amount = getter(source.field or ""), _amount(source, numbers)

    def read_off(fields: Mapping[str, Any]) -> float | None:
        found = (amount(one) for one in several(get(fields)))
        return max((one for one in found if one is not None), default=None)

    return read_off


def _amount(source: SeveritySource, numbers: Numbers) -> Callable[[str], float | None]:
    """A function from a value to the number that the bounds are held against; None where it is none."""
    read = number.reader(numbers)

    def amount(value: str) -> float | None:
        try:
            return read(value) * source.times
        except (ValueError, OverflowError):
            return None

    return amount
