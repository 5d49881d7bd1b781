"""A loop that waits for nothing but its bell."""

from __future__ import annotations

import threading
from collections.abc import Callable

from loguru import logger

from engine.errors import EngineError, unexpected


class Bell:
    """Does its work in a thread of its own, once for all who rang since it began the last time."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self._name, self._work = name, work
        self._rung = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.closed = False

    def ring(self) -> None:
        """Let the work be done as soon as it is not being done; its thread begins with the first ring."""
        self._rung.set()
        with self._lock:
            if self._thread is None and not self.closed:
                self._thread = threading.Thread(target=self._wait, name=self._name, daemon=True)
                self._thread.start()

    def close(self, seconds: float) -> None:
        """Nothing more is begun; what is at work has so long to end."""
        with self._lock:
            self.closed, thread = True, self._thread
        self._rung.set()
        if thread is not None:
            thread.join(seconds)

    def _wait(self) -> None:
        while self._rung.wait() and not self.closed:
            self._rung.clear()
            try:
                self._work()
            except Exception as error:  # nobody else would hear of it
                said = str(error) if isinstance(error, EngineError) else unexpected(error)
                logger.error("{} failed; the next tick makes up for it: {}", self._name, said)
