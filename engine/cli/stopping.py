"""Ctrl-C and SIGTERM: what is at work ends its step first."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

#: A wait looks up this often (seconds).
PULSE = 0.2


class Stop:
    """Whether somebody asked the process to end: a plain flag, and waits that look at it.

    A handler runs in the main thread, between any two of its steps: a lock that it took could be held
    already by what it interrupts. And a signal that comes just before a wait begins does not wake it.
    """

    def __init__(self) -> None:
        self._told = False

    def set(self) -> None:
        self._told = True

    def is_set(self) -> bool:
        return self._told

    def wait(self, seconds: float = math.inf) -> bool:
        """Until told, or for so long; whether told."""
        end = time.monotonic() + seconds
        while not self._told and (left := end - time.monotonic()) > 0:
            time.sleep(min(PULSE, left))
        return self._told


@contextmanager
def until_told() -> Iterator[Stop]:
    """What Ctrl-C and SIGTERM set. Told again, the process ends at once, as if killed: that loses nothing
    either, but leaves a lease to lapse."""
    stop = Stop()

    def ask(number: int, frame: FrameType | None) -> None:
        said = f"{signal.Signals(number).name}: stopping after the step at work\n"
        with suppress(OSError, ValueError):  # nobody listens any more
            os.write(sys.stderr.fileno(), said.encode())  # past the stream, which may be in mid-line
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
