"""What stands, its findings and people's decisions, as an agenda."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from engine.cycle.world import World
from engine.duty.review import Review, agenda
from engine.model.act import Act
from engine.model.period import Cycle
from engine.model.warning import Standing
from engine.store import acts, judgement, standing
from engine.warn.call import RULING, Place

T = TypeVar("T", Act, Standing)


def reviewed(world: World, cycle: Cycle) -> tuple[Review, ...]:
    """What the cycle proposes for each open warning now."""
    now = world.clock()
    with world.store.read() as tx:
        open_ = judgement.warnings(tx, open_only=True)
        places = {(one.area, one.topic) for one in open_}
        stands = _by_place(standing.at(tx, places).values()) if places else {}
        done, found = _by_place(acts.in_force(tx, now, RULING)), judgement.last_found(tx)
    return agenda(open_, stands, done, found, cycle, now)


def _by_place(rows: Iterable[T]) -> dict[Place, list[T]]:
    found: dict[Place, list[T]] = {}
    for one in rows:
        found.setdefault((one.area, one.topic), []).append(one)
    return found
