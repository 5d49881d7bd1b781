"""The situations that are open, and the record of what they are called."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.cycle.world import World
from engine.duty.situation import OVERLAP, Situation, belonging, situations
from engine.store import judgement, meta
from engine.store import situations as record
from engine.store.database import Tx

#: Up to when what time parts has been looked at.
_LOOKED = "situations"


def current(world: World, tx: Tx, now: datetime) -> tuple[Situation, ...]:
    """The situations as they are recorded."""
    recent = judgement.warnings(tx, lifted_since=now - OVERLAP)
    return situations(recent, world.settings.tree, record.of(tx, [one.id for one in recent]))


def keep(world: World, tx: Tx, at: datetime) -> None:
    """Record which situation each line is in, in the transaction that changed any; at: as of when."""
    now = world.clock()
    recent = judgement.warnings(tx, lifted_since=now - OVERLAP)
    past = record.of(tx, [one.id for one in recent])
    last = {one.warning: one for one in past}
    found = belonging(recent, world.settings.tree, past, at)
    record.add(tx, [one for one in found.values() if one != last.get(one.warning)], at)
    meta.put(tx, _LOOKED, now.astimezone(UTC).isoformat())


def settle(world: World, tx: Tx, now: datetime) -> None:
    """Record what time alone has parted: what ended longer ago belongs to nothing any more."""
    text = meta.get(tx, _LOOKED)
    looked = datetime.fromisoformat(text) if text else None
    if looked is None or looked > now or record.any_ended(tx, looked - OVERLAP, now - OVERLAP):
        keep(world, tx, now)
