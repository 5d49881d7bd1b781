"""Which plans changes and people call for: kept as they read at that moment, in the transaction that calls.

A plan whose file is edited, renamed or taken away meanwhile runs on as it began; what the files say now is
for what is called for from now on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from engine.cycle.world import World
from engine.duty.response import by_hand, called, plan_of
from engine.model.act import Act, ActKind
from engine.model.plan import Plan
from engine.model.response import Response
from engine.model.rule import Rule
from engine.model.warning import Change, RiskWarning
from engine.store import acts, judgement, meta, responses
from engine.store.database import Tx

#: Set once what was under way before plans were kept has been.
_KEPT = "plans kept"


def call(world: World, tx: Tx, changes: Sequence[Change], warnings: Mapping[str, RiskWarning]) -> None:
    """What these changes call for, since when whoever must act learns of them."""
    responses.add(tx, [_told(world, one) for one in _called(world, tx, changes, warnings)])


def _called(
    world: World, tx: Tx, changes: Sequence[Change], warnings: Mapping[str, RiskWarning]
) -> list[Response]:
    plans = world.settings.plans.values()
    known = responses.known(tx, {one.warning for one in changes}) if plans else ()
    return called(plans, changes, warnings, partial(fits, world.book.rules), known)


def _told(world: World, one: Response) -> Response:
    at = world.told_at(one.since)
    return replace(one, since=at, started_at=at if one.started_at else None)


def start(world: World, tx: Tx, act: Act) -> None:
    """What an act calls for by hand; where it starts what is proposed, that is kept already."""
    plan = world.settings.plans.get(plan_of(act.target))
    if plan is not None:
        responses.add(tx, [by_hand(plan, act)])


def adopt(world: World, tx: Tx) -> None:
    """Once: what was called for by a version that kept no plans, as the files read now."""
    if meta.get(tx, _KEPT) is None:
        warnings = {one.id: one for one in judgement.warnings(tx)}
        responses.add(tx, _called(world, tx, judgement.changes(tx), warnings))
        for act in acts.every(tx, [ActKind.PLAN_START]):
            start(world, tx, act)
        meta.put(tx, _KEPT, "yes")


def fits(rules: Mapping[str, Rule], plan: Plan, warning: RiskWarning) -> bool:
    """Whether a plan is for a warning: by its topic, or by what the rules behind it count."""
    behind = [rules[id_] for id_ in warning.rules if id_ in rules]
    return plan.fits(warning.topic, {code for rule in behind for code in rule.counted})
