"""What the loops are at, and since when: whoever hangs is named before anybody misses what it should do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from engine.cycle.world import Clock
from engine.store import meta
from engine.store.database import Tx

#: Before the name of the process.
KEY = "late/"


@dataclass(frozen=True, slots=True, order=True)
class Work:
    """One thing somebody is at: `what` is a loop, a feed or a receiver."""

    what: str
    name: str
    since: datetime


class Watch:
    """Everything at work in this process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        #: With the moment by a clock that nobody sets.
        self._at: dict[tuple[str, str], tuple[float, datetime]] = {}
        #: When each was done last, or the watch began.
        self._done: dict[tuple[str, str], float] = {}
        self._began = time.monotonic()

    @contextmanager
    def at(self, what: str, name: str) -> Iterator[None]:
        """Within, somebody is at it."""
        self.step(what, name)
        try:
            yield
            with self._lock:
                self._done[what, name] = time.monotonic()
        finally:
            with self._lock:
                del self._at[what, name]

    def step(self, what: str, name: str) -> None:
        """One step of it is done, or it begins: the next step has a time of its own."""
        with self._lock:
            self._at[what, name] = time.monotonic(), self._clock()

    def came_round(self, what: str, name: str, seconds: float) -> bool:
        """Whether it was done to its end within so many seconds."""
        with self._lock:
            return time.monotonic() - self._done.get((what, name), self._began) <= seconds

    def longer(self, seconds: float) -> list[Work]:
        """What has been at one step for longer than so many seconds."""
        before = time.monotonic() - seconds
        with self._lock:
            return sorted(Work(*of, since) for of, (begun, since) in self._at.items() if begun < before)


def put(tx: Tx, owner: str, late: Sequence[Work]) -> None:
    """What a process has been at for too long, now; nothing, where all goes well."""
    if late:
        meta.put(tx, KEY + owner, json.dumps([[one.what, one.name, one.since.isoformat()] for one in late]))
    else:
        meta.drop(tx, KEY + owner)


def told(tx: Tx) -> dict[str, list[Work]]:
    """What each process has been at for too long."""
    return {
        key.removeprefix(KEY): [
            Work(what, name, datetime.fromisoformat(since)) for what, name, since in json.loads(text)
        ]
        for key, text in meta.like(tx, KEY).items()
    }  # fmt: skip
