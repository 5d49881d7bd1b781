"""Series from a long CSV: a row per time point, `t,y` or `series,t,y`, and what a range of them means."""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine.detect.detection import LARGEST
from engine.detect.files.rows import number, rows
from engine.detect.series import Floats

#: What stands for a missing count.
_MISSING = frozenset(("", "NA", "NaN", "nan", "null"))
#: More time points than this for each that the file has are no holes but a mistake.
_SPARSE = 1000
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
        return _label(int(self.times[position]), self.dated)

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
        # A forecast reaches one point beyond the last.
        if high > self.times.size + 1:
            raise ValueError(f"the range {text!r} goes beyond the {self.times.size} time points of the file")
        return np.arange(low - 1, high)

    def _dates(self, text: str, first: str, last: str) -> NDArray[np.int64]:
        if not self.dated:
            raise ValueError(f"the range {text!r} gives dates, but t is a number in this file")
        try:
            low, high = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
        except ValueError:
            raise ValueError(f"the range {text!r} names a day that no month has") from None
        return np.flatnonzero((self.times >= low) & (self.times <= high))


def read(lines: Iterable[str]) -> Table:
    """The table of a file's lines; series in the order of the file, times rising.

    A time point that one series lacks and another has, or that is left out of an even grid, is missing.
    Raises ValueError, with the line, for a missing column, a time or count that cannot be read or cannot be
    one, or a time point given twice.
    """
    columns, found = rows(lines, ("t", "y"), ("series", "population"))
    names: dict[str, int] = {}
    # What a cell means is found out once: a file may hold ten million rows, and is read into plain arrays.
    moments: dict[str, int] = {}
    series_of: dict[str, int] = {}
    at, series, times, counts, people = array("i"), array("i"), array("q"), array("d"), array("d")
    peopled, dated = "population" in columns, False
    for line, (moment, y, name, population) in found:
        if moment not in moments:
            dated = dated if moments else bool(re.fullmatch(_DATE, moment.strip()))
            moments[moment] = _time(moment.strip(), dated, line)
        if name not in series_of:
            series_of[name] = names.setdefault(name.strip() or "1", len(names))
        at.append(line)
        series.append(series_of[name])
        times.append(moments[moment])
        counts.append(_amount(y, "y", line))
        if peopled:
            people.append(_amount(population, "population", line))
    if not at:
        raise ValueError("the file holds no time point")
    grid = _grid(sorted(set(moments.values())), dated)
    cells = np.asarray(series) * grid.size + np.searchsorted(grid, np.asarray(times))
    twice = _second(cells)
    if twice is not None:
        label = _label(times[twice], dated)
        name = list(names)[series[twice]]
        raise ValueError(f"line {at[twice]}: the time point {label} of series {name} stands here again")
    shape = len(names), grid.size
    laid_out = _laid_out(cells, people, shape) if peopled else None
    return Table(tuple(names), grid, _laid_out(cells, counts, shape), dated, laid_out)


def _second(cells: NDArray[np.int64]) -> int | None:
    """The first position whose cell came before."""
    if (np.diff(cells) > 0).all():
        return None
    order = np.argsort(cells, kind="stable")
    again = order[1:][np.diff(cells[order]) == 0]
    return int(again.min()) if again.size else None


def _laid_out(cells: NDArray[np.int64], values: Sequence[float], shape: tuple[int, int]) -> Floats:
    table = np.full(shape, np.nan)
    table.ravel()[cells] = values
    return table


def _grid(times: Sequence[int], dated: bool) -> NDArray[np.int64]:
    """The times with the holes of an even grid filled, of points or of months; uneven ones as they are."""
    steps = np.diff(times)
    if steps.size and (steps % steps.min() == 0).all():
        return np.arange(times[0], _checked(times, int(steps.min())) + 1, int(steps.min()))
    if dated:
        days = [date.fromordinal(time) for time in times]
        months = np.array([12 * day.year + day.month - 1 for day in days])
        steps = np.diff(months)
        if len({day.day for day in days}) == 1 and days[0].day <= 28 and (steps % steps.min() == 0).all():
            whole = range(int(months[0]), int(months[-1]) + 1, int(steps.min()))
            return np.array([date(m // 12, m % 12 + 1, days[0].day).toordinal() for m in whole])
    return np.array(times, np.int64)


def _checked(times: Sequence[int], step: int) -> int:
    """The last of the times. Raises ValueError where nearly all of the grid up to it would be missing."""
    points = (times[-1] - times[0]) // step + 1
    if points > _SPARSE * len(times):
        raise ValueError(
            f"from the first t to the last are {points} time points of {step}, of which the file has only "
            f"{len(times)}: is a t wrong?"
        )
    return times[-1]


def _time(text: str, dated: bool, line: int) -> int:
    try:
        time = date.fromisoformat(text).toordinal() if dated else int(text)
        if abs(time) > LARGEST:
            raise ValueError(text)
    except ValueError:
        kind = "date (YYYY-MM-DD)" if dated else "whole number"
        found = f"found {text[:40]!r}"
        raise ValueError(f"line {line}: t must be a {kind} as in the first row, {found}") from None
    return time


def _amount(text: str, column: str, line: int) -> float:
    try:
        value = float(text)
        if 0 <= value <= LARGEST:
            return value
    except ValueError:
        pass
    if text.strip() in _MISSING:
        return math.nan
    number(text, column, line)
    raise ValueError(f"line {line}: {column} must lie from 0 to {LARGEST:.0e}, found {text[:40]!r}")


def _label(time: int, dated: bool) -> str:
    return date.fromordinal(time).isoformat() if dated else str(time)
