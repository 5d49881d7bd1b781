"""How often somebody may: so many times in so long for each name; counted in this process alone."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

#: Names that are remembered; of more, the one not heard of for longest is forgotten.
NAMES = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` times within `seconds`."""

    most: int
    seconds: float


@dataclass
class Pace:
    """One limit, held for every name."""

    limit: Limit
    clock: Callable[[], float] = time.monotonic
    _times: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, name: str) -> float:
        """Seconds until this name may again; 0 where it may now."""
        with self._lock:
            return self._wait(name)

    def count(self, name: str) -> None:
        """It did, now."""
        with self._lock:
            self._count(name)

    def uncount(self, name: str) -> None:
        """The last time was none."""
        with self._lock:
            if times := self._recent(name):
                times.pop()

    def take(self, name: str) -> float:
        """Seconds until this name may again, or 0 and it is counted."""
        with self._lock:
            wait = self._wait(name)
            if not wait:
                self._count(name)
            return wait

    def forget(self, name: str) -> None:
        with self._lock:
            self._times.pop(name, None)

    def _wait(self, name: str) -> float:
        times = self._recent(name)
        return times[0] + self.limit.seconds - self.clock() if len(times) >= self.limit.most else 0.0

    def _count(self, name: str) -> None:
        times = self._recent(name)
        times.append(self.clock())
        self._times[name] = times
        self._times.move_to_end(name)
        while len(self._times) > NAMES:
            self._times.popitem(last=False)

    def _recent(self, name: str) -> deque[float]:
        times = self._times.get(name, deque())
        while times and self.clock() - times[0] >= self.limit.seconds:
            times.popleft()
        return times
