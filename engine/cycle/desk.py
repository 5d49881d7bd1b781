"""The desk of those who act: plans under way, as they follow from what is stored; and what is done there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from engine.cycle.world import World
from engine.duty.response import History, refused, responses
from engine.errors import ActRefused
from engine.model.act import Act, ActKind
from engine.model.plan import Plan
from engine.model.response import Response
from engine.model.rule import Rule
from engine.model.warning import RiskWarning
from engine.store import acts, judgement
from engine.store.database import Tx

#: What ended longer ago is history: nobody at the desk has anything to do about it.
BEHIND = timedelta(days=180)
#: Acts about plans, their steps, and tasks.
KINDS = (
    ActKind.PLAN_START, ActKind.STAND_DOWN, ActKind.STEP_DONE, ActKind.STEP_FAILED, ActKind.TASK_ACCEPT,
    ActKind.TASK_DONE, ActKind.TASK_DECLINE, ActKind.TASK_FEEDBACK,
)  # fmt: skip


def history(tx: Tx, at: datetime) -> History:
    """What happened lately: open warnings and those that ended since, their changes, what people did."""
    since = at - BEHIND
    warnings = {one.id: one for one in judgement.warnings(tx, lifted_since=since)}
    first = min((one.since for one in warnings.values()), default=at)
    changes = [one for one in judgement.changes(tx, since=first) if one.warning in warnings]
    return History(changes, warnings, acts.every(tx, KINDS))


def under_way(world: World, tx: Tx, at: datetime) -> list[Response]:
    """The plans proposed or started, drills among them, the earliest first."""
    return responses(world.settings.plans, history(tx, at), partial(fits, world.book.rules), at)


def fits(rules: Mapping[str, Rule], plan: Plan, warning: RiskWarning) -> bool:
    """Whether a plan is for a warning: by its topic, or by what the rules behind it count."""
    behind = [rules[id_] for id_ in warning.rules if id_ in rules]
    return plan.fits(warning.topic, {code for rule in behind for code in rule.counted})


def do(world: World, wish: Act) -> Act:
    """Record an act on a plan or one of its steps; raises ActRefused where it may not be done."""
    with world.store.begin() as tx:
        tx.seq()  # whoever acts takes turns, and sees what the one before has done
        act = dated(world, tx, wish)
        found = {one.id: one for one in under_way(world, tx, act.at)}
        why = refused(act, found, world.settings.plans)
        if why:
            raise ActRefused(why)
        return recorded(tx, _placed(act, found))


def dated(world: World, tx: Tx, wish: Act) -> Act:
    """With its moment: the clock's, and after whatever was done about the same before."""
    now = world.clock().astimezone(UTC).replace(microsecond=0)
    last = max((one.at for one in acts.every(tx, KINDS, target=wish.target)), default=None)
    return replace(wish, at=max(now, last + timedelta(seconds=1)) if last else now)


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
