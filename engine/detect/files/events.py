"""Events from a CSV: a row per event, `date,x,y` and, where one row counts several, `n`; for some methods the
inhabitants of its place (`population`), or how many `controls` there were.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.detect.files.rows import day, number, rows
from engine.detect.series import Floats


@dataclass(frozen=True)
class Events:
    """days: (E,) ordinals; coordinates: (E, 2); n: (E,) events in each row; areas: the name of the place
    at these coordinates, where the file has a column `area`; people: (E,) the place's inhabitants, NaN where
    a row does not say them; controls: (E,) of each row. None: the file has no such column."""

    days: NDArray[np.int64]
    coordinates: Floats
    n: Floats
    areas: dict[tuple[float, float], str]
    people: Floats | None = None
    controls: Floats | None = None

    def place(self, x: float, y: float) -> str:
        """The name of a place, or its coordinates."""
        return self.areas.get((x, y)) or f"{x:.10g} {y:.10g}"


def read(lines: Iterable[str]) -> Events:
    """The events of a file's lines.

    Raises ValueError, with the line, for a missing column, or a date or number that cannot be read.
    """
    columns, found = rows(lines, ("date", "x", "y"), ("n", "population", "controls", "area"))
    days, values = [], []
    areas: dict[tuple[float, float], str] = {}
    for line, (happened, *coordinates, n, people, controls, area) in found:
        x, y = (number(text, name, line) for name, text in zip("xy", coordinates, strict=True))
        days.append(day(happened, "date", line))
        values.append((
            x, y, number(n.strip() or "1", "n", line), number(people.strip() or "nan", "population", line),
            number(controls.strip() or "0", "controls", line),
        ))  # fmt: skip
        if area.strip():
            areas[x, y] = area.strip()
    if not days:
        raise ValueError("the file holds no event")
    table = np.array(values)
    return Events(
        np.array(days, np.int64), table[:, :2], table[:, 2], areas,
        table[:, 3] if "population" in columns else None, table[:, 4] if "controls" in columns else None,
    )  # fmt: skip
