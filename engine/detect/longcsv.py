"""Series from a long CSV: a row per time point, `t,y` or `series,t,y`, and what a range of them means."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Floats

#: What stands for a missing count.
_MISSING = ("", "NA", "NaN", "nan", "null")
_DATE = r"\d{4}-\d{2}-\d{2}"
_RANGE = re.compile(rf"({_DATE}|\d+)(?:(?:-|\.\.|:)({_DATE}|\d+))?")


@dataclass(frozen=True)
class Table:
    """S series on one grid of T time points.

    names: (S,); times: (T,) integers, or ordinals if `dated`; counts: (S, T), NaN where the file has no
    row or no number; population: (S, T) where the file has that column.
    """

    names: tuple[str, ...]
    times: NDArray[np.int64]
    counts: Floats
    dated: bool = False
    population: Floats | None = None

    def label(self, position: int) -> str:
        """A time point as the file wrote it."""
        time = int(self.times[position])
        return date.fromordinal(time).isoformat() if self.dated else str(time)

    def positions(self, text: str) -> NDArray[np.int64]:
        """The positions (from 0) of a range: `270-416` counts time points from 1, as R does; of dates
        (`2016-01-22-2016-01-23`) those in between. Raises ValueError for anything else."""
        found = _RANGE.fullmatch(text.strip())
        if not found:
            raise ValueError(f"cannot read the range {text!r}: give A-B, time points from 1 or dates")
        first, last = found.group(1), found.group(2) or found.group(1)
        if ("-" in first) != ("-" in last):
            raise ValueError(f"the range {text!r} mixes a date and a number")
        if "-" in first:
            return self._dates(text, first, last)
        low, high = int(first), int(last)
        if not 1 <= low <= high:
            raise ValueError(f"the range {text!r} must rise, from 1 on")
        return np.arange(low - 1, high)

    def _dates(self, text: str, first: str, last: str) -> NDArray[np.int64]:
        if not self.dated:
            raise ValueError(f"the range {text!r} gives dates, but t is a number in this file")
        low, high = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
        return np.flatnonzero((self.times >= low) & (self.times <= high))


def read(lines: Iterable[str]) -> Table:
    """The table of a file's lines; series and times in the order of name and time.

    A time point that one series lacks and another has, or that is left out of an even grid, is missing.
    Raises ValueError, with the line, for a missing column, a time or count that cannot be read, or a
    time point given twice.
    """
    reader = csv.DictReader(lines)
    columns = reader.fieldnames or []
    for needed in ("t", "y"):
        if needed not in columns:
            raise ValueError(f"the file has no column '{needed}'; found: {', '.join(columns) or 'nothing'}")
    rows = list(reader)
    if not rows:
        raise ValueError("the file holds no time point")
    dated = bool(re.fullmatch(_DATE, (rows[0]["t"] or "").strip()))
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for line, row in enumerate(rows, start=2):
        name, time = (row.get("series") or "1").strip(), _time(row["t"], dated, line)
        series = found.setdefault(name, {})
        if time in series:
            raise ValueError(f"line {line}: the time point {row['t']} of series {name} stands here again")
        series[time] = (_number(row["y"], "y", line), _number(row.get("population"), "population", line))
    return _table(found, dated, "population" in columns)


def _table(found: dict[str, dict[int, tuple[float, float]]], dated: bool, peopled: bool) -> Table:
    names = tuple(found)
    times = _grid(sorted({time for series in found.values() for time in series}))
    place = {int(time): column for column, time in enumerate(times)}
    values = np.full((2, len(names), times.size), np.nan)
    for row, series in enumerate(found.values()):
        for time, pair in series.items():
            values[:, row, place[time]] = pair
    return Table(names, times, values[0], dated, values[1] if peopled else None)


def _grid(times: Sequence[int]) -> NDArray[np.int64]:
    """The times with the holes of an even grid filled; uneven ones (months) as they are."""
    steps = np.diff(times)
    if steps.size and (steps % steps.min() == 0).all():
        return np.arange(times[0], times[-1] + 1, int(steps.min()))
    return np.array(times, np.int64)


def _time(text: str | None, dated: bool, line: int) -> int:
    try:
        return date.fromisoformat((text or "").strip()).toordinal() if dated else int(text or "")
    except ValueError:
        kind = "date (YYYY-MM-DD)" if dated else "whole number"
        raise ValueError(f"line {line}: t must be a {kind} as in the first row, found {text!r}") from None


def _number(text: str | None, column: str, line: int) -> float:
    if text is None or text.strip() in _MISSING:
        return math.nan
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"line {line}: {column} must be a number, found {text!r}") from None
