"""The layout of a table, by its first rows: what parts the values, which line names the columns."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from typing import Any

from connectors.reading import lines
from connectors.reading.limits import COLUMNS
from connectors.reading.lines import Row
from engine.model.total import is_total

_DELIMITERS = (",", "\t", ";", "|")
#: So many rows are looked at, and the header is among so many of them.
_LOOKED_AT = 300
_TITLES = 20
_LONGEST_NAME = 80
#: A total is among so many last rows, and so many are looked at for remarks; a table so wide has no record of
#: one cell.
_TOTALS, _REMARKS, _WIDE = 3, 6, 3
#: What a value looks like and a name does not: a number, a moment, an address.
_VALUE = re.compile(r"[+-]?[\d.,:/ -]*\d[\d.,:/ -]*|\d{4}-\d\d-\d\d[T ].*|https?://.*|\S+@\S+")


def delimiter(text: str, name: str) -> str:
    """What parts the values: the mark by which most rows have the same, and the largest, width."""
    return max(_DELIMITERS, key=lambda mark: _fit(split(text, name, mark)))


def split(text: str, name: str, mark: str) -> list[Row]:
    """The first rows of a text that may end within one."""
    found = list(islice(_rows(text, name, mark), _LOOKED_AT))
    return found[:-1] if len(found) > 2 and found[-1].last else found


def ends(text: str, name: str, mark: str) -> list[Row]:
    """All rows of the end of a text, the last without its line break too."""
    return list(_rows(text, name, mark))


def _rows(text: str, name: str, mark: str) -> Iterator[Row]:
    return lines.rows(io.StringIO(text, newline=""), name, mark, first=1 << 60)


def _fit(rows: Sequence[Row]) -> tuple[float, int]:
    width = width_of(rows)
    if width < 2:
        return 0.0, 0
    filled = [row for row in rows if any(row.cells)]
    share = sum(len(row.cells) == width for row in filled) / len(filled)
    first = any(len(row.cells) == width for row in filled[:2])
    return round(share, 2) + first / 2, width


def width_of(rows: Sequence[Row]) -> int:
    """How many values most rows have."""
    widths = Counter(len(row.cells) for row in rows if any(cell.strip() for cell in row.cells))
    return max(widths, key=lambda width: (widths[width], width), default=0)


def layout(rows: Sequence[Row], *, ragged: bool = False) -> dict[str, Any]:
    """The options that say where the header stands and what the columns are called, as far as the usual
    (the first line names them) is not right."""
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    width = width_of(filled)
    at = next((row for row in filled[:_TITLES] if _is_header(row.cells, width, ragged)), None)
    if at is None:
        return {"columns": [f"c{number}" for number in range(1, min(width, COLUMNS) + 1)]}
    names = [" ".join(cell.split()) for cell in at.cells]
    found: dict[str, Any] = {} if at is filled[0] else {"header": at.number}
    if len({*filter(None, names)}) < len([*filter(None, names)]):
        found |= {"header": found.get("header", True), "columns": list(_distinct(names))}
    return found


def _is_header(cells: Sequence[str], width: int, ragged: bool) -> bool:
    named = [cell.strip() for cell in cells if cell.strip()]
    enough = len(named) >= max(1, 0.6 * width) and (ragged or len(cells) == width)
    short = all(len(name) <= _LONGEST_NAME for name in named)
    return enough and short and not any(_VALUE.fullmatch(name) for name in named)


def _distinct(names: Sequence[str]) -> Iterator[str]:
    """The same names, a number behind one that stands there already; `-` for a column without one."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield f"{name} ({seen[name]})" if name and seen[name] > 1 else name or "-"


def footer(rows: Sequence[Row]) -> int:
    """How many last rows are totals, or remarks of one cell beneath a wider table."""
    filled = [row for row in rows if any(cell.strip() for cell in row.cells)]
    width = width_of(filled)
    last = filled[1:][-_REMARKS:]
    behind = len([*takewhile(lambda row: _is_none(row, width), reversed(last))])
    totals = next((len(last) - at for at, row in enumerate(last) if _is_total(row.cells)), 0)
    return max(behind, totals if totals <= _TOTALS else 0)


def _is_none(row: Row, width: int) -> bool:
    """Whether a row is no record."""
    told = sum(bool(cell.strip()) for cell in row.cells)
    return _is_total(row.cells) or (width >= _WIDE and told == 1)


def _is_total(cells: Sequence[str]) -> bool:
    return is_total(next((cell for cell in cells if cell.strip()), ""))
