"""One listing in three forms: a table for people, one array of flat objects, or CSV."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, TextIO, cast

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.cli.cells import plain
from engine.cli.language import chinese
from engine.guard import sheet
from engine.guard.exit import Cells, guarded

Rows = Sequence[Mapping[str, Any]]

#: The colours of the four grades, as near as a terminal has them.
COLOURS = {"red": "bold red", "orange": "bold dark_orange", "yellow": "yellow", "blue": "dodger_blue1"}
COLOURS |= {"红色": "bold red", "橙色": "bold dark_orange", "黄色": "yellow", "蓝色": "dodger_blue1"}

_NO_HEADS: Mapping[str, str] = {}

format_option = click.option(
    "--format", "form", type=click.Choice(["text", "json", "csv"]), default="text",
    help="A table, one JSON array of flat objects, or CSV.",
)  # fmt: skip


def show(
    rows: Rows, columns: Sequence[str], form: str, *, empty: str = "nothing", zone: tzinfo | None = None,
    heads: Mapping[str, str] = _NO_HEADS,
) -> None:  # fmt: skip
    """Print the rows; `columns` are the keys, in order. zone: whose clocks moments are shown by; heads: what
    stands above a column in Chinese, where it is not what stands above its like elsewhere."""
    rows = [{key: _local(row.get(key), zone) for key in columns} for row in rows]
    if form == "json":
        told = [{key: plain(value) for key, value in row.items()} for row in rows]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    elif form == "csv":
        sheet.write(columns, ([plain(value) for value in row.values()] for row in rows))
    elif chinese():
        _in_chinese(rows, columns, empty, heads)
    elif not rows:
        click.echo(empty)
    else:
        _table(rows, columns)


def _in_chinese(rows: Rows, columns: Sequence[str], empty: str, heads: Mapping[str, str]) -> None:
    # Whoever reads English need not wait for the words.
    from engine.cli import inwords

    if not rows:
        click.echo(inwords.phrase(empty))
        return
    named = {key: heads.get(key) or inwords.heading(key) for key in columns}
    told = [{named[key]: inwords.cell(key, value) for key, value in row.items()} for row in rows]
    _table(told, list(named.values()))


#: What stands between two columns, and how narrow a text may become before each row has lines of its own.
_GAP, _NARROW = 2, 16


def _table(rows: Rows, columns: Sequence[str]) -> None:
    """The rows side by side, as far as the terminal is wide; whole lines where nobody watches.

    On a narrow terminal first what is empty goes, then texts are folded between words. Ids and moments stay
    whole: where they alone are too wide, each row has a line for each of its values.
    """
    cells = {key: [_cell(key, row[key]) for row in rows] for key in columns}
    widths = {key: max(cell_len(key), *(cell.cell_len for cell in cells[key])) for key in columns}
    watched = sys.stdout.isatty()
    wide = _across(widths.values())
    out = Console(file=cast("TextIO", Cells(sys.stdout)), width=None if watched else wide)
    if wide > out.width:
        cells = {key: column for key, column in cells.items() if any(cell.plain for cell in column)}
        widths = {key: widths[key] for key in cells}
    texts = [key for key in cells if any(_folds(cell) for cell in cells[key])]
    least = [min(width, _NARROW) if key in texts else width for key, width in widths.items()]
    if _across(least) > out.width:
        _records(out, cells)
        return
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for key in cells:
        table.add_column(guarded(key), overflow="fold", no_wrap=key not in texts)
    for row in zip(*cells.values(), strict=True):
        table.add_row(*row)
    out.print(table)


def _records(out: Console, cells: Mapping[str, Sequence[Text]]) -> None:
    """A line for each value; what has none is left out."""
    wide = max(map(cell_len, cells))
    for row in zip(*cells.values(), strict=True):
        for key, cell in zip(cells, row, strict=True):
            if cell.plain:
                head = Text(guarded(key) + " " * (wide - cell_len(key) + _GAP), "bold")
                out.print(head + cell, soft_wrap=True)
        out.print()


def _across(widths: Iterable[int]) -> int:
    each = list(widths)
    return sum(each) + _GAP * len(each)


def _folds(cell: Text) -> bool:
    """Whether it is a text, which may go on in a further line: no id and no moment."""
    return cell.cell_len > _NARROW and not _MOMENT.fullmatch(cell.plain) and bool(_WORDS.search(cell.plain))


_MOMENT = re.compile(r"[\d: -]+")
_WORDS = re.compile(" |[\u4e00-\u9fff]")


#: The columns that hold grades, whose colours they are printed in.
_GRADES = frozenset({"grade", "before", "after", "级别", "变化前", "变化后"})


def _cell(key: str, value: Any) -> Text:
    if isinstance(value, datetime):
        return Text(f"{value:%Y-%m-%d %H:%M}")
    word = guarded(str(plain(value) if value is not None else ""))
    return Text(word, style=COLOURS.get(word, "") if key in _GRADES else "")


def _local(value: Any, zone: tzinfo | None) -> Any:
    return value.astimezone(zone) if zone and isinstance(value, datetime) else value
