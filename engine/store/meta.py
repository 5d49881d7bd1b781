"""Single values by name: since when periods are judged, who is alive."""

from __future__ import annotations

from sqlalchemy import delete, select

from engine.store.database import Tx
from engine.store.tables import meta
from engine.store.write import insert_new, upsert


def put(tx: Tx, key: str, value: str) -> None:
    upsert(tx, meta, [{"key": key, "value": value}])


def put_new(tx: Tx, key: str, value: str) -> None:
    """Put a value that, once there, stays."""
    insert_new(tx, meta, [{"key": key, "value": value}], "key")


def drop(tx: Tx, key: str) -> None:
    tx.conn.execute(delete(meta).where(meta.c.key == key))


def get(tx: Tx, key: str) -> str | None:
    return tx.conn.execute(select(meta.c.value).where(meta.c.key == key)).scalar_one_or_none()


def like(tx: Tx, prefix: str) -> dict[str, str]:
    """Every value whose name begins with `prefix`, by name."""
    statement = select(meta.c.key, meta.c.value).order_by(meta.c.key)
    rows = tx.conn.execute(statement.where(meta.c.key.startswith(prefix, autoescape=True)))
    return {row.key: row.value for row in rows}
