"""Faults of the engine: opened once, closed once, and kept."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from engine.model.fault import Fault
from engine.store.database import Tx
from engine.store.tables import fault as table

_FIELDS = tuple(field.name for field in fields(Fault))


def add(tx: Tx, kind: str, name: str, detail: str, since: datetime) -> None:
    """It has begun."""
    values = {"kind": kind, "name": name, "detail": detail, "since": since, "again": 0, "read_by": ""}
    tx.seq()  # whoever shows them looks again
    tx.conn.execute(insert(table).values(**values))


def change(tx: Tx, id_: int, **values: Any) -> None:
    """Its columns as they are from now on."""
    tx.seq()  # whoever shows them looks again
    tx.conn.execute(update(table).where(table.c.id == id_).values(**values))


def last(tx: Tx, kind: str, name: str) -> Fault | None:
    """The latest of this kind and name, over or not."""
    statement = select(table).where(table.c.kind == kind, table.c.name == name)
    row = tx.conn.execute(statement.order_by(table.c.id.desc()).limit(1)).one_or_none()
    return _fault(row) if row is not None else None


def listing(tx: Tx, since: datetime | None = None, kind: str = "") -> list[Fault]:
    """Those that are open, and those that ended since a moment, of every kind or of one; the latest first."""
    over = table.c.ended_at
    wanted = over.is_(None) if since is None else or_(over.is_(None), over >= since)
    if kind:
        wanted &= table.c.kind == kind
    return [_fault(row) for row in tx.conn.execute(select(table).where(wanted).order_by(table.c.id.desc()))]


def _fault(row: Any) -> Fault:
    return Fault(**{name: getattr(row, name) for name in _FIELDS})
