"""The dead man's switch: as long as polling, judging and delivering are in order, somebody outside hears
so."""

from __future__ import annotations

import time

from loguru import logger

from engine.cycle import faults
from engine.cycle import run as running
from engine.cycle.loops.asked import Ask
from engine.cycle.loops.watch import Watch
from engine.cycle.loops.worker import Stopping
from engine.cycle.world import World
from engine.errors import EngineError
from engine.notify import sign
from engine.notify.notice import Trouble
from engine.store import faults as kept

NAME = "dead man's switch"
#: The loops without which nobody is warned.
_LOOPS = ("poll", "judge", "deliver")


class Switch:
    """Remembers when it gave its last sign."""

    def __init__(self) -> None:
        self._last: float | None = None

    def due(self, world: World) -> bool:
        """Whether the next sign is to be given."""
        asked = world.settings.engine.dead_man
        if asked is None:
            return False
        return self._last is None or time.monotonic() - self._last >= asked.every.total_seconds()

    def given(self) -> None:
        self._last = time.monotonic()


def in_order(world: World, watch: Watch, seconds: float) -> str:
    """What is not; nothing where each loop has come round within so many seconds, no period is behind and
    messages go out."""
    for name in _LOOPS:
        if not watch.came_round("loop", name, seconds):
            return f"{name} has not come round for {seconds:.0f} s"
    now, grace = world.clock(), world.settings.cycles.grace
    if any(now - period.due_at > grace for period in running.due(world, now)):
        return "periods are due and not judged"
    with world.store.read() as tx:
        stuck = bool(kept.listing(tx, kind=Trouble.OUTBOX))
    return "messages are stuck" if stuck else ""


def give(world: World, ask: Ask) -> None:
    """One sign, by a worker; that it does not arrive is a fault like any other."""
    asked = world.settings.engine.dead_man
    assert asked is not None, "who asks for signs says where they go"
    within, now = 2 * asked.timeout.total_seconds(), world.clock()
    try:
        ask(_give, asked, within)
    except Stopping:
        raise
    except EngineError as error:
        logger.warning("{}: {}", NAME, error)
        with world.store.begin() as tx:
            said = f"{error}; whoever listens there takes us for dead"
            faults.begin(world, tx, Trouble.CHANNEL, NAME, said, now)
        return
    with world.store.begin() as tx:
        faults.end(world, tx, Trouble.CHANNEL, NAME, now)


def _give(world: object, asked: sign.DeadMan) -> None:
    sign.give(asked)
