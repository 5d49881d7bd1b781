"""What the benchmarks over the bundled data share: a store of their own, a watch and a scale."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from engine import app
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.world import World
from engine.store import fold

ROOT = Path(__file__).resolve().parent.parent

#: Some hours after the last moment at which the bundled feeds were heard.
END = datetime(2026, 1, 1, 9, tzinfo=UTC)


@contextmanager
def fresh() -> Iterator[World]:
    """The project's own configuration and rules over an empty store, at the end of the bundled data."""
    with TemporaryDirectory() as folder:
        for name in ("config", "rules"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        with app.world(Path(folder), clock=lambda: END, owner="benchmark") as world:
            running.prepare_ledger(world)
            yield world


@contextmanager
def loaded() -> Iterator[World]:
    """The same with all that the bundled feeds tell, the ledger folded."""
    with fresh() as world:
        for feed in world.settings.feeds.values():
            collect.poll(world, feed)
        with world.store.begin() as tx:
            fold.fold(tx)
        yield world


def seconds(work: Callable[..., object], *arguments: object, **named: object) -> float:
    """Seconds by the clock."""
    begin = perf_counter()
    work(*arguments, **named)
    return perf_counter() - begin


def processor(work: Callable[..., object], *arguments: object, **named: object) -> float:
    """Seconds of this process's processor time."""
    begin = process_time()
    work(*arguments, **named)
    return process_time() - begin


def fastest(work: Callable[..., object], *arguments: object, rounds: int = 3, **named: object) -> float:
    """The least of some rounds, in seconds of processor time: what else the machine does only adds to it."""
    return min(processor(work, *arguments, **named) for _ in range(rounds))


def peak() -> str:
    """The largest resident size of this process so far."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
