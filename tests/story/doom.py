"""A process that kills itself, or itself and all around it, at the n-th thing it does: a real SIGKILL at a
moment that no machine's speed moves.

What it does is counted in statements and commits of its database, and in messages about to be handed over or
just handed over.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from sqlalchemy import Engine, event

from engine import app, cli
from engine.cycle import dispatch
from engine.cycle.loops import worker
from engine.cycle.world import World
from engine.model.message import Notification, Receipt

#: Of a doom that never comes.
NEVER = sys.maxsize


@dataclass(frozen=True)
class Doom:
    """Who dies at which of its own doings, the service or one of its workers. whole: all of them die with it,
    as when a machine loses its power; otherwise what it started lives on until it notices."""

    at: int = NEVER
    exchange: bool = False
    whole: bool = False

    @classmethod
    def drawn(cls, random: Random) -> Doom:
        """Early ones as often as late ones: much happens in the first doings of a life."""
        exchange = random.random() < 0.3
        at = int(2 ** random.uniform(0, 4 if exchange else 8.5))
        return cls(at, exchange, whole=exchange or random.random() < 0.5)

    def hang_over(self) -> None:
        """This process from now on."""
        numbers = count(1)

        def step(*_: object) -> None:
            if next(numbers) == self.at:
                os.kill(0 if self.whole else os.getpid(), signal.SIGKILL)

        for name in ("before_cursor_execute", "commit"):
            event.listen(Engine, name, step)
        send = dispatch.attempt

        def attempt(world: World, message: Notification) -> Receipt:
            step()
            receipt = send(world, message)
            step()
            return receipt

        dispatch.attempt = attempt


def work(doom: Doom, asked: Connection, memory: int) -> None:
    """The program of a worker that is doomed."""
    doom.hang_over()
    worker.work(asked, memory)


def run(root: Path, shift: timedelta, doom: Doom) -> None:
    """`forewarn run` by a clock that is so far from the machine's."""
    app.system_clock = lambda: datetime.now(UTC) + shift
    if doom.exchange:
        worker.work = partial(work, doom)  # type: ignore[assignment]
    else:
        doom.hang_over()
    cli.forewarn(["--root", str(root), "--log", "error", "run"])


def forked(program: Callable[[], object]) -> int:
    """The id of a process that does it, first of a group of its own."""
    pid = os.fork()
    if pid:
        return pid
    try:
        _alone()
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1):
            os.dup2(null, stream)
        program()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _alone() -> None:
    """The server that workers are forked from is its parent's; it has one of its own."""
    server = forkserver._forkserver
    wanted = list(server._preload_modules)
    server.__init__()  # type: ignore[misc]
    server.set_forkserver_preload(wanted)


class Life:
    """One process that does something and is killed: by its doom, or by us at last. What it started lives on
    until it notices."""

    def __init__(self, program: Callable[[], object]) -> None:
        self._pid = forked(program)
        self._over = False

    def __enter__(self) -> Life:
        return self

    def __exit__(self, *_: object) -> None:
        if not self.over():
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)

    def over(self) -> bool:
        """Whether its doom has come; a process that ends by itself does what it should not."""
        if not self._over:
            found, status = os.waitpid(self._pid, os.WNOHANG)
            self._over = found != 0
            assert not found or os.WIFSIGNALED(status), os.waitstatus_to_exitcode(status)
        return self._over
