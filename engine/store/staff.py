"""Accounts as they are kept: a name, a hash, what they may. No row is ever deleted: acts name it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from engine.model.staff import Account, Office
from engine.store.database import Tx
from engine.store.tables import account as table


def add(tx: Tx, one: Account, secret: str) -> None:
    tx.conn.execute(
        insert(table).values(
            name=one.name, title=one.title, roles=",".join(sorted(one.offices)), area=one.area,
            language=one.language, receivers=",".join(one.receivers), secret=secret,
            provisional=one.provisional, since=one.since, closed_at=one.closed_at,
        )
    )  # fmt: skip


def find(tx: Tx, name: str) -> Account | None:
    row = tx.conn.execute(select(table).where(table.c.name == name)).one_or_none()
    return _account(row) if row else None


def every(tx: Tx) -> list[Account]:
    """By name, those that are closed too."""
    return [_account(row) for row in tx.conn.execute(select(table).order_by(table.c.name))]


def secret_of(tx: Tx, name: str) -> str:
    """The hash of its password; "" where there is no such account."""
    return tx.conn.execute(select(table.c.secret).where(table.c.name == name)).scalar_one_or_none() or ""


def secret(tx: Tx, name: str, hashed: str, *, provisional: bool) -> None:
    """Another password."""
    changed = update(table).where(table.c.name == name)
    tx.conn.execute(changed.values(secret=hashed, provisional=provisional))


def close(tx: Tx, name: str, at: datetime) -> None:
    tx.conn.execute(update(table).where(table.c.name == name).values(closed_at=at, secret=""))


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name, title=row.title, offices=frozenset(map(Office, row.roles.split(","))), area=row.area,
        language=row.language, receivers=tuple(filter(None, row.receivers.split(","))), since=row.since,
        closed_at=row.closed_at, provisional=row.provisional,
    )  # fmt: skip
