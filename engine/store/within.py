"""Messages that are told within another, or wait for their receiver's sake until they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from engine.model.grade import Grade
from engine.model.message import WAITING, Notification
from engine.store.among import among
from engine.store.database import Tx
from engine.store.outbox import Address, as_notification
from engine.store.tables import notification

#: The steps of messages about warnings, beside which a receiver has a budget.
_OF_WARNINGS = (
    "issued", "upgraded", "downgraded", "lifted", "expired", "reminder", "escalation", "again"
)  # fmt: skip


def told(tx: Tx, key: str) -> list[Notification]:
    """The messages that are told within the one with this key."""
    statement = select(notification).where(notification.c.within == key).order_by(notification.c.key)
    return [as_notification(row) for row in tx.conn.execute(statement)]


def waited(tx: Tx, now: datetime) -> list[Notification]:
    """The messages that wait for their receivers' sake, and have done so for long enough."""
    statement = select(notification).where(
        notification.c.within == WAITING, notification.c.next_at <= now
    ).order_by(notification.c.planned_at, notification.c.key)  # fmt: skip
    return [as_notification(row) for row in tx.conn.execute(statement)]


def put(tx: Tx, keys: Sequence[str], whole: str) -> None:
    """These wait no more: they are told within another, or, where it is "", by themselves."""
    its = notification.c.key.in_(among(tx, keys))
    tx.conn.execute(update(notification).where(its, notification.c.within == WAITING).values(within=whole))


def lesser(tx: Tx, to: Address, since: datetime) -> int:
    """How many messages about nothing grave a channel had planned since a moment, to go by themselves."""
    table = notification.c
    statement = select(func.count()).where(
        table.receiver == to[0], table.channel == to[1], table.planned_at >= since, table.within == "",
        table.grade < Grade.ORANGE, table.step.in_(_OF_WARNINGS),
    )  # fmt: skip
    return int(tx.conn.execute(statement).scalar_one())
