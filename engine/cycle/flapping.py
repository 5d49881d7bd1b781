"""Findings that go up and down without end: told once to the operators and the rule's owner, with a mend."""

from __future__ import annotations

from datetime import datetime

from engine.cycle import faults
from engine.cycle.world import World
from engine.duty.flapping import Flap, flaps, proposal
from engine.model.fault import Fault
from engine.model.period import Cycle
from engine.model.text import numbered
from engine.notify.notice import Trouble
from engine.store import faults as kept
from engine.store import standing
from engine.store.database import Tx


def look(world: World, tx: Tx, now: datetime) -> None:
    """After a daily run: which rules turn too often, and where; which have come to rest."""
    found = {f"{one.rule} {one.area}": one for one in seen(world, tx, now)}
    for name, one in found.items():
        owner = world.book.rules[one.rule].owner
        faults.begin(world, tx, Trouble.FLAPPING, name, _said(world, one), now, owner=owner)
    faults.over(world, tx, Trouble.FLAPPING, found.keys(), now)


def seen(world: World, tx: Tx, now: datetime) -> list[Flap]:
    """The rules of the calendar that turn too often now."""
    limit, rules = world.settings.duty.flapping, world.book.rules
    history = {
        cell: steps for cell, steps in standing.steps(tx, now - limit.within).items()
        if cell[0] in rules and rules[cell[0]].cycle is not Cycle.IMMEDIATE
    }  # fmt: skip
    return list(flaps(history, limit))


def names(tx: Tx) -> set[str]:
    """Each rule that turns too often, with its area."""
    return {one.name for one in kept.listing(tx, kind=Trouble.FLAPPING)}


def about(one: Fault) -> tuple[str, str]:
    """Which rule turns, and in which area; both empty for every other fault."""
    rule, _, area = one.name.partition(" ") if one.kind == Trouble.FLAPPING else ("", "", "")
    return rule, area


def _said(world: World, one: Flap) -> str:
    tree, days = world.settings.tree, world.settings.duty.flapping.within.days
    place = tree[one.area].name.en if one.area in tree else one.area
    mend = proposal(one, world.book.rules[one.rule])
    turned, within = numbered(one.turns, "time"), numbered(days, "day")
    return f"{one.rule} turned {turned} in {place} within {within}: {mend}"
