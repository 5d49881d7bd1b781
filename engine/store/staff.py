"""Accounts as they are kept: a name, a hash, what they may. No row is ever deleted: acts name it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from engine.model.staff import Account, Grant, Office
from engine.store.database import Tx
from engine.store.tables import account as table


def add(tx: Tx, one: Account, secret: str) -> None:
    tx.conn.execute(
        insert(table).values(
            name=one.name, title=one.title, **_reach(one.offices, one.area, one.receivers),
            language=one.language, secret=secret,
            provisional=one.provisional, since=one.since, closed_at=one.closed_at,
            known_as=one.known_as or None, granted=one.granted,
        )
    )  # fmt: skip


def find(tx: Tx, name: str) -> Account | None:
    row = tx.conn.execute(select(table).where(table.c.name == name)).one_or_none()
    return _account(row) if row else None


def known_as(tx: Tx, name: str) -> Account | None:
    """Whom an identity provider calls by this name, closed or not."""
    row = tx.conn.execute(select(table).where(table.c.known_as == name)).one_or_none()
    return _account(row) if row else None


def unknown(tx: Tx, name: str) -> None:
    """The account is no longer known by that name; another may be."""
    tx.conn.execute(update(table).where(table.c.name == name).values(known_as=None))


def grant(tx: Tx, name: str, given: Grant) -> None:
    """Other roles, another reach."""
    changed = update(table).where(table.c.name == name)
    tx.conn.execute(changed.values(**_reach(given.offices, given.area, given.receivers)))


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


def _reach(offices: Iterable[Office], area: str, receivers: Iterable[str]) -> dict[str, str]:
    return {"roles": ",".join(sorted(offices)), "area": area, "receivers": ",".join(receivers)}


def _account(row: Row[Any]) -> Account:
    return Account(
        name=row.name, title=row.title, offices=frozenset(map(Office, row.roles.split(","))), area=row.area,
        language=row.language, receivers=tuple(filter(None, row.receivers.split(","))), since=row.since,
        closed_at=row.closed_at, provisional=row.provisional, known_as=row.known_as or "",
        granted=row.granted,
    )  # fmt: skip
