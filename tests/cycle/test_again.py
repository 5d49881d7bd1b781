"""Never given up in silence: killed, failed, set aside, judged again, and a database that goes away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import app, cli
from engine.cycle import again as beside
from engine.cycle import run as running
from engine.cycle.again import Beside
from engine.cycle.loops.service import Loops
from engine.cycle.reload import Live
from engine.cycle.world import World
from engine.errors import StoreError
from engine.logs import configure
from engine.model.period import Cycle, Period
from engine.model.run import RunState
from engine.store import aside, meta, outbox, runs
from tests.story import county

#: Longer than the county's lease, and than the first pauses.
LATER = timedelta(minutes=2)
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """Nothing of ours catches it: the process is gone."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = county.build(tmp_path / "county")
    routes = root / "config" / "routes.yaml"
    routes.write_text(
        routes.read_text(encoding="utf-8").replace("title: Duty centre", "title: D, operator: true")
    )
    return root


class Service:
    """The county's service, whose clock a test sets."""

    def __init__(self, world: World) -> None:
        self.now = county.END
        self.world = replace(world, clock=lambda: self.now)
        running.prepare(self.world, county.FIRST)

    def notices(self) -> list[tuple[str, str]]:
        with self.world.store.read() as tx:
            every = [
                json.loads(one.payload) for one in outbox.listing(tx, limit=1000) if one.step == "notice"
            ]
        return sorted((one["trouble"], one["name"]) for one in every)

    def run(self, period: Period) -> runs.Run:
        with self.world.store.read() as tx:
            found = runs.find(tx, period)
        assert found is not None
        return found

    def daily(self, day: int) -> Period:
        return self.world.settings.calendar.period(Cycle.DAILY, (county.FIRST + timedelta(days=day)).date())


@pytest.fixture
def service(root: Path) -> Iterator[Service]:
    with app.world(root, clock=lambda: county.END, owner="service") as world:
        yield Service(world)


def failing_at(period: Period, error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever judges this period meets the error."""
    find = running._find

    def fails(world: World, of: Period) -> object:
        if of == period:
            raise error
        return find(world, of)

    monkeypatch.setattr(running, "_find", fails)


def story(root: Path) -> dict[str, object]:
    """What was found and told; how a warning's page read between two judgements is not part of it."""
    with app.world(root, clock=lambda: county.END) as world:
        told = county.told(world.store)
    warnings = [(one.id, one.grade, one.since, one.lifted_at, one.rules) for one in told["warnings"]]
    messages = [(key, state) for key, _, _, state in told["messages"] if not key.startswith("notice/")]
    return told | {"warnings": warnings, "messages": messages}


@pytest.mark.parametrize("kills", [5, 7])
def test_a_period_that_killed_many_times_is_judged_at_last_and_nothing_is_lost(
    kills: int, service: Service, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        failing_at(service.daily(2), Killed(), patched)
        for _ in range(kills):
            with pytest.raises(Killed):
                while True:
                    running.tick(service.world)
                    service.now += 10 * LATER
    assert service.run(service.daily(2)).kills + 1 == kills
    service.now += LATER
    running.tick(service.world)
    while running.due(service.world, service.now + HOUR):
        service.now += HOUR
        running.tick(service.world)
    assert {run.state for run in everything(service)} == {RunState.DONE}
    steady = county.build(tmp_path / "steady")
    for now in (county.END, service.now):
        with app.world(steady, clock=lambda now=now: now) as world:
            running.prepare(world, county.FIRST)
            running.tick(world)
    assert story(root) == story(steady)


def everything(service: Service) -> list[runs.Run]:
    with service.world.store.read() as tx:
        return runs.listing(tx, 1000)


def test_what_fails_rests_while_immediate_ones_go_on_and_operators_hear_of_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    failing_at(service.daily(2), ValueError("no such thing"), monkeypatch)
    for _ in range(4):
        with pytest.raises(ValueError):
            running.tick(service.world)
    running.tick(service.world)
    run = service.run(service.daily(2))
    assert (run.state, run.attempt, run.kills) == (RunState.FAILED, 5, 0)
    assert run.next_at == service.now + timedelta(minutes=1)
    done = {(run.cycle, run.period) for run in everything(service) if run.state is RunState.DONE}
    assert ("daily", "2026-03-03") in done
    assert not {("daily", "2026-03-05"), ("weekly", "2026-03-02")} & done, "they build on the one that rests"
    assert max(period for cycle, period in done if cycle == "immediate") > "2026-03-09"
    assert ("delayed", "daily 2026-03-04") in service.notices()


def test_what_fails_for_a_day_is_set_aside_told_and_judged_when_somebody_says_so(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    period = service.daily(2)
    with monkeypatch.context() as patched:
        failing_at(period, ValueError("no such thing"), patched)
        for _ in range(60):
            try:
                running.tick(service.world)
            except ValueError:
                continue
            service.now += HOUR
    assert ("missed", "daily 2026-03-04") in service.notices()
    last = service.run(service.daily(8))
    assert last.state is RunState.DONE, "the others went on"
    report = beside.judge(service.world, period)
    assert isinstance(report, running.Report) and report.state == "done"
    assert service.run(period).state is RunState.DONE


def test_a_period_judged_with_a_wrong_configuration_is_judged_again_beside_what_stands(root: Path):
    rules = root / "rules" / "burglary.yaml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("blue: {at_least: 3}", "blue: {at_least: 4}"), encoding="utf-8")
    with life(root) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
        period = world.settings.calendar.last_due(Cycle.DAILY, county.END)
        before = county.told(world.store)
    rules.write_text(text.replace("blue: {at_least: 3}", "blue: {at_least: 1}"), encoding="utf-8")
    with life(root) as world:
        running.prepare_ledger(world)
        judged = beside.judge(world, period)
        assert county.told(world.store) == before, "what stands, stands"
        with world.store.read() as tx:
            (kept,) = aside.listing(tx)
    assert isinstance(judged, Beside)
    assert judged.found - judged.stands
    assert any(line.startswith("only now: county.burglary-surge in") for line in judged.lines())
    assert (kept.kind, kept.name) == ("again", f"daily {period.key}")
    assert kept.rules_hash != "" and "only now" in kept.detail


@contextmanager
def life(root: Path) -> Iterator[World]:
    with app.world(root, clock=lambda: county.END) as world:
        yield world


# --- the database goes away --------------------------------------------------------------------


@contextmanager
def loops_of(root: Path) -> Iterator[Loops]:
    with app.world(root, clock=lambda: county.END, owner="service") as world:
        running.prepare(world, county.FIRST)
        with closing(Loops(Live(world, lambda: app.home(root, county.END.date()), settle=0))) as loops:
            yield loops


def test_a_database_that_is_removed_is_missed_at_the_next_tick_and_not_made_anew(root: Path):
    with loops_of(root) as loops:
        loops.beat()
        shutil.rmtree(root / "data")
        for beat in (loops.beat, loops.poll, loops.judge, loops.deliver):
            with pytest.raises(StoreError, match="is not there any more: put it back"):
                beat()
        assert not (root / "data").exists()


def test_a_database_that_is_replaced_is_served_from_the_next_tick_on(root: Path, tmp_path: Path):
    with life(county.build(tmp_path / "other")) as world, world.store.begin() as tx:
        meta.put(tx, "mark", "another one")
    with loops_of(root) as loops:
        loops.beat()
        for left in (root / "data").glob("forewarn.db*"):
            left.unlink()
        shutil.copy(tmp_path / "other" / "data" / "forewarn.db", root / "data" / "forewarn.db")
        loops.beat()
        with loops.world.store.read() as tx:
            assert meta.get(tx, "mark") == "another one"
            assert meta.get(tx, "heartbeat/service") and meta.get(tx, "judge_from")
            (notice,) = outbox.listing(tx)
        assert json.loads(notice.payload)["trouble"] == "replaced"


def test_status_never_makes_a_database(root: Path):
    try:
        done = CliRunner().invoke(cli.forewarn, ["--root", str(root), "status"])
    finally:
        configure("warning")
    assert isinstance(done.exception, StoreError)
    assert "there is no database" in str(done.exception) and "`forewarn run` makes it" in str(done.exception)
    assert not (root / "data").exists()
