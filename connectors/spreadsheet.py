"""The rows of an .xlsx sheet as the texts a CSV would hold."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from typing import Any

from engine.errors import FeedError

MAGIC = b"PK\x03\x04"
#: What the parts of a spreadsheet may unpack to.
_LARGEST = 1 << 30


def rows(content: bytes, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """(line, values) of one sheet, the first by default; blank lines are left out.

    Raises FeedError for what is no spreadsheet or has no such sheet.
    """
    # A fifth of a second to import, and most feeds are no spreadsheet.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _LARGEST:
                raise FeedError("the spreadsheet unpacks to more than 1 GB; export it as CSV")
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
            if sheet is not None and sheet not in book.sheetnames:
                raise FeedError(f"there is no sheet {sheet!r}; the sheets are {', '.join(book.sheetnames)}")
            cells = book[sheet or book.sheetnames[0]].iter_rows(values_only=True)
            for number, values in enumerate(cells, start=1):
                texts = [_text(value) for value in values]
                if any(texts):
                    yield number, texts
    except (zipfile.BadZipFile, InvalidFileException, SyntaxError, LookupError, ValueError) as error:
        raise FeedError(f"not readable as .xlsx: {error}; export it again, or as CSV") from error


def _text(value: Any) -> str:
    """A spreadsheet keeps whole numbers as fractions and midnights as moments."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)
