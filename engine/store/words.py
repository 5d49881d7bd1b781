"""How free text is kept: guarded on its way into the database, whoever writes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Dialect, Table, Text
from sqlalchemy.types import TypeDecorator

from engine.guard.exit import guarded


class Words(TypeDecorator[str]):
    """Text, or JSON text, that may hold what somebody outside wrote."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value and guarded(value)


def guarded_rows(table: Table, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows for a driver, which knows no column types, their words guarded."""
    places = [place for place, column in enumerate(table.columns) if isinstance(column.type, Words)]
    if not places:
        return list(rows)
    return [_guarded(row, places) if any(row[place] for place in places) else row for row in rows]


def _guarded(row: tuple[Any, ...], places: Sequence[int]) -> tuple[Any, ...]:
    return tuple(guarded(value) if value and place in places else value for place, value in enumerate(row))
