"""Which ids are one incident, which id became two, and what a source that shows only the current lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select, update

from engine.store.among import among
from engine.store.database import Tx
from engine.store.tables import alias, listed, reused_id
from engine.store.write import insert_new, upsert


def aliases(tx: Tx, feed: str, ids: Collection[str]) -> dict[str, str]:
    """The id that each of these is stored under, for those that are known."""
    statement = select(alias.c.alias, alias.c.source_id).where(
        alias.c.feed == feed, alias.c.alias.in_(among(tx, sorted(ids)))
    )
    return {row.alias: row.source_id for row in tx.conn.execute(statement)}


def named(tx: Tx, feed: str) -> bool:
    """Whether any of the feed's incidents goes by another id than that which it is stored under."""
    return tx.conn.execute(select(alias.c.alias).where(alias.c.feed == feed).limit(1)).first() is not None


def name(tx: Tx, feed: str, stored_as: Mapping[str, str]) -> None:
    """Keep which id each of these is stored under from now on."""
    rows = [{"feed": feed, "alias": one, "source_id": id_} for one, id_ in stored_as.items()]
    upsert(tx, alias, rows)


def rename(tx: Tx, feed: str, later: str, first: str) -> None:
    """Two incidents turned out to be one: what led to the later leads to the first, and it is listed no
    more by itself."""
    same = (alias.c.feed == feed) & (alias.c.source_id == later)
    tx.conn.execute(update(alias).where(same).values(source_id=first))
    forget(tx, feed, [later])


def reused(tx: Tx, feed: str, ids: Collection[str]) -> dict[str, list[str]]:
    """What the later incidents of ids that were given again are stored under, by id."""
    statement = select(reused_id.c.source_id, reused_id.c.stored_as).where(
        reused_id.c.feed == feed, reused_id.c.source_id.in_(among(tx, sorted(ids)))
    ).order_by(reused_id.c.stored_as)  # fmt: skip
    found: dict[str, list[str]] = {}
    for row in tx.conn.execute(statement):
        found.setdefault(row.source_id, []).append(row.stored_as)
    return found


def reuse(tx: Tx, feed: str, stored_as: Collection[tuple[str, str]]) -> None:
    """Keep that these ids were given again, each with what the later incident is stored under."""
    rows = [{"feed": feed, "source_id": id_, "stored_as": name_} for id_, name_ in sorted(stored_as)]
    insert_new(tx, reused_id, rows, "feed", "source_id", "stored_as")


def missed(tx: Tx, feed: str) -> dict[str, int]:
    """Everything the feed lists, and from how many good polls in a row it is missing now."""
    statement = select(listed.c.source_id, listed.c.missed).where(listed.c.feed == feed)
    return {row.source_id: row.missed for row in tx.conn.execute(statement)}


def put(tx: Tx, feed: str, counts: Mapping[str, int]) -> None:
    """Keep from how many good polls these are missing."""
    upsert(tx, listed, [
        {"feed": feed, "source_id": id_, "missed": count} for id_, count in counts.items()
    ])  # fmt: skip


def forget(tx: Tx, feed: str, ids: Collection[str]) -> None:
    """These are listed no more."""
    gone = listed.c.source_id.in_(among(tx, sorted(ids)))
    tx.conn.execute(delete(listed).where(listed.c.feed == feed, gone))
