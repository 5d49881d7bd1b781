"""Lines of a table that add up others: they stand behind the title, after each area or at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.ingest.field import written
from engine.ingest.guess.part import Part
from engine.model.total import is_total

#: Of the records that are no totals hardly any have words in the same column, or so few fields filled.
_HARDLY = 0.1
_LETTER = re.compile(r"[^\W\d_]")
#: So many ways of writing "total" are listed.
_LISTED = 20

#: Which texts of which field say that a record is a total.
Totals = Mapping[str, Sequence[str]]


def found(records: Sequence[Mapping[str, Any]]) -> Totals:
    """The totals among flat records; a record whose first field only begins with such a word is none."""
    first = {at: said for at, one in enumerate(records) if (said := _first(one)) and is_total(said[1])}
    if not first or len(first) > len(records) / 2:
        return {}
    others = [one for at, one in enumerate(records) if at not in first]
    usual = sorted(map(_filled, others))[len(others) // 2]
    told: dict[str, list[str]] = {}
    for at, (field, text) in first.items():
        if (_filled(records[at]) < usual or _odd(field, others)) and text not in told.get(field, ()):
            told.setdefault(field, []).append(text)
    return {field: texts[:_LISTED] for field, texts in told.items()}


def _first(record: Mapping[str, Any]) -> tuple[str, str] | None:
    return next(((key, text) for key, value in record.items() if (text := _text(value))), None)


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else written(value).strip()


def _filled(record: Mapping[str, Any]) -> int:
    return sum(bool(_text(value)) for value in record.values())


def _odd(field: str, others: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a word stands where all others have a moment or a number."""
    words = sum(_LETTER.search(_text(one.get(field))) is not None for one in others)
    return words <= _HARDLY * len(others)


def among(totals: Totals, record: Mapping[str, Any]) -> bool:
    return any(_text(record.get(field)) in texts for field, texts in totals.items())


def part(totals: Totals) -> list[Part]:
    """`skip`, where there are any."""
    if not totals:
        return []
    shown = ", ".join(f"'{text}'" for texts in totals.values() for text in texts[:3])
    remark = f"lines that add up others ({shown}) are no incidents"
    value = [{"field": field, "equals": list(texts)} for field, texts in totals.items()]
    return [Part("skip", value, (remark,))]
