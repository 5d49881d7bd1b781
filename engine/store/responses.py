"""The plans called for, append-only, each as it read then: whatever becomes of its file, that was begun."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select

from engine.model.act import ActKind
from engine.model.grade import Grade
from engine.model.plan import Plan
from engine.model.response import Response, ResponseState
from engine.store import configuration, tables
from engine.store.among import among
from engine.store.canonical import restore
from engine.store.database import Tx
from engine.store.tables import response as table
from engine.store.write import insert_new


def add(tx: Tx, rows: Sequence[Response]) -> None:
    """Record these for good; one that was called for before stays as it was."""
    insert_new(tx, table, [_columns(tx, one) for one in rows], "id")


def any_(tx: Tx) -> bool:
    """Whether any was ever called for."""
    return bool(tx.conn.execute(select(exists(select(table.c.id)))).scalar_one())


def known(tx: Tx, warnings: Collection[str]) -> set[str]:
    """The ids of those that these warnings have called for."""
    statement = select(table.c.id).where(table.c.warning.in_(among(tx, sorted(warnings))))
    return set(tx.conn.execute(statement).scalars())


def at_hand(tx: Tx, since: datetime, warnings: Collection[str]) -> list[Response]:
    """Those of these warnings, those called for or stood down since a moment, and whatever was begun and
    not stood down: as they were called for, the earliest first."""
    begun = or_(table.c.started_at.is_not(None), table.c.change == "", _said(ActKind.PLAN_START))
    wanted = or_(
        table.c.warning.in_(among(tx, sorted(warnings))), table.c.since >= since,
        _said(ActKind.STAND_DOWN, since), and_(begun, ~_said(ActKind.STAND_DOWN)),
    )  # fmt: skip
    statement = select(table, tables.configuration.c.text).join(
        tables.configuration, tables.configuration.c.hash == table.c.plan
    )
    rows = tx.conn.execute(statement.where(wanted).order_by(table.c.since, table.c.id))
    return [_response(row) for row in rows]


def _said(kind: ActKind, since: datetime | None = None) -> ColumnElement[bool]:
    """Whether somebody did this about it (since a moment)."""
    act = tables.act
    said = exists().where(act.c.target == table.c.id, act.c.kind == kind.value)
    return said if since is None else said.where(act.c.at >= since)


def _columns(tx: Tx, one: Response) -> dict[str, Any]:
    return {
        "id": one.id, "plan": configuration.put(tx, one.plan), "area": one.area, "topic": one.topic,
        "warning": one.warning, "change": one.change, "grade": one.grade, "since": one.since,
        "started_at": one.started_at, "reason": one.reason,
    }  # fmt: skip


def _response(row: Row[Any]) -> Response:
    return Response(
        id=row.id, plan=_plan(row.text), area=row.area, topic=row.topic, warning=row.warning,
        change=row.change, grade=Grade(row.grade), since=row.since, started_at=row.started_at,
        state=ResponseState.PROPOSED if row.started_at is None else ResponseState.RUNNING, reason=row.reason,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _plan(text: str) -> Plan:
    return restore(Plan, text)
