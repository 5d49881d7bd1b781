"""A listing as a table for people, as wide as there is room."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TextIO, cast

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.cli.cells import plain
from engine.guard.exit import Cells, guarded

#: The colours of the four grades, as near as a terminal has them.
COLOURS = {"red": "bold red", "orange": "bold dark_orange", "yellow": "yellow", "blue": "dodger_blue1"}
COLOURS |= {"红色": "bold red", "橙色": "bold dark_orange", "黄色": "yellow", "蓝色": "dodger_blue1"}

#: What stands between two columns, and how narrow a text may become before each row has lines of its own.
_GAP, _NARROW = 2, 16


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
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
    drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for key in cells:
        drawn.add_column(guarded(key), overflow="fold", no_wrap=key not in texts)
    for row in zip(*cells.values(), strict=True):
        drawn.add_row(*row)
    out.print(drawn)


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
