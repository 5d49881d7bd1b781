"""What identifies an incident: one column, or the fewest that together tell the records apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations, pairwise

from engine.ingest.guess.column import Column
from engine.ingest.guess.headings import headings
from engine.ingest.guess.part import Part, share
from engine.ingest.guess.times import ENDED
from engine.model.text import numbered

_NAMED = headings()["id"]
#: Never the incident's own, although it may be called an id.
_OTHERS = headings()["others"]
#: So many columns may be tried together, and so much must be told apart.
_COLUMNS, _TOGETHER, _APART = 8, 3, 0.98


def proposed(
    columns: Sequence[Column], timed: Collection[str], happened: Sequence[str], rows: int, logged: bool
) -> Part:
    """`source_id`; timed: the columns of moments, which are no ids, however well they tell records apart;
    happened: those of when it happened, which help to; logged: the records say when they became known, so
    that an id that comes again is a revision."""
    full = [one for one in columns if one.share > 0.98 and one.path not in timed]
    own = [one for one in full if _is_id(one)]
    own.sort(key=lambda one: (_depth(one), len(one.counts)), reverse=True)
    # By its name; where the values do not tell the records apart, by another that does.
    apart = [one for one in own if logged or len(one.counts) >= _APART * rows]
    alone = [one for one in full if len(one.counts) == rows > 1]
    unnamed = [one for one in alone if _is_short(one)] or [one for one in alone if _is_serial(one)]
    single = next(iter([*apart, *unnamed, *own]), None)
    if single is not None and (len(single.counts) > 1 or rows == 1):
        many = len(single.counts)
        if many < _APART * rows and not logged:
            return _together(columns, (single.path,), rows)
        remark = f"{many} different among {numbered(rows, 'record')}"
        more = "; the others are later revisions of the same" if many < rows else ""
        return Part("source_id", single.path, (remark + more,))
    return _together(columns, happened, rows)


def _is_id(column: Column) -> bool:
    last = column.path.rpartition(".")[2]
    named = column.named(_NAMED) or last.casefold().endswith(("_id", "id", "number"))
    return named and not column.words & _OTHERS and column.path.count(".") < 3


def _is_short(column: Column) -> bool:
    """Whether its values may be numbers of cases: short, with digits, and no moments or measures."""
    return all(len(value) <= 60 and any(map(str.isdigit, value)) for value in column.counts) and not (
        column.numeric or column.comma
        or any(value[:4].isdigit() and value[4:5] in "-/" for value in column.counts)
    )


def _is_serial(column: Column) -> bool:
    """Whether its values may be running numbers: whole ones that only rise, or only fall."""
    if not all(map(str.isdecimal, column.values)):
        return False
    steps = {later > earlier for earlier, later in pairwise(map(int, column.values))}
    return len(steps) == 1


def _depth(column: Column) -> tuple[bool, int]:
    """An `id` of the record itself goes before one within it, and before other numbers."""
    return column.path.casefold() in ("id", "guid", "uuid"), -column.path.count(".")


def _together(columns: Sequence[Column], happened: Sequence[str], rows: int) -> Part:
    first = [one for one in columns if one.path in happened]
    others = sorted(
        (one for one in columns if one not in first and one.share > 0.3 and not one.named(ENDED)),
        key=lambda one: -len(one.counts),
    )[:_COLUMNS]
    chosen = list(first)
    for size in range(_TOGETHER + 1):
        tried = [[*first, *more] for more in combinations(others, size)]
        best = max(tried, key=_apart, default=chosen)
        if _apart(best) > _apart(chosen):
            chosen = best
        if _apart(chosen) == rows:
            break
    remark = f"no column is an id: together they tell {share(_apart(chosen), rows)} apart"
    return Part("source_id", [one.path for one in chosen] or [one.path for one in columns[:1]], (remark,))


def _apart(chosen: Sequence[Column]) -> int:
    return len(set(zip(*(one.values for one in chosen), strict=True))) if chosen else 0
