"""How often somebody may ask: so many times in a stretch of time, then not until it is over."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

#: So many are kept in mind; the one longest not seen is forgotten first.
MOST = 10_000


class Limit:
    """many: how often in so many seconds, for each name."""

    def __init__(self, many: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._many, self._seconds, self._clock = many, seconds, clock
        self._lock = threading.Lock()
        #: When each name's stretch began, and how often it has asked since.
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def allows(self, name: str) -> bool:
        """Whether this time is allowed; it counts either way."""
        now = self._clock()
        with self._lock:
            begun, asked = self._seen.pop(name, (now, 0))
            if now - begun >= self._seconds:
                begun, asked = now, 0
            self._seen[name] = begun, asked + 1
            if len(self._seen) > MOST:
                self._seen.popitem(last=False)
            return asked < self._many
