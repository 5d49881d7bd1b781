"""What is kept and does not count: periods judged again beside what stands, and what a wrong clock made."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import insert, select

from engine.store.database import Tx
from engine.store.tables import aside

AGAIN, VOID = "again", "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One thing that does not count; `content` is what it was, as JSON."""

    kind: str
    name: str
    cycle: str = ""
    period: str = ""
    due_at: datetime
    at: datetime
    rules_hash: str = ""
    config_hash: str = ""
    detail: str
    content: str


def keep(tx: Tx, one: Aside) -> None:
    tx.conn.execute(insert(aside).values(**{field.name: getattr(one, field.name) for field in fields(one)}))


def listing(tx: Tx, limit: int = 20) -> list[Aside]:
    """The latest, newest first."""
    rows = tx.conn.execute(select(aside).order_by(aside.c.id.desc()).limit(limit))
    return [Aside(**{field.name: getattr(row, field.name) for field in fields(Aside)}) for row in rows]
