"""Two services on one database: every period judged once, every message sent once, whoever dies."""

from __future__ import annotations

import csv
import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier, Semaphore
from pathlib import Path
from typing import Any

import pytest

from engine import app
from engine.cycle import dispatch, presence
from engine.cycle import run as running
from engine.cycle.world import Clock, World
from engine.infer import reference
from engine.infer.correlate import correlate
from engine.infer.program import Conclusions, Facts, Program
from engine.model.message import Notification, Receipt
from engine.model.run import Run
from engine.store import outbox, runs
from tests.story import county
from tests.story.conftest import PATIENCE, wait_for

FORK = multiprocessing.get_context("fork")

#: The moments at which both processes tick, over and over until the county's last day is judged.
MOMENTS = [county.FIRST + timedelta(hours=6 * n) for n in range(4 * county.DAYS + 1)] + [county.END]

#: Longer than the county's lease.
LATER = timedelta(minutes=2)


@contextmanager
def life(root: Path, clock: Clock, owner: str) -> Iterator[World]:
    with app.world(root, clock=clock, owner=owner) as world:
        # Whoever judges in a dead one's place does so later, and what it asks counts from then; not so here.
        world = replace(world, correlate=partial(correlate, evaluator=reference.evaluate), relived=True)
        running.prepare(world, county.FIRST)
        yield world


def live(root: Path, owner: str, together: Barrier | None = None) -> None:
    """Tick at every moment; where there are two, both begin each tick at once, and nobody publishes
    what comes next while the other still reads."""
    now, wait = [county.FIRST], together.wait if together else lambda seconds: None
    wait(PATIENCE)
    with life(root, lambda: now[0], owner) as world:
        for moment in MOMENTS:
            wait(PATIENCE)
            publish(root, moment)
            now[0] = moment
            wait(PATIENCE)
            running.tick(world)


def publish(root: Path, until: datetime) -> None:
    """The feed's files as they stood at a moment; nobody ever sees half a file."""
    for name, column in (("log.csv", "known"), ("polls.csv", "polled_at")):
        whole, fresh = root / "whole" / name, root / f"{name}.{os.getpid()}"
        with whole.open(encoding="utf-8", newline="") as rows, fresh.open("w", encoding="utf-8") as out:
            reader = csv.DictReader(rows)
            writer = csv.DictWriter(out, reader.fieldnames or ())
            writer.writeheader()
            writer.writerows(row for row in reader if datetime.fromisoformat(row[column]) <= until)
        fresh.replace(root / name)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county after a history that one process lived through."""
    root = built(tmp_path_factory.mktemp("alone"))
    live(root, "only")
    return root


def built(root: Path) -> Path:
    """The county, and its feed's files once more, whole, to publish from."""
    county.build(root)
    (root / "whole").mkdir()
    for name in ("log.csv", "polls.csv"):
        shutil.copy(root / name, root / "whole" / name)
    return root


@pytest.fixture
def root(database_url: str, tmp_path: Path) -> Path:
    """The county on an empty database of each kind in turn."""
    folder = built(tmp_path / "county")
    (folder / "config" / "engine.yaml").write_text(f"database: {database_url}\n", encoding="utf-8")
    return folder


def seen(root: Path) -> tuple[dict[str, Any], list[Run]]:
    with life(root, lambda: county.END, "reader") as world, world.store.read() as tx:
        return county.told(world.store), runs.listing(tx, 1000)


def expect_the_same(root: Path, alone: Path) -> None:
    story, expected = seen(root)[0], seen(alone)[0]
    assert len(expected["warnings"]) >= 5 and len(expected["messages"]) >= 8
    assert story == expected
    keys = county.received(root)
    assert sorted(keys) == sorted(county.received(alone)) and len(set(keys)) == len(keys)


def started(target: Callable[..., None], *arguments: object) -> BaseProcess:
    process = FORK.Process(target=target, args=arguments)
    process.start()
    return process


def test_two_processes_judge_every_period_once(root: Path, alone: Path):
    together = FORK.Barrier(2)
    pair = [started(live, root, owner, together) for owner in ("left", "right")]
    for process in pair:
        process.join(PATIENCE)
    assert [process.exitcode for process in pair] == [0, 0]
    expect_the_same(root, alone)
    judged = seen(root)[1]
    assert {run.attempt for run in judged} == {1}
    assert {run.owner for run in judged} == {"left", "right"}


def hang(root: Path, hung: Connection) -> None:
    """A process that stops for good in the middle of a judgement it has claimed."""

    calls = count(1)

    def stuck(program: Program, facts: Facts) -> Conclusions:
        if next(calls) == 5:
            hung.send("in the middle")
            time.sleep(PATIENCE)
        return reference.evaluate(program, facts)

    with life(root, lambda: county.END, "victim") as world:
        running.tick(replace(world, correlate=partial(correlate, evaluator=stuck)))


def outlive(root: Path, owner: str, ticks: Semaphore) -> None:
    """A process that ticks on until everything is judged and sent. Its clock stands until the file `died`
    is there, so that nobody who lives loses a lease, however slow the machine."""
    now = [county.END]
    with life(root, lambda: now[0], owner) as world:
        while running.due(world, county.END) or _unsent(world):
            running.tick(world)
            ticks.release()
            if (root / "died").exists():
                now[0] += LATER
            time.sleep(0.02)


def _unsent(world: World) -> int:
    with world.store.read() as tx:
        return len(outbox.listing(tx, state="pending"))


def test_the_other_takes_over_from_one_that_is_killed_once_its_lease_is_over(root: Path, alone: Path):
    here, there = FORK.Pipe(duplex=False)
    victim = started(hang, root, there)
    assert here.poll(PATIENCE)
    ticks = FORK.Semaphore(0)
    heir = started(outlive, root, "heir", ticks)
    for _ in range(3):
        assert ticks.acquire(timeout=PATIENCE)
    assert _held_by(root) == {"victim"}, "nothing may be taken from a process that still lives"
    os.kill(victim.pid or 0, signal.SIGKILL)
    victim.join(PATIENCE)
    (root / "died").touch()
    heir.join(PATIENCE)
    assert (victim.exitcode, heir.exitcode) == (-signal.SIGKILL, 0)
    expect_the_same(root, alone)
    taken = [run for run in seen(root)[1] if run.attempt > 1]
    assert [(run.attempt, run.owner, run.cycle) for run in taken] == [(2, "heir", "daily")]


def pause(root: Path, where: str) -> None:
    """A process that is stopped in the middle of a judgement, or of handing over a message, and goes on when
    somebody lets it."""
    calls = count(1)

    def stopped(*arguments: Any) -> None:
        if next(calls) == 5:
            # Sent to the process, another thread might take it, and this one go on until it is stopped.
            signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)

    def evaluate(program: Program, facts: Facts) -> Conclusions:
        stopped()
        return reference.evaluate(program, facts)

    def attempt(world: World, message: Notification) -> Receipt:
        stopped()
        return send(world, message)

    send = dispatch.attempt
    # Stopped while it renews its lease it would hold SQLite's one lock for as long as it is stopped.
    presence.kept_alive = lambda world, claim: nullcontext()  # type: ignore[assignment]
    with life(root, lambda: county.END, "victim") as world:
        if where == "message":
            dispatch.attempt = attempt
        else:
            world = replace(world, correlate=partial(correlate, evaluator=evaluate))
        running.tick(world)


@pytest.mark.parametrize("where", ["judgement", "message"])
def test_one_that_is_stopped_past_its_lease_is_fenced_off_when_it_goes_on(
    where: str, root: Path, alone: Path
):
    victim = started(pause, root, where)
    assert os.WIFSTOPPED(os.waitpid(victim.pid or 0, os.WUNTRACED)[1])
    (root / "died").touch()
    heir = started(outlive, root, "heir", FORK.Semaphore(0))
    heir.join(PATIENCE)
    before = seen(root)
    os.kill(victim.pid or 0, signal.SIGCONT)
    victim.join(PATIENCE)
    assert (victim.exitcode, heir.exitcode) == (0, 0)
    expect_the_same(root, alone)
    assert seen(root) == before, "what it still meant to write is not written"
    assert "heir" in {run.owner for run in before[1]} or where == "message"


def _judged(world: World) -> int:
    with world.store.read() as tx:
        return sum(run.state == "done" for run in runs.listing(tx, 1000))


def _held_by(root: Path) -> set[str]:
    with life(root, lambda: county.END, "reader") as world, world.store.read() as tx:
        return runs.claimants(tx)


@pytest.mark.parametrize("seed", range(4))
def test_one_of_two_is_killed_anywhere(seed: int, root: Path, alone: Path):
    """Both tick on; one is killed somewhere in the work on one more period."""
    ticks = FORK.Semaphore(0)
    pair = [started(outlive, root, owner, ticks) for owner in ("left", "right")]
    with life(root, lambda: county.END, "reader") as world:
        wait_for(lambda: _judged(world) >= 1 + 4 * seed)
    os.kill(pair[0].pid or 0, signal.SIGKILL)
    pair[0].join(PATIENCE)
    (root / "died").touch()
    pair[1].join(PATIENCE)
    assert pair[0].exitcode in (0, -signal.SIGKILL) and pair[1].exitcode == 0
    expect_the_same(root, alone)
