"""A backtest of the bundled data: row for row what a live service found."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine import app
from engine.backtest import output
from engine.backtest.history import Span
from engine.backtest.noise import REPLICATES
from engine.backtest.replay import relive
from engine.backtest.run import backtest
from engine.backtest.shard import find_all
from engine.backtest.warm import warmed
from engine.cycle import run as running
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.model.finding import Finding
from engine.model.rule import RuleBook
from engine.store import judgement
from engine.store.canonical import canonical
from tests.story.conftest import Timeline, moments

Opened = Callable[[Path, datetime], World]
FIRST, LAST = date(2023, 6, 1), date(2025, 12, 31)
END = datetime(2026, 1, 1, tzinfo=UTC)


def rows(findings: Sequence[Finding]) -> list[str]:
    """Findings byte for byte as they are stored."""
    return sorted(canonical(replace(finding, at=finding.at.astimezone(UTC))) for finding in findings)


@pytest.mark.xdist_group("timeline")
def test_thirty_sampled_days_are_row_for_row_those_of_a_live_service(
    loaded: Path, opened: Opened, timeline: Timeline
):
    """A service on duty on these days only, and a backtest that concludes upon these only. Without the
    correlations: what stands on a day, they see by the days between."""
    world = opened(loaded, END)
    alone = {id_: rule for id_, rule in world.book.rules.items() if rule.correlation is None}
    world = replace(world, book=RuleBook(alone))
    zone = world.settings.calendar.zone
    chosen = {FIRST + timedelta(days=n) for n in Random(1).sample(range((LAST - FIRST).days + 1), 30)}
    seen = [one for one in timeline if one[0].due_at.astimezone(zone).date() in chosen]
    again = list(relive(world.book, seen, world.terms))
    for period, _ in again:
        assert running.judge(world, period).state == "done"
    with world.store.read() as tx:
        live = judgement.findings(tx)
        changes = sorted(change.key for change in judgement.changes(tx))
    assert rows(live) == rows([one for _, concluded in again for one in concluded.findings])
    assert changes == sorted(change.key for _, concluded in again for change in concluded.changes)
    assert len({period.due_at.date() for period, _ in seen}) == 30 and len(live) > 20


def test_a_service_that_lived_through_the_wave_and_its_backtest_tell_the_same(loaded: Path, opened: Opened):
    world = opened(loaded, END)
    span = Span(date(2025, 1, 20), date(2025, 2, 10), world.settings.calendar)
    now = opened(loaded, span.until)
    running.prepare(now, span.since)
    running.catch_up(now, span.until)
    found = find_all(
        LedgerSource.of(world), world.book, world.book.rules, span.since, span.until,
        moments=moments(world, span.since, span.until),
    )  # fmt: skip
    again = list(relive(world.book, found, world.terms))
    with world.store.read() as tx:
        live = judgement.findings(tx), judgement.changes(tx), judgement.warnings(tx)
    assert rows(live[0]) == rows([one for _, concluded in again for one in concluded.findings])
    assert sorted(live[1], key=lambda one: (one.at, one.key)) == sorted(
        (change for _, concluded in again for change in concluded.changes), key=lambda one: (one.at, one.key)
    )
    assert len(live[0]) > 40 and len(live[1]) > 20


def measured(root: Path, first: date, *rules: str, replicates: int) -> dict[str, Any]:
    """What a backtest of the days since the first says."""
    with app.world(root) as world:
        settings = world.settings
        span = warmed(Span(first, LAST, settings.calendar), world.book)
        done = backtest(
            world.book, LedgerSource.of(world), settings.tree, settings.topics, span, rules=rules,
            terms=world.terms, moments=moments(world, span.begin, span.until), replicates=replicates,
        )  # fmt: skip
    return json.loads(output.as_json(done))


@pytest.mark.xdist_group("timeline")
def test_over_all_days_the_evaluators_answer_and_agree(timeline: Timeline):
    assert len({one.rule for _, found in timeline for one in found.outcomes}) >= 25
    assert not any(found.degraded or found.disputed for _, found in timeline)


def test_the_whole_rule_set_over_a_year(ingested: Path):
    told = measured(ingested, date(2025, 1, 1), replicates=0)
    assert len(told["rules"]) >= 25 and told["degraded"] == 0 and told["disputed"] == {}
    assert sum(row["warnings"] for row in told["domains"]) == told["grades"][0]["warnings"] > 200


def test_chance_explains_single_explosions_and_not_the_wave(ingested: Path):
    wave, single = "public-safety.explosion-wave", "public-safety.explosion-shooting"
    told = measured(ingested, FIRST, wave, single, replicates=REPLICATES)
    share = {row["rule"]: row["chance_share"] for row in told["rules"]}
    assert share[wave] < 0.6 and share[single] > 0.8
