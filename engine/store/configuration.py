"""Configurations as they were, by their hash: what a past run judged by."""

from __future__ import annotations

from sqlalchemy import select

from engine.store.canonical import canonical
from engine.store.database import Tx
from engine.store.tables import configuration
from engine.store.write import insert_new


def keep(tx: Tx, hash: str, content: object) -> None:
    """Keep a configuration as canonical JSON; one that is kept already stays as it is."""
    text = content if isinstance(content, str) else canonical(content)
    insert_new(tx, configuration, [{"hash": hash, "text": text}], "hash")


def get(tx: Tx, hash: str) -> str | None:
    statement = select(configuration.c.text).where(configuration.c.hash == hash)
    return tx.conn.execute(statement).scalar_one_or_none()
