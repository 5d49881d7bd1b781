"""Never missed, never doubled: five days away, by a fake clock and by a real restart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.cycle import run as running
from engine.cycle.world import World
from engine.store import judgement, runs
from tests.story.conftest import copy, forewarn

MONDAY = datetime(2025, 11, 24, 7, 30, tzinfo=UTC)
Opened = Callable[[Path, datetime], World]


def dailies(world: World) -> list[tuple[str, int, bool]]:
    with world.store.read() as tx:
        found = [run for run in runs.listing(tx, 1000) if run.cycle == "daily"]
    return [(run.period, run.attempt, run.late) for run in reversed(found)]


def test_five_days_away_are_caught_up_in_order_once_each(loaded: Path, opened: Opened):
    world = opened(loaded, MONDAY)
    running.prepare(world, MONDAY - timedelta(days=2))
    running.tick(world)
    assert dailies(world) == [("2025-11-22", 1, True), ("2025-11-23", 1, False)]
    reports = running.tick(opened(loaded, MONDAY + timedelta(days=5)))
    assert [report.period.rank for report in reports] == sorted(report.period.rank for report in reports)
    late = {22: True, 23: False, 24: True, 25: True, 26: True, 27: True, 28: False}
    assert dailies(world) == [(f"2025-11-{day}", 1, was) for day, was in late.items()]
    assert running.tick(opened(loaded, MONDAY + timedelta(days=5))) == []


@pytest.mark.slow
def test_catching_up_ends_in_the_same_warnings_as_never_having_been_away(
    loaded: Path, ingested: Path, tmp_path: Path, opened: Opened
):
    steady, away = opened(loaded, MONDAY), opened(copy(ingested, tmp_path / "away"), MONDAY)
    for world, ticks in (steady, range(0, 24 * 14, 6)), (away, (0, 24 * 14 - 6)):
        running.prepare(world, MONDAY - timedelta(days=2))
        for hours in ticks:
            now = MONDAY + timedelta(hours=hours)
            running.tick(replace(world, clock=lambda now=now: now))
    assert told(steady) == told(away)


def told(world: World) -> tuple[object, ...]:
    with world.store.read() as tx:
        changes = sorted((c.key, c.before, c.after, c.reason) for c in judgement.changes(tx))
        return judgement.warnings(tx), changes, judgement.findings(tx), judgement.scores(tx)


def test_a_real_restart_catches_up_what_was_due_meanwhile(loaded: Path):
    forewarn(loaded, "cycle", "daily", "--at", "2025-12-20")
    said = forewarn(loaded, "cycle", "daily", "--at", "2025-12-25").stdout
    days = [line.split(":")[0] for line in said.splitlines() if line.startswith("daily")]
    assert days == [f"daily 2025-12-{day}" for day in (20, 21, 22, 23, 24)]
