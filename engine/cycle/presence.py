"""Which processes are alive: heartbeats, leases kept while they work, and what the dead left behind."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from engine.cycle.world import World
from engine.errors import LeaseLost
from engine.model.run import Claim
from engine.store import meta, outbox, runs
from engine.store.database import Tx

#: A process of another machine that was silent for so long is not expected back.
FORGOTTEN = timedelta(days=1)


def beat(world: World, tx: Tx) -> None:
    """This process is alive now."""
    meta.put(tx, f"heartbeat/{world.owner}", world.clock().isoformat())


def leave(world: World) -> None:
    """The last thing a process that judges does: whoever ends on purpose is not missed."""
    with world.store.begin() as tx:
        _forget(tx, world.owner)


def _forget(tx: Tx, owner: str) -> None:
    for kept in ("heartbeat", "late"):
        meta.drop(tx, f"{kept}/{owner}")


def beats(tx: Tx) -> dict[str, datetime]:
    """When each process was last alive, by its name."""
    found = meta.like(tx, "heartbeat/")
    return {name.partition("/")[2]: datetime.fromisoformat(at) for name, at in found.items()}


def sweep(world: World, tx: Tx) -> None:
    """Let go of what dead processes of this machine still claim, and forget who is long gone."""
    now = world.clock()
    for owner in runs.claimants(tx):
        if dead(owner) or owner == world.owner:
            runs.release(tx, owner, now)
    for owner in outbox.holders(tx):
        if dead(owner):
            outbox.release(tx, owner)
    for owner, at in beats(tx).items():
        if dead(owner) or now - at > FORGOTTEN:
            _forget(tx, owner)


def dead(owner: str) -> bool:
    """Whether this was a process of this machine that is gone."""
    host, _, pid = owner.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


@contextmanager
def kept_alive(world: World, claim: Claim) -> Iterator[None]:
    """Renew the lease while `find` works, so that only a dead process loses it."""
    stop, lease = threading.Event(), world.settings.cycles.lease

    def renew() -> None:
        while not stop.wait(lease.total_seconds() / 3):
            try:
                with world.store.begin() as tx:
                    runs.extend(tx, claim, world.clock(), lease)
            except LeaseLost:
                return

    keeper = threading.Thread(target=renew, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join()
