"""Tables: texts with a delimiter and .xlsx workbooks, from a file, a pattern or an address."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, field_validator

from connectors.polls import Column, moments
from connectors.reading import kind, lines, selection
from connectors.reading.archive import MAGIC, parts
from connectors.reading.document import Document
from connectors.reading.table import Layout, Table
from connectors.reading.workbook import Workbook
from connectors.source import Records, Source, documents
from engine.model.feed import Broken, Fetch, Record

ID = "csv"

#: Encodings whose texts begin in a way of their own: nothing else can be told from their first bytes.
_WIDE = ("utf-16", "utf-32")


class Options(Source, Layout):
    """See docs/feeds.md."""

    #: In which encoding the texts are; a byte order mark is dropped.
    encoding: str = "utf-8"
    #: What parts the columns.
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    #: Of a workbook: a sheet by name, several, or `all`; without it the first that holds something.
    sheet: Annotated[
        tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)
    ] = ()
    #: A historical extract only: when its collector got an answer.
    polls: Path | Column | None = None

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            "".encode(name)
        except (LookupError, UnicodeError):
            raise ValueError(f"there is no encoding {name!r}; try utf-8, gb18030 or latin-1") from None
        return name

    @property
    def codec(self) -> str:
        """The encoding; of UTF-8 the form that drops a byte order mark."""
        name = codecs.lookup(self.encoding).name
        return "utf-8-sig" if name == "utf-8" else name


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The rows of every file as records of texts; raises FeedError where a file cannot be read."""
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    reading = Reading(options)
    records = Records(found.files, reading.document, options)
    reading.parts = records.parts  # sheets stand beside the members of archives
    columns, first = reading.head(found.files)
    polls = moments(options.polls, lambda: records, options.max_bytes)
    fetch = found.fetch(records, polls)
    return replace(
        fetch, columns=columns, tables=reading.tables, first_lines=first, notices=reading.notices
    )  # fmt: skip


class Reading:
    """One poll: its options, and what must be told of what was read."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.notices: list[str] = []
        self.tables: dict[str, tuple[str, ...]] = {}
        #: Where all sheets are read: which there are.
        self.parts: dict[str, None] = {}

    def head(
        self, files: Sequence[Document]
    ) -> tuple[tuple[str, ...] | None, Mapping[int, tuple[str, ...]]]:
        """The columns and the first lines of the only table there is; None for none or several."""
        members = parts(files[0]) if len(files) == 1 else []
        if len(members) != 1 or self._options.sheet == (selection.ALL,) or len(self._options.sheet) > 1:
            return None, {}
        for _, table in self._tables(members[0]):
            table.look_ahead()
            return table.columns, table.first
        return None, {}

    def document(self, file: Document, where: str) -> Iterator[Record | Broken]:
        undecoded = f"not {self._options.encoding}; name the file's encoding"
        for title, table in self._tables(file):
            self.tables[f"{where}{title}".strip()] = table.columns
            yield from table.records(f"{where}{title}", undecoded)

    def _tables(self, file: Document) -> Iterator[tuple[str, Table]]:
        """Each table of a file, with what its places begin with."""
        with file.open() as stream:
            if stream.peek(4)[:4] == MAGIC:
                yield from self._sheets(Workbook(stream.read(), file))
            else:
                yield "", self._text(stream, file)

    def _text(self, stream: io.BufferedReader, file: Document) -> Table:
        options = self._options
        if not options.codec.startswith(_WIDE):
            kind.refuse(stream, file.name, "a table")
        text = io.TextIOWrapper(stream, options.codec, errors="surrogateescape", newline="")
        rows = lines.rows(text, file.name, options.delimiter, options.header_line)
        return Table(rows, options, file.name, options.max_bytes)

    def _sheets(self, book: Workbook) -> Iterator[tuple[str, Table]]:
        options = self._options
        sheets = selection.chosen(book, options.sheet, self._tell)
        if options.sheet == (selection.ALL,):
            self.parts |= {f"{book.name}/{sheet.title}": None for sheet in sheets}
        for sheet in sheets:
            rows = selection.rows(book, sheet, bool(options.fill_down), self._tell)
            table = Table(rows, options, book.name, options.max_bytes, ragged=True)
            yield f"{sheet.title} " if len(sheets) > 1 else "", table

    def _tell(self, notice: str) -> None:
        if notice not in self.notices:
            self.notices.append(notice)
