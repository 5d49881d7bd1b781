"""Sessions as they are kept: by the hash of their key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from engine.model.staff import Session
from engine.store.database import Tx
from engine.store.tables import session as table


def add(tx: Tx, one: Session) -> None:
    tx.conn.execute(
        insert(table).values(id=one.id, account=one.account, since=one.since, seen_at=one.seen_at)
    )


def find(tx: Tx, id_: str) -> Session | None:
    row = tx.conn.execute(select(table).where(table.c.id == id_)).one_or_none()
    return _session(row) if row else None


def open_since(tx: Tx, moment: datetime) -> list[Session]:
    """Those nobody ended and that were looked with since a moment, the latest first."""
    held = select(table).where(table.c.ended_at.is_(None), table.c.seen_at >= moment)
    return [_session(row) for row in tx.conn.execute(held.order_by(table.c.seen_at.desc(), table.c.id))]


def mark(tx: Tx, id_: str, at: datetime) -> None:
    """It is in use."""
    tx.conn.execute(update(table).where(table.c.id == id_).values(seen_at=at))


def end(tx: Tx, id_: str, at: datetime) -> None:
    tx.conn.execute(update(table).where(table.c.id == id_, table.c.ended_at.is_(None)).values(ended_at=at))


def end_all(tx: Tx, account: str, at: datetime, *, but: str = "") -> None:
    """Every session of an account, but for one."""
    held = update(table).where(table.c.account == account, table.c.ended_at.is_(None), table.c.id != but)
    tx.conn.execute(held.values(ended_at=at))


def forget(tx: Tx, before: datetime) -> None:
    """What was last looked with before a moment is deleted."""
    tx.conn.execute(delete(table).where(table.c.seen_at < before))


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id, account=row.account, since=row.since, seen_at=row.seen_at, ended_at=row.ended_at
    )
