"""Reports as they were made: kept for good, and a new version beside the old one where one says otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, func, insert, select

from engine.store.database import Tx
from engine.store.tables import report as table

#: All but what it says.
_BESIDE = tuple(column for column in table.c if column.name != "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One version of a report; its text apart."""

    cycle: str
    period: str
    area: str
    version: int
    due_at: datetime
    made_at: datetime


def keep(tx: Tx, cycle: str, period: str, area: str, due_at: datetime, made_at: datetime, text: str) -> Kept:
    """The version that says this: a new one, unless the latest says the same."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    own = {"cycle": cycle, "period": period, "area": area}
    last = tx.conn.execute(
        select(*_BESIDE).filter_by(**own).order_by(table.c.version.desc()).limit(1)
    ).one_or_none()
    if last is not None and last.digest == digest:
        return _kept(last)
    version = last.version + 1 if last else 1
    tx.conn.execute(
        insert(table).values(
            **own, version=version, due_at=due_at, made_at=made_at, digest=digest, text=text
        )
    )
    return Kept(
        cycle=cycle, period=period, area=area, version=version, due_at=due_at, made_at=made_at
    )


def counts(tx: Tx, cycle: str = "") -> dict[str, int]:
    """How many there are of each area, each version counted."""
    statement = select(table.c.area, func.count().label("many")).group_by(table.c.area)
    if cycle:
        statement = statement.where(table.c.cycle == cycle)
    return {row.area: row.many for row in tx.conn.execute(statement)}


def listing(
    tx: Tx, cycle: str = "", limit: int | None = 400, areas: Collection[str] | None = None
) -> list[Kept]:
    """The latest first, each in its latest versions first; areas: of these alone."""
    statement = select(*_BESIDE).order_by(
        table.c.due_at.desc(), table.c.cycle, table.c.area, table.c.version.desc()
    )
    if cycle:
        statement = statement.where(table.c.cycle == cycle)
    if areas is not None:
        statement = statement.where(table.c.area.in_(areas))
    return [_kept(row) for row in tx.conn.execute(statement.limit(limit))]


def has(tx: Tx, cycle: str, period: str, area: str) -> bool:
    """Whether there is one, in any version."""
    asked = select(table.c.version).filter_by(cycle=cycle, period=period, area=area).limit(1)
    return tx.conn.execute(asked).first() is not None


def text(tx: Tx, cycle: str, period: str, area: str, version: int | None = None) -> str | None:
    """What one of them says, in the version asked for or the latest; None where there is none."""
    statement = select(table.c.text).filter_by(cycle=cycle, period=period, area=area)
    if version is not None:
        statement = statement.where(table.c.version == version)
    found: str | None = tx.conn.execute(
        statement.order_by(table.c.version.desc()).limit(1)
    ).scalar_one_or_none()
    return found


def void(tx: Tx, after: datetime) -> None:
    """Let go of those that were due after a moment: a clock that was ahead made them."""
    tx.conn.execute(delete(table).where(table.c.due_at > after))


def _kept(row: Row) -> Kept:  # type: ignore[type-arg]
    return Kept(
        cycle=row.cycle,
        period=row.period,
        area=row.area,
        version=row.version,
        due_at=row.due_at,
        made_at=row.made_at,
    )
