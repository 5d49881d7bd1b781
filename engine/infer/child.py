"""The program of the inference process: durable_rules and nothing else of forewarn.

Run as a script with the socket to the parent as standard input, so that it starts in a tenth of a
second. Each message is one JSON object behind its length; each request gets one reply:

    {"load": name, "clauses": [[attribute, ...], ...]}                   -> {}
    {"judge": name, "facts": [[id, [attribute, ...]], ...], "last": bool} -> {"fired": [[id, clause], ...]}

A judgement is one or more "judge" requests up to one with "last", which deletes its state. What
cannot be done is answered with {"error": reason}; a crash or a hang is for the parent to see.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

LENGTH = struct.Struct("!I")
#: Seconds between two looks, while idle, at whether the parent still lives.
IDLE = 2.0
#: The sid of every judgement: each finds it deleted by the one before.
SID = "0"


class Rules:
    """The rulesets of one host, and which clauses fired."""

    def __init__(self) -> None:
        # Imported here: where the library cannot be imported, the parent is to hear why.
        from durable.engine import Host, MessageNotHandledException

        class QuietHost(Host):  # type: ignore[misc]  # the library has no types
            """A host without its two endless timer threads: nothing here depends on timers."""

            def _run(self) -> None:
                pass

        self._host = QuietHost()
        self._unmatched = MessageNotHandledException
        self._fired: list[tuple[str, int]] = []
        self._used: set[str] = set()

    def load(self, name: str, clauses: list[list[str]]) -> None:
        """One conjunction of equalities for each clause; conjunctions are all it is trusted with."""
        definition = {
            f"r{number}": {
                "all": [{"m": {"$and": [{attribute: 1} for attribute in body]}}],
                "run": self._action(number),
            }
            for number, body in enumerate(clauses)
        }
        self._host.register_rulesets({name: definition})

    def judge(self, name: str, facts: list[tuple[str, list[str]]]) -> list[tuple[str, int]]:
        """Assert the facts one at a time; a 0 is left out, since only what a fact has is compared."""
        self._fired.clear()
        for id_, attributes in facts:
            try:
                self._host.assert_fact(name, {"id": id_, "sid": SID} | dict.fromkeys(attributes, 1))
                self._used.add(name)
            except self._unmatched:
                continue
        # The library keeps what an action raised in the state and goes on.
        failure = self._host.get_state(name, SID).get("exception") if name in self._used else None
        if failure is not None:
            raise RuntimeError(f"an action failed: {failure}")
        return self._fired

    def forget(self, name: str) -> None:
        """Delete the state, once an action has run in it.

        Before that the library would free two pointers it never set, and crash; but then it holds
        no fact either, since only facts that match are kept.
        """
        if name in self._used:
            self._host.delete_state(name, SID)
            self._used.remove(name)

    def _action(self, number: int) -> Callable[[Any], None]:
        # The library counts parameters: one means synchronous, a second would mean a callback.
        def fire(closure: Any) -> None:
            self._fired.append((closure.m.id, number))

        return fire


def serve(connection: socket.socket, parent: int, seconds: float) -> None:
    """Answer requests until the parent hangs up or is gone."""
    rules: Rules | None = None
    stream = connection.makefile("rb")
    while (request := receive(connection, stream, parent)) is not None:
        # A hang inside the library holds the interpreter's lock, so no handler would ever run: the
        # signal's default action ends the process, parent or no parent.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            rules = rules or Rules()
            reply = answer(rules, request)
        except Exception as error:  # the rim of the process: the parent alone decides what follows
            reply = {"error": f"{type(error).__name__}: {error}"}
        signal.setitimer(signal.ITIMER_REAL, 0)
        data = json.dumps(reply).encode()
        connection.sendall(LENGTH.pack(len(data)) + data)


def answer(rules: Rules, request: dict[str, Any]) -> dict[str, Any]:
    """The reply to one request."""
    if "load" in request:
        rules.load(request["load"], request["clauses"])
        return {}
    fired = rules.judge(request["judge"], request["facts"])
    if request["last"]:
        rules.forget(request["judge"])
    return {"fired": fired}


def receive(connection: socket.socket, stream: BinaryIO, parent: int) -> dict[str, Any] | None:
    """The next request, or None when the parent has hung up or died."""
    while not select.select([connection], [], [], IDLE)[0]:
        # A process forked from the parent may hold its end of the socket open after its death.
        if os.getppid() != parent:
            return None
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    request: dict[str, Any] = json.loads(stream.read(LENGTH.unpack(head)[0]))
    return request


def main(memory: int, seconds: float, parent: int) -> None:
    """Serve the socket on standard input within `memory` bytes and `seconds` a request."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # Ctrl-C reaches the whole group of processes; when to stop is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        serve(socket.socket(fileno=sys.stdin.fileno()), parent, seconds)
    except (BrokenPipeError, ConnectionResetError):
        return  # the parent went away in the middle of a message


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
