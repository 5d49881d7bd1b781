"""What conclude remembers of every rule and area: as it is now, and as it was after every run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, or_, select, tuple_, update

from engine.model.grade import Confidence, Domain, Grade
from engine.model.period import Cycle, Period
from engine.model.warning import Standing
from engine.store import tables
from engine.store.among import pairs
from engine.store.database import Tx
from engine.store.moment import epoch, moment_of
from engine.store.write import replacing

Cell = tuple[str, str]
#: Columns that hold several values as text.
_PACKED = {"on": "holding", "off": "quiet", "ends": "ends"}


def now(tx: Tx, rules: Collection[str] | None = None, seq: int | None = None) -> dict[Cell, Standing]:
    """What stands of these rules (of all), by (rule, area); seq: as it was after that transaction."""
    table = tables.standing
    statement = select(table).order_by(table.c.rule, table.c.area)
    if rules is not None:
        statement = statement.where(table.c.rule.in_(sorted(rules)))
    if seq is None:
        statement = statement.where(table.c.until_seq.is_(None))
    else:
        later = or_(table.c.until_seq.is_(None), table.c.until_seq > seq)
        statement = statement.where(table.c.since_seq <= seq, later)
    return {(row.rule, row.area): _standing(row) for row in tx.conn.execute(statement)}


def at(tx: Tx, places: Collection[tuple[str, str]]) -> dict[Cell, Standing]:
    """What stands in these (area, topic), by (rule, area)."""
    table = tables.standing
    there = tuple_(table.c.area, table.c.topic).in_(pairs(tx, places)) & table.c.until_seq.is_(None)
    rows = tx.conn.execute(select(table).where(there).order_by(table.c.rule, table.c.area))
    return {(row.rule, row.area): _standing(row) for row in rows}


def then(tx: Tx, at: datetime) -> list[Standing]:
    """What stood at a grade after the last run that was due by a moment, by rule and area."""
    table, run = tables.standing, tables.cycle_run
    newer, later = table.alias("newer"), run.alias("later")
    overtaken = exists().where(
        newer.c.rule == table.c.rule, newer.c.area == table.c.area, newer.c.since_seq > table.c.since_seq,
        later.c.id == newer.c.run, later.c.due_at <= at,
    )  # fmt: skip
    statement = select(table).join(run, run.c.id == table.c.run).where(
        run.c.due_at <= at, table.c.grade > Grade.NONE, ~overtaken
    )  # fmt: skip
    rows = sorted(tx.conn.execute(statement), key=lambda row: (row.rule, row.area))
    return [_standing(row) for row in rows]


def past(
    tx: Tx, rules: Collection[str], since: datetime, period: Period
) -> list[tuple[datetime, Standing]]:  # fmt: skip
    """What stood of these rules at `since`, and every step from then on to the run of `period`: each with the
    moment at which its run was due, oldest first."""
    table, run = tables.standing, tables.cycle_run
    before = select(func.max(table.c.since_seq)).join(run, run.c.id == table.c.run).where(
        run.c.due_at <= since, table.c.rule.in_(sorted(rules))
    )  # fmt: skip
    not_later = [cycle for cycle in Cycle if cycle.order <= period.cycle.order]
    seq = tx.conn.execute(before).scalar_one() or 0
    statement = (
        select(table, run.c.due_at).join(run, run.c.id == table.c.run)
        .where(
            table.c.rule.in_(sorted(rules)), or_(table.c.until_seq.is_(None), table.c.until_seq > seq),
            or_(run.c.due_at < period.due_at, (run.c.due_at == period.due_at) & run.c.cycle.in_(not_later)),
        )
        .order_by(table.c.since_seq, table.c.rule, table.c.area)
    )  # fmt: skip
    return [(row.due_at, _standing(row)) for row in tx.conn.execute(statement)]


def steps(tx: Tx, since: datetime) -> dict[Cell, list[tuple[datetime, Grade]]]:
    """By (rule, area), each grade that a run left since a moment, with when the run was due. Those on trial
    are left out."""
    table, run = tables.standing, tables.cycle_run
    lately = or_(table.c.until_seq.is_(None), run.c.due_at >= since)
    rows = tx.conn.execute(
        select(table.c.rule, table.c.area, table.c.grade, run.c.due_at)
        .join(run, run.c.id == table.c.run).where(lately, table.c.trial.is_(False))
        .order_by(table.c.since_seq)
    )  # fmt: skip
    found: dict[Cell, list[tuple[datetime, Grade]]] = {}
    for row in rows:
        found.setdefault((row.rule, row.area), []).append((row.due_at, Grade(row.grade)))
    return found


def next_end(tx: Tx) -> datetime | None:
    """When the first of the findings that stand ends by itself."""
    table = tables.standing
    statement = select(func.min(table.c.until)).where(table.c.until_seq.is_(None))
    moment: datetime | None = tx.conn.execute(statement).scalar_one()
    return moment


def save(tx: Tx, run: int, rows: Sequence[Standing]) -> None:
    """Let these stand from now on; what stood before of the same rule and area is kept as past, save where
    the same run had said it at an earlier look."""
    if not rows:
        return
    table, seq = tables.standing, tx.seq()
    cells = pairs(tx, [(one.rule, one.area) for one in rows])
    replaced = tuple_(table.c.rule, table.c.area).in_(cells) & table.c.until_seq.is_(None)
    tx.conn.execute(update(table).where(replaced).values(until_seq=seq))
    own = {"run": run, "since_seq": seq, "until_seq": None}
    new = [_columns(one) | own for one in rows]
    names = [name for name in new[0] if name != "since_seq"]
    tx.conn.execute(replacing(tx, table, names, ("rule", "area", "run")), new)


def _columns(one: Standing) -> dict[str, Any]:
    plain = {field.name: getattr(one, field.name) for field in fields(one) if field.name not in _PACKED}
    packed = {
        "holding": ",".join(map(str, one.on)), "quiet": ",".join(map(str, one.off)),
        "ends": ",".join(f"{grade:d}:{epoch(end)}" for grade, end in one.ends),
    }  # fmt: skip
    return plain | packed


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        rule=row.rule, area=row.area, topic=row.topic, domain=Domain(row.domain),
        rule_hash=row.rule_hash, on=_numbers(row.holding), off=_numbers(row.quiet),
        grade=Grade(row.grade), since=row.since, raised_at=row.raised_at, ends=_ends(row.ends),
        until=row.until, found_as=row.found_as, lifted_at=row.lifted_at,
        lifted_grade=Grade(row.lifted_grade), confidence=Confidence(row.confidence),
        confidence_cause=row.confidence_cause, blind_since=row.blind_since, trial=row.trial,
    )  # fmt: skip


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",")) if text else ()


def _ends(text: str) -> tuple[tuple[Grade, datetime], ...]:
    pairs = (part.split(":") for part in text.split(",")) if text else ()
    return tuple((Grade(int(grade)), moment_of(int(end))) for grade, end in pairs)
