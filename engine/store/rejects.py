"""Records that could not become incidents, masked, each with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, select, update

from engine.model.incident import Incident, Reject
from engine.store.database import Tx
from engine.store.moment import epoch, plain
from engine.store.tables import reject
from engine.store.write import insert_new

_KEPT = tuple(one.name for one in fields(Reject) if one.name != "mark")


@dataclass(frozen=True, slots=True)
class Kept:
    """A reject and the number it is removed by."""

    id: int
    reject: Reject


def add(tx: Tx, rejects: Sequence[Reject]) -> int:
    """Keep these; how many were new. The same record refused again for the same reason is not."""
    seq = tx.seq()
    rows = [
        {**{name: getattr(one, name) for name in _KEPT}, "digest": _digest(one), "seq": seq}
        for one in rejects
    ]
    return insert_new(tx, reject, rows, "feed", "digest")


def _digest(one: Reject) -> str:
    mark = f"\n{one.mark}" if one.mark else ""
    return hashlib.sha256(f"{one.reason}\n{one.record}{mark}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Unread:
    """A report that could not be read: of which cells it may be, and when that was known (epoch seconds).

    read_at: when it became an incident after all, None where it has not.
    """

    day: int
    area: str | None
    category: str | None
    seen_at: int
    read_at: int | None


def of_days(tx: Tx, first: int, seq: int | None = None) -> dict[str, list[Unread]]:
    """What could not be read of the days from `first` on, by feed; seq: as of this transaction."""
    columns = ("feed", "day", "area", "category", "seen_at", "read_at", "seq", "read_seq")
    statement = select(*(plain(reject.c[name]) for name in columns)).where(reject.c.day >= first)
    found: dict[str, list[Unread]] = {}
    for feed, day, area, category, seen_at, read_at, own, read in tx.conn.execute(statement):
        if seq is None or own <= seq:
            later = read_at if seq is None or (read is not None and read <= seq) else None
            found.setdefault(feed, []).append(Unread(day, area, category, seen_at, later))
    return found


def listing(tx: Tx, feed: str | None = None, limit: int = 100) -> list[Kept]:
    """The latest rejects, of one feed or of all, newest first."""
    statement = select(reject).order_by(reject.c.id.desc()).limit(limit)
    if feed is not None:
        statement = statement.where(reject.c.feed == feed)
    return [
        Kept(row.id, Reject(**{name: getattr(row, name) for name in _KEPT}))
        for row in tx.conn.execute(statement)
    ]


def count(tx: Tx) -> dict[str, int]:
    """How many are kept, by feed."""
    statement = select(reject.c.feed, func.count().label("kept")).group_by(reject.c.feed)
    return {row.feed: row.kept for row in tx.conn.execute(statement)}


def unread(tx: Tx, feed: str) -> dict[str, list[int]]:
    """The rejects of a feed that have not become incidents since, by the source's id of the record."""
    found: dict[str, list[int]] = {}
    for source_id, id_, *_ in _unread(tx, feed):
        found.setdefault(source_id, []).append(id_)
    return found


def _unread(tx: Tx, feed: str) -> Iterable[Any]:
    """(source id, number, when it became known in epoch seconds, digest) of each."""
    columns = (reject.c.source_id, reject.c.id, plain(reject.c.known_at), reject.c.digest)
    return tx.conn.execute(select(*columns).where(
        reject.c.feed == feed, reject.c.read_at.is_(None), reject.c.source_id.is_not(None)
    ))  # fmt: skip


def read_at_last(
    tx: Tx, feed: str, found: Iterable[Incident], refused: Iterable[Reject], at: datetime
) -> None:
    """Settle what was refused before and is an incident now, or is taken back: told by the same record, or
    by a later one of the same id. What was refused just now as before is still unread."""
    newest: dict[str, int] = {}
    for one in found:
        newest[one.source_id] = max(epoch(one.known_at), newest.get(one.source_id, 0))
    again = {_digest(one) for one in refused}
    ids = [
        id_ for source_id, id_, known_at, digest in _unread(tx, feed)
        if source_id in newest and (known_at or 0) <= newest[source_id] and digest not in again
    ]  # fmt: skip
    if ids:
        settle(tx, ids, at)


def unheard_of(tx: Tx, feed: str, since_seq: int) -> list[tuple[str, str, int]]:
    """(kind, value, how many) of places and categories that were refused from a transaction on and never
    before; of the other kinds the kind alone, without a value. The most frequent first."""
    # Grouped by its name: PostgreSQL takes an expression with parameters for another one each time.
    named = reject.c.kind.in_(("place", "category"))
    value = case((named, reject.c.value), else_="").label("said")
    statement = (
        select(reject.c.kind, value, func.count().label("many"))
        .where(reject.c.feed == feed).group_by(reject.c.kind, "said")
        .having(func.min(reject.c.seq) >= since_seq)
        .order_by(func.count().desc(), reject.c.kind, "said")
    )  # fmt: skip
    return [(kind, said, many) for kind, said, many in tx.conn.execute(statement)]


def groups(tx: Tx, by: str, feed: str | None = None) -> list[tuple[str, str, str, int, datetime, str]]:
    """(feed, kind, what, how many, the latest seen, one reason) of the rejects that are still unread, grouped
    by what is alike in their `reason`, or by their `value`; the most frequent first."""
    alike = func.coalesce(func.nullif(reject.c.cause, ""), reject.c.reason)
    what = (alike if by == "reason" else reject.c.value).label("what")
    latest = func.max(reject.c.seen_at, type_=reject.c.seen_at.type)
    statement = select(
        reject.c.feed, reject.c.kind, what, func.count(), latest, func.min(reject.c.reason)
    ).where(reject.c.read_at.is_(None))
    if feed is not None:
        statement = statement.where(reject.c.feed == feed)
    grouped = statement.group_by(reject.c.feed, reject.c.kind, "what")
    rows = tx.conn.execute(grouped.order_by(func.count().desc(), reject.c.feed, reject.c.kind, "what"))
    return [(of, kind, said, many, at, one) for of, kind, said, many, at, one in rows]


def unread_since(tx: Tx, since: datetime) -> dict[str, tuple[int, datetime]]:
    """(how many, the first seen) of the rejects seen since a moment and still unread, by feed."""
    first = func.min(reject.c.seen_at, type_=reject.c.seen_at.type)
    statement = select(reject.c.feed, func.count(), first).where(
        reject.c.read_at.is_(None), reject.c.seen_at >= since
    )
    return {feed: (many, at) for feed, many, at in tx.conn.execute(statement.group_by(reject.c.feed))}


def _known() -> ColumnElement[datetime]:
    """When a reject became known, or was seen where nothing says it."""
    return func.coalesce(reject.c.known_at, reject.c.seen_at, type_=reject.c.seen_at.type)


def unread_then(tx: Tx, since: datetime, until: datetime) -> dict[str, int]:
    """How many of the rejects that became known from `since` to `until` were unread at the end of it, by
    feed."""
    still, known = reject.c.read_at.is_(None), _known()
    statement = select(reject.c.feed, func.count()).where(
        known >= since, known <= until, still | (reject.c.read_at > until)
    )
    return {row[0]: row[1] for row in tx.conn.execute(statement.group_by(reject.c.feed))}


def remove(tx: Tx, ids: Collection[int]) -> None:
    """Forget rejects that have been replayed."""
    tx.conn.execute(delete(reject).where(reject.c.id.in_(list(ids))))


def settle(tx: Tx, ids: Collection[int], at: datetime) -> None:
    """These have become incidents at last, read anew at a moment: what was judged before stays explained."""
    tx.conn.execute(update(reject).where(reject.c.id.in_(list(ids))).values(read_at=at, read_seq=tx.seq()))
