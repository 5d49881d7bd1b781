"""Which sheets of a workbook are read, their rows, and what must be told of those that are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice

from connectors.reading.limits import COLUMNS
from connectors.reading.lines import Row
from connectors.reading.workbook import Name, Workbook
from engine.errors import FeedError

ALL = "all"


def chosen(book: Workbook, asked: tuple[str, ...], tell: Callable[[str], None]) -> list[Name]:
    """The sheets asked for by name, all that are shown and hold something, or the first of these.

    Raises FeedError for a name that no sheet has, and where there is nothing to read.
    """
    if asked and asked != (ALL,):
        return [_named(book, title) for title in asked]
    shown = [one for one in book.sheets if not one.hidden]
    filled = [one for one in shown if not _is_empty(book, one)] or shown[:1]
    if not filled:
        raise FeedError(f"{book.name}: the workbook shows no sheet; name one: sheet: ...")
    if asked:
        return filled
    if len(filled) > 1:
        left = ", ".join(f"'{one.title}'" for one in filled[1:])
        said = f"only the sheet '{filled[0].title}' is read, not {left}"
        tell(f"{book.name}: {said}; say sheet: {ALL}, or name it")
    return filled[:1]


def _named(book: Workbook, title: str) -> Name:
    for one in book.sheets:
        if one.title == title:
            return one
    sheets = ", ".join(one.title for one in book.sheets)
    raise FeedError(f"{book.name}: there is no sheet {title!r}; the sheets are {sheets}")


def _is_empty(book: Workbook, sheet: Name) -> bool:
    with closing(book.open(sheet.part)) as part:
        return not list(islice(book.sheet().rows(part), 1))


def rows(book: Workbook, sheet: Name, filled: bool, tell: Callable[[str], None]) -> Iterator[Row]:
    """The rows of one sheet that hold something; `filled` says that merged cells are seen to.

    Raises FeedError where as CSV it would be larger than the book may be.
    """
    reading, room = book.sheet(), book.max_bytes
    with closing(book.open(sheet.part)) as part:
        for number, cells in reading.rows(part):
            row = _dense(cells, book.name)
            room -= sum(map(len, row)) + len(row)
            if room < 0:
                raise book.too_large()
            yield Row(number, row)
    spoken = f"{book.name}: {len(reading.merged)} merged cells of '{sheet.title}' span several rows"
    if reading.merged and not filled:
        tell(f"{spoken} and only the first has their value; say which columns repeat it: fill_down: [...]")
    if reading.uncalculated:
        said = f"{reading.uncalculated} formulas of '{sheet.title}' have no value"
        tell(f"{book.name}: {said}; open the book in a spreadsheet program and save it")


def _dense(cells: dict[int, str], name: str) -> list[str]:
    """A list up to the last cell. One far out to the right is a slip; many of them are no table."""
    if len(cells) > COLUMNS:
        said = f"{len(cells)} columns where {COLUMNS} may be"
        raise FeedError(f"{name}: {said}; export only what the feed needs")
    last = max(at for at in cells if at < COLUMNS) if min(cells) < COLUMNS else -1
    return [cells.get(at, "") for at in range(last + 1)]
