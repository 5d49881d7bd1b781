"""The cells of one sheet as texts, row by row, as a CSV of it would hold them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import BinaryIO

from connectors.reading.markup import stream
from engine.errors import FeedError, brief
from engine.model.serial import moment

#: What stands for a formula whose value no program has worked out.
UNCALCULATED = "#UNCALCULATED!"
#: Excel's own last column.
_LAST_COLUMN = 16_384
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: Blanks of every width, and what has none.
_BLANK = "\u200b\u200c\u200d\ufeff"


@dataclass
class Book:
    """What the sheets of a workbook share."""

    name: str
    #: The shared text of a number; raises IndexError where there is none.
    shared: Callable[[int], str]
    #: For each style of a cell, whether it shows a date or a time of day.
    dates: Sequence[bool] = ()
    epoch_1904: bool = False


@dataclass
class Sheet:
    """One sheet: `rows` gives (number, texts by column) of every row that holds something.

    `merged` and `uncalculated` are known when the rows have been gone through.
    """

    book: Book
    #: First and last row of each merged cell that spans several rows.
    merged: list[tuple[int, int]] = field(default_factory=list)
    uncalculated: int = 0

    def rows(self, part: BinaryIO) -> Iterator[tuple[int, dict[int, str]]]:
        """Raises FeedError for what is damaged."""
        cells = _Cells(self)
        for _ in stream(part, self.book.name, cells):
            yield from cells.rows
            cells.rows.clear()

    def value(self, kind: str, style: str | None, text: str) -> str:
        """The text of a cell of this kind (Excel's `t`)."""
        if kind == "n":
            return _number(text, style is not None and self._is_date(style), self.book.epoch_1904)
        if kind == "s":
            try:
                return self.book.shared(int(text))
            except (IndexError, ValueError):
                raise FeedError(f"{self.book.name}: damaged: no shared text {brief(text)!r}") from None
        if kind == "b":
            return "TRUE" if text.strip() in ("1", "true") else "FALSE"
        return trimmed(unescaped(text))

    def _is_date(self, style: str) -> bool:
        """A style that is not declared shows nothing special."""
        return style.isdecimal() and int(style) < len(self.book.dates) and self.book.dates[int(style)]


class _Cells:
    """Hears a sheet's XML. What the sheet says of its own size is not asked: it is often wrong."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.rows: list[tuple[int, dict[int, str]]] = []
        self._number, self._column = 0, 0
        self._cells: dict[int, str] = {}
        self._kind = "n"
        self._style: str | None = None
        self._formula = self._reading = False
        self._aside = 0
        self._text: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "v" or name == "t":
            self._reading = not self._aside
        elif name == "c":
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s")
            place = attributes.get("r")
            self._column = column(place) if place else self._column + 1
            self._formula = False
            self._text.clear()
        elif name == "f":
            self._formula = True
        elif name == "row":
            place = attributes.get("r", "")
            self._number = int(place) if place.isdecimal() else self._number + 1
            self._column, self._cells = 0, {}
        elif name == "rPh":
            self._aside += 1
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name == "v" or name == "t":
            self._reading = False
        elif name == "c":
            self._put("".join(self._text))
        elif name == "row":
            if self._cells:
                self.rows.append((self._number, self._cells))
                self._cells = {}
        elif name == "rPh":
            self._aside -= 1

    def text(self, text: str) -> None:
        if self._reading:
            self._text.append(text)

    def _put(self, text: str) -> None:
        if text:
            text = self._sheet.value(self._kind, self._style, text)
        elif self._formula and self._kind != "str":
            self._sheet.uncalculated += 1
            text = UNCALCULATED
        if text and self._column <= _LAST_COLUMN:
            self._cells[self._column - 1] = text

    def _merge(self, ref: str) -> None:
        first, _, last = ref.partition(":")
        rows = [int(digits) for end in (first, last) if (digits := end.lstrip(_LETTERS)).isdecimal()]
        if len(rows) == 2 and rows[0] != rows[1]:
            self._sheet.merged.append((rows[0], rows[1]))


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$"


def column(place: str) -> int:
    """The column of a cell from its place: `B7` is 2. Raises ValueError."""
    number = 0
    for mark in place:
        if not "A" <= mark <= "Z":
            break
        number = number * 26 + ord(mark) - 64
    if not number:
        raise ValueError(f"no place of a cell: {brief(place)!r}")
    return number


def trimmed(text: str) -> str:
    return text.strip().strip(_BLANK).strip()


def unescaped(text: str) -> str:
    """Control characters, which XML cannot hold, stand in a workbook as `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _number(text: str, date: bool, epoch_1904: bool) -> str:
    """Whole numbers are kept as fractions, dates as days since an epoch, times of day as parts of one."""
    try:
        value = float(text)
        if date:
            return _date(value, epoch_1904)
    except (ValueError, OverflowError):
        return text.strip()
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}" if abs(value) < 1e300 else text.strip()


def _date(value: float, epoch_1904: bool) -> str:
    found = moment(value, epoch_1904=epoch_1904)
    if 0 <= value < 1:
        return found.time().isoformat()
    return found.date().isoformat() if found.time() == time() else found.isoformat()
