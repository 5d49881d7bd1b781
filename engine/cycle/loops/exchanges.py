"""Exchanges with many others side by side, at most one with each, none of them waiting for a slow one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial

from loguru import logger

from engine.cycle.loops.asked import Ask
from engine.cycle.loops.outfit import Outfit
from engine.cycle.loops.watch import Watch
from engine.cycle.loops.worker import Unfinished, Workers
from engine.errors import EngineError, unexpected

#: So many at once; those that were not over in time the last time share half of the places, so that they
#: never keep the others out.
AT_ONCE = 8
#: A wait looks up this often (seconds).
PULSE = 0.1


class Exchanges:
    """`what` they are with: feeds, receivers or calendars."""

    def __init__(self, what: str, watch: Watch, workers: Workers) -> None:
        self._what = what
        self._watch = watch
        self._workers = workers
        self._lock = threading.Lock()
        #: Since when, by a clock that nobody sets.
        self._at: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._late: set[str] = set()
        #: Those at work for whom there is more since they began.
        self._more: set[str] = set()

    def slow(self, name: str) -> bool:
        """Whether the last exchange with it was not over in time."""
        return name in self._late

    def awaited(self, name: str, seconds: float) -> bool:
        """Whether its answer is worth waiting for: it was not slow the last time, has not answered within so
        many seconds, and has not been asked for longer."""
        since = time.monotonic() - seconds
        begun, ended = self._at.get(name), self._ended.get(name, 0.0)
        return not self.slow(name) and ended < since and (begun is None or begun > since)

    def begin(
        self, name: str, outfit: Outfit, exchange: Callable[[Ask], None], stopped: Callable[[], bool],
        *, more: bool = False,
    ) -> None:  # fmt: skip
        """Let a thread do the exchange as soon as there is a place; not where one with the same is at work,
        or where it was slow and those that were hold all the places they may. more: whoever is at work with
        the same looks once more before it ends."""
        while not stopped():
            with self._lock:
                if more and name in self._at:
                    self._more.add(name)
                if name in self._at or (
                    self.slow(name) and len(self._at.keys() & self._late) >= AT_ONCE // 2
                ):
                    return
                if len(self._at) < AT_ONCE:
                    self._at[name] = time.monotonic()
                    ask = partial(self._workers.ask, outfit)
                    threading.Thread(target=self._do, args=(name, exchange, ask), daemon=True).start()
                    return
            time.sleep(PULSE)

    def _do(self, name: str, exchange: Callable[[Ask], None], ask: Ask) -> None:
        while self._done(name, exchange, ask):
            if not self._asked_for_more(name):
                return
        with self._lock:
            self._leave(name)

    def _done(self, name: str, exchange: Callable[[Ask], None], ask: Ask) -> bool:
        """Whether one exchange came to its end, in time."""
        try:
            with self._watch.at(self._what, name):
                exchange(ask)
        except Unfinished:
            self._late.add(name)
            return False
        except Exception as error:  # nobody else would hear of it
            said = str(error) if isinstance(error, EngineError) else unexpected(error)
            logger.error("{} {} failed; the next try follows: {}", self._what, name, said)
            return False
        self._late.discard(name)
        return True

    def _asked_for_more(self, name: str) -> bool:
        """Whether there is more; where there is none, whoever comes next begins anew."""
        with self._lock:
            if name in self._more:
                self._more.discard(name)
                return True
            self._leave(name)
            return False

    def _leave(self, name: str) -> None:
        """Nobody is at work with it any more; the lock is held."""
        self._more.discard(name)
        del self._at[name]
        self._ended[name] = time.monotonic()

    def over(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """Wait for those at work, no longer than so many seconds nor when told to stop."""
        until = time.monotonic() + seconds
        while self._at and time.monotonic() < until and not stopped():
            time.sleep(PULSE)
