"""The evaluator on durable_rules: one long-lived child, replaced in time and killed when it hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from engine.infer.process import COMMAND, Process
from engine.infer.program import Conclusions, Fact, Facts, Program
from engine.model.finding import Held

#: Judgements after which the child is replaced, before what the library leaks adds up.
RECYCLE = 500
#: So many different programs it keeps; each stays for good, a large one with some ten megabytes.
PROGRAMS = 16


class Worker:
    """`Worker().evaluate` is an `Evaluator`; threads may share it, processes may not.

    seconds: how long one judgement may take by the clock; memory: bytes of address space of the
    child. The child starts with the first judgement and ends with `close`.
    """

    def __init__(
        self,
        *,
        seconds: float = 10.0,
        memory: int = 1 << 30,
        recycle: int = RECYCLE,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._seconds, self._memory, self._recycle, self._command = seconds, memory, recycle, command
        self._process: Process | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return self._process.pid if self._process else None

    def evaluate(self, program: Program, facts: Facts) -> Conclusions:
        """Judge the program in the child: an `Evaluator`.

        Raises InferenceError where the child crashes, hangs or refuses; the next judgement gets a
        new one.
        """
        with self._lock, ExitStack() as failed:
            # Whatever goes wrong, nobody knows what the child holds then.
            failed.callback(self._drop)
            concluded = self._judge(self._ready(), program, facts)
            failed.pop_all()
            return concluded

    def close(self) -> None:
        """End the child; a later judgement starts another."""
        with self._lock:
            if self._process is not None:
                self._process.close()
                self._process = None

    def _ready(self) -> Process:
        """The child, a new one where it has died while idle or judged enough."""
        if self._process is not None and not self._process.running:
            self._drop()
        if self._process is not None and self._spent(self._process):
            self._process.close()
            self._process = None
        if self._process is None:
            self._process = Process(self._command, self._seconds, self._memory)
        return self._process

    def _spent(self, process: Process) -> bool:
        return process.judgements >= self._recycle or process.rulesets >= PROGRAMS

    def _drop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _judge(self, process: Process, program: Program, facts: Facts) -> Conclusions:
        deadline = time.monotonic() + self._seconds
        clauses = tuple(clause.body for clause in program.clauses)
        concluded: Conclusions = {}
        strata = len(program.strata)
        for stratum in range(strata):
            worlds = list(_worlds(facts(stratum, concluded)))
            names = [true for _, _, true in worlds]
            for position, number in process.judge(clauses, names, stratum == strata - 1, deadline):
                area, held, _ = worlds[position]
                areas = concluded.setdefault(program.clauses[number].head, {})
                if areas.get(area) is not Held.HELD:
                    areas[area] = held
        process.judgements += 1
        return concluded


def _worlds(facts: Iterable[Fact]) -> Iterator[tuple[str, Held, list[str]]]:
    """Two-valued facts, as (area, what a conclusion from it means, attributes that are 1).

    An area with something unknown is judged twice: as if it all were not so, and as if it all were.
    A conjunction holds in the first only if it surely does, in the second if it possibly does,
    which is Kleene's conjunction in the library's two values.
    """
    for fact in facts:
        sure = [name for name, held in fact.bits.items() if held is Held.HELD]
        if sure:
            yield fact.area, Held.HELD, sure
        if len(sure) < len(fact.bits):
            possible = [name for name, held in fact.bits.items() if held is not Held.NOT]
            yield fact.area, Held.UNKNOWN, possible
