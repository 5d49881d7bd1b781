"""The ledger of runs: which period was judged, by whom, and who may judge it now.

A period is claimed by inserting its row, or by taking over one that is not done and whose lease has
lapsed. Every claim raises the row's fence; whoever holds an older fence finds, in the transaction that
would commit its judgement, that it may not.

A moment is judged as soon as something becomes known in it, and looked at again when more does: the row then
keeps what each look could see (`looks`), so that each can be told again as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update

from engine.errors import LeaseLost
from engine.model.period import Cycle, Period
from engine.model.run import PATIENCE, Claim, Patience, Run, RunState
from engine.model.text import numbered
from engine.store.database import Tx
from engine.store.tables import cycle_run
from engine.store.write import insert_new

_SHOWN = tuple(
    cycle_run.c[name] for name in (
        "id", "cycle", "period", "due_at", "attempt", "owner", "started_at", "finished_at", "late",
        "degraded", "disputed", "seq", "rules_hash", "config_hash", "findings", "changes", "detail", "kills",
        "next_at",
    )
)  # fmt: skip


def claim(
    tx: Tx, period: Period, owner: str, now: datetime, lease: timedelta, patience: Patience = PATIENCE
) -> Claim | None:
    """The right to judge `period` until `now + lease`; None where it is done, another process is at it, or
    it rests (`resting`) because those who were at it ended without a word too often."""
    mine = {"state": RunState.CLAIMED, "owner": owner, "started_at": now, "lease_until": now + lease}
    fresh = _fresh(period) | mine | {"tried_since": now}
    taken = insert_new(tx, cycle_run, [fresh], "cycle", "period_start") or _take_over(
        tx, period, mine, now, patience
    )
    if not taken:
        return None
    row = tx.conn.execute(select(cycle_run).where(_of(period))).one()
    return Claim(
        run=row.id, period=replace(period, look=len(_looks(row.looks))), owner=owner, fence=row.fence,
        attempt=row.attempt, lease_until=now + lease,
    )  # fmt: skip


def _take_over(tx: Tx, period: Period, mine: Mapping[str, Any], now: datetime, patience: Patience) -> int:
    """Whether the run was free and is ours now. A claim that lapsed means that its holder was killed."""
    row = tx.conn.execute(select(cycle_run).where(_of(period))).one()
    if row.state == RunState.DONE:
        return _look_again(tx, period, mine, row)
    kills = row.kills + (row.state == RunState.CLAIMED)
    values: dict[str, Any] = {"fence": row.fence + 1, "kills": kills}
    worn = kills > row.kills and row.attempt >= patience.quick
    if worn:
        times = numbered(kills, "time")
        detail = f"the process that judged it was killed, {times} in all: see its log, and its memory"
        rest = _resting(row.attempt, row.tried_since or now, now, patience)
        values |= {"state": RunState.FAILED, "detail": detail, **rest}
    else:
        values |= {**mine, "attempt": row.attempt + 1, "next_at": None, "detail": ""}
    free = and_(
        _of(period), cycle_run.c.fence == row.fence, cycle_run.c.state != RunState.DONE,
        cycle_run.c.lease_until <= now, cycle_run.c.given_up.is_(False), _awake(now),
    )  # fmt: skip
    changed = tx.conn.execute(update(cycle_run).where(free).values(**values)).rowcount
    return 0 if worn else changed


def _look_again(tx: Tx, period: Period, mine: Mapping[str, Any], row: Row[Any]) -> int:
    """Whether what was judged is ours to look at once more."""
    before = [*_looks(row.looks), row.seq]
    if len(before) != period.look:
        return 0
    again = {
        **mine, "attempt": 1, "kills": 0, "tried_since": mine["started_at"], "next_at": None, "detail": "",
        "fence": row.fence + 1, "looks": ",".join(map(str, before)),
    }  # fmt: skip
    free = and_(_of(period), cycle_run.c.fence == row.fence, cycle_run.c.state == RunState.DONE)
    return tx.conn.execute(update(cycle_run).where(free).values(**again)).rowcount


def _looks(kept: str) -> list[int]:
    """What each look before could see."""
    return [int(seq) for seq in kept.split(",") if seq]


def _resting(attempt: int, since: datetime, now: datetime, patience: Patience) -> dict[str, Any]:
    if attempt < patience.quick:
        return {}
    until = patience.rest(attempt, since, now)
    return {"next_at": until, "given_up": until is None}


def _awake(now: datetime) -> ColumnElement[bool]:
    return or_(cycle_run.c.next_at.is_(None), cycle_run.c.next_at <= now)


def _fresh(period: Period) -> dict[str, Any]:
    return {
        "cycle": period.cycle, "period": replace(period, look=0).key, "period_start": period.start,
        "period_end": period.end, "due_at": period.due_at, "attempt": 1, "fence": 1, "given_up": False,
        "late": False, "degraded": False, "disputed": False, "seq": 0, "rules_hash": "", "config_hash": "",
        "chances_hash": "", "findings": 0, "changes": 0, "detail": "", "looks": "",
    }  # fmt: skip


def extend(tx: Tx, claim: Claim, now: datetime, lease: timedelta) -> Claim:
    """The same claim with its lease running until `now + lease`; LeaseLost if it was taken over."""
    _update(tx, claim, now, lease_until=now + lease)
    return replace(claim, lease_until=now + lease)


def guard(tx: Tx, claim: Claim, now: datetime) -> None:
    """Call first in the transaction that commits a judgement: LeaseLost if the run was taken over.

    It locks the run's row, so nobody can take it over before this transaction ends.
    """
    _update(tx, claim, now, fence=claim.fence)


def finish(
    tx: Tx, claim: Claim, *, now: datetime, late: bool = False, degraded: str = "",
    disputed: Sequence[str] = (), rules_hash: str = "", config_hash: str = "", chances_hash: str = "",
    findings: int = 0, changes: int = 0, detail: str = "", seq: int | None = None,
) -> None:  # fmt: skip
    """Mark the run done; LeaseLost if it was taken over.

    degraded: why the inference process failed; disputed: the rules on which the evaluators differ;
    both are kept in the run's detail. seq: `Tx.horizon()` of the transaction that read what was
    judged; this one's where none is given.
    """
    said = [detail, degraded and f"degraded: {degraded}", disputed and f"disputed: {', '.join(disputed)}"]
    _update(
        tx, claim, now, state=RunState.DONE, finished_at=now, lease_until=now, late=late,
        degraded=bool(degraded), disputed=bool(disputed), rules_hash=rules_hash, config_hash=config_hash,
        chances_hash=chances_hash, findings=cycle_run.c.findings + findings,
        changes=cycle_run.c.changes + changes,
        detail="; ".join(str(part) for part in said if part), seq=tx.seq() if seq is None else seq,
    )  # fmt: skip


def fail(tx: Tx, claim: Claim, now: datetime, detail: str, patience: Patience = PATIENCE) -> None:
    """Mark the attempt failed with its reason; the period may be claimed again at once, or rests."""
    since = tx.conn.execute(select(cycle_run.c.tried_since).where(cycle_run.c.id == claim.run)).scalar_one()
    rest = _resting(claim.attempt, since or now, now, patience)
    _update(tx, claim, now, state=RunState.FAILED, finished_at=now, lease_until=now, detail=detail, **rest)


def reopen(tx: Tx, period: Period, now: datetime) -> None:
    """Let a period that rests or was set aside be tried at once, as if for the first time."""
    not_done = and_(_of(period), cycle_run.c.state == RunState.FAILED)
    fresh = {"given_up": False, "next_at": None, "tried_since": now, "attempt": 0}
    tx.conn.execute(update(cycle_run).where(not_done).values(**fresh))


def _update(tx: Tx, claim: Claim, now: datetime, **values: Any) -> None:
    held = and_(
        cycle_run.c.id == claim.run, cycle_run.c.fence == claim.fence,
        cycle_run.c.state == RunState.CLAIMED,
    )  # fmt: skip
    if tx.conn.execute(update(cycle_run).where(held).values(**values)).rowcount:
        return
    row = tx.conn.execute(select(cycle_run).where(cycle_run.c.id == claim.run)).one_or_none()
    if row is None:
        raise LeaseLost(f"the run of {claim.period.key} was judged by a clock that was ahead, and is void")
    raise LeaseLost(
        f"the {row.cycle} run of {row.period} is no longer {claim.owner}'s at {now.isoformat()}: it is"
        f" {row.state}, attempt {row.attempt} by {row.owner}; nothing of this attempt was written"
    )


def is_done(tx: Tx, period: Period) -> bool:
    row = tx.conn.execute(select(cycle_run.c.state, cycle_run.c.looks).where(_of(period))).one_or_none()
    return row is not None and row.state == RunState.DONE and len(_looks(row.looks)) >= period.look


def find(tx: Tx, period: Period) -> Run | None:
    """The run of a period, however far it is."""
    row = tx.conn.execute(select(cycle_run.c.state, *_SHOWN).where(_of(period))).one_or_none()
    return _run(row) if row is not None else None


def given_up(tx: Tx, period: Period) -> bool:
    """Whether the period was tried in vain for so long that it waits for a person."""
    return bool(tx.conn.execute(select(cycle_run.c.given_up).where(_of(period))).scalar_one_or_none())


def overtaken(tx: Tx, period: Period) -> bool:
    """Whether a later period of the same cycle has been judged: what it found stands."""
    later = and_(cycle_run.c.cycle == period.cycle, cycle_run.c.due_at > period.due_at)
    done = select(cycle_run.c.id).where(later, cycle_run.c.state == RunState.DONE).limit(1)
    return tx.conn.execute(done).first() is not None


def resting(tx: Tx, cycle: Cycle, now: datetime) -> set[datetime]:
    """The starts of the periods of `cycle` that failed and are tried again later."""
    rests = and_(cycle_run.c.cycle == cycle, cycle_run.c.state == RunState.FAILED, cycle_run.c.next_at > now)
    return set(tx.conn.execute(select(cycle_run.c.period_start).where(rests)).scalars())


def ended(tx: Tx, cycle: Cycle, since: datetime) -> set[datetime]:
    """The starts of the periods of `cycle`, due after `since`, that are done or set aside."""
    over = or_(cycle_run.c.state == RunState.DONE, cycle_run.c.given_up)
    statement = select(cycle_run.c.period_start).where(
        cycle_run.c.cycle == cycle, over, cycle_run.c.due_at > since
    )
    return set(tx.conn.execute(statement).scalars())


def looked(tx: Tx, since: datetime) -> dict[datetime, tuple[int, float]]:
    """By the moments since one, of those that were judged: how often, and what the last look could see; what
    was set aside is not looked at again."""
    over = or_(cycle_run.c.state == RunState.DONE, cycle_run.c.given_up)
    statement = select(
        cycle_run.c.period_start, cycle_run.c.looks, cycle_run.c.seq, cycle_run.c.given_up
    ).where(cycle_run.c.cycle == Cycle.IMMEDIATE, over, cycle_run.c.period_start >= since)
    return {
        row.period_start: (len(_looks(row.looks)) + 1, inf if row.given_up else row.seq)
        for row in tx.conn.execute(statement)
    }  # fmt: skip


def last_due(tx: Tx) -> datetime | None:
    """When the latest run that is done was due; None before the first."""
    latest = select(func.max(cycle_run.c.due_at)).where(cycle_run.c.state == RunState.DONE)
    moment: datetime | None = tx.conn.execute(latest).scalar_one()
    return moment


def last_run(tx: Tx) -> int | None:
    """The run that is done and was due last."""
    done = select(cycle_run.c.id).where(cycle_run.c.state == RunState.DONE)
    latest = done.order_by(cycle_run.c.due_at.desc(), cycle_run.c.id.desc()).limit(1)
    return tx.conn.execute(latest).scalar_one_or_none()


def rules_at(tx: Tx, at: datetime) -> str:
    """The hash of the rules by which the last run due by a moment judged; empty where none has."""
    statement = select(cycle_run.c.rules_hash).where(
        cycle_run.c.state == RunState.DONE, cycle_run.c.due_at <= at
    )
    found = tx.conn.execute(statement.order_by(cycle_run.c.due_at.desc()).limit(1)).scalar_one_or_none()
    return str(found or "")


def learned(tx: Tx, before: datetime) -> str:
    """The hash of the chances in force at a moment: those of the last monthly run due before it; empty
    where none has learned any."""
    statement = select(cycle_run.c.chances_hash).where(
        cycle_run.c.cycle == Cycle.MONTHLY, cycle_run.c.state == RunState.DONE, cycle_run.c.due_at < before
    )
    found = tx.conn.execute(statement.order_by(cycle_run.c.due_at.desc()).limit(1)).scalar_one_or_none()
    return str(found or "")


def seq_of(tx: Tx, cycle: Cycle, period: str) -> int | None:
    """What the run of a period (by its key) could see; None where it is not done."""
    key, _, look = period.partition("~")
    begun = or_(cycle_run.c.state == RunState.DONE, cycle_run.c.looks != "")
    statement = select(cycle_run.c.seq, cycle_run.c.looks, cycle_run.c.state).where(
        cycle_run.c.cycle == cycle, cycle_run.c.period == key, begun
    )
    # Two immediate periods in the hour that summer time repeats can share a key: the later one.
    row = tx.conn.execute(statement.order_by(cycle_run.c.due_at.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    seen = [*_looks(row.looks), *([row.seq] if row.state == RunState.DONE else [])]
    return seen[int(look or 0)] if int(look or 0) < len(seen) else None


def claimants(tx: Tx) -> set[str]:
    """Who holds a claim that is not finished."""
    statement = select(cycle_run.c.owner).where(cycle_run.c.state == RunState.CLAIMED).distinct()
    return set(tx.conn.execute(statement).scalars())


def release(tx: Tx, owner: str, now: datetime) -> None:
    """Let go of the claims of a process that is known to have died, before their leases lapse."""
    held = and_(cycle_run.c.owner == owner, cycle_run.c.state == RunState.CLAIMED)
    tx.conn.execute(update(cycle_run).where(held).values(lease_until=now))


def count(tx: Tx) -> int:
    """How many runs there were."""
    return tx.conn.execute(select(func.count()).select_from(cycle_run)).scalar_one()


def listing(tx: Tx, limit: int = 20) -> list[Run]:
    """The latest runs by the moment they were due, newest first."""
    statement = select(cycle_run.c.state, *_SHOWN).order_by(cycle_run.c.due_at.desc(), cycle_run.c.id.desc())
    return [_run(row) for row in tx.conn.execute(statement.limit(limit))]


def judged(tx: Tx, since: datetime) -> dict[str, tuple[datetime, datetime]]:
    """By a run's key (`daily/2026-03-07`), of those due since a moment: when it was due and when judged."""
    done = cycle_run.c.state == RunState.DONE
    statement = select(*_SHOWN, cycle_run.c.looks).where(done, cycle_run.c.due_at >= since)
    return {
        f"{row.cycle}/{row.period}{f'~{look}' if look else ''}": (row.due_at, row.finished_at)
        for row in tx.conn.execute(statement) if row.finished_at is not None
        for look in range(len(_looks(row.looks)) + 1)
    }  # fmt: skip


def spans(tx: Tx) -> dict[str, tuple[datetime, datetime]]:
    """Of every rulebook, by its hash, the first and the last moment at which a run that it judged was due."""
    due = (func.min(cycle_run.c.due_at), func.max(cycle_run.c.due_at))
    judged = cycle_run.c.state == RunState.DONE
    statement = select(cycle_run.c.rules_hash, *due).where(judged).group_by(cycle_run.c.rules_hash)
    return {hash_: (first, last) for hash_, first, last in tx.conn.execute(statement)}


def failed(tx: Tx, since: datetime) -> list[Run]:
    """Runs due since a moment whose last attempt failed, newest first."""
    statement = select(cycle_run.c.state, *_SHOWN).order_by(cycle_run.c.due_at.desc(), cycle_run.c.id.desc())
    fell = statement.where(cycle_run.c.state == RunState.FAILED, cycle_run.c.due_at >= since)
    return [_run(row) for row in tx.conn.execute(fell)]


def _run(row: Row[Any]) -> Run:
    shown = row._asdict()
    return Run(**shown | {"state": RunState(row.state)})


def _of(period: Period) -> ColumnElement[bool]:
    return and_(cycle_run.c.cycle == period.cycle, cycle_run.c.period_start == period.start)
