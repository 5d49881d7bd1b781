"""The graph of references that a feed's alerts make: the chains a poll touches, and what it changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, tuple_

from engine.model.alert import Key, Kind, Member
from engine.store.among import among
from engine.store.database import Tx
from engine.store.moment import epoch, moment_of, plain
from engine.store.tables import cap_message
from engine.store.write import upsert


def touched(tx: Tx, feed: str, names: Collection[str], identifiers: Collection[str]) -> list[Member]:
    """Every message of the chains that hold one of these names, or are called after one of these
    identifiers. From here to the end of the transaction no other writes."""
    tx.seq()
    message = cap_message.c
    chains = select(message.chain).where(
        message.feed == feed,
        or_(message.name.in_(among(tx, list(names))), message.identifier.in_(among(tx, list(identifiers)))),
    )
    rows = tx.conn.execute(select(cap_message).where(message.feed == feed, message.chain.in_(chains)))
    return [_member(row) for row in rows]


def put(tx: Tx, feed: str, members: Iterable[Member], gone: Iterable[Key] = ()) -> None:
    """Keep these messages as they are now; those `gone` stand under another moment."""
    key = tuple_(cap_message.c.name, cap_message.c.sent)
    for name, sent in gone:
        tx.conn.execute(delete(cap_message).where(cap_message.c.feed == feed, key == (name, sent)))
    upsert(tx, cap_message, [_row(feed, member) for member in members])


def forget(tx: Tx, before: datetime) -> int:
    """Forget the chains whose last message was sent, and had expired, before a moment; how many messages."""
    message = cap_message.c
    over = select(message.feed, message.chain).group_by(message.feed, message.chain).having(
        func.max(message.sent) < before, func.coalesce(func.max(plain(message.expires)), 0) < epoch(before)
    )  # fmt: skip
    return tx.conn.execute(delete(cap_message).where(tuple_(message.feed, message.chain).in_(over))).rowcount


def _row(feed: str, member: Member) -> dict[str, Any]:
    return {
        "feed": feed, "name": member.name, "sent": member.sent, "chain": member.chain,
        "identifier": member.identifier, "kind": member.kind.value if member.kind else "",
        "names": json.dumps([(name, epoch(sent)) for name, sent in member.names]),
        "tells": json.dumps(member.tells), "expires": member.expires,
    }  # fmt: skip


def _member(row: Row[Any]) -> Member:
    return Member(
        name=row.name, sent=row.sent, identifier=row.identifier, kind=Kind(row.kind) if row.kind else None,
        names=[(name, moment_of(sent)) for name, sent in json.loads(row.names)], tells=json.loads(row.tells),
        expires=row.expires, chain=row.chain,
    )  # fmt: skip
