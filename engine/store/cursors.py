"""Where the next poll of a feed goes on."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select

from engine.guard.exit import guarded
from engine.store.database import Tx
from engine.store.tables import feed_cursor
from engine.store.write import upsert


def get(tx: Tx, feed: str) -> dict[str, str]:
    """The feed's cursor as it was last put; empty before the first poll."""
    statement = select(feed_cursor.c.name, feed_cursor.c.value).where(feed_cursor.c.feed == feed)
    return {row.name: row.value for row in tx.conn.execute(statement)}


def put(tx: Tx, feed: str, cursor: Mapping[str, str]) -> None:
    """Replace the feed's whole cursor; of two processes that put one at once, the later stands.

    A value that identifies somebody is not kept: without it the next poll reads anew what it has read.
    """
    cursor = {name: value for name, value in cursor.items() if guarded(value) == value}
    upsert(tx, feed_cursor, [{"feed": feed, "name": name, "value": value} for name, value in cursor.items()])
    others = feed_cursor.c.name.not_in(list(cursor))
    tx.conn.execute(delete(feed_cursor).where(feed_cursor.c.feed == feed, others))
