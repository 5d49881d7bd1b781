"""What identifies an incident: one column, or the fewest that together tell the records apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from engine.ingest.guess.column import Column
from engine.ingest.guess.part import Part, share
from engine.ingest.guess.times import ENDED

_NAMED = frozenset({
    "id", "uuid", "guid", "key", "number", "no", "cve", "case", "identifier", "eventid", "globaleventid",
    "编号", "单号", "工单号", "警情号", "案号", "流水号",
})  # fmt: skip
#: Never the incident's own, although it may be called an id.
_OTHERS = frozenset({
    "parent", "user", "area", "country", "region", "priogrid", "dyad", "conflict", "side", "flow", "pcap",
    "signature", "rule",
})  # fmt: skip
#: So many columns may be tried together, and so much must be told apart.
_COLUMNS, _TOGETHER, _APART = 8, 3, 0.98


def proposed(columns: Sequence[Column], happened: Sequence[str], rows: int, logged: bool) -> Part:
    """`source_id`; happened: the columns of the moment, which help to tell records apart; logged: the records
    say when they became known, so that an id that comes again is a revision."""
    full = [one for one in columns if one.share > 0.98]
    own = [one for one in full if _is_id(one)]
    single = max(own, key=lambda one: (_depth(one), len(one.counts)), default=None)
    if single is None:
        single = next((one for one in full if len(one.counts) == rows and _is_short(one)), None)
    if single is not None and (len(single.counts) > 1 or rows == 1):
        many = len(single.counts)
        if many < _APART * rows and not logged:
            return _together(columns, (single.path,), rows)
        remark = f"{many} different among {rows} records"
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
        column.numeric or any(value[:4].isdigit() and value[4:5] in "-/" for value in column.counts)
    )


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
