"""What warnings are worth, learned by the monthly run of a service from its own past."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.backtest.chances import Chances
from engine.backtest.history import Span
from engine.backtest.match import Against
from engine.backtest.run import backtest
from engine.chance import learn
from engine.cycle import acting, collect, learning, why, worth
from engine.cycle import run as running
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.errors import ConfigError
from engine.model.act import Act, ActKind
from engine.model.chance import Chance
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.store import acts, configuration, judgement, outbox, runs
from tests.backtest.conftest import moments_of
from tests.story import county

SURGE = "county.burglary-surge"
TRUTH = """area,topic,start,end,label
T2,burglary,2026-03-05,2026-03-08,a gang at work
C,burglary,2026-01-01,2026-12-31,none
"""
APRIL = datetime(2026, 4, 1, 8, tzinfo=UTC)


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The county with a truth, judged to the second of April by a service for which three are enough."""
    monkeypatch.setattr(learn, "LEAST", 3)
    root = county.build(tmp_path)
    (root / "config" / "truth.csv").write_text(TRUTH, encoding="utf-8")
    with app.world(root, clock=lambda: APRIL + timedelta(days=1)) as world:
        running.prepare(world, county.FIRST)
        collect.poll(world, world.settings.feeds["log"])
        running.catch_up(world, APRIL + timedelta(days=1))
        yield world


def test_the_monthly_run_keeps_what_it_learned_under_its_hash(lived: World):
    with lived.store.read() as tx:
        (monthly,) = (run for run in runs.listing(tx, 999) if run.cycle == Cycle.MONTHLY)
        hash_ = runs.learned(tx, APRIL + timedelta(days=1))
        kept = json.loads(configuration.get(tx, hash_) or "")
        again = learning.fitted(lived, tx, lived.settings.calendar.last_due(Cycle.MONTHLY, APRIL))
        before, after = (worth.in_force(tx, at) for at in (APRIL, APRIL + timedelta(seconds=1)))
    assert monthly.due_at == APRIL and hash_ and before == {}
    assert {SURGE} <= set(kept) and set(kept[SURGE]) <= {"blue", "yellow", "orange"}
    for word, one in kept[SURGE].items():
        assert after[SURGE, Grade.named(word)] == Chance(**one)
        assert asdict(again[SURGE].claim(Grade.named(word), 1)) == pytest.approx(one)


def test_a_service_and_a_backtest_of_its_time_learn_the_same(lived: World):
    settings = lived.settings
    span = Span(county.FIRST.date(), APRIL.date() - timedelta(days=1), settings.calendar)
    done = backtest(
        lived.book, LedgerSource.of(lived), settings.tree, settings.topics, span, terms=lived.terms,
        moments=moments_of(lived, span), replicates=0,
    )  # fmt: skip
    assert settings.truth is not None
    against = Against(settings.truth, settings.tree, settings.domains)
    expected = Chances(lived.book, done.history, span, against, settings.tree).by(APRIL.date())
    with lived.store.read() as tx:
        found = learning.fitted(lived, tx, settings.calendar.last_due(Cycle.MONTHLY, APRIL))
    assert set(found) == set(expected) >= {SURGE}
    for rule in expected:
        assert found[rule].told.tolist() == expected[rule].told.tolist()
        assert found[rule].came.tolist() == expected[rule].came.tolist()
    assert expected[SURGE].told.sum() > 5


def test_a_warning_shows_what_it_claims_and_where_that_comes_from(lived: World):
    with lived.store.read() as tx:
        learned = worth.in_force(tx, APRIL + timedelta(days=1))
        opened = [one for one in judgement.warnings(tx, open_only=True) if one.topic == "burglary"]
    for one in opened:
        assert one.chance == learned.get((one.rules[0], one.grade))
        told = why.warning(lived, one.id)
        assert one.chance is None or told["because"][0]["say"].startswith(one.chance.sentence)
    claimed = replace(lived.terms, chances={(SURGE, grade): CHANCE for grade in Grade})
    assert claimed.chances[SURGE, Grade.BLUE].sentence == "12 of 31 such warnings came true within 7 days"


CHANCE = Chance(chance=0.375, low=0.24, high=0.52, came=12, told=31, days=7)


def test_a_message_and_the_store_carry_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    claims = {(rule, grade): CHANCE for rule in (SURGE, "county.burglary-weeks") for grade in Grade}
    monkeypatch.setattr(worth, "in_force", lambda tx, at: claims)
    root = county.build(tmp_path)
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare(world, county.FIRST)
        collect.poll(world, world.settings.feeds["log"])
        running.catch_up(world, county.END)
        with world.store.read() as tx:
            warnings = {one.id: one for one in judgement.warnings(tx)}
            sent = outbox.listing(tx, limit=999)
    burglary = [one for one in warnings.values() if one.topic == "burglary"]
    assert burglary and all(one.chance == CHANCE for one in burglary)
    assert all(one.chance is None for one in warnings.values() if one.topic == "explosions")
    ids = {one.id for one in burglary}
    bodies = [one for one in sent if one.warning in ids and "[Lifted]" not in one.subject]
    line = "How likely: 12 of 31 such warnings came true within 7 days (about 38 %)"
    assert bodies and all(line in one.body for one in bodies)
    payload = json.loads(bodies[0].payload)
    assert payload["warning"]["chance"] == asdict(CHANCE)


def test_what_a_person_asks_for_between_runs_costs_no_warning_its_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    claims = {(rule, grade): CHANCE for rule in (SURGE, "county.burglary-weeks") for grade in Grade}
    monkeypatch.setattr(worth, "in_force", lambda tx, at: claims)
    now = [county.FIRST + timedelta(days=6, hours=8)]
    with app.world(county.build(tmp_path), clock=lambda: now[0]) as world:
        running.prepare(world, county.FIRST)
        collect.poll(world, world.settings.feeds["log"])
        running.catch_up(world, now[0])
        with world.store.read() as tx:
            found = judgement.warnings(tx, open_only=True)
        one = next(one for one in found if one.chance and one.grade < Grade.RED)
        until = now[0] + timedelta(hours=1)
        red = Act(kind=ActKind.REGRADE, area=one.area, topic=one.topic, at=now[0], warning=one.id,
                  grade=Grade.RED, until=until, reason="seen there", by="anna")  # fmt: skip
        acting.do(world, red)
        seen = []
        for at in (now[0], until + timedelta(minutes=1)):
            now[0] = at
            with world.store.begin() as tx:
                acting.settle(world, tx, at)
                after = judgement.warning(tx, one.id)
                assert after is not None
                seen.append((after.grade, after.proposed, after.chance))
    assert seen == [(one.grade, Grade.RED, CHANCE), (one.grade, None, CHANCE)]


def test_where_no_truth_speaks_peoples_verdicts_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(learn, "LEAST", 1)
    with app.world(county.build(tmp_path), clock=lambda: APRIL) as world:
        running.prepare(world, county.FIRST)
        collect.poll(world, world.settings.feeds["log"])
        running.catch_up(world, county.END)
        period = world.settings.calendar.last_due(Cycle.MONTHLY, APRIL)
        with world.store.begin() as tx:
            assert learning.fitted(world, tx, period) == {}
            judged = [one for one in judgement.warnings(tx) if one.topic == "explosions"][:2]
            acts.add(tx, [
                Act(id=f"v{n}", kind=ActKind.VERDICT, area=one.area, topic=one.topic,
                    at=one.lifted_at or county.END, grade=grade)
                for n, (one, grade) in enumerate(zip(judged, (Grade.YELLOW, Grade.NONE), strict=True))
            ])  # fmt: skip
        with world.store.read() as tx:
            found = learning.fitted(world, tx, period)
    assert found["county.explosion"].told.sum() == 2 and found["county.explosion"].came.sum() == 1


def test_a_changed_rule_has_no_past(lived: World):
    edited = {id_: replace(rule, meaning="other") for id_, rule in lived.book.rules.items()}
    other = replace(lived, book=replace(lived.book, rules=edited))
    with lived.store.read() as tx:
        found = learning.fitted(other, tx, lived.settings.calendar.last_due(Cycle.MONTHLY, APRIL))
    assert all(one.told.sum() == 0 for one in found.values())


def test_a_mistake_in_the_truth_is_one_of_the_configuration(tmp_path: Path):
    root = county.build(tmp_path)
    (root / "config" / "truth.csv").write_text(TRUTH.replace("burglary", "burglry", 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        app.settings(root)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("config/truth.csv", 2)
    assert "did you mean 'burglary'" in problem.sentence
