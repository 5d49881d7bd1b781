"""Records that could not become incidents, masked, each with its reason."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import delete, func, select, update

from engine.model.incident import Reject
from engine.store.database import Tx
from engine.store.tables import reject
from engine.store.write import insert_new

_KEPT = tuple(one.name for one in fields(Reject))


@dataclass(frozen=True, slots=True)
class Kept:
    """A reject and the number it is removed by."""

    id: int
    reject: Reject


def add(tx: Tx, rejects: Sequence[Reject]) -> int:
    """Keep these; how many were new. The same record refused again for the same reason is not."""
    seq = tx.seq()
    rows = [{**asdict(one), "digest": _digest(one), "seq": seq} for one in rejects]
    return insert_new(tx, reject, rows, "feed", "digest")


def _digest(one: Reject) -> str:
    return hashlib.sha256(f"{one.reason}\n{one.record}".encode()).hexdigest()


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


def remove(tx: Tx, ids: Collection[int]) -> None:
    """Forget rejects that have been replayed."""
    tx.conn.execute(delete(reject).where(reject.c.id.in_(list(ids))))


def settle(tx: Tx, ids: Collection[int], at: datetime) -> None:
    """These have become incidents at last, read anew at a moment: what was judged before stays explained."""
    tx.conn.execute(update(reject).where(reject.c.id.in_(list(ids))).values(read_at=at, read_seq=tx.seq()))
