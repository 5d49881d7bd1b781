"""A backtest of the bundled data: quick, and row for row what a live service found."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from engine.backtest.history import Span
from engine.backtest.replay import relive
from engine.backtest.shard import find_all, pool
from engine.cycle import run as running
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.judge import Conclusion
from engine.model.finding import Finding
from engine.model.period import Cycle, Period
from engine.store import incidents, judgement
from engine.store.canonical import canonical
from tests.story.conftest import forewarn

Opened = Callable[[Path, datetime], World]
FIRST, LAST = date(2023, 6, 1), date(2025, 12, 31)
END = datetime(2026, 1, 1, tzinfo=UTC)


def moments(world: World, span: Span) -> list[datetime]:
    rules = world.book.of(Cycle.IMMEDIATE)
    categories = {code for rule in rules if rule.indicator for code in rule.indicator.categories}
    with world.store.read() as tx:
        return incidents.moments(tx, categories, span.since, span.until)


def rows(findings: Sequence[Finding]) -> list[str]:
    """Findings byte for byte as they are stored."""
    return sorted(canonical(replace(finding, at=finding.at.astimezone(UTC))) for finding in findings)


def lived(
    world: World, span: Span, workers: int, days: Sequence[date] = ()
) -> list[tuple[Period, Conclusion]]:
    """A backtest of the whole span; `days`: concluded as by a service that was on duty on these only."""
    zone, at_once = world.settings.calendar.zone, moments(world, span)
    with pool(workers) as executor:
        found = find_all(
            LedgerSource.of(world), world.book, world.book.rules, span.since, span.until, moments=at_once,
            executor=executor,
        )  # fmt: skip
        seen = [one for one in found if not days or one[0].due_at.astimezone(zone).date() in days]
    return list(relive(world.book, seen, world.terms))


def test_thirty_sampled_days_are_row_for_row_those_of_a_live_service(loaded: Path, opened: Opened):
    world, span = opened(loaded, END), Span(FIRST, LAST, opened(loaded, END).settings.calendar)
    chosen = {FIRST + timedelta(days=n) for n in Random(1).sample(range(span.days), 30)}
    again = lived(world, span, 2, sorted(chosen))
    for period, _ in again:
        assert running.judge(world, period).state == "done"
    with world.store.read() as tx:
        live = judgement.findings(tx)
        changes = sorted(change.key for change in judgement.changes(tx))
    assert rows(live) == rows([one for _, concluded in again for one in concluded.findings])
    assert changes == sorted(change.key for _, concluded in again for change in concluded.changes)
    assert len({period.due_at.date() for period, _ in again}) == 30 and len(live) > 20


def test_a_service_that_lived_through_the_wave_and_its_backtest_tell_the_same(loaded: Path, opened: Opened):
    world = opened(loaded, END)
    span = Span(date(2025, 1, 20), date(2025, 2, 10), world.settings.calendar)
    now = opened(loaded, span.until)
    running.prepare(now, span.since)
    running.catch_up(now, span.until)
    again = lived(world, span, 1)
    with world.store.read() as tx:
        live = judgement.findings(tx), judgement.changes(tx), judgement.warnings(tx)
    assert rows(live[0]) == rows([one for _, concluded in again for one in concluded.findings])
    assert sorted(live[1], key=lambda one: (one.at, one.key)) == sorted(
        (change for _, concluded in again for change in concluded.changes), key=lambda one: (one.at, one.key)
    )
    assert len(live[0]) > 40 and len(live[1]) > 20


def test_the_whole_rule_set_over_all_days(ingested: Path):
    done = forewarn(ingested, "backtest", "--from", str(FIRST), "--to", str(LAST), "--format", "json")
    told = json.loads(done.stdout)
    assert len(told["rules"]) >= 25 and told["degraded"] == 0 and told["disputed"] == {}
    volume = {row["rule"]: row for row in told["rules"]}
    assert volume["public-safety.explosion-wave"]["chance_share"] < 0.6
    assert volume["public-safety.explosion-shooting"]["chance_share"] > 0.8
    assert sum(row["warnings"] for row in told["domains"]) == told["grades"][0]["warnings"] > 500
