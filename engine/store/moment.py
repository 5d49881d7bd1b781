"""Moments as the database keeps them: whole epoch seconds, UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from math import floor
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970 (UTC); ValueError for a naive datetime, which stands nowhere in time."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; pass an aware datetime")
    return floor(moment.timestamp())


def moment_of(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


class Moment(TypeDecorator[datetime]):
    """An aware datetime in Python, a BIGINT of epoch seconds in the database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return None if value is None else epoch(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_of(value)


def plain(column: Column[Any]) -> ColumnElement[Any]:
    """The column without its Python type: a moment is read as bare epoch seconds."""
    if isinstance(column.type, Moment):
        return type_coerce(column, BigInteger).label(column.name)
    return column
