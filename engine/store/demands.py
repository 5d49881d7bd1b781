"""The measures asked for under warnings, append-only, each as it read then: an edit of its rule or of the
catalogue changes nothing that was asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import select

from engine.model.demand import Demand
from engine.model.grade import Grade
from engine.model.rule import Measure
from engine.store import configuration, tables
from engine.store.among import among
from engine.store.canonical import restore
from engine.store.database import Tx
from engine.store.tables import demand as table
from engine.store.write import insert_new


def add(tx: Tx, run: int | None, rows: Sequence[Demand]) -> None:
    """Record these for good; what was asked before stays as it was. run: None where a person's act or the
    hour asks between runs."""
    kept = {measure: configuration.put(tx, measure) for measure in dict.fromkeys(one.measure for one in rows)}
    values = [
        {
            "id": one.id, "warning": one.warning, "measure": kept[one.measure], "grade": one.grade,
            "at": one.at, "outlives": one.outlives, "run": run,
        }
        for one in rows
    ]  # fmt: skip
    insert_new(tx, table, values, "id")


def known(tx: Tx, warnings: Collection[str]) -> set[str]:
    """The ids of those asked for under these warnings."""
    statement = select(table.c.id).where(table.c.warning.in_(among(tx, sorted(warnings))))
    return set(tx.conn.execute(statement).scalars())


def of(tx: Tx, warnings: Collection[str]) -> list[Demand]:
    """What was asked for under these warnings, the earliest first."""
    texts = tables.configuration
    statement = select(table, texts.c.text).join(texts, texts.c.hash == table.c.measure)
    wanted = statement.where(table.c.warning.in_(among(tx, sorted(warnings))))
    return [
        Demand(
            warning=row.warning, measure=_measure(row.text), grade=Grade(row.grade), at=row.at,
            outlives=row.outlives,
        )
        for row in tx.conn.execute(wanted.order_by(table.c.at, table.c.id))
    ]  # fmt: skip


@lru_cache(maxsize=1024)
def _measure(text: str) -> Measure:
    return restore(Measure, text)
