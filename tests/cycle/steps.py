"""What workers are asked to do in tests: of a module, because another process looks it up by its name."""

from __future__ import annotations

import os
import re
import signal
import time

from engine.cycle.world import World
from engine.errors import FeedError

FOR_EVER = 1_000_000


def who(world: World, argument: str) -> tuple[int, str, str]:
    """The process, its rules, and what it was given."""
    return os.getpid(), world.book.hash, argument


def clock(world: World, argument: None) -> float:
    return world.clock().timestamp()


def sleep(world: World, argument: None) -> None:
    time.sleep(FOR_EVER)


def search(world: World, argument: None) -> None:
    """A pattern that tries everything, and lets no other thread of the process run."""
    re.match(r"(a+)+b", "a" * 200)


def deaf(world: World, argument: None) -> None:
    """Nothing but a kill ends it."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(FOR_EVER)


def swell(world: World, argument: None) -> int:
    return len(bytearray(8 << 30))


def die(world: World, argument: int) -> None:
    os.kill(os.getpid(), argument)


def refuse(world: World, argument: str) -> None:
    raise FeedError(argument)


def chatter(world: World, argument: int) -> str:
    return "x" * argument
