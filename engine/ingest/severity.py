"""Says how grave an incident is, from a table or from the bounds of a number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import RecordError
from engine.guard.exit import quoted
from engine.ingest import number
from engine.ingest.field import getter, several
from engine.ingest.mapping import PLAIN, Numbers, SeveritySource


def grader(
    source: SeveritySource | None, numbers: Numbers = PLAIN
) -> Callable[[Mapping[str, Any]], int]:
    """A function from a record's fields to its severity: 0 unknown, 1 minor .. 4 extreme.

    Several values in one field count as the worst of them.
    """
    if source is None or source.field is None:
        fixed = source.fixed if source and source.fixed else 0
        return lambda fields: fixed
    get, field, read = getter(source.field), source.field, number.reader(numbers)
    table = {word.casefold(): grade for word, grade in source.table.items()}

    def look_up(value: str) -> int:
        return table.get(value.casefold(), source.otherwise)

    def measure(value: str) -> int:
        try:
            return bisect_right(source.bounds, read(value))
        except ValueError:
            raise RecordError(f"'{field}' holds …, which is no number", quoted(value, 40)) from None

    grade = measure if source.bounds else look_up
    return lambda fields: max(map(grade, several(get(fields))), default=source.otherwise)
