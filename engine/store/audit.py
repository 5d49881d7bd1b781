"""Who did or tried what, append-only; staff data, forgotten after its time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from engine.model.staff import Entry
from engine.store.database import Tx
from engine.store.tables import audit as table


def add(tx: Tx, one: Entry) -> None:
    tx.conn.execute(
        insert(table).values(
            at=one.at, by=one.who, what=one.what, via=one.via, about=one.about, refused=one.refused
        )
    )


def listing(
    tx: Tx, *, who: str = "", what: str = "", refused: bool = False, before: int | None = None,
    limit: int = 100,
) -> list[Entry]:  # fmt: skip
    """The latest first; before: older than the line of this id; refused: those alone."""
    statement = select(table).order_by(table.c.id.desc()).limit(limit)
    if who:
        statement = statement.where(table.c.by == who)
    if what:
        statement = statement.where(table.c.what == what)
    if refused:
        statement = statement.where(table.c.refused != "")
    if before is not None:
        statement = statement.where(table.c.id < before)
    return [
        Entry(
            id=row.id, at=row.at, who=row.by, what=row.what, via=row.via, about=row.about, refused=row.refused
        )
        for row in tx.conn.execute(statement)
    ]


def kinds(tx: Tx) -> list[str]:
    """What was ever done or tried."""
    return list(tx.conn.execute(select(table.c.what).distinct().order_by(table.c.what)).scalars())


def forget(tx: Tx, before: datetime) -> None:
    tx.conn.execute(delete(table).where(table.c.at < before))
