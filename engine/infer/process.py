"""The inference process as seen from outside: start it, ask it, stop it, and say how it died."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from engine.errors import InferenceError
from engine.infer import child
from engine.infer.limits import MAX_FACTS
from engine.infer.names import RESERVED, short

#: -P keeps the script's folder off the module path: only the library is to be found.
COMMAND = (sys.executable, "-P", str(Path(child.__file__).resolve()))
#: The conjunctions of a program, each by the names of its attributes.
Bodies: TypeAlias = tuple[tuple[str, ...], ...]
#: Seconds an idle process has to end by itself once its socket is closed.
GRACE = 2.0
#: Bytes of an answer; the largest sensible one, all that can be true of all facts alive, has a tenth.
MAX_ANSWER = 1 << 27


class Process:
    """One inference process; every method that asks it something raises InferenceError where it
    does not answer before `deadline` (of the monotonic clock), and leaves it to be killed."""

    def __init__(self, command: Sequence[str], seconds: float, memory: int) -> None:
        self._socket, theirs = socket.socketpair()
        arguments = (*command, str(memory), str(seconds + GRACE), str(os.getpid()))
        with theirs:
            try:
                # In UTC, because the library takes its own clock from local time.
                self._process = subprocess.Popen(
                    arguments,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    env={**os.environ, "TZ": "UTC"},
                )
            except OSError as error:
                self._socket.close()
                raise InferenceError(f"the inference process cannot be started: {error}") from error
        self._rulesets: dict[Bodies, str] = {}
        # The library keeps the state itself as one more fact.
        self._ids = short("f", MAX_FACTS, (*RESERVED, f"sid-{child.SID}"))
        self._alive = 0
        self.judgements = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def rulesets(self) -> int:
        """How many different programs it has been given."""
        return len(self._rulesets)

    def judge(
        self, bodies: Bodies, facts: Sequence[Sequence[str]], last: bool, deadline: float
    ) -> Iterator[tuple[int, int]]:
        """(position of the fact, number of the conjunction) for all that fire; with `last`, every
        fact of the judgement is deleted.

        Facts do not see each other, so more than the library can bear are judged in portions.
        """
        done = 0
        while done < len(facts) or (last and self._alive):
            portion = facts[done : done + MAX_FACTS - self._alive]
            ids = self._ids[self._alive : self._alive + len(portion)]
            place = {id_: done + n for n, id_ in enumerate(ids)}
            done += len(portion)
            full = self._alive + len(portion) == MAX_FACTS
            end = full or (last and done == len(facts))
            self._alive = 0 if end else self._alive + len(portion)
            ruleset = self._loaded(bodies, deadline)
            request = {"judge": ruleset, "facts": list(zip(ids, portion, strict=True)), "last": end}
            yield from _fired(self._ask(request, deadline), place, len(bodies))

    def close(self) -> None:
        """Let the process end by itself; kill it if it does not."""
        self._socket.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def _loaded(self, bodies: Bodies, deadline: float) -> str:
        """The name of the ruleset of these conjunctions, made when first asked for."""
        if bodies not in self._rulesets:
            name = f"p{len(self._rulesets)}"
            self._ask({"load": name, "clauses": bodies}, deadline)
            self._rulesets[bodies] = name
        return self._rulesets[bodies]

    def _ask(self, request: dict[str, Any], deadline: float) -> Any:
        """What the process replies, as JSON says it."""
        data = json.dumps(request).encode()
        try:
            self._until(deadline)
            self._socket.sendall(child.LENGTH.pack(len(data)) + data)
            size = child.LENGTH.unpack(self._read(child.LENGTH.size, deadline))[0]
            if size > MAX_ANSWER:
                raise InferenceError(f"the inference process announced an answer of {size:,} bytes")
            reply = json.loads(self._read(size, deadline))
        except TimeoutError:
            raise InferenceError("the inference process did not answer in time") from None
        except OSError:
            raise InferenceError(f"the inference process {self._end()}") from None
        except (ValueError, RecursionError) as error:
            raise InferenceError(f"the inference process sent no JSON: {error}") from error
        if isinstance(reply, dict) and "error" in reply:
            raise InferenceError(f"the inference process failed: {reply['error']}")
        return reply

    def _read(self, size: int, deadline: float) -> bytes:
        """Exactly `size` bytes, or ConnectionError at the end of the stream."""
        read = bytearray()
        while len(read) < size:
            self._until(deadline)
            piece = self._socket.recv(size - len(read))
            if not piece:
                raise ConnectionResetError
            read += piece
        return bytes(read)

    def _until(self, deadline: float) -> None:
        """Let the socket wait no longer than the deadline."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)

    def _end(self) -> str:
        try:
            status = self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            return "hung up"
        return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"


def _fired(reply: Any, place: Mapping[str, int], clauses: int) -> list[tuple[int, int]]:
    """(position of the fact, number of the conjunction) of what the reply names; `place` has the facts
    asked about. Raises InferenceError where it is no answer to the question."""
    try:
        fired = [(place[id_], number) for id_, number in reply["fired"]]
        sensible = all(type(number) is int and 0 <= number < clauses for _, number in fired)
    except (KeyError, TypeError, ValueError):
        sensible = False
    if not sensible:
        raise InferenceError("the inference process answered what it was not asked")
    return fired
