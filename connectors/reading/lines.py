"""The rows of a text with a delimiter: what is wrong with one of them is its own affair."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from connectors.reading.limits import AGAIN, LINE
from engine.errors import FeedError

#: In a table of so few columns a text may well look like two rows.
_FEW = 3


class Row(NamedTuple):
    """One row of a table with the number of its first line."""

    number: int
    cells: list[str]
    #: Why it cannot be read, and its text.
    fault: str = ""
    text: str = ""
    #: It ends without a line break: nothing follows, and the end may be missing.
    last: bool = False


class _Lines:
    """The lines of a text, with those of the current row at hand, to be read again."""

    def __init__(self, text: io.TextIOBase, name: str) -> None:
        self._text = iter(partial(text.readline, LINE + 1), "")
        self._name = name
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self._length = 0
        self._read_again = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if len(line) > LINE:
            raise FeedError(f"{self._name}: a line of more than {LINE} characters; this is no table of lines")
        self.taken.append(line)
        self._length += len(line)
        if self._length > LINE:
            raise csv.Error("a quote is opened and not closed")
        return line

    def _read(self) -> str:
        try:
            return next(self._text)
        except UnicodeError as error:
            raise FeedError(f"{self._name}: cannot be decoded; name the file's encoding") from error

    def give_back(self) -> None:
        """All but the first line of the current row; FeedError where there is no end of such rows."""
        self._read_again += self._length if len(self.taken) > 1 else 0
        if self._read_again > AGAIN:
            raise FeedError(f"{self._name}: quotes are opened again and again and not closed; ask the source")
        self._again.extendleft(reversed(self.taken[1:]))
        self.next_row()

    def next_row(self) -> None:
        self.taken.clear()
        self._length = 0


def rows(text: io.TextIOBase, name: str, delimiter: str, first: int = 1) -> Iterator[Row]:
    """The rows of `text`; that on line `first` tells how many values one has.

    A quote that is never closed swallows lines: then the first is broken, and what followed is read
    again. Raises FeedError for lines that no table has.
    """
    lines, number, width = _Lines(text, name), 1, 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            cells, fault = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], str(error)
        if len(lines.taken) > 1 and width and (len(cells) != width or _swallowed(cells, delimiter)):
            fault = fault or "a quote is opened and not closed"
        if fault:
            yield Row(number, [], fault, lines.taken[0], _unended(lines.taken[0]))
            lines.give_back()
            number += 1
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        else:
            width = width or (len(cells) if number >= first else 0)
            yield Row(number, cells, last=_unended(lines.taken[-1]))
            number += len(lines.taken)
            lines.next_row()


def _swallowed(cells: list[str], delimiter: str) -> bool:
    """Whether a value holds the rest of a row, whole rows, and the beginning of another: its quote was closed
    by one that stands further down. A text of several lines has not just so many delimiters in each."""
    width = len(cells)
    for before, cell in enumerate(cells):
        if len(cell.splitlines()) < 2:
            continue
        first, *inner, last = (line.count(delimiter) for line in cell.splitlines())
        rows = first == width - 1 - before and last == before and all(one == width - 1 for one in inner)
        if rows and (width > _FEW or inner) and width > 2:
            return True
    return False


def _unended(line: str) -> bool:
    return not line.endswith(("\n", "\r"))
