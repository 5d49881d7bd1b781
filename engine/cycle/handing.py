"""The hand-over at the end of a shift, from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.cycle import clocking, desk, hearing, roster
from engine.cycle.world import World
from engine.duty import rota
from engine.model.act import Act, ActKind
from engine.model.handover import Handover
from engine.model.response import EXERCISE
from engine.model.rota import Rota, Stretch
from engine.model.task import TaskState
from engine.notify.audience import SILENCES
from engine.store import acts, judgement
from engine.store.database import Tx


def shift(tx: Tx, one: Rota, at: datetime) -> Stretch:
    """The stretch of duty of a rota that holds a moment."""
    return rota.current(one, at, roster.planned(tx, one, at - roster.BEHIND, at + roster.BEHIND))


def note(world: World, tx: Tx, begins: datetime, ends: datetime, whose: Rota | None = None) -> Handover:
    """What one passes to the next; `begins`: since when what happened is told. Drills are left out."""
    past = desk.history(tx, ends)
    plans = desk.under_way(tx, ends, past)
    tasks = desk.tasks(world, tx, ends, past, plans)
    open_ = sorted(judgement.warnings(tx, open_only=True), key=lambda one: (-one.grade, one.since, one.id))
    return Handover(
        begins=begins, ends=ends, rota=whose.id if whose else "",
        team=shift(tx, whose, begins).team if whose else (),
        open=[one for one in open_ if one.issued], waiting=[one for one in open_ if one.proposed is not None],
        unanswered=clocking.unread(world, tx, ends, tasks=tasks),
        overdue=[one for one in tasks if one.state is TaskState.OVERDUE and not one.exercise],
        plans=[one for one in plans if one.open and not one.exercise],
        blind=_blind(world, tx),
        changes=judgement.heard(tx, begins, ends),
        acts=[
            one for one in acts.every(tx, since=begins)
            if one.at <= ends and not one.target.startswith(EXERCISE) and not one.warning.startswith(EXERCISE)
        ],
        silences=_silences(tx, ends),
    )  # fmt: skip


def _blind(world: World, tx: Tx) -> Sequence[tuple[str, str, str]]:
    heard = {feed.id: hearing.of(world, tx, feed) for feed in world.settings.feeds.values()}
    return [(id_, one.state, one.detail) for id_, one in heard.items() if one.state != "ok"]


def _silences(tx: Tx, at: datetime) -> list[Act]:
    return [one for one in acts.in_force(tx, at, SILENCES) if one.kind is ActKind.SILENCE]
