"""Events from a CSV: a row per event, `date,x,y` and, where one row counts several, `n`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

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
    reader = csv.DictReader(lines)
    columns = reader.fieldnames or []
    for needed in ("date", "x", "y"):
        if needed not in columns:
            raise ValueError(f"the file has no column '{needed}'; found: {', '.join(columns) or 'nothing'}")
    days, values = [], []
    areas: dict[tuple[float, float], str] = {}
    for line, row in enumerate(reader, start=2):
        days.append(_day(row["date"], line))
        x, y, n = (_number(row.get(name) or default, name, line) for name, default in
                   (("x", ""), ("y", ""), ("n", "1")))  # fmt: skip
        values.append((x, y, n))
        if row.get("area"):
            areas[x, y] = row["area"].strip()
    if not days:
        raise ValueError("the file holds no event")
    table = np.array(values)
    return Events(np.array(days, np.int64), table[:, :2], table[:, 2], areas)


def _day(text: str | None, line: int) -> int:
    try:
        return date.fromisoformat((text or "").strip()).toordinal()
    except ValueError:
        raise ValueError(f"line {line}: date must be YYYY-MM-DD, found {text!r}") from None


def _number(text: str, column: str, line: int) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"line {line}: {column} must be a number, found {text!r}") from None
