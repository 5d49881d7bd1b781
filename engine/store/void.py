"""Taking back what a clock that was ahead brought about: it is kept aside, and counts no more.

A run is void with all that it wrote, as if it had not been; what stood before it stands again. Messages that
were sent stay recorded as sent: judged when it is due, the same change has the same keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, tuple_, update

from engine.model.grade import Grade
from engine.model.run import RunState
from engine.store import aside, judgement, meta, reports, runs, tables
from engine.store.aside import Aside
from engine.store.canonical import canonical
from engine.store.database import Tx

#: No pause before another attempt and no lease is as long: what lasts longer was given by another clock.
_LONGEST = timedelta(days=1)
_BEAT = "heartbeat/"


@dataclass(frozen=True)
class Void:
    """What was taken back: runs, feeds whose polls were, and processes whose heartbeats were."""

    runs: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.runs or self.feeds or self.owners)

    def __str__(self) -> str:
        parts = [("runs", self.runs), ("polls of", self.feeds), ("heartbeats of", self.owners)]
        return "; ".join(f"{what} {_some(names)}" for what, names in parts if names)


def _some(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if names[most:] else ""
    return ", ".join(names[:most]) + more


def take_back(tx: Tx, after: datetime, now: datetime) -> Void:
    """Make void what is dated later than `after`; what it was is kept aside."""
    found = Void(_runs(tx, after, now), _polls(tx, after, now), _beats(tx, after))
    if found:
        reports.void(tx, after)
        _unbind(tx, now)
    return found


def _runs(tx: Tx, after: datetime, now: datetime) -> tuple[str, ...]:
    run = tables.cycle_run
    void = tx.conn.execute(select(run).where(run.c.due_at > after).order_by(run.c.due_at)).all()
    ids = [row.id for row in void]
    if not ids:
        return ()
    for row in void:
        mine = select(tables.change.c.key).where(tables.change.c.run == row.id).order_by(tables.change.c.id)
        changes = list(tx.conn.execute(mine).scalars())
        content = {"findings": judgement.findings(tx, run=row.id), "changes": changes}
        aside.keep(tx, Aside(
            kind=aside.VOID, name=f"{row.cycle} {row.period}", cycle=row.cycle, period=row.period,
            due_at=row.due_at, at=now, rules_hash=row.rules_hash, config_hash=row.config_hash,
            detail="judged before it was due, by a clock that was ahead", content=canonical(content),
        ))  # fmt: skip
    touched = set(
        tx.conn.execute(select(tables.change.c.warning).where(tables.change.c.run.in_(ids))).scalars()
    )
    _standing(tx, ids)
    called = select(tables.change.c.key).where(tables.change.c.run.in_(ids))
    tx.conn.execute(delete(tables.response).where(tables.response.c.change.in_(called)))
    for table in (tables.finding, tables.change, tables.demand, tables.score, tables.score_day):
        tx.conn.execute(delete(table).where(table.c.run.in_(ids)))
    tx.conn.execute(delete(run).where(run.c.id.in_(ids)))
    for warning in sorted(touched):
        _warning(tx, warning)
    _dated(tx, now)
    return tuple(f"{row.cycle} {row.period}" for row in void)


def _standing(tx: Tx, ids: Sequence[int]) -> None:
    """What stood before stands again."""
    table = tables.standing
    of = table.c.run.in_(ids)
    cells = {tuple(row) for row in tx.conn.execute(select(table.c.rule, table.c.area).where(of))}
    tx.conn.execute(delete(table).where(of))
    for cell in sorted(cells):
        mine = tuple_(table.c.rule, table.c.area) == cell
        last = select(func.max(table.c.since_seq)).where(mine).scalar_subquery()
        tx.conn.execute(update(table).where(mine, table.c.since_seq == last).values(until_seq=None))


def _warning(tx: Tx, id_: str) -> None:
    """A warning as its remaining changes left it; one that has none never was."""
    table, change = tables.warning, tables.change
    latest = select(change).where(change.c.warning == id_).order_by(change.c.id.desc()).limit(1)
    last = tx.conn.execute(latest).one_or_none()
    if last is None:
        tx.conn.execute(delete(table).where(table.c.id == id_))
        return
    lifted = last.at if last.after == Grade.NONE else None
    tx.conn.execute(update(table).where(table.c.id == id_).values(grade=last.after, lifted_at=lifted))


def _dated(tx: Tx, now: datetime) -> None:
    """The next run writes every open warning anew; until then none is of a moment that is still to come."""
    table, last = tables.warning, runs.last_due(tx)
    judged = table.c.judged_at > now
    tx.conn.execute(update(table).where(judged).values(judged_at=last or table.c.since))
    tx.conn.execute(update(table).where(table.c.blind_since > now).values(blind_since=None))


def _polls(tx: Tx, after: datetime, now: datetime) -> tuple[str, ...]:
    """Nobody listened then. What was read is read again, and known from when it is: an archive's own polls
    are its own."""
    table = tables.feed_poll
    ahead = (table.c.at > after) & ~table.c.archive
    feeds = sorted(set(tx.conn.execute(select(table.c.feed).where(ahead)).scalars()))
    for feed in feeds:
        mine = select(table.c.at).where(ahead, table.c.feed == feed).order_by(table.c.at)
        at = list(tx.conn.execute(mine).scalars())
        aside.keep(tx, Aside(
            kind=aside.VOID, name=f"polls of {feed}", due_at=at[-1], at=now,
            detail="asked by a clock that was ahead", content=canonical(at),
        ))  # fmt: skip
        tx.conn.execute(delete(tables.feed_cursor).where(tables.feed_cursor.c.feed == feed))
    tx.conn.execute(delete(table).where(ahead))
    return tuple(feeds)


def _beats(tx: Tx, after: datetime) -> tuple[str, ...]:
    ahead = [key for key, at in meta.like(tx, _BEAT).items() if datetime.fromisoformat(at) > after]
    for key in ahead:
        meta.drop(tx, key)
    return tuple(key.removeprefix(_BEAT) for key in ahead)


def _unbind(tx: Tx, now: datetime) -> None:
    """Let go of leases and pauses that the other clock gave."""
    run, note, far = tables.cycle_run, tables.notification, now + _LONGEST
    held = (run.c.state == RunState.CLAIMED) & (run.c.lease_until > far)
    tx.conn.execute(update(run).where(held).values(lease_until=now))
    tx.conn.execute(update(run).where(run.c.next_at > far).values(next_at=None))
    tx.conn.execute(update(note).where(note.c.lease_until > far).values(lease_until=None, owner=""))
    tx.conn.execute(update(note).where(note.c.next_at > far).values(next_at=now))
