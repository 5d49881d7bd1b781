"""Tokens as they are kept: by the hash of their key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from engine.model.staff import Right, Token, TokenKind
from engine.store.database import Tx
from engine.store.tables import token as table


def add(tx: Tx, one: Token, digest: str) -> None:
    tx.conn.execute(
        insert(table).values(
            id=one.id, digest=digest, title=one.title, kind=one.kind, owner=one.owner,
            scopes=",".join(sorted(one.scopes)), area=one.area, feed=one.feed, since=one.since,
            ends_at=one.ends_at,
        )
    )  # fmt: skip


def find(tx: Tx, digest: str) -> Token | None:
    """The token whose key has this hash."""
    row = tx.conn.execute(select(table).where(table.c.digest == digest)).one_or_none()
    return _token(row) if row else None


def every(tx: Tx) -> list[Token]:
    """The newest first."""
    rows = tx.conn.execute(select(table).order_by(table.c.since.desc(), table.c.id))
    return [_token(row) for row in rows]


def mark(tx: Tx, id_: str, at: datetime) -> None:
    """It was used."""
    tx.conn.execute(update(table).where(table.c.id == id_).values(used_at=at))


def revoke(tx: Tx, id_: str, at: datetime) -> None:
    tx.conn.execute(
        update(table).where(table.c.id == id_, table.c.revoked_at.is_(None)).values(revoked_at=at)
    )


def _token(row: Row[Any]) -> Token:
    return Token(
        id=row.id, title=row.title, kind=TokenKind(row.kind), owner=row.owner,
        scopes=frozenset(Right(scope) for scope in row.scopes.split(",") if scope), area=row.area,
        feed=row.feed, since=row.since, ends_at=row.ends_at, revoked_at=row.revoked_at, used_at=row.used_at,
    )  # fmt: skip
