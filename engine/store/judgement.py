"""What was judged: standing, findings, scores, warnings and their changes."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, ScalarSelect, Select, delete, func, insert, or_, select, tuple_

from engine.model.chance import Chance
from engine.model.finding import Finding, Trace
from engine.model.grade import Confidence, Domain, Grade
from engine.model.warning import Change, Issuer, RiskWarning, Score, Standing, Step
from engine.store import standing, tables
from engine.store.among import among, pairs
from engine.store.canonical import canonical, restore
from engine.store.database import Tx
from engine.store.write import replacing, upsert

Cell = tuple[str, str]
#: Another finding; made once, because each takes a fraction of a millisecond.
_NEWER = tables.finding.alias("newer")
#: Of a score: (rule, area, grade, points).
_Parts = tuple[tuple[str, str, str, float], ...]


class Conclusion(Protocol):
    """What `conclude` hands over."""

    @property
    def standing(self) -> Sequence[Standing]: ...
    @property
    def findings(self) -> Sequence[Finding]: ...
    @property
    def warnings(self) -> Sequence[RiskWarning]: ...
    @property
    def changes(self) -> Sequence[Change]: ...
    @property
    def scores(self) -> Sequence[Score]: ...


def save(tx: Tx, run: int, concluded: Conclusion) -> None:
    """Everything one run concluded, in the run's own transaction."""
    standing.save(tx, run, concluded.standing)
    add_findings(tx, run, concluded.findings)
    save_warnings(tx, concluded.warnings)
    add_changes(tx, run, concluded.changes)
    save_scores(tx, run, concluded.scores)


# --- findings ----------------------------------------------------------------------------------


def add_findings(tx: Tx, run: int, found: Sequence[Finding]) -> None:
    """What a run found; what it finds in an area at another look stands for what it found there before."""
    rows = [_columns(one) | {"run": run, "trace": canonical(one.trace)} for one in found]
    if rows:
        tx.conn.execute(replacing(tx, tables.finding, rows[0], ("run", "rule", "area")), rows)


def findings(
    tx: Tx, *, run: int | None = None, rule: str | None = None, area: str | None = None,
    topic: str | None = None, since: datetime | None = None,
) -> list[Finding]:  # fmt: skip
    """The findings that fit everything given, oldest first. since: due at or after it."""
    table = tables.finding
    statement = select(table).order_by(table.c.at, table.c.id)
    for name, wanted in (("run", run), ("rule", rule), ("area", area), ("topic", topic)):
        if wanted is not None:
            statement = statement.where(table.c[name] == wanted)
    if since is not None:
        statement = statement.where(table.c.at >= since)
    return _found(tx, statement)


def standing_findings(tx: Tx, places: Collection[Cell]) -> list[Finding]:
    """The latest finding of every rule that stands now at a grade in one of these (area, topic), by rule
    and area."""
    table, stands = tables.finding, tables.standing
    statement = select(table).join(
        stands, (stands.c.rule == table.c.rule) & (stands.c.area == table.c.area)
    ).where(
        tuple_(stands.c.area, stands.c.topic).in_(pairs(tx, places)), stands.c.until_seq.is_(None),
        stands.c.grade > Grade.NONE, table.c.id == _latest(),
    ).order_by(table.c.rule, table.c.area)  # fmt: skip
    return _found(tx, statement)


def findings_then(tx: Tx, places: Collection[Cell], at: datetime) -> list[Finding]:
    """The latest finding, up to a moment, of every rule that is not on trial in each of these (area, topic),
    by rule and area."""
    table = tables.finding
    statement = select(table).where(
        tuple_(table.c.area, table.c.topic).in_(pairs(tx, places)), table.c.trial.is_(False),
        table.c.at <= at, table.c.id == _latest(at),
    ).order_by(table.c.rule, table.c.area)  # fmt: skip
    return _found(tx, statement)


def _latest(until: datetime | None = None) -> ScalarSelect[int]:
    """The id of the latest finding, up to a moment, of the same rule in the same area."""
    table = tables.finding
    same = (_NEWER.c.rule == table.c.rule) & (_NEWER.c.area == table.c.area)
    if until is not None:
        same &= _NEWER.c.at <= until
    newest = select(_NEWER.c.id).where(same).order_by(_NEWER.c.at.desc(), _NEWER.c.id.desc()).limit(1)
    return newest.correlate(table).scalar_subquery()


def last_found(tx: Tx, until: datetime | None = None) -> dict[Cell, datetime]:
    """When a rule that is not on trial found anything last (by `until`) in each (area, topic) with a warning
    that is open, or was then."""
    table, open_ = tables.finding, tables.warning
    still = open_.c.lifted_at.is_(None)
    here = (open_.c.area == table.c.area) & (open_.c.topic == table.c.topic)
    here &= still if until is None else or_(still, open_.c.lifted_at > until)
    found = table.c.trial.is_(False)
    statement = (
        select(table.c.area, table.c.topic, func.max(table.c.at).label("at"))
        .join(open_, here).where(found if until is None else found & (table.c.at <= until))
        .group_by(table.c.area, table.c.topic)
    )  # fmt: skip
    return {(row.area, row.topic): row.at for row in tx.conn.execute(statement)}


def grades_found(tx: Tx, topic: str, since: datetime) -> list[tuple[str, str, datetime, Grade]]:
    """(rule, area, due at, grade) of the findings of a topic since a moment, on trial or not: what comparing
    rules takes, and no more."""
    table = tables.finding
    columns = (table.c.rule, table.c.area, table.c.at, table.c.grade)
    statement = select(*columns).where(table.c.topic == topic, table.c.at >= since).order_by(table.c.at)
    return [(row.rule, row.area, row.at, Grade(row.grade)) for row in tx.conn.execute(statement)]


def _found(tx: Tx, statement: Select[Any]) -> list[Finding]:
    return [
        Finding(
            rule=row.rule, rule_hash=row.rule_hash, area=row.area, topic=row.topic,
            domain=Domain(row.domain), cycle=row.cycle, period=row.period, at=row.at,
            grade=Grade(row.grade), trace=restore(Trace, row.trace), trial=row.trial,
        )
        for row in tx.conn.execute(statement)
    ]  # fmt: skip


def rules_behind(tx: Tx, since: datetime) -> dict[Cell, dict[str, datetime]]:
    """By (area, topic), the rules that found something since a moment, each with when it did last."""
    table = tables.finding
    statement = (
        select(table.c.area, table.c.topic, table.c.rule, func.max(table.c.at).label("at"))
        .where(table.c.at >= since, table.c.trial.is_(False))
        .group_by(table.c.area, table.c.topic, table.c.rule)
    )
    found: dict[Cell, dict[str, datetime]] = {}
    for row in tx.conn.execute(statement):
        found.setdefault((row.area, row.topic), {})[row.rule] = row.at
    return found


# --- scores ------------------------------------------------------------------------------------


def save_scores(tx: Tx, run: int, rows: Sequence[Score]) -> None:
    """Replace the whole map: an area and domain without a score has none any more."""
    tx.conn.execute(delete(tables.score))
    if rows:
        tx.conn.execute(
            insert(tables.score),
            [_columns(one) | {"run": run, "parts": canonical(one.parts)} for one in rows],
        )


def scores(tx: Tx) -> list[Score]:
    """Every score above zero, by area and domain."""
    statement = select(tables.score).order_by(tables.score.c.area, tables.score.c.domain)
    return [
        Score(area=row.area, domain=Domain(row.domain), value=row.value, parts=restore(_Parts, row.parts))
        for row in tx.conn.execute(statement)
    ]


# --- warnings and their changes ----------------------------------------------------------------


def warnings(
    tx: Tx, *, open_only: bool = False, lifted_since: datetime | None = None, area: str | None = None,
    topic: str | None = None,
) -> list[RiskWarning]:  # fmt: skip
    """Warnings by id: all, only the open ones, or the open ones and those lifted since a moment; of one area
    or topic, or of all."""
    table = tables.warning
    statement = select(table).order_by(table.c.id)
    if area is not None:
        statement = statement.where(table.c.area == area)
    if topic is not None:
        statement = statement.where(table.c.topic == topic)
    if open_only:
        statement = statement.where(table.c.lifted_at.is_(None))
    elif lifted_since is not None:
        statement = statement.where(or_(table.c.lifted_at.is_(None), table.c.lifted_at >= lifted_since))
    return [_warning(row) for row in tx.conn.execute(statement)]


def warning(tx: Tx, id_: str) -> RiskWarning | None:
    """The warning of this id, open or not."""
    row = tx.conn.execute(select(tables.warning).where(tables.warning.c.id == id_)).first()
    return _warning(row) if row else None


def latest(tx: Tx, steps: Collection[Step], since: datetime | None = None) -> dict[str, Change]:
    """The last of these steps of every warning that is open, or ended after `since`, by warning."""
    table, over = tables.change, tables.warning.c.lifted_at
    still = over.is_(None) if since is None else or_(over.is_(None), over >= since)
    statement = select(table).join(tables.warning, tables.warning.c.id == table.c.warning)
    statement = statement.where(still, table.c.step.in_(sorted(steps))).order_by(table.c.id)
    return {row.warning: _change(row) for row in tx.conn.execute(statement)}


def waiting(tx: Tx) -> list[RiskWarning]:
    """The open warnings with a proposal that waits."""
    table = tables.warning
    statement = select(table).where(table.c.lifted_at.is_(None), table.c.proposed.is_not(None))
    return [_warning(row) for row in tx.conn.execute(statement.order_by(table.c.id))]


def proposed(tx: Tx) -> dict[str, str]:
    """Why each proposal that waits was made, by the key of its change."""
    table, waits = tables.change, tables.warning
    statement = select(table.c.key, table.c.reason).join(waits, waits.c.proposal == table.c.key)
    return {row.key: row.reason for row in tx.conn.execute(statement)}


def save_warnings(tx: Tx, rows: Sequence[RiskWarning]) -> None:
    """Add these, or replace the state of those that are there."""
    upsert(tx, tables.warning, [_columns(one) | _packed(one) for one in rows])


def _packed(one: RiskWarning) -> dict[str, str]:
    """What is kept as text."""
    return {"rules": json.dumps(one.rules), "chance": canonical(one.chance) if one.chance else ""}


def _warning(row: Row[Any]) -> RiskWarning:
    return RiskWarning(
        id=row.id, area=row.area, topic=row.topic, domain=Domain(row.domain), grade=Grade(row.grade),
        score=row.score, confidence=Confidence(row.confidence), confidence_cause=row.confidence_cause,
        title_en=row.title_en, title_zh=row.title_zh, since=row.since, judged_at=row.judged_at,
        blind_since=row.blind_since, lifted_at=row.lifted_at, rules=tuple(json.loads(row.rules)),
        issuer=Issuer(row.issuer), proposed=None if row.proposed is None else Grade(row.proposed),
        proposed_at=row.proposed_at, proposal=row.proposal,
        chance=restore(Chance, row.chance) if row.chance else None,
    )  # fmt: skip


def add_changes(tx: Tx, run: int | None, rows: Sequence[Change]) -> None:
    """Record these for good; run: None where a person made them between runs."""
    if rows:
        tx.conn.execute(
            insert(tables.change), [_columns(one) | {"key": one.key, "run": run} for one in rows]
        )


def changes(tx: Tx, warning: str | None = None, since: datetime | None = None) -> list[Change]:
    """The steps of one warning's life, or of all, in the order in which they were recorded."""
    table = tables.change
    statement = select(table).order_by(table.c.id)
    if warning is not None:
        statement = statement.where(table.c.warning == warning)
    if since is not None:
        statement = statement.where(table.c.at >= since)
    return [_change(row) for row in tx.conn.execute(statement)]


def heard(tx: Tx, since: datetime, until: datetime) -> list[Change]:
    """The steps that became known from `since` to `until`, in the order in which they were recorded: what is
    judged late is dated earlier than anybody could hear of it."""
    table, run = tables.change, tables.cycle_run
    known = func.coalesce(run.c.finished_at, table.c.at)
    joined = select(table).join(run, run.c.id == table.c.run, isouter=True)
    statement = joined.where(known.between(since, until)).order_by(table.c.id)
    return [_change(row) for row in tx.conn.execute(statement)]


def lives(tx: Tx, warnings: Collection[str]) -> dict[str, list[str]]:
    """The keys of the changes of each of these warnings, in the order in which they were recorded."""
    table = tables.change
    of = select(table.c.warning, table.c.key).where(table.c.warning.in_(among(tx, sorted(warnings))))
    found: dict[str, list[str]] = {}
    for row in tx.conn.execute(of.order_by(table.c.id)):
        found.setdefault(row.warning, []).append(row.key)
    return found


def _change(row: Row[Any]) -> Change:
    return Change(
        warning=row.warning, step=Step(row.step), at=row.at, before=Grade(row.before),
        after=Grade(row.after), reason=row.reason, by=row.by, issuer=Issuer(row.issuer),
    )  # fmt: skip


def _columns(one: Any) -> dict[str, Any]:
    """A dataclass's fields as they are; the caller replaces those that no column holds so."""
    return {field.name: getattr(one, field.name) for field in fields(one)}
