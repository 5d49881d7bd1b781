"""Says how grave an incident is, from a table or from the bounds of a number."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import RecordError
from engine.ingest.field import getter, several
from engine.ingest.mapping import SeveritySource


def grader(source: SeveritySource | None) -> Callable[[Mapping[str, Any]], int]:
    """A function from a record's fields to its severity: 0 unknown, 1 minor .. 4 extreme.

    Several values in one field count as the worst of them.
    """
    if source is None or source.field is None:
        fixed = source.fixed if source and source.fixed else 0
        return lambda fields: fixed
    get, field = getter(source.field), source.field
    table = {word.casefold(): grade for word, grade in source.table.items()}

    def look_up(value: str) -> int:
        return table.get(value.casefold(), source.otherwise)

    def measure(value: str) -> int:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if math.isnan(number):
            raise RecordError(f"'{field}' holds {value[:40]!r}, which is no number")
        return bisect_right(source.bounds, number)

    grade = measure if source.bounds else look_up
    return lambda fields: max(map(grade, several(get(fields))), default=source.otherwise)
