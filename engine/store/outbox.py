"""The outbox: messages planned in the transaction of their change, then taken, tried and settled."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, insert, or_, select, update

from engine.model.grade import Grade
from engine.model.message import WAITING, Delivery, Notification, Receipt
from engine.store.among import among
from engine.store.database import Tx
from engine.store.tables import notification, receipt, warning
from engine.store.write import insert_new

#: The step of a message that bundles several changes, which its payload names.
BUNDLE = "situation"
#: Of these nothing is tried any more.
LOST = (Delivery.FAILED, Delivery.UNKNOWN)
#: What a department is told of its tasks is about no change.
_OF_CHANGES = or_(notification.c.change != "", notification.c.step == BUNDLE)
_FIELDS = tuple(field.name for field in fields(Notification))

#: A receiver, and the channel of its own.
Address = tuple[str, str]
#: Oldest first, and of one second in the order in which they were planned.
_ORDER = (notification.c.planned_at, notification.c.seq, notification.c.key)


def enqueue(tx: Tx, notifications: Sequence[Notification]) -> int:
    """Put these into the outbox; how many were new. The same plan twice is the same messages."""
    beside = {"owner": "", "lease_until": None, "seq": tx.horizon() if notifications else 0}
    rows = [{name: getattr(one, name) for name in _FIELDS} | beside for one in notifications]
    return insert_new(tx, notification, rows, "key")


def new(tx: Tx, notifications: Sequence[Notification]) -> list[Notification]:
    """Those whose keys were not planned before."""
    asked = among(tx, [one.key for one in notifications])
    known = set(tx.conn.execute(select(notification.c.key).where(notification.c.key.in_(asked))).scalars())
    return [one for one in notifications if one.key not in known]


def take(
    tx: Tx, now: datetime, owner: str, lease: timedelta, limit: int, to: Address | None = None
) -> list[Notification]:
    """Up to `limit` messages that are due, held for `owner` until `now + lease`; oldest first. to: only
    those for this receiver over this channel.

    Nobody else is given them before the lease lapses or they are settled.
    """
    due = select(notification).where(_due(now)).order_by(*_ORDER)
    if to is not None:
        due = due.where(notification.c.receiver == to[0], notification.c.channel == to[1])
    rows = tx.conn.execute(due.limit(limit).with_for_update(skip_locked=True))
    taken = [as_notification(row) for row in rows]
    held = notification.c.key.in_([one.key for one in taken])
    tx.conn.execute(update(notification).where(held).values(owner=owner, lease_until=now + lease))
    return taken


def waiting(tx: Tx, now: datetime) -> list[Address]:
    """The receivers and channels for which a message is due."""
    to = notification.c.receiver, notification.c.channel
    return [(row.receiver, row.channel) for row in tx.conn.execute(select(*to).where(_due(now)).distinct())]


def holders(tx: Tx) -> set[str]:
    """Who has taken messages and not settled them."""
    statement = select(notification.c.owner).where(notification.c.owner != "").distinct()
    return set(tx.conn.execute(statement).scalars())


def release(tx: Tx, owner: str) -> None:
    """Give back what a process that is known to have died has taken, before its leases lapse."""
    held = update(notification).where(notification.c.owner == owner)
    tx.conn.execute(held.values(owner="", lease_until=None))


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        notification.c.state.in_([Delivery.PENDING, Delivery.RETRY]),
        notification.c.within == "",
        or_(notification.c.next_at.is_(None), notification.c.next_at <= now),
        or_(notification.c.lease_until.is_(None), notification.c.lease_until <= now),
    )


def settle(tx: Tx, one: Notification, result: Receipt, next_at: datetime | None) -> None:
    """Record one attempt, at the message and at those within it, and give it back; what is delivered stays
    so, whoever tried again.

    next_at: when a message to be retried is due again.
    """
    members = _members(tx, one.key)
    its = or_(notification.c.key == one.key, notification.c.key.in_(among(tx, members)))
    tx.conn.execute(
        update(notification)
        .where(its, notification.c.state != Delivery.DELIVERED)
        .values(
            state=result.state, attempts=notification.c.attempts + 1, next_at=next_at, owner="",
            lease_until=None, error="" if result.state is Delivery.DELIVERED else result.detail,
        )
    )  # fmt: skip
    tried = [one.key, *members]
    said = {"at": result.at, "state": result.state, "detail": result.detail, "next_at": next_at}
    tx.conn.execute(insert(receipt), [{"key": key, **said} for key in tried])


def _members(tx: Tx, key: str) -> list[str]:
    """The keys of what is told within a message, and within that."""
    found, level = [], [key]
    while level:
        its = notification.c.within.in_(among(tx, level))
        level = list(tx.conn.execute(select(notification.c.key).where(its)).scalars())
        found += sorted(level)
    return found


def listing(
    tx: Tx, state: str | Collection[str] | None = None, limit: int = 100, since: datetime | None = None,
    warning: str | None = None,
) -> list[Notification]:  # fmt: skip
    """The latest messages, in one state, in some or in any, newest first; since: planned at or after it;
    warning: of it alone."""
    statement = select(notification).order_by(*(one.desc() for one in _ORDER[:2]), notification.c.key)
    if state is not None:
        states = [state] if isinstance(state, str) else list(state)
        statement = statement.where(notification.c.state.in_(states))
    if since is not None:
        statement = statement.where(notification.c.planned_at >= since)
    if warning is not None:
        statement = statement.where(notification.c.warning == warning)
    return [as_notification(row) for row in tx.conn.execute(statement.limit(limit))]


@dataclass(frozen=True, slots=True)
class Lost:
    """A message that reached nobody, or of which nobody can tell, without its words."""

    warning: str
    receiver: str
    planned_at: datetime
    error: str


def lost(tx: Tx, since: datetime) -> list[Lost]:
    """Of those planned at or after a moment, the newest first."""
    table = notification.c
    wanted = select(table.warning, table.receiver, table.planned_at, table.error).where(
        table.state.in_(LOST), table.planned_at >= since
    )
    return [Lost(*row) for row in tx.conn.execute(wanted.order_by(table.planned_at.desc(), table.key))]


def last(tx: Tx) -> dict[str, Notification]:
    """The latest message to each receiver, by receiver."""
    table = notification.c
    at = func.max(table.planned_at).label("at")
    newest = select(table.receiver, at).group_by(table.receiver).subquery()
    here = (newest.c.receiver == table.receiver) & (newest.c.at == table.planned_at)
    rows = tx.conn.execute(select(notification).join(newest, here).order_by(*_ORDER))
    return {row.receiver: as_notification(row) for row in rows}


def heard(tx: Tx, warnings: Collection[str]) -> dict[str, set[str]]:
    """The receivers to whom a message about each of these warnings was ever addressed."""
    told: dict[str, set[str]] = {id_: set() for id_ in warnings}
    statement = select(notification.c.warning, notification.c.receiver).distinct()
    for id_, receiver in tx.conn.execute(statement.where(notification.c.warning.in_(among(tx, list(told))))):
        told[id_].add(receiver)
    return told


def told_by(
    tx: Tx, receiver: str, channel: str, warnings: Collection[str] | None = None,
    since: datetime | None = None,
) -> list[Notification]:  # fmt: skip
    """The messages planned for one channel of a receiver: about these warnings, from then on."""
    table = notification.c
    statement = select(notification).where(table.receiver == receiver, table.channel == channel)
    if warnings is not None:
        statement = statement.where(table.warning.in_(among(tx, list(warnings))))
    if since is not None:
        statement = statement.where(table.planned_at >= since)
    return [as_notification(row) for row in tx.conn.execute(statement.order_by(*_ORDER))]


@dataclass(frozen=True, slots=True)
class Failing:
    """A channel that brings nothing through: so many tries for what waits or was given up, since when."""

    receiver: str
    channel: str
    tries: int
    since: datetime
    error: str


def failing(tx: Tx, since: datetime, often: int) -> list[Failing]:
    """The channels whose last try failed, and so often since they brought something through, or for good;
    of what was planned since a moment."""
    table = notification.c
    unsent = table.state.in_([Delivery.RETRY, Delivery.FAILED]) & (table.planned_at >= since)
    addresses = tx.conn.execute(select(table.receiver, table.channel).where(unsent).distinct()).all()
    found = (_failing(tx, *to, since) for to in addresses)
    return [one for one, given_up in found if one.tries >= often or given_up]


def _failing(tx: Tx, receiver: str, channel: str, since: datetime) -> tuple[Failing, bool]:
    """The tries of one channel after its last delivery, and whether any was for good."""
    to = (notification.c.receiver == receiver) & (notification.c.channel == channel)
    own = notification.c.key == receipt.c.key
    every = select(receipt).join(notification, own).where(to, receipt.c.at >= since)
    tries: list[Row[Any]] = []
    for row in tx.conn.execute(every.order_by(receipt.c.id.desc())):
        if row.state == Delivery.DELIVERED:
            break
        tries.append(row)
    first, last = (tries[-1].at, tries[0].detail) if tries else (since, "")
    given_up = any(row.state == Delivery.FAILED for row in tries)
    return Failing(receiver, channel, len(tries), first, last), given_up


def overdue(tx: Tx, now: datetime, before: datetime) -> int:
    """How many messages are due and were so before a moment, and nobody has taken."""
    due = func.coalesce(notification.c.next_at, notification.c.planned_at) <= before
    return int(tx.conn.execute(select(func.count()).where(_due(now), due)).scalar_one())


def told_of_open(tx: Tx) -> dict[str, set[str]]:
    """The receivers to whom a message about each open warning and what changed of it was addressed."""
    found: dict[str, set[str]] = {}
    statement = select(notification.c.warning, notification.c.receiver).distinct()
    still = select(warning.c.id).where(warning.c.lifted_at.is_(None))
    for id_, receiver in tx.conn.execute(statement.where(notification.c.warning.in_(still), _OF_CHANGES)):
        found.setdefault(id_, set()).add(receiver)
    return found


def told(tx: Tx, change: str) -> set[str]:
    """The receivers to whom a message about the change with this key was addressed."""
    statement = select(notification.c.receiver).distinct()
    return set(tx.conn.execute(statement.where(notification.c.change == change)).scalars())


@dataclass(frozen=True, slots=True)
class Addressed:
    """A message about a warning that is open or ended of late. ask: what its key says beyond change, receiver
    and channel; at: when it was delivered, or, while it is not, for when it was planned."""

    change: str
    warning: str
    receiver: str
    ask: str
    at: datetime
    planned_at: datetime
    #: The changes it tells of: its own, or all that an update bundles.
    changes: tuple[str, ...]
    #: It waits for its receiver's sake: nobody was told yet.
    waits: bool = False


def addressed(tx: Tx, since: datetime | None = None, about: str = "") -> list[Addressed]:
    """Every message about an open warning, or one that ended after `since`; about: about this one, which may
    be a drill's."""
    arrived = (receipt.c.key == notification.c.key) & (receipt.c.state == Delivery.DELIVERED)
    # What has waited was told when it was let go, and no sooner.
    released = case((notification.c.attempts == 0, notification.c.next_at))
    still = [about] if about else select(warning.c.id).where(_current(since))
    statement = (
        select(
            notification.c.key, notification.c.change, notification.c.receiver, notification.c.channel,
            notification.c.warning, notification.c.planned_at, notification.c.within,
            func.coalesce(func.min(receipt.c.at), released, notification.c.planned_at).label("at"),
            case((notification.c.step == BUNDLE, notification.c.payload)).label("all"),
        )
        .join(receipt, arrived, isouter=True)
        .where(notification.c.warning.in_(still))
        .where(_OF_CHANGES)
        .group_by(notification.c.key)
    )  # fmt: skip
    return [
        Addressed(
            row.change, row.warning, row.receiver,
            row.key[len(f"{row.change}/{row.receiver}/{row.channel}/") :], row.at, row.planned_at,
            tuple(json.loads(row.all)["new"]) if row.all else (row.change,), row.within == WAITING,
        )
        for row in tx.conn.execute(statement)
    ]  # fmt: skip


def _current(since: datetime | None) -> ColumnElement[bool]:
    """The warnings that are open, or ended after a moment."""
    still = warning.c.lifted_at.is_(None)
    return still if since is None else or_(still, warning.c.lifted_at >= since)


def first_messages(tx: Tx, since: datetime) -> list[tuple[str, str, datetime, datetime | None]]:
    """The first message of every change and receiver planned since a moment: the change, the receiver, when
    it was planned, and when the first of its channels delivered it."""
    table = notification
    arrived = (
        select(receipt.c.key, func.min(receipt.c.at).label("at"))
        .where(receipt.c.state == Delivery.DELIVERED).group_by(receipt.c.key).subquery()
    )  # fmt: skip
    own = table.c.change + "/" + table.c.receiver + "/" + table.c.channel
    statement = (
        select(
            table.c.change, table.c.receiver, func.min(table.c.planned_at).label("planned"),
            func.min(arrived.c.at).label("arrived"),
        )
        .join(arrived, arrived.c.key == table.c.key, isouter=True)
        .where(table.c.key == own, table.c.change != "", table.c.planned_at >= since)
        .group_by(table.c.change, table.c.receiver)
    )  # fmt: skip
    return [(row.change, row.receiver, row.planned, row.arrived) for row in tx.conn.execute(statement)]


def keys(tx: Tx, prefix: str) -> list[tuple[str, str]]:
    """The keys that begin so, each with its channel."""
    table = notification
    statement = select(table.c.key, table.c.channel).where(table.c.key.startswith(prefix, autoescape=True))
    return [(row.key, row.channel) for row in tx.conn.execute(statement)]


def sent(tx: Tx, prefix: str) -> list[tuple[str, datetime, datetime | None]]:
    """Of the messages whose keys begin so: each receiver, when it was first told, and when that arrived."""
    table = notification
    arrived = (
        select(receipt.c.key, func.min(receipt.c.at).label("at"))
        .where(receipt.c.state == Delivery.DELIVERED).group_by(receipt.c.key).subquery()
    )  # fmt: skip
    told, came = func.min(table.c.planned_at).label("told"), func.min(arrived.c.at).label("came")
    statement = (
        select(table.c.receiver, told, came)
        .join(arrived, arrived.c.key == table.c.key, isouter=True)
        .where(table.c.key.startswith(prefix, autoescape=True)).group_by(table.c.receiver)
    )  # fmt: skip
    return [(row.receiver, row.told, row.came) for row in tx.conn.execute(statement)]


def receipts(tx: Tx, key: str) -> list[Receipt]:
    """Every attempt at one message, oldest first."""
    statement = select(receipt).where(receipt.c.key == key).order_by(receipt.c.id)
    return [
        Receipt(key=row.key, at=row.at, state=Delivery(row.state), detail=row.detail, next_at=row.next_at)
        for row in tx.conn.execute(statement)
    ]


def as_notification(row: Row[Any]) -> Notification:
    values = {name: getattr(row, name) for name in _FIELDS}
    return Notification(**values | {"grade": Grade(row.grade), "state": Delivery(row.state)})
