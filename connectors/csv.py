"""Comma-separated tables: plain, gzipped or as a spreadsheet, from a file, a pattern or an address."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from pydantic import Field, field_validator, model_validator

from connectors import spreadsheet
from connectors.polls import Column, moments
from connectors.source import Document, Records, Source, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "csv"

#: A column of this name is not read.
UNREAD = "-"


class Options(Source):
    """See docs/feeds.md."""

    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    header: bool | None = None
    columns: tuple[str, ...] = ()
    sheet: str | None = None
    polls: Path | Column | None = None

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            codecs.lookup(name)
        except LookupError:
            raise ValueError(f"there is no encoding {name!r}; try utf-8, gb18030 or latin-1") from None
        return name

    @property
    def codec(self) -> str:
        """The encoding; of UTF-8 the form that drops a byte order mark."""
        return "utf-8-sig" if codecs.lookup(self.encoding).name == "utf-8" else self.encoding

    @model_validator(mode="after")
    def _named(self) -> Options:
        if self.header is False and not self.columns:
            raise ValueError("without a header the columns must be named: columns: [...]")
        return self


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The rows of every file as records of texts; raises FeedError where a file cannot be read."""
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    records = Records(found.files, partial(_table, options))
    return found.fetch(records, moments(options.polls, lambda: records, options.max_bytes))


def _table(options: Options, file: Document, where: str) -> Iterator[Record | Broken]:
    with file.open() as stream:
        yield from _records(_rows(stream, options), options, file.name, where)


#: (line, row), or what is wrong with the line and its text.
Row = tuple[int, list[str] | tuple[str, str]]


def _rows(stream: io.BufferedReader, options: Options) -> Iterator[Row]:
    start = stream.peek(4)[:4]
    if start == spreadsheet.MAGIC:
        yield from spreadsheet.rows(stream.read(), options.sheet)
        return
    text = io.TextIOWrapper(stream, options.codec, errors="surrogateescape", newline="")
    with closing(text):
        yield from _lines(iter(text), options)


class _Lines:
    """The lines of a text, with those of the current row at hand, to be read again."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._text)
        self.taken.append(line)
        return line

    def give_back(self) -> None:
        """All but the first line of the current row."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.taken.clear()


def _lines(text: Iterator[str], options: Options) -> Iterator[Row]:
    """Rows with the number of their first line. A quote that is never closed swallows lines: then the
    first is broken, and what followed is read again."""
    lines, number, width = _Lines(text), 1, 0
    reader = csv.reader(lines, delimiter=options.delimiter, strict=True)
    while True:
        try:
            row, reason = next(reader), ""
        except StopIteration:
            return
        except csv.Error as error:
            row, reason = [], str(error)
        if len(lines.taken) > 1 and width and len(row) != width:
            reason = reason or "a quote is opened and not closed"
        if reason:
            yield number, (reason, lines.taken[0])
            lines.give_back()
            number += 1
            reader = csv.reader(lines, delimiter=options.delimiter, strict=True)
        else:
            width = width or len(row)
            yield number, row
            number += len(lines.taken)
            lines.taken.clear()


def _records(rows: Iterable[Row], options: Options, name: str, where: str) -> Iterator[Record | Broken]:
    rows = iter(rows)
    columns = list(options.columns)
    if options.header or not columns:
        columns = columns or _header(next(rows, None), name)
        if options.columns:
            next(rows, None)
    kept = [(place, column) for place, column in enumerate(columns) if column not in ("", UNREAD)]
    for number, row in rows:
        place = f"{where}line {number}"
        if isinstance(row, tuple):
            yield Broken(place, row[0], row[1])
        elif len(row) == len(columns) or (len(row) > len(columns) and not any(row[len(columns) :])):
            values = {column: row[at] for at, column in kept}
            if _decoded(values):
                yield Record(values, place)
            else:
                yield Broken(place, f"not {options.encoding}; name the file's encoding", ",".join(row))
        elif row:
            yield Broken(place, f"{len(row)} values where there are {len(columns)} columns", ",".join(row))


def _decoded(values: Mapping[str, str]) -> bool:
    """Whether no value holds a byte that the encoding does not know."""
    try:
        "".join(values.values()).encode()
    except UnicodeEncodeError:
        return False
    return True


def _header(first: Row | None, name: str) -> list[str]:
    if first is None:
        raise FeedError(f"{name}: empty; a table begins with a line that names its columns")
    if isinstance(first[1], tuple):
        raise FeedError(f"{name}: the first line cannot be read: {first[1][0]}")
    columns = [column.strip() for column in first[1]]
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise FeedError(f"{name}: the column {twice[0]!r} stands twice; name the columns: columns: [...]")
    return columns
