"""Rows as CSV that a spreadsheet shows and never runs: a cell that would be a formula is made a text. Each
passes the guard by itself, so that what is put together in one hides nothing, and counts beside it stay.

What leads a formula (`=`, `+`, `-`, `@`, also in full width, a tab or a line end), at the beginning of a cell
or behind a sign that some spreadsheets part cells at, gets an apostrophe before it. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from engine.guard.exit import Cells, guarded

_LEADS = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def write(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, ends: str = "\r\n", to: TextIO | None = None
) -> None:
    """Print the header and the rows; to: or write them there."""
    writer = csv.writer(to or Cells(sys.stdout), lineterminator=ends)
    writer.writerow(map(cell, columns))
    writer.writerows(map(cell, row) for row in rows)


def document(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The same as a file: UTF-8, marked so that a spreadsheet reads it as such."""
    made = io.StringIO(newline="")
    write(columns, rows, to=made)
    return made.getvalue().encode("utf-8-sig")


def cell(value: Any) -> Any:
    """A value as it may stand in a sheet."""
    if not isinstance(value, str):
        return value
    if _NUMBER.fullmatch(value):
        return guarded(value)
    return _LEADS.sub(r"\1'", guarded(value))
