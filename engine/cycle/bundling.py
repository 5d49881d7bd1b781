"""Situations at each tick: updates that are due, and lines that fold no more because theirs has split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from engine.cycle import dispatch, publish, roster, situating
from engine.cycle.world import World
from engine.duty.situation import OVERLAP, alone, updates
from engine.model.message import Notification
from engine.model.warning import Change, RiskWarning, Step
from engine.notify import bundle
from engine.notify.audience import FALLS, RISES, SILENCES, audience, by_area, holding, silencing
from engine.store import acts, judgement, outbox
from engine.store.database import Tx


def bundled(world: World, tx: Tx, now: datetime) -> Iterator[Notification]:
    """The updates that are due, and what has become a situation of its own and was told to nobody."""
    every = world.settings.duty.situations
    if every is None:
        return
    recent = {one.id: one for one in judgement.warnings(tx, lifted_since=now - OVERLAP)}
    found = situating.current(world, tx, now)
    last = judgement.latest(tx, RISES | FALLS, since=now - OVERLAP)
    told, heard = _told(tx, now)
    hears = _hearing(world, tx, recent, now)
    looked_up, receivers = dispatch.reference(world), publish.spoken(roster.present(world, tx))
    for one in updates(found, last, hears, told, heard, every, now):
        if one.receiver in receivers:
            yield from bundle.update(
                one.situation.id, one.situation.lines, one.changes, receivers[one.receiver], looked_up, now
            )
    split = list(alone(found, last, hears, told, heard))
    if split:
        yield from dispatch.planned(world, tx, split, recent, now)


def _told(
    tx: Tx, now: datetime
) -> tuple[dict[str, dict[str, datetime]], dict[str, dict[str, datetime]]]:  # fmt: skip
    """By change, and by warning, who was told of it and when last."""
    told: dict[str, dict[str, datetime]] = {}
    heard: dict[str, dict[str, datetime]] = {}
    for one in outbox.addressed(tx, since=now - OVERLAP):
        for known in (told.setdefault(change, {}) for change in one.changes):
            known[one.receiver] = max(one.planned_at, known.get(one.receiver, one.planned_at))
        known = heard.setdefault(one.warning, {})
        known[one.receiver] = max(one.planned_at, known.get(one.receiver, one.planned_at))
    return told, heard


def _hearing(
    world: World, tx: Tx, recent: Mapping[str, RiskWarning], now: datetime
) -> Callable[[Change], frozenset[str]]:
    """Whom the routes lead to, with a change, as silences stand now."""
    silences, settings = silencing(holding(acts.in_force(tx, now, SILENCES), now)), world.settings
    nearby = by_area(settings.routes)

    @cache
    def hears(change: Change) -> frozenset[str]:
        warning = recent[change.warning]
        if change.step in FALLS:  # whoever would have heard of what it fell from
            change = replace(change, step=Step.UPGRADED, after=change.before)
        lineage = settings.tree.lineage(warning.area)
        near = [route for area in ("", *lineage) for route in nearby.get(area, ())]
        return audience(change, warning, near, lineage, {}, acts=silences(warning))

    return hears
