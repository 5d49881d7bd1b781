"""The desk of those who act: plans under way, as they follow from what is stored; and what is done there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial

from engine.cycle import beginning, dispatch, publish, roster
from engine.cycle.acting import after
from engine.cycle.settings import Settings
from engine.cycle.world import World
from engine.duty.response import History, refused, responses
from engine.duty.said import said, unsaid
from engine.duty.task import refused as task_refused
from engine.duty.task import tasks as asked
from engine.duty.territory import responsible
from engine.errors import ActRefused
from engine.model.act import Act, ActKind
from engine.model.message import Notification, Receiver
from engine.model.response import Response
from engine.model.task import Task
from engine.model.warning import RiskWarning
from engine.notify.errand import PREFIX as TASKS
from engine.notify.errand import errands
from engine.notify.muster import PREFIX as PLANS
from engine.notify.muster import musters
from engine.notify.reference import Reference
from engine.store import acts, demands, judgement, outbox
from engine.store import responses as record
from engine.store.database import Tx

#: What ended longer ago is history: nobody at the desk has anything to do about it.
BEHIND = timedelta(days=180)
#: Acts about plans, their steps, and tasks.
KINDS = (
    ActKind.PLAN_START, ActKind.STAND_DOWN, ActKind.STEP_DONE, ActKind.STEP_FAILED, ActKind.TASK_ACCEPT,
    ActKind.TASK_DONE, ActKind.TASK_DECLINE, ActKind.TASK_FEEDBACK,
)  # fmt: skip
#: So far ahead of the clock acts of one second are dated at most.
AHEAD = timedelta(seconds=5)


def now(world: World, tx: Tx) -> datetime:
    """Now, as whoever acts sees it: what is done in the second of what it answers is dated after it."""
    clock = world.clock()
    return max(clock, acts.latest(tx, clock + AHEAD) or clock)


def history(tx: Tx, at: datetime) -> History:
    """What happened lately: open warnings and those that ended since, their changes, what people did."""
    since = at - BEHIND
    warnings = {one.id: one for one in judgement.warnings(tx, lifted_since=since)}
    begun = record.at_hand(tx, since, warnings)
    warnings |= _behind(tx, {one.warning for one in begun} - {"", *warnings})
    first = min((one.since for one in warnings.values()), default=at)
    changes = [one for one in judgement.changes(tx, since=first) if one.warning in warnings]
    return History(changes, warnings, acts.every(tx, KINDS), begun, demands.of(tx, warnings))


def _behind(tx: Tx, ids: Set[str]) -> dict[str, RiskWarning]:
    """The warnings of plans that are under way longer than their warnings were."""
    found = [judgement.warning(tx, id_) for id_ in sorted(ids)]
    return {one.id: one for one in found if one is not None}


def under_way(tx: Tx, at: datetime, past: History | None = None) -> list[Response]:
    """The plans proposed or started, drills among them, the earliest first. past: where it is read
    already."""
    return responses(past or history(tx, at), at)


def tasks(
    world: World, tx: Tx, at: datetime, past: History | None = None, plans: Sequence[Response] | None = None
) -> list[Task]:
    """What is asked of whom, drills among it, the earliest due first. past, plans: where they are read
    already."""
    known = past or history(tx, at)
    plans = under_way(tx, at, known) if plans is None else plans
    return asked(known, plans, cache(partial(_responsible, world.settings)), at)


def _responsible(settings: Settings, department: str, area: str) -> tuple[str, ...]:
    lineage = settings.tree.lineage(area) if area in settings.tree else (area,)
    return responsible(department, lineage, settings.receivers.values())


def answer(world: World, wish: Act) -> Act:
    """Record what somebody says of a task; raises ActRefused where they may not."""
    with world.store.lasting() as tx:
        tx.seq()  # whoever acts takes turns, and sees what the one before has done
        act = dated(world, tx, wish)
        task = next((one for one in tasks(world, tx, act.at) if one.id == act.target), None)
        why = unsaid(act) or task_refused(act, task)
        if why or task is None:
            raise ActRefused(why)
        return recorded(tx, replace(act, area=task.area, topic=task.topic, warning=task.warning))


def tell(world: World, tx: Tx, now: datetime) -> int:
    """Plan what departments are told of their tasks, and those who command of their plans; how many
    messages are new."""
    settings = world.settings
    if not any(one.department for one in settings.receivers.values()) and not record.any_(tx):
        return 0
    past = history(tx, now)
    present, looked_up = publish.spoken(roster.present(world, tx)), dispatch.reference(world)
    plans = under_way(tx, now, past)
    asked_ = errands(tasks(world, tx, now, past, plans), present, looked_up, now, _told(tx, TASKS))
    return outbox.enqueue(tx, [*asked_, *_musters(world, tx, plans, present, looked_up, now)])


def _musters(
    world: World, tx: Tx, plans: Sequence[Response], present: Mapping[str, Receiver], looked_up: Reference,
    now: datetime,
) -> Iterator[Notification]:  # fmt: skip
    """Those who fill a seat in the command, and whoever heard of the warning."""
    open_ = [one for one in plans if one.open]
    heard = outbox.heard(tx, [one.warning for one in open_ if one.warning]) if open_ else {}
    told = _told(tx, PLANS) if open_ else frozenset()
    for one in open_:
        seats = {
            id_ for role in one.plan.roles for id_ in _responsible(world.settings, role.department, one.area)
        }
        yield from musters(one, seats | heard.get(one.warning, set()), present, looked_up, now, told)


def _told(tx: Tx, prefix: str) -> Set[str]:
    """The beginnings of the keys of what was told, without the channel."""
    return {key.removesuffix(channel) for key, channel in outbox.keys(tx, prefix)}


def do(world: World, wish: Act) -> Act:
    """Record an act on a plan or one of its steps; raises ActRefused where it may not be done."""
    with world.store.lasting() as tx:
        tx.seq()  # whoever acts takes turns, and sees what the one before has done
        act = dated(world, tx, wish)
        found = {one.id: one for one in under_way(tx, act.at)}
        why = unsaid(act) or refused(act, found, world.settings.plans)
        if why:
            raise ActRefused(why)
        done = recorded(tx, _placed(act, found))
        if done.kind is ActKind.PLAN_START and done.target not in found:
            beginning.start(world, tx, done)
        return done


def dated(world: World, tx: Tx, wish: Act) -> Act:
    """As it is kept, with its moment: the clock's, and after whatever was done about the same before."""
    now = world.clock().astimezone(UTC).replace(microsecond=0)
    lately = acts.every(tx, KINDS, since=now)
    return replace(said(wish), at=after(now, (one.at for one in lately if _same(one.target, wish.target))))


def _same(one: str, other: str) -> bool:
    """Whether two acts are about the same plan or task, or one about a step of the other's plan."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def recorded(tx: Tx, act: Act) -> Act:
    act = act.named()
    acts.add(tx, [act])
    return act


def _placed(act: Act, found: Mapping[str, Response]) -> Act:
    """With the place and the warning of the plan that it is about."""
    for one in found.values():
        if act.target == one.id or act.target.startswith(f"{one.id}/"):
            return replace(act, area=one.area, topic=one.topic, warning=one.warning)
    return act
