"""Rows as CSV that a spreadsheet shows and never runs: a cell that would be a formula is made a text.

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

_LEADS = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠]|[\t\r\n])")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def write(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, ends: str = "\r\n", to: TextIO | None = None
) -> None:
    """Print the header and the rows; to: or write them there."""
    writer = csv.writer(to or sys.stdout, lineterminator=ends)
    writer.writerow(map(cell, columns))
    writer.writerows(map(cell, row) for row in rows)


def document(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The same as a file: UTF-8, marked so that a spreadsheet reads it as such."""
    made = io.StringIO(newline="")
    write(columns, rows, to=made)
    return made.getvalue().encode("utf-8-sig")


def cell(value: Any) -> Any:
    """A value as it may stand in a sheet."""
    if not isinstance(value, str) or _NUMBER.fullmatch(value):
        return value
    return _LEADS.sub(r"\1'", value)
