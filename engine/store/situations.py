"""Which situation each warning has come to, append-only: names last while what they name goes on, whatever
has ended, moved on the map or been judged late since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, insert, select

from engine.model.situation import Belonging
from engine.store.among import among
from engine.store.database import Tx
from engine.store.tables import belonging as table
from engine.store.tables import warning


def add(tx: Tx, rows: Sequence[Belonging], at: datetime) -> None:
    """Record these for good, as of a moment."""
    if rows:
        values = [
            {"warning": one.warning, "situation": one.situation, "born": one.born, "at": at} for one in rows
        ]
        tx.conn.execute(insert(table), values)


def of(tx: Tx, warnings: Collection[str], until: datetime | None = None) -> list[Belonging]:
    """Every situation that these warnings have come to (by `until`), in the order of the record."""
    statement = select(table).where(table.c.warning.in_(among(tx, sorted(warnings)))).order_by(table.c.id)
    if until is not None:
        statement = statement.where(table.c.at <= until)
    return [
        Belonging(warning=row.warning, situation=row.situation, born=row.born)
        for row in tx.conn.execute(statement)
    ]


def any_ended(tx: Tx, since: datetime, until: datetime) -> bool:
    """Whether a warning ended at or after a moment and before another."""
    ended = exists().where(warning.c.lifted_at >= since, warning.c.lifted_at < until)
    return bool(tx.conn.execute(select(ended)).scalar_one())
