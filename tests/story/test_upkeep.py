"""The engine looks at itself: what is wrong is told once, known by somebody, and told when it is over."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import app, cli
from engine.cycle import dispatch
from engine.cycle import run as running
from engine.cycle.loops import upkeep, watch
from engine.cycle.loops.service import Loops
from engine.cycle.loops.watch import Work
from engine.cycle.reload import Live
from engine.cycle.world import World
from engine.model.message import Delivery, Receipt
from engine.notify.notice import Notice, Trouble
from engine.store import faults, outbox
from tests.story import county
from tests.story.conftest import wait_for
from tests.story.county import Clock

OPERATORS = """
  - {id: ops, title: Operators, operator: true, channels: [{kind: file, path: data/ops.jsonl}]}
  - {id: crime-desk, title: Crime desk, channels: [{kind: file, path: data/crime.jsonl}]}
routes:
"""
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = county.build(tmp_path / "county")
    path = root / "config" / "routes.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("\nroutes:\n", OPERATORS), encoding="utf-8")
    return root


@pytest.fixture
def world(root: Path, clock: Clock) -> Iterator[World]:
    with app.world(root, clock=clock) as opened:
        running.prepare(opened, opened.clock())
        yield opened


def look(world: World) -> None:
    with world.store.begin() as tx:
        upkeep.look(world, tx, world.clock())


def told(world: World, receiver: str = "ops") -> list[str]:
    """What was said, in its order."""
    with world.store.read() as tx:
        every = outbox.listing(tx, limit=1000)
    mine = [one for one in every if one.receiver == receiver and one.step == "notice"]
    return [one.subject for one in sorted(mine, key=lambda one: (one.planned_at, one.key))]


def with_disk(world: World, megabytes: int) -> World:
    engine = world.settings.engine.model_copy(update={"disk_mb": megabytes})
    return replace(world, settings=replace(world.settings, engine=engine))


def test_a_disk_that_is_nearly_full_is_told_once_known_by_somebody_and_told_when_there_is_room(
    world: World, clock: Clock, root: Path
):
    full = with_disk(world, 10_000_000)
    for _ in range(3):
        look(full)
        clock.now += MINUTE
    (subject,) = told(world)
    assert subject.startswith("Disk nearly full: ")
    clock.now += timedelta(days=1)
    dispatch.deliver(world)
    look(full)
    dispatch.deliver(world)
    assert len(told(world)) == 2, "nobody has said that they know"
    listed = CliRunner().invoke(cli.forewarn, ["--root", str(root), "status", "--format", "json"])
    assert any(row["what"] == "disk" and row["state"] == "open" for row in json.loads(listed.stdout))
    said = ["--root", str(root), "faults", "acknowledge", "1", "--who", "lin"]
    known = CliRunner().invoke(cli.forewarn, said)
    assert known.exit_code == 0, known.output
    clock.now += timedelta(days=1)
    look(full)
    assert len(told(world)) == 2, "somebody knows"
    look(with_disk(world, 0))
    look(with_disk(world, 0))
    assert [one.partition(":")[0] for one in told(world)] == ["Disk nearly full"] * 2 + ["Over"]


def test_what_comes_back_within_the_hour_is_not_told_again_and_ends_when_it_has_been_well_for_one(
    world: World, clock: Clock
):
    for disk in (10_000_000, 0) * 5:
        look(with_disk(world, disk))
        dispatch.deliver(world)
        clock.now += MINUTE
    assert len(told(world)) == 2
    clock.now += timedelta(hours=1)
    look(with_disk(world, 0))
    assert [one.partition(":")[0] for one in told(world)] == ["Disk nearly full", "Over", "Over"]


def test_messages_that_nobody_takes_are_told_and_so_is_their_end(world: World, clock: Clock):
    with world.store.begin() as tx:
        dispatch.notify_operators(world, tx, _notice(clock.now))
    before = len(told(world))
    look(world)
    assert len(told(world)) == before, "they have only just been seen"
    clock.now += 11 * MINUTE
    look(world)
    assert told(world)[before:] == ["Messages wait: outbox is stuck"]
    dispatch.deliver(world)
    clock.now += MINUTE
    look(world)
    assert told(world)[-1] == "Over: outbox"


def _notice(at: datetime) -> Notice:
    return Notice(Trouble.DEGRADED, "daily", "", at)


def test_a_channel_that_fails_is_told_and_cleared(world: World, clock: Clock):
    with world.store.begin() as tx:
        dispatch.notify_operators(world, tx, _notice(clock.now))
    for tries in range(3):
        look(world)
        assert not any("Channel fails" in one for one in told(world)), tries
        _tried(world, clock, Delivery.RETRY)
    look(world)
    look(world)
    assert [one for one in told(world) if "Channel" in one] == ["Channel fails: ops file"]
    _tried(world, clock, Delivery.DELIVERED)
    look(world)
    assert told(world)[-1] == "Over: ops file"


def _tried(world: World, clock: Clock, state: Delivery) -> None:
    """One attempt at the first message, and what came of it."""
    clock.now += MINUTE
    with world.store.read() as tx:
        message = next(one for one in outbox.listing(tx, limit=100) if one.subject.startswith("Degraded"))
    again = clock.now if state is Delivery.RETRY else None
    receipt = Receipt(key=message.key, at=clock.now, state=state, detail="no", next_at=again)
    dispatch.settle(world, message, receipt)


def test_a_loop_that_hangs_is_told_and_so_is_its_end(world: World, clock: Clock):
    for late in ([Work("loop", "judge", clock.now)], []):
        with world.store.begin() as tx:
            watch.put(tx, world.owner, late)
        look(world)
        clock.now += MINUTE
    assert told(world) == ["Late: loop judge is still at work", "Over: loop judge"]


# --- the dead man's switch ---------------------------------------------------------------------


@contextmanager
def listener() -> Iterator[tuple[str, list[str]]]:
    """Somebody outside who waits for signs."""
    signs: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            signs.append(self.path)
            self.send_response_only(200)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", signs
    finally:
        server.shutdown()
        server.server_close()


def test_signs_of_life_stop_when_judging_hangs(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PING", "s3cret-path-of-ours")
    with listener() as (address, signs):
        path = root / "config" / "engine.yaml"
        engine = f"dead_man: {{url: '{address}/${{PING}}', every: 1s}}\n"
        path.write_text(path.read_text(encoding="utf-8") + engine, encoding="utf-8")
        with app.world(root, clock=lambda: county.END) as world:
            running.prepare(world, county.END)
            with closing(Loops(Live(world, lambda: app.home(root, county.END.date()), settle=0))) as loops:
                for beat in (loops.poll, loops.judge, loops.deliver, loops.beat):
                    beat()
                wait_for(lambda: signs == ["/s3cret-path-of-ours"])
                _hang(loops, "judge")
                loops._switch._last = None
                loops.beat()
                loops._receivers.over(60, lambda: False)
                assert len(signs) == 1, "whoever judges has not come round"
                loops.judge()
                loops.beat()
                wait_for(lambda: len(signs) == 2)


def _hang(loops: Loops, name: str) -> None:
    """It came round last a long time ago."""
    loops._watch._done["loop", name] -= 10_000


# --- flapping ----------------------------------------------------------------------------------


def test_a_rule_that_flaps_is_named_once_to_operators_and_its_owner_with_a_mend(root: Path, clock: Clock):
    days, at = 27, county.FIRST + timedelta(hours=10)
    rows = [
        {"id": f"{day}-{nth}", "at": moment, "known": moment, "town": "T1", "kind": "burglary"}
        for day in (0, 7, 14, 21) for nth in range(3)
        for moment in [(at + timedelta(days=day, minutes=nth)).isoformat()]
    ]  # fmt: skip
    with (root / "log.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    polls = [county.FIRST + timedelta(hours=6 * nth) for nth in range(-240, 4 * days + 8)]
    (root / "polls.csv").write_text("\n".join(["at", *(one.isoformat() for one in polls)]), encoding="utf-8")
    clock.now = county.FIRST.replace(tzinfo=UTC) + timedelta(days=days, hours=9)
    with app.world(root, clock=clock) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
        for receiver in ("ops", "crime-desk"):
            assert told(world, receiver).count("Flapping: county.burglary-surge T1") == 1
        with world.store.read() as tx:
            (fault,) = [one for one in faults.listing(tx) if one.kind == "flapping"]
        assert "times in Easttown within 28 days: `hold: 5` (it is 2) would have" in fault.detail
