"""The year of reports that the pages of areas show: read once for all of them, and for all who look."""

from __future__ import annotations

import threading
import time

from engine.console.scene import Scene
from engine.cycle import yearly
from engine.cycle.world import World
from engine.cycle.yearly import Year
from engine.model.period import Cycle
from engine.store.database import Tx

#: A year is read again with every screening, and after so long (seconds): what was known before one may have
#: come in after it.
LASTS = 3600.0


class Yearbook:
    """The latest year of a world that may be exchanged under it; safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._world: World | None = None
        self._year: Year | None = None
        self._read_at = float("-inf")

    def of(self, scene: Scene, tx: Tx) -> Year:
        with self._lock:
            if self._year is None or not self._stands(scene, self._year):
                self._year = yearly.read(scene.world, tx, scene.at)
                self._world, self._read_at = scene.world, time.monotonic()
            return self._year

    def _stands(self, scene: Scene, year: Year) -> bool:
        due_at = scene.world.settings.calendar.last_due(Cycle.DAILY, scene.at).due_at
        fresh = time.monotonic() - self._read_at < LASTS
        return fresh and scene.world is self._world and due_at == year.at
