"""Columns that say of how many a line tells: tables of counts have one, logs have none."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.ingest.guess.column import Column
from engine.ingest.guess.headings import headings
from engine.ingest.guess.part import Part

_MANY = headings()["many"]
#: The measure by which rules add them up.
_NAME = "number"


def proposed(columns: Sequence[Column], taken: Collection[str]) -> list[Part]:
    """`measures`, where whole numbers stand in a column whose heading speaks of how many; taken: the columns
    that alone are moments or ids."""
    found = next((one.path for one in columns if one.path not in taken and _is_many(one)), None)
    if found is None:
        return []
    remarks = (
        f"'{found}' says of how many a record tells: rules that count take it for one;",
        f"they add it up by `indicator: {{sum: {_NAME}}}`",
    )
    return [Part("measures", {_NAME: found}, remarks)]


def _is_many(column: Column) -> bool:
    return column.named(_MANY) and column.share > 0.5 and all(map(str.isdecimal, column.counts))
