"""Rows to records: where the header stands, which columns are read, what a blank cell repeats."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pydantic import BaseModel, Field, StrictBool, StrictInt, model_validator

from connectors.reading.limits import COLUMNS
from connectors.reading.lines import Row
from engine.errors import FeedError, brief
from engine.model.feed import Broken, Record
from engine.model.reason import Reason

#: A column of this name is not read.
UNREAD = "-"
#: So many first lines are shown to whoever looks for the header, and so much of a broken one.
_FIRST = 20
_SHOWN = 4_000
_BLANKS = " \t\r\n\v\f\x1a\0\u00a0\u3000"


class Layout(BaseModel):
    """How a table is laid out, as the options of a source say."""

    #: Whether the first line names the columns, or which line does.
    header: StrictBool | StrictInt | None = None
    #: The names of the columns, in order; `-` for one that must not be read.
    columns: tuple[str, ...] = Field(default=(), max_length=COLUMNS)
    #: The columns in which a blank cell repeats the one above, as merged cells are left by an export.
    fill_down: StrictBool | tuple[str, ...] = False
    #: So many last lines are no records: totals, remarks, a signature.
    footer: int = Field(default=0, ge=0, le=1_000)

    @model_validator(mode="after")
    def _named(self) -> Layout:
        if self.header is False and not self.columns:
            raise ValueError("without a header the columns must be named: columns: [...]")
        if not isinstance(self.header, bool) and self.header is not None and self.header < 1:
            raise ValueError("header is true, false, or the number of the line that names the columns")
        return self

    @property
    def header_line(self) -> int:
        """The number of the line that names the columns, 0 where none does."""
        if self.header is None:
            return 0 if self.columns else 1
        return int(self.header)


class Table:
    """One table: its columns, its first lines, and its records."""

    def __init__(
        self, rows: Iterable[Row], layout: Layout, name: str, max_chars: int, *, ragged: bool = False
    ) -> None:
        """`ragged` rows leave out blank cells at their end, as a spreadsheet's do, and may have remarks
        beside the table. Raises FeedError where the header cannot be read."""
        self._rows, self._layout, self._name, self._ragged = iter(rows), layout, name, ragged
        self._max_chars = max_chars
        #: The first lines by number, as far as they were looked at.
        self.first: dict[int, tuple[str, ...]] = {}
        self._all = layout.columns or self._header()
        if layout.columns and layout.header_line:
            self._header()
        self._check()
        self._kept = [(at, column) for at, column in enumerate(self._all) if column not in ("", UNREAD)]
        self.columns = tuple(column for _, column in self._kept)

    def _header(self) -> tuple[str, ...]:
        wanted = self._layout.header_line
        for row in self._rows:
            if row.fault and row.number >= wanted:
                raise FeedError(f"{self._name}: the first line cannot be read: {row.fault}")
            if not _blank(row.cells):
                self._remember(row)
                if wanted == 1 or row.number == wanted:
                    return _plain(row.cells)
                if row.number > wanted:
                    break
        if wanted > 1:
            raise FeedError(f"{self._name}: line {wanted}, which should name the columns, is blank")
        raise FeedError(f"{self._name}: empty; a table begins with a line that names its columns")

    def _check(self) -> None:
        if len(self._all) > COLUMNS:
            said = f"{len(self._all)} columns where {COLUMNS} may be"
            raise FeedError(f"{self._name}: {said}; export only what the feed needs")
        twice = [column for column, times in Counter(self._all).items() if times > 1 and column]
        if twice and not self._layout.columns:
            todo = "name the columns (columns: [...]), or the line that does (header: 3)"
            raise FeedError(f"{self._name}: the column {brief(twice[0])!r} stands twice; {todo}")

    def _remember(self, row: Row) -> None:
        if len(self.first) < _FIRST:
            self.first[row.number] = _plain(row.cells[:COLUMNS])

    def look_ahead(self) -> None:
        """Looks at some lines below the header too; they are no records any more."""
        for row in islice(self._rows, _FIRST):
            if not _blank(row.cells):
                self._remember(row)

    def records(self, where: str, undecoded: str) -> Iterator[Record | Broken]:
        """Every row as a record of texts, or broken with its reason; `undecoded` is the reason for bytes
        that the encoding does not know. Raises FeedError for a table that ends within a row, and where
        what is repeated grows beyond the bound."""
        fill = _Fill(self._layout.fill_down, self._all, self._name)
        for row in self._body():
            place = f"{where}line {row.number}"
            fault = row.fault or self._fault(row)
            if fault and row.last and len(row.cells) < len(self._all):
                said = f"its last line has {len(row.cells)} of {len(self._all)} values and no line break"
                raise FeedError(f"{self._name}: ends early: {said}; fetch it anew, or see 'footer'")
            if fault:
                yield Broken(place, fault, row.text[:_SHOWN] or _text(row.cells))
                continue
            if fill and fill.down(row.cells) > self._max_chars:
                said = "what fill_down repeats is larger than max_mb"
                raise FeedError(f"{self._name}: {said}; fill only the columns that need it")
            values = {column: row.cells[at] for at, column in self._kept}
            yield Record(values, place) if _decoded(values) else Broken(place, undecoded, _text(row.cells))

    def _body(self) -> Iterator[Row]:
        """The rows that hold something, without those of the footer."""
        held: deque[Row] = deque()
        for row in self._rows:
            if row.fault or not _blank(row.cells):
                held.append(row)
            if len(held) > self._layout.footer:
                yield held.popleft()

    def _fault(self, row: Row) -> str:
        """Why a row does not fit its columns; a ragged one is made to."""
        cells, width = row.cells, len(self._all)
        if self._ragged:
            cells[width:] = [""] * (width - len(cells))
        if len(cells) == width or (len(cells) > width and not any(cells[width:])):
            return ""
        return Reason(f"… values where there are {width} columns", len(cells))


class _Fill:
    """Remembers the last value of each column in which a blank cell repeats it."""

    def __init__(self, asked: bool | tuple[str, ...], columns: Sequence[str], name: str) -> None:
        unknown = [one for one in asked if one not in columns] if isinstance(asked, tuple) else []
        if unknown:
            raise FeedError(f"{name}: fill_down names {unknown[0]!r}, which is no column of the table")
        named = frozenset(asked if isinstance(asked, tuple) else columns if asked else ())
        self._above = {at: "" for at, column in enumerate(columns) if column and column in named}
        self._filled = 0

    def __bool__(self) -> bool:
        return bool(self._above)

    def down(self, cells: list[str]) -> int:
        """Fills the blank cells of a row; so many characters have been repeated up to now."""
        for at, above in self._above.items():
            if cells[at] and not cells[at].isspace():
                self._above[at] = cells[at]
            else:
                cells[at] = above
                self._filled += len(above) + 1
        return self._filled


def _plain(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of columns have no blanks around them and no line breaks within."""
    return tuple(" ".join(cell.split()) for cell in cells)


def _blank(cells: Sequence[str]) -> bool:
    """Nothing but blanks, or the mark with which old programs end a file."""
    if cells and cells[0].isalnum():
        return False
    return not any(cell.strip(_BLANKS) for cell in cells)


def _text(cells: Sequence[str]) -> str:
    return ",".join(cells[:COLUMNS])[:_SHOWN]


def _decoded(values: dict[str, str]) -> bool:
    """Whether no value holds a byte that the encoding does not know."""
    try:
        "".join(values.values()).encode()
    except UnicodeEncodeError:
        return False
    return True
