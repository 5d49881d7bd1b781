"""What people did, append-only: whatever else is known about them is derived from it.

The oldest comes first everywhere, and of two in the same second the one that was recorded first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from engine.model.act import Act, ActKind, Role, Verdict
from engine.model.grade import Grade
from engine.store.among import among
from engine.store.database import Tx
from engine.store.tables import act as table
from engine.store.tables import warning
from engine.store.write import insert_new


def add(tx: Tx, rows: Sequence[Act]) -> int:
    """Record these for good; how many were new. The same act twice is one."""
    return insert_new(tx, table, [_columns(one) | {"seq": tx.seq()} for one in rows], "id")


def in_force(
    tx: Tx, at: datetime, kinds: Iterable[ActKind] = (), *, known: datetime | None = None
) -> list[Act]:
    """What people have done by `at` (known: by then) and that has not ended at `at`, oldest first; of these
    kinds, or of all."""
    statement = _of_kinds(kinds).where(table.c.at <= (known or at))
    return _found(tx, statement.where(or_(table.c.until.is_(None), table.c.until > at)))


def ended(tx: Tx, since: datetime, until: datetime, kinds: Iterable[ActKind]) -> list[Act]:
    """The acts of these kinds whose end lies after `since` and not after `until`."""
    return _found(tx, _of_kinds(kinds).where(table.c.until > since, table.c.until <= until))


def of(tx: Tx, warnings: Collection[str]) -> list[Act]:
    """Everything done about these warnings, oldest first."""
    return _found(tx, select(table).where(table.c.warning.in_(among(tx, sorted(warnings)))))


def about_open(tx: Tx) -> list[Act]:
    """Everything done about the warnings that are open, oldest first."""
    over = warning.c.lifted_at.is_(None)
    return _found(tx, select(table).join(warning, warning.c.id == table.c.warning).where(over))


def named(tx: Tx, id_: str) -> Act | None:
    return next(iter(_found(tx, select(table).where(table.c.id == id_))), None)


def every(
    tx: Tx, kinds: Iterable[ActKind] = (), *, target: str | None = None, since: datetime | None = None
) -> list[Act]:
    """The acts of these kinds (of all), oldest first; target: about this one; since: at or after it."""
    statement = _of_kinds(kinds)
    if target is not None:
        statement = statement.where(table.c.target == target)
    if since is not None:
        statement = statement.where(table.c.at >= since)
    return _found(tx, statement)


def latest(tx: Tx, before: datetime) -> datetime | None:
    """When the last act is dated, of those dated before a moment."""
    last: datetime | None = tx.conn.execute(
        select(func.max(table.c.at, type_=table.c.at.type)).where(table.c.at < before)
    ).scalar()
    return last


def _of_kinds(kinds: Iterable[ActKind]) -> Select[Any]:
    wanted = sorted(kind.value for kind in kinds)
    return select(table).where(table.c.kind.in_(wanted)) if wanted else select(table)


def _found(tx: Tx, statement: Select[Any]) -> list[Act]:
    return [_act(row) for row in tx.conn.execute(statement.order_by(table.c.at, table.c.seq, table.c.id))]


def _act(row: Row[Any]) -> Act:
    return Act(
        id=row.id, kind=ActKind(row.kind), area=row.area, topic=row.topic, at=row.at, until=row.until,
        grade=_grade(row.grade), seen=_grade(row.seen), reason=row.reason, by=row.by, role=Role(row.role),
        via=row.via, warning=row.warning, change=row.change, receiver=row.receiver, target=row.target,
        verdict=Verdict(row.verdict) if row.verdict else None,
        outcome=None if row.outcome is None else date.fromordinal(row.outcome),
    )  # fmt: skip


def _grade(number: int | None) -> Grade | None:
    return None if number is None else Grade(number)


def _columns(one: Act) -> dict[str, Any]:
    plain = {field.name: getattr(one, field.name) for field in fields(one)}
    return plain | {
        "verdict": one.verdict or "", "outcome": None if one.outcome is None else one.outcome.toordinal(),
    }  # fmt: skip
