"""Events from a CSV: a row per event, `date,x,y` and, where one row counts several, `n`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.detect.csvrows import number, rows
from engine.detect.series import Floats


@dataclass(frozen=True)
class Events:
    """days: (E,) ordinals; coordinates: (E, 2); n: (E,) events in each row; areas: the name of the place
    at these coordinates, where the file has a column `area`."""

    days: NDArray[np.int64]
    coordinates: Floats
    n: Floats
    areas: dict[tuple[float, float], str]

    def place(self, x: float, y: float) -> str:
        """The name of a place, or its coordinates."""
        return self.areas.get((x, y)) or f"{x:.10g} {y:.10g}"


def read(lines: Iterable[str]) -> Events:
    """The events of a file's lines.

    Raises ValueError, with the line, for a missing column, or a date or number that cannot be read.
    """
    _, found = rows(lines, ("date", "x", "y"), ("n", "area"))
    days, values = [], []
    areas: dict[tuple[float, float], str] = {}
    for line, (day, *coordinates, n, area) in found:
        x, y = (number(text, name, line) for name, text in zip("xy", coordinates, strict=True))
        days.append(_day(day, line))
        values.append((x, y, number(n.strip() or "1", "n", line)))
        if area.strip():
            areas[x, y] = area.strip()
    if not days:
        raise ValueError("the file holds no event")
    table = np.array(values)
    return Events(np.array(days, np.int64), table[:, :2], table[:, 2], areas)


def _day(text: str, line: int) -> int:
    try:
        return date.fromisoformat(text.strip()).toordinal()
    except ValueError:
        raise ValueError(f"line {line}: date must be YYYY-MM-DD, found {text[:40]!r}") from None
