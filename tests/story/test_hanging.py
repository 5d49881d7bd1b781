"""Sources and receivers that never end an answer: nobody else waits for them, and they are named."""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from engine import app
from engine.cycle import run as running
from engine.cycle.loops import service as loops_service
from engine.cycle.loops import watch
from engine.cycle.loops.service import Loops
from engine.cycle.reload import Live
from engine.cycle.world import clock_from
from engine.model.message import Delivery, Notification
from engine.store import health, judgement, outbox
from tests.story import county
from tests.story.conftest import PATIENCE, forewarn, wait_for
from tests.story.dripping import DRIPS, Drip
from tests.story.test_service import SECOND, service


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = county.build(tmp_path / "county")
    (root / "config" / "cycles.yaml").write_text("{wait: 8h, lease: 1m, tick: 1s}\n", encoding="utf-8")
    return root


@contextmanager
def loops_of(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loops]:
    """The loops of a service that began when the county's story did."""
    monkeypatch.setattr(loops_service, "PATIENCE", 0)
    with app.world(root, clock=clock_from(county.END)) as world:
        running.prepare(world, county.FIRST)
        with closing(Loops(Live(world, lambda: app.home(root, county.END.date()), settle=0))) as loops:
            yield loops


def feeds(root: Path, drip: Drip, *kinds: str, **engine: str) -> None:
    """A feed more of each kind, named by it; engine: the limits of exchanges."""
    path = root / "config" / "feeds.yaml"
    for kind in kinds:
        options = f"{{url: '{drip(kind)}', timeout: 600, retries: 0}}"
        second = SECOND.format(connector="json", options=options).replace("id: second", f"id: {kind}")
        path.write_text(path.read_text(encoding="utf-8") + second, encoding="utf-8")
    limit(root, **engine)


def limit(root: Path, **engine: str) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in engine.items())
    path = root / "config" / "engine.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.slow
def test_sources_that_never_end_keep_nobody_waiting(root: Path, drip: Drip, monkeypatch: pytest.MonkeyPatch):
    feeds(root, drip, *DRIPS)
    with loops_of(root, monkeypatch) as loops:
        loops.poll()
        wait_for(lambda: "log" in heard(loops))
        loops.judge()
        with loops.world.store.read() as tx:
            assert judgement.warnings(tx), "judged with what is known"
        loops.deliver()
        wait_for(lambda: county.received(root) != [])
        loops.beat()
        assert set(DRIPS) <= late(loops)
        assert set(heard(loops)) == {"log"}


def heard(loops: Loops) -> dict[str, health.Heard]:
    with loops.world.store.read() as tx:
        return health.last(tx)


def late(loops: Loops) -> set[str]:
    with loops.world.store.read() as tx:
        return {one.name for one in watch.told(tx)[loops.world.owner]}


@pytest.mark.slow
def test_sources_that_never_end_are_ended_and_marked_as_down(
    root: Path, drip: Drip, monkeypatch: pytest.MonkeyPatch
):
    feeds(root, drip, *DRIPS, poll_timeout="2s")
    with loops_of(root, monkeypatch) as loops:
        loops.poll()
        wait_for(lambda: set(heard(loops)) == {"log", *DRIPS})
        said = {heard(loops)[kind].detail for kind in DRIPS}
        assert said == {"not over after 2 s, and ended; raise poll_timeout in engine.yaml if that is right"}
        assert not any(heard(loops)[kind].ok for kind in DRIPS)


def test_a_process_that_dies_at_a_poll_is_told(root: Path, drip: Drip, monkeypatch: pytest.MonkeyPatch):
    """As the kernel kills whoever takes too much memory."""
    feeds(root, drip, "body")
    with loops_of(root, monkeypatch) as loops:
        loops.poll()
        wait_for(lambda: "log" in heard(loops))
        for one in multiprocessing.active_children():
            one.kill()
        wait_for(lambda: "body" in heard(loops))
        assert "was ended by SIGKILL" in heard(loops)["body"].detail


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "0123456789abcdef")


def receivers(root: Path, drip: Drip, *kinds: str) -> None:
    """The duty centre and one receiver of each kind, operators all of them."""
    duty = "{id: duty, title: Duty, operator: true, channels: [{kind: file, path: data/outbox/duty.jsonl}]}"
    desks = [
        f"{{id: {kind}, title: Desk, operator: true, channels: [{{kind: webhook, url: '{drip(kind)}',"
        " timeout: 50s, secret: '${SECRET}'}]}"
        for kind in kinds
    ]
    listed = "".join(f"  - {one}\n" for one in (duty, *desks))
    names = ", ".join(("duty", *kinds))
    text = f"receivers:\n{listed}routes:\n  - {{id: all, receivers: [{names}]}}\n"
    (root / "config" / "routes.yaml").write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_receivers_that_never_end_keep_no_other_waiting(
    root: Path, drip: Drip, monkeypatch: pytest.MonkeyPatch
):
    receivers(root, drip, *DRIPS)
    limit(root, deliver_timeout="15s")
    with loops_of(root, monkeypatch) as loops:
        loops.once()
        told = messages(loops)
        assert len(told["duty"]) > 3 and {one.state for one in told["duty"]} == {Delivery.DELIVERED}
        assert {one.state for one in told["body"]} == {Delivery.DELIVERED}, "the status says it all"
        for kind in DRIPS.keys() - {"body"}:
            first, *others = told[kind]
            assert (first.state, first.attempts) == (Delivery.RETRY, 1)
            assert first.error.startswith("not over after 15 s, and ended; raise deliver_timeout")
            assert {one.attempts for one in others} == {0}, "the next of the same channel have their turn"
        loops.deliver()
        wait_for(lambda: sum(one.attempts for one in messages(loops)["header"]) == 2)


def messages(loops: Loops) -> dict[str, list[Notification]]:
    """All of them by receiver, in the order in which they are sent."""
    with loops.world.store.read() as tx:
        to = {(one.receiver, one.channel) for one in outbox.listing(tx, limit=1000)}
        return {receiver: outbox.told_by(tx, receiver, channel) for receiver, channel in to}


def test_operators_hear_once_who_hangs_and_since_when(
    root: Path, drip: Drip, monkeypatch: pytest.MonkeyPatch
):
    feeds(root, drip, "body")
    receivers(root, drip)
    with loops_of(root, monkeypatch) as loops:
        loops.poll()
        wait_for(lambda: "log" in heard(loops))
        loops.beat()
        loops.beat()
        with loops.world.store.read() as tx:
            (work,) = [one for one in watch.told(tx)[loops.world.owner] if one.name == "body"]
        told = [json.loads(one.payload) for one in messages(loops)["duty"]]
        (notice,) = [one for one in told if one["name"] == "feed body"]
        assert notice["trouble"] == "late"
        assert notice["at"][:19] == work.since.isoformat()[:19]


@pytest.mark.slow
def test_told_to_stop_it_stops_whatever_hangs(root: Path, drip: Drip):
    feeds(root, drip, "header", poll_timeout="10h", deliver_timeout="10h", stop_within="4s")
    receivers(root, drip, "hints")
    with service(root, "run") as process:
        wait_for(lambda: {("feed", "header"), ("receiver", "hints webhook")} <= hanging(root))
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0, said
        assert "stopped; nothing is lost" in said or "did not end within 0:00:04" in said


def hanging(root: Path) -> set[tuple[str, str]]:
    """What the status calls late."""
    said = forewarn(root, "status", "--format", "json", check=False).stdout or "[]"
    return {(row["what"], row["name"]) for row in json.loads(said) if row["state"] == "late"}
