"""The year of reports that the pages of areas show: read once for all of them, and for all who look."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.console.scene import Scene
from engine.cycle import yearly
from engine.cycle.world import World
from engine.cycle.yearly import Year
from engine.model.period import Cycle
from engine.store.database import Tx

#: A year is read again with every screening, and after so long (seconds): what was known before one may have
#: come in after it.
LASTS = 3600.0
#: What is older than the screening before is not shown; a day on which clocks change is longer.
BEHIND = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class _Read:
    """A year as it was read; at: by the clock that only goes on."""

    world: World
    year: Year
    at: float


class Yearbook:
    """The latest year of a world that may be exchanged under it; safe from several threads.

    Where it is no longer the latest it is shown once more, and says itself until when it goes; whoever looks
    next has the new one.
    """

    def __init__(self) -> None:
        self._reading = threading.Lock()
        self._last: _Read | None = None

    def of(self, scene: Scene, tx: Tx) -> Year:
        if (shown := self._shown(scene)) is not None:
            return shown
        with self._reading:
            return self._shown(scene) or self._read(scene, tx)

    def renew(self, scene: Scene) -> None:
        """Read it anew where it is no longer the latest, unless somebody does."""
        if self._latest(scene) or not self._reading.acquire(blocking=False):
            return
        try:
            with scene.world.store.read() as tx:
                self._read(scene, tx)
        finally:
            self._reading.release()

    def _read(self, scene: Scene, tx: Tx) -> Year:
        year = yearly.read(scene.world, tx, scene.at)
        self._last = _Read(scene.world, year, time.monotonic())
        return year

    def _shown(self, scene: Scene) -> Year | None:
        last = self._last
        if last is None or last.world is not scene.world or _due(scene) - last.year.at > BEHIND:
            return None
        return last.year

    def _latest(self, scene: Scene) -> bool:
        last = self._last
        if last is None or last.world is not scene.world or last.year.at != _due(scene):
            return False
        return time.monotonic() - last.at < LASTS


def _due(scene: Scene) -> datetime:
    return scene.world.settings.calendar.last_due(Cycle.DAILY, scene.at).due_at
