"""Which columns tell a week, a month or a year where none tells the day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine.ingest.formats import SPAN
from engine.ingest.guess.column import Column
from engine.ingest.guess.headings import headings
from engine.ingest.guess.part import Part
from engine.ingest.span import Span, span

_YEAR, _MONTH, _TIMELY = (headings()[name] for name in ("year", "month", "timely"))
_PERIOD = headings()["period"]
#: So many values are tried, and so much of them must be read.
_TRIED, _MOST = 60, 0.95


@dataclass(frozen=True)
class Spanned:
    """The columns that together tell how long a time, and which times they tell."""

    fields: tuple[str, ...]
    length: Span
    first: date


def found(columns: Sequence[Column]) -> Spanned | None:
    """The shortest time that is told, in one column or in a year's and a month's."""
    read = list(filter(None, (_read((one,)) for one in columns if _may_be(one))))
    read += filter(None, (_read(pair) for pair in _pairs(columns)))
    order = list(Span)
    return min(read, key=lambda one: (order.index(one.length), len(one.fields)), default=None)


def _may_be(column: Column) -> bool:
    """Digits alone may be anything else, unless their heading speaks of a time."""
    written = any(not text.isdigit() for text in column.counts)
    return column.share > 0.5 and (written or column.named(_YEAR | _MONTH | _TIMELY | _PERIOD))


def _pairs(columns: Sequence[Column]) -> Iterator[tuple[Column, Column]]:
    for year in (one for one in columns if one.named(_YEAR)):
        yield from ((year, one) for one in columns if one is not year and one.named(_MONTH | _PERIOD))


def _read(columns: Sequence[Column]) -> Spanned | None:
    texts = {" ".join(filter(None, row)) for row in zip(*(one.values for one in columns), strict=True)} - {""}
    sample = sorted(texts)[:_TRIED]
    told = [one for one in map(_told, sample) if one is not None]
    if not told or len(told) < _MOST * len(sample):
        return None
    lengths = [length for _, length in told]
    length = max(set(lengths), key=lengths.count)
    return Spanned(tuple(one.path for one in columns), length, min(first for first, _ in told))


def _told(text: str) -> tuple[date, Span] | None:
    try:
        return span(text)
    except ValueError:
        return None


def part(of: Spanned) -> Part:
    """`occurred_at`, kept and counted on no day."""
    written = {"field": of.fields[0]} if len(of.fields) == 1 else {"fields": list(of.fields)}
    named = " and ".join(f"'{one}'" for one in of.fields)
    tell = "tells" if len(of.fields) == 1 else "tell"
    remarks = (
        f"{named} {tell} the {of.length} alone: no day or week can be judged by this source",
        "its records are kept, and no rule counts them: ask the source for days",
    )
    return Part("occurred_at", {**written, "format": SPAN, "precision": "unknown"}, remarks)


def across(columns: Sequence[Column]) -> list[str]:
    """The headings of a cross table that are times, with numbers below them: it tells of no incident,
    but of how many there were in each."""
    found = [one.path for one in columns if one.numeric and _told(one.path) is not None]
    return found if len(found) > 1 else []
