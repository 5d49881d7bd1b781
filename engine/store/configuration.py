"""Configurations, and parts of them, as they were, by their hash: what a past run judged by and asked for."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from engine.store.canonical import canonical
from engine.store.database import Tx
from engine.store.tables import configuration
from engine.store.write import insert_new


def keep(tx: Tx, hash: str, content: object) -> None:
    """Keep a configuration as canonical JSON; one that is kept already stays as it is."""
    text = content if isinstance(content, str) else canonical(content)
    insert_new(tx, configuration, [{"hash": hash, "text": text}], "hash")


def put(tx: Tx, content: object) -> str:
    """Keep what is called by nothing but what it says; gives the hash of its canonical JSON."""
    text = canonical(content)
    hash_ = hashlib.sha256(text.encode()).hexdigest()
    keep(tx, hash_, text)
    return hash_


def get(tx: Tx, hash: str) -> str | None:
    statement = select(configuration.c.text).where(configuration.c.hash == hash)
    return tx.conn.execute(statement).scalar_one_or_none()
