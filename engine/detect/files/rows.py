"""The rows of a CSV as the methods' files are read: by the names of the columns, with the line of each."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader


def rows(
    lines: Iterable[str], needed: Sequence[str], optional: Sequence[str]
) -> tuple[frozenset[str], Iterator[tuple[int, tuple[str, ...]]]]:
    """Which of the columns the file has; and per row its line and the cells of needed and optional, "" where
    there is none. Blank lines are passed over, and blanks about a column's name.

    Raises ValueError for a needed column that is missing, or one given twice; and, with the line, for a row
    with more cells than the header or one that cannot be read as CSV.
    """
    reader = csv.reader(lines)
    header = [name.strip() for name in next(filter(any, reader), [])]
    for name in needed:
        if name not in header:
            raise ValueError(f"the file has no column '{name}'; found: {', '.join(header) or 'nothing'}")
    wanted = [name for name in (*needed, *optional) if name in header]
    for name in wanted:
        if header.count(name) > 1:
            raise ValueError(f"the file has the column '{name}' more than once")
    places = [header.index(name) if name in header else len(header) for name in (*needed, *optional)]
    return frozenset(wanted), _cells(reader, len(header), itemgetter(*places))


def _cells(
    reader: Reader, width: int, pick: Callable[[list[str]], tuple[str, ...]]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        for row in reader:
            if len(row) > width:
                raise ValueError(f"line {reader.line_num}: {len(row)} cells, but the header has {width}")
            if any(row):
                row += [""] * (width + 1 - len(row))
                yield reader.line_num, pick(row)
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from error


def number(text: str, column: str, line: int) -> float:
    """The number that a cell holds; raises ValueError, with the line, for anything else."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"line {line}: {column} must be a number, found {text[:40]!r}") from None


def day(text: str, column: str, line: int) -> int:
    """The ordinal of the day that a cell names; raises ValueError, with the line, for anything else."""
    try:
        return date.fromisoformat(text.strip()).toordinal()
    except ValueError:
        raise ValueError(f"line {line}: {column} must be YYYY-MM-DD, found {text[:40]!r}") from None
