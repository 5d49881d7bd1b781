"""No command waits for a peer that never ends its answer: each is ended in time, and says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import app
from engine.cli import forewarn
from engine.cycle import roster
from engine.cycle import run as running
from engine.cycle.loops.service import around
from engine.cycle.loops.worker import Unfinished
from engine.cycle.world import World
from engine.errors import FeedError
from engine.model.message import Delivery
from engine.store import health, outbox
from tests.connectors.conftest import Answer, Server
from tests.cycle.test_roster import build
from tests.cycle.test_rota_settings import ICS, ROTA
from tests.story import county
from tests.story.conftest import wait_for
from tests.story.dripping import Drip
from tests.story.test_hanging import feeds, limit, receivers

ENDED = "not over after 1 s, and ended"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return county.build(tmp_path / "county")


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "0123456789abcdef")


def call(root: Path, *words: str) -> Result:
    return CliRunner().invoke(forewarn, ["--root", str(root), *words])


@pytest.mark.parametrize(("command", "kind"), [("poll", "header"), ("reread", "hints")])
def test_a_source_is_ended_and_marked_as_down(command: str, kind: str, root: Path, drip: Drip):
    feeds(root, drip, kind, poll_timeout="1s")
    done = call(root, "feeds", command, kind, "--format", "json")
    (row,) = json.loads(done.stdout)
    assert done.exit_code == 1 and row["error"].startswith(ENDED)
    with app.world(root) as world, world.store.read() as tx:
        assert health.last(tx)[kind].detail == f"{ENDED}; raise poll_timeout in engine.yaml if that is right"


def test_looking_at_a_source_ends_and_stores_nothing(root: Path, drip: Drip):
    feeds(root, drip, "header", poll_timeout="1s")
    tried = call(root, "feeds", "try", "header")
    assert isinstance(tried.exception, FeedError) and ENDED in str(tried.exception)
    with app.world(root) as world, world.store.read() as tx:
        assert health.last(tx) == {}


def test_a_cycle_is_judged_and_told_though_source_and_receiver_hang(root: Path, drip: Drip):
    feeds(root, drip, "body", poll_timeout="20s", deliver_timeout="10s")
    receivers(root, drip, "hints")
    said = call(root, "cycle", "daily", "--at", "2026-03-10").stdout
    assert "daily 2026-03-09: done" in said
    with app.world(root) as world, world.store.read() as tx:
        heard, told = health.last(tx), outbox.listing(tx, limit=1000)
    assert heard["log"].ok and not heard["body"].ok
    assert {one.state for one in told if one.receiver == "duty"} == {Delivery.DELIVERED}
    first = [one for one in told if one.receiver == "hints" and one.attempts]
    assert [one.state for one in first] == [Delivery.RETRY]
    assert first[0].error.startswith("not over after 10 s, and ended")


def test_the_calendar_of_a_rota_is_ended_too(tmp_path: Path, drip: Drip):
    root = build(tmp_path, _at(drip("header")))
    limit(root, poll_timeout="1s")
    assert "nobody" in call(root, "rota").stdout
    with app.world(root) as world, world.store.read() as tx:
        heard = roster.heard(tx, world.settings.rotas["desk"])
    assert heard is not None and heard.error.startswith(ENDED)


def _at(url: str) -> str:
    calendar = f"calendar: {{url: '{url}', poll: 2h, names: {{Lin: lin}}}}"
    return ROTA.partition("    shifts:")[0] + f"    {calendar}\n"


def test_the_service_asks_calendars_at_an_address(tmp_path: Path, drip: Drip, server: Server):
    """And waits for none that hangs."""
    url = server.tell("/duty.ics", Answer(ICS.encode()))
    silent = _at(drip("silence")).replace("id: desk", "id: other").partition("rotas:\n")[2]
    root = build(tmp_path, _at(url) + silent)
    with app.world(root) as world:
        running.prepare(world, world.clock())
        with around(world) as loops:
            loops.poll()
            wait_for(lambda: _read(loops.world, "desk"))
            assert not _read(loops.world, "other")
    assert [path for path, _ in server.asked] == ["/duty.ics"]


def _read(world: World, rota: str) -> bool:
    with world.store.read() as tx:
        heard = roster.heard(tx, world.settings.rotas[rota])
    return heard is not None and heard.read_at is not None


def test_an_alert_at_an_address_is_ended_too(tmp_path: Path, drip: Drip):
    done = call(tmp_path, "cap", "validate", drip("body"), "--within", "1s")
    assert isinstance(done.exception, Unfinished) and ENDED in str(done.exception)
