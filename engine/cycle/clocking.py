"""The clock of every step, from what is stored; at each tick, who supervises is told what stays overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine.cycle import desk, publish, roster
from engine.cycle.world import World
from engine.duty.clock import Limits, Record, Told, laps
from engine.duty.response import History
from engine.model.act import ActKind
from engine.model.grade import RUNGS
from engine.model.lap import Beat, Lap, LapState
from engine.model.task import Task
from engine.notify.supervision import supervision
from engine.store import acts, outbox, runs
from engine.store.database import Tx

#: What is told: a step that has been late for longer than this is history, and stands in the scorecard.
NEWS = timedelta(days=7)
_KINDS = (ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE, ActKind.VERDICT, ActKind.CLOSE)


def found(world: World, tx: Tx, at: datetime) -> list[Lap]:
    """Every lap of the warnings and tasks at the desk, the earliest due first."""
    return laps(record(world, tx, at), world.settings.duty.limits, world.settings.receivers)


def unread(
    world: World, tx: Tx, at: datetime, past: History | None = None, tasks: Sequence[Task] | None = None
) -> list[Lap]:
    """The rises at which warnings stand that a receiver was told of and that no acknowledgement answers, as
    long as one lasts. past, tasks: where they are read already."""
    at_once = Limits({Beat.READ: dict.fromkeys(RUNGS, timedelta(0))})
    stored = record(world, tx, at, past, tasks)
    since = at - world.settings.duty.answers.lasts
    lasting = [one for one in stored.acts if one.kind is not ActKind.ACKNOWLEDGE or one.at > since]
    every = laps(replace(stored, acts=lasting), at_once, world.settings.receivers)
    return [lap for lap in every if lap.beat is Beat.READ and lap.ended is None and lap.over is None]


def record(
    world: World, tx: Tx, at: datetime, past: History | None = None, tasks: Sequence[Task] | None = None
) -> Record:
    """What the clocks run on."""
    then = past or desk.history(tx, at)
    tasks = desk.tasks(world, tx, at, then) if tasks is None else tasks
    first = min((one.since for one in then.warnings.values()), default=at)
    done = acts.every(tx, _KINDS, since=first)
    return Record(
        changes=then.changes, warnings=then.warnings, tasks=tasks,
        acts=done if past is None else [one for one in done if one.at <= at],
        runs=runs.judged(tx, first), told=[Told(*row) for row in outbox.first_messages(tx, first)],
    )  # fmt: skip


def supervise(world: World, tx: Tx, now: datetime) -> int:
    """Plan what supervision is told; how many messages are new."""
    watch = world.settings.duty.supervision
    if watch is None:
        return 0
    late = [
        lap for lap in found(world, tx, now)
        if lap.state(now) is LapState.OVERDUE and lap.grade >= watch.grade
        and watch.after <= now - lap.due <= watch.after + NEWS
    ]  # fmt: skip
    present = publish.spoken(roster.present(world, tx)) if late else {}
    told = [present[id_] for id_ in watch.receivers if id_ in present]
    zone = world.settings.calendar.zone
    return outbox.enqueue(tx, list(supervision(late, told, present, zone, now)))
