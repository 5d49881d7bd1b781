"""A clock that is wrong: nothing is lost by it, nothing doubled, and somebody hears of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.cycle import clock
from engine.cycle import run as running
from engine.cycle.world import World
from engine.store import aside, cursors, health, judgement, meta, outbox, runs
from tests.story import county

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(seconds=30)
#: In the middle of the county's story.
MIDDLE = county.FIRST + timedelta(days=5, hours=9)


class Service:
    """A county whose clock a test sets; it judges where the clock is trusted."""

    def __init__(self, world: World, begins: datetime = county.FIRST) -> None:
        self.now = MIDDLE
        self.world = replace(world, clock=lambda: self.now)
        running.prepare(self.world, begins)

    def tick(self, now: datetime) -> bool:
        """Whether the clock was trusted."""
        self.now = now
        trusted = clock.right(self.world)
        if trusted:
            running.tick(self.world)
        return trusted

    def until_the_end(self, since: datetime) -> None:
        while since < county.END:
            assert self.tick(since)
            since += HOUR
        assert self.tick(county.END)

    def notices(self) -> list[str]:
        with self.world.store.read() as tx:
            every = [json.loads(one.payload) for one in outbox.listing(tx, limit=1000)]
        return [one["detail"] for one in every if one.get("trouble") == "clock"]

    def story(self) -> dict[str, object]:
        told = county.told(self.world.store)
        warnings = [(one.id, one.grade, one.since, one.lifted_at, one.rules) for one in told["warnings"]]
        messages = [key for key, *_ in told["messages"] if not key.startswith("notice/")]
        return told | {"warnings": warnings, "messages": messages}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    root = county.build(tmp_path / "county")
    routes = root / "config" / "routes.yaml"
    text = routes.read_text(encoding="utf-8")
    routes.write_text(text.replace("title: Duty centre", "title: Duty, operator: true"), encoding="utf-8")
    with app.world(root, clock=lambda: MIDDLE, owner="host:1") as world:
        yield Service(world)


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The story by a clock that was always right."""
    with app.world(county.build(tmp_path_factory.mktemp("steady")), clock=lambda: MIDDLE) as world:
        service = Service(world)
        assert service.tick(MIDDLE)
        service.until_the_end(MIDDLE)
        return service.story()


@pytest.mark.parametrize("ahead", [30 * DAY, 365 * DAY], ids=["30 days", "365 days"])
def test_one_wrong_tick_judges_nothing_and_is_told(ahead: timedelta, service: Service, steady):
    assert service.tick(MIDDLE)
    assert not service.tick(MIDDLE + ahead)
    assert len(service.notices()) == 1 and "nothing is judged until the next tick" in service.notices()[0]
    service.until_the_end(MIDDLE + TICK)
    assert service.story() == steady


@pytest.mark.parametrize("ahead", [30 * DAY, 365 * DAY], ids=["30 days", "365 days"])
def test_what_a_clock_ahead_has_judged_is_void_and_judged_again_when_due(
    ahead: timedelta, service: Service, steady
):
    assert service.tick(MIDDLE)
    assert not service.tick(MIDDLE + ahead)
    assert service.tick(MIDDLE + ahead + TICK), "it insists"
    with service.world.store.read() as tx:
        assert any(run.due_at > MIDDLE for run in runs.listing(tx, 1000))
    assert service.tick(MIDDLE + TICK)
    with service.world.store.read() as tx:
        assert not [run for run in runs.listing(tx, 1000) if run.due_at > MIDDLE + TICK]
        kept = aside.listing(tx, 1000)
    assert len(kept) > 3 and {one.kind for one in kept} == {"void"}
    assert any(
        "and void: runs immediate" in said or "and void: runs daily" in said for said in service.notices()
    )
    service.until_the_end(MIDDLE + TICK)
    ours = service.story()
    assert [ours[key] for key in ("runs", "findings", "scores", "warnings")] == [
        steady[key] for key in ("runs", "findings", "scores", "warnings")
    ]
    assert ours["changes"] == steady["changes"]
    assert set(steady["messages"]) <= set(ours["messages"])


def test_an_hour_back_neither_loses_nor_doubles_a_period(service: Service, steady):
    """At half past seven it said half past eight, and judged the day."""
    assert service.tick(MIDDLE)
    early = MIDDLE.replace(hour=7, minute=30) + DAY
    assert not service.tick(early + HOUR) and service.tick(early + HOUR + TICK)
    assert service.tick(early + TICK)
    service.until_the_end(early + TICK)
    assert service.story() == steady


@pytest.mark.parametrize(
    "wrong", [-365 * DAY, -HOUR, HOUR, 30 * DAY, 365 * DAY],
    ids=["a year back", "an hour back", "an hour ahead", "30 days", "a year ahead"],
)  # fmt: skip
@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)],
    ids=["clocks go forward", "clocks go back"],
)  # fmt: skip
def test_a_clock_that_is_wrong_while_the_clocks_change_neither_loses_nor_doubles_a_day(
    night: datetime, wrong: timedelta, tmp_path: Path
):
    """It is wrong for two ticks before, after, and when the day before is due."""
    root = county.build(tmp_path / "county")
    areas = root / "config" / "areas.yaml"
    text = areas.read_text(encoding="utf-8")
    areas.write_text(text.replace("zone: UTC", "zone: Europe/Stockholm"), encoding="utf-8")
    begins = night - 36 * HOUR
    with app.world(root, clock=lambda: begins, owner="host:1") as world:
        service = Service(world, begins)
        for now in (begins + 3 * n * HOUR for n in range(28)):
            service.tick(now)
            service.tick(now + TICK)  # what leaps is told by the first tick and believed by the second
            if now - night in (0 * HOUR, 3 * HOUR, 6 * HOUR):
                service.tick(now + wrong + 2 * TICK)
                service.tick(now + wrong + 3 * TICK)
        with service.world.store.read() as tx:
            found = [run for run in runs.listing(tx, 1000) if run.cycle == "daily"]
    days = [(night - DAY * 2 + n * DAY).date().isoformat() for n in range(3)]
    assert sorted((run.period, run.state) for run in found) == [(day, "done") for day in days]


def test_a_leap_that_feeds_tell_of_needs_no_second_tick(service: Service):
    assert service.tick(MIDDLE)
    later = MIDDLE + 2 * DAY
    with service.world.store.begin() as tx:
        health.record(tx, "log", [later - HOUR / 2], known_at=later, news_at=later - HOUR / 2)
    assert service.tick(later)


def test_somebody_who_is_sure_is_believed(service: Service):
    assert service.tick(MIDDLE)
    service.now = MIDDLE + 2 * DAY
    assert clock.right(service.world, sure=True)
    assert service.tick(service.now + TICK)
    assert service.notices() == []


def test_polls_and_heartbeats_that_are_still_to_come_are_void(service: Service):
    assert service.tick(MIDDLE)
    ahead = MIDDLE + 30 * DAY
    with service.world.store.begin() as tx:
        health.record(tx, "second", [MIDDLE - HOUR, ahead], known_at=ahead)
        cursors.put(tx, "second", {"etag": "x"})
        meta.put(tx, "heartbeat/host:9", ahead.isoformat())
        meta.put(tx, "judge_from", ahead.isoformat())
    assert service.tick(MIDDLE + TICK)
    with service.world.store.read() as tx:
        assert health.last(tx)["second"].at == MIDDLE - HOUR
        assert cursors.get(tx, "second") == {}, "what was read then is read again"
        assert "heartbeat/host:9" not in meta.like(tx, "heartbeat/")
        assert datetime.fromisoformat(meta.get(tx, "judge_from") or "") <= MIDDLE + TICK
        assert aside.listing(tx)[0].name == "polls of second"
    assert "polls of second; heartbeats of host:9" in service.notices()[-1]


def test_an_archive_and_another_machine_s_seconds_are_no_contradiction(service: Service):
    assert service.tick(MIDDLE)
    with service.world.store.begin() as tx:
        health.record(tx, "old", [MIDDLE + 30 * DAY], known_at=MIDDLE, archive=True)
        meta.put(tx, "heartbeat/host:9", (MIDDLE + timedelta(minutes=4)).isoformat())
    assert service.tick(MIDDLE + TICK)
    assert service.notices() == []
    with service.world.store.read() as tx:
        assert judgement.warnings(tx)
