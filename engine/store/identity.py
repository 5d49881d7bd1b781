"""The installation's secret, by which source ids that are no plain ids are kept as keyed hashes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from sqlalchemy import select, update

from engine.guard.guard import Guard
from engine.store import meta
from engine.store.database import Store, Tx
from engine.store.tables import incident, sighting

_KEY = "identity secret"


def keyed(store: Store, guard: Guard) -> Guard:
    """The guard, hashing with the secret of this store, which is made when it is first asked for: then the
    ids that were kept before there was one are hashed as they would be now."""
    with store.read() as tx:
        known = meta.get(tx, _KEY)
    if known is None:
        with store.begin() as tx:
            known = _make(tx, guard)
    return guard.keyed(bytes.fromhex(known))


def _make(tx: Tx, guard: Guard) -> str:
    made = secrets.token_bytes(32).hex()
    meta.put_new(tx, _KEY, made)
    known = meta.get(tx, _KEY)
    if known == made:
        for before, after in _renamed(tx, guard.keyed(bytes.fromhex(made))):
            for table in (incident, sighting):
                tx.conn.execute(update(table).where(table.c.source_id == before).values(source_id=after))
    return str(known)


def _renamed(tx: Tx, guard: Guard) -> Iterator[tuple[str, str]]:
    for kept in tx.conn.execute(select(incident.c.source_id).distinct()).scalars().all():
        if (now := guard.rekeyed(kept)) != kept:
            yield kept, now
