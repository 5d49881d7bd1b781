"""Processes that do one exchange after the other, and are killed where one is not over in time.

Nothing inside an exchange can be trusted to end it: the look-up of a name knows no deadline, a source may
drip for ever, a pattern may search for years, an answer may unpack to more than there is memory. A process
can always be ended from outside, and what it has not committed has never happened.
"""

from __future__ import annotations

import gc
import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any

from engine.cycle.loops.outfit import Bare, Outfit
from engine.errors import EngineError, unexpected
from engine.guard.exit import report_crashes

#: Forked from a process that has imported what they need and does nothing else: a fork of one with threads
#: may hang, and a start from nothing imports for a second.
_FRESH = multiprocessing.get_context("forkserver")
_FRESH.set_forkserver_preload(["engine.cycle.loops.outfit"])
#: Bytes of an answer: it only sums up.
_MOST = 16 << 20
#: So long (seconds) after its time is up a worker ends even though nobody is left to kill it.
_ORPHANED = 5.0

#: Who has let go of its end of the pipe is gone within so long (seconds).
_DYING = 5.0

#: To start and put on its outfit a worker has so long (seconds), however busy the machine is.
_STARTING = 120.0

#: What a worker is asked to do in its world, if it has one.
Step = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Task:
    """What a worker does next, in so many seconds: put on an outfit, or take a step."""

    seconds: float
    outfit: Outfit | Bare | None
    step: Step | None = None
    argument: Any = None


class Unfinished(EngineError):
    """An exchange was not over in time, or the process that was at it is gone."""


class Stopping(Unfinished):
    """Nobody is asked any more, and who was at work was ended: it says nothing about the other side."""


class Worker:
    """One process; asked by one thread at a time. memory: the bytes of address space it may have."""

    def __init__(self, memory: int) -> None:
        self._ending = threading.Lock()
        self._ours, theirs = _FRESH.Pipe()
        self._process = _FRESH.Process(target=work, args=(theirs, memory), name="exchange", daemon=True)
        with theirs:
            self._process.start()
        self._outfit: Outfit | Bare | None = None

    @property
    def running(self) -> bool:
        return self._process.is_alive()

    def ask(self, outfit: Outfit | Bare, step: Step, argument: Any, seconds: float) -> Any:
        """What `step` returns for the argument in a world of this outfit.

        Raises Unfinished where it does not within so many seconds, and where the process dies of it; then
        this worker is of no more use. Raises EngineError with what the step itself refused.
        """
        if outfit is not self._outfit:
            self._exchange(Task(_STARTING, outfit))
            self._outfit = outfit
        return self._exchange(Task(seconds, None, step, argument))

    def _exchange(self, task: Task) -> Any:
        with self._cut_off(task.seconds) as late:
            try:
                self._ours.send(task)
                done, answer = self._ours.recv()
            except (EOFError, OSError) as error:
                raise Unfinished(_late(task.seconds) if late else self._end()) from error
        if not done:
            raise EngineError(answer)
        return answer

    def kill(self) -> None:
        """End it; whoever asks what it was at may do so at the same moment."""
        with self._ending:
            self._process.kill()
            self._process.join()
            if not self._ours.closed:
                self._ours.close()

    @contextmanager
    def _cut_off(self, seconds: float) -> Iterator[list[bool]]:
        """Kill the process when the time is up; what is yielded is empty until then."""
        late: list[bool] = []

        def cut() -> None:
            late.append(True)
            self._process.kill()

        timer = threading.Timer(seconds, cut)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()

    def _end(self) -> str:
        self._process.join(_DYING)
        status = self._process.exitcode or 0
        how = f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
        return f"the process at work on it {how}"


def _late(seconds: float) -> str:
    return f"not over after {seconds:.0f} s, and ended"


class Workers:
    """As many workers as are asked at once; what one has learned of its outfit serves the next exchange."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self.closed = False

    def ask(self, outfit: Outfit | Bare, step: Step, argument: Any, seconds: float) -> Any:
        """See `Worker.ask`; raises Stopping once closed."""
        worker = self._taken()
        try:
            return worker.ask(outfit, step, argument, seconds)
        except Unfinished as error:
            worker.kill()
            if self.closed:
                raise Stopping(str(error)) from error
            raise
        finally:
            with self._lock:
                self._busy.discard(worker)
                if worker.running and not self.closed:
                    self._idle.append(worker)

    def close(self) -> None:
        """End them all, whatever they are at; nobody is asked any more."""
        with self._lock:
            self.closed = True
            every = [*self._idle, *self._busy]
        for worker in every:
            worker.kill()

    def _taken(self) -> Worker:
        with self._lock:
            if self.closed:
                raise Stopping("the service is stopping")
            worker = next((one for one in self._idle if one.running), None) or Worker(self._memory)
            self._idle = [one for one in self._idle if one is not worker and one.running]
            self._busy.add(worker)
        return worker


def work(asked: Connection, memory: int) -> None:
    """The program of a worker: it lives until nobody holds the other end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # whoever started it decides when it ends
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    report_crashes()
    bench = _Bench()
    with suppress(EOFError, OSError):
        while True:
            task = asked.recv()
            # By the kernel's own clock: it ends a process that hangs where no signal handler would run.
            signal.setitimer(signal.ITIMER_REAL, task.seconds + _ORPHANED)
            answer = bench.answer(task)
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(asked, answer)


class _Bench:
    """The worker's world, and what it does there."""

    def __init__(self) -> None:
        self._opened = ExitStack()
        self._outfit: Outfit | Bare | None = None
        self._world: Any = None

    def answer(self, task: Task) -> tuple[bool, Any]:
        """Whether it could be done, and what came of it, or why not."""
        try:
            if task.outfit is not None:
                self._put_on(task.outfit)
            if task.step is None:
                return True, None
            assert self._outfit is not None, "the first task brings an outfit"
            done = task.step(self._world, task.argument)
            self._outfit.rest(self._world)
        except EngineError as error:
            return False, str(error)
        except Exception as error:  # what it says itself may quote a record
            return False, unexpected(error)
        return True, done

    def _put_on(self, outfit: Outfit | Bare) -> None:
        self._opened.close()
        self._outfit = self._world = None
        self._world = self._opened.enter_context(outfit.open())
        self._outfit = outfit
        # It stays for as long as the outfit does: whoever looks for garbage need not go through it each time.
        gc.unfreeze()
        gc.freeze()


def _send(asked: Connection, answer: tuple[bool, Any]) -> None:
    data = ForkingPickler.dumps(answer)
    if len(data) > _MOST:
        data = ForkingPickler.dumps((False, f"an answer of {len(data)} bytes is too large"))
    asked.send_bytes(data)
