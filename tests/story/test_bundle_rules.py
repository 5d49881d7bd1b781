"""The bundled rules are whole, and their ladders are the ones that were measured."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.cycle.settings import Settings
from engine.model.period import Cycle
from engine.model.rule import Rule, RuleBook, Rung, Status
from engine.notify.wording import DEPARTMENTS
from engine.rulebook import load
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.trial import trial

ROOT = Path(__file__).parents[2]

#: How far ahead each kind of window speaks.
AHEAD = {1: 2, 3: 7, 7: 7, 28: 28, 91: 30, 0: 5}

#: Level, window and ladder of every threshold rule: b/y/o/r, the least count, `/` the alpha of `rare`
#: or, for the monthly rules, of `change`.
LADDERS = {
    "cyber.exploited-burst": "country 7d daily: b6 y8 o12",
    "cyber.fraud-surge": "county 7d daily: b3/0.01 y3/0.003 o5/0.0003",
    "political.officials": "county 28d weekly: b3/0.01 y4/0.001",
    "political.protected-sites": "county each immediate: b1",
    "political.protected-sites-nation": "country 7d daily: y3/0.05 o5/0.001",
    "political.rescue-services": "county each immediate: b1",
    "political.suspect-objects": "county 7d daily: b3/0.01 y4/0.001",
    "public-safety.burglary-level": "county 91d monthly: b5/0.01",
    "public-safety.burglary-surge": "county 7d daily: b3/0.01 y4/0.003 o6/0.0003",
    "public-safety.crash-day": "county 1d daily: b4/0.003 y5/0.001 o8/0.0001",
    "public-safety.explosion-shooting": "municipality each immediate: b1",
    "public-safety.explosion-wave": "county 28d weekly: y4/0.01 o6/0.001",
    "public-safety.explosion-wave-nation": "country 28d weekly: y10/0.01 o14/0.001",
    "public-safety.fire-surge": "county 7d daily: b4/0.01 y4/0.003 o6/0.0003",
    "public-safety.injury-crashes": "county 28d weekly: b5/0.01 y6/0.001",
    "public-safety.theft-surge": "county 7d daily: b4/0.003 y5/0.0005",
    "public-safety.traffic-level": "county 91d monthly: b5/0.01",
    "public-safety.violence-burst": "county 3d daily: y3 o4 r6",
    "social-stability.alcohol-disorder": "county 7d weekly: b3/0.01 y5/0.001",
    "social-stability.disorder-burst": "county 3d daily: b5/0.003 y6/0.001 o10/0.0001",
    "social-stability.disorder-level": "county 91d monthly: b5/0.01",
    "social-stability.fights-threats": "county 28d weekly: b4/0.01 y5/0.001",
}
CORRELATIONS = {
    "x.winter-front": "country within 2d: y2 o3",
    "x.bomb-chain": "county within 3d: o4",
    "x.disorder-and-responders": "county within 7d: b2",
}
#: One method each, on trial: test_method_rules.py.
METHOD_RULES = {
    "public-safety.burglary-night", "public-safety.crash-day-nation", "public-safety.crash-municipality",
    "public-safety.explosion-first", "public-safety.fire-cluster", "public-safety.fire-creep",
    "public-safety.reports-missing", "social-stability.assault-season", "social-stability.vandalism-trend",
}  # fmt: skip


@pytest.fixture(scope="module")
def settings() -> Settings:
    return app.settings(ROOT)


@pytest.fixture(scope="module")
def context(settings: Settings) -> Context:
    return app.context(settings, date(2026, 1, 1))


@pytest.fixture(scope="module")
def loaded(context: Context) -> Loaded:
    return load.read(ROOT / "rules", context)


@pytest.fixture(scope="module")
def book(loaded: Loaded) -> RuleBook:
    assert loaded.book is not None, "\n".join(str(problem) for problem in loaded.problems)
    return loaded.book


def test_nothing_is_odd_about_them(loaded: Loaded) -> None:
    assert [str(problem) for problem in loaded.problems] == []


def test_the_tests_inside_them_pass(loaded: Loaded, context: Context, settings: Settings) -> None:
    verdicts = list(trial.run(loaded, context, calendar=settings.calendar))
    assert len(verdicts) > 90
    assert not [verdict for verdict in verdicts if not verdict.passed]


def test_the_ladders_are_the_measured_ones(book: RuleBook) -> None:
    measured = [rule for rule in book.rules.values() if rule.indicator and rule.id not in METHOD_RULES]
    assert {rule.id: ladder(rule) for rule in measured} == LADDERS


def test_the_correlations_are_the_measured_ones(book: RuleBook) -> None:
    written = {rule.id: correlation(rule) for rule in book.rules.values() if rule.correlation}
    assert written == CORRELATIONS


def test_a_rare_count_is_judged_against_half_a_year_less_the_latest_week(book: RuleBook) -> None:
    judged = [rule for rule in book.rules.values() if "rare" in names(rule)]
    assert len(judged) == 16
    for rule in judged:
        assert abs(rule.window.baseline * rule.window.days - 182) < rule.window.days, rule.id
        assert rule.window.gap == 7, rule.id


def test_every_rule_says_within_which_time(book: RuleBook) -> None:
    assert all(rule.horizon.days == rule.ahead for rule in book.rules.values())
    counting = [rule for rule in book.rules.values() if rule.indicator]
    said = {rule.id: rule.ahead for rule in counting}
    assert said == {
        rule.id: AHEAD[0 if rule.cycle is Cycle.IMMEDIATE else rule.window.days] for rule in counting
    }


def test_only_two_are_on_trial_beside_the_methods(book: RuleBook) -> None:
    on_trial = {rule.id for rule in book.rules.values() if rule.status is not Status.STABLE}
    assert on_trial == {"social-stability.alcohol-disorder", "x.disorder-and-responders"} | METHOD_RULES


def test_every_cycle_and_every_domain_has_rules(book: RuleBook) -> None:
    assert all(book.of(cycle) for cycle in Cycle)
    domains = {(rule.domain, rule.cycle) for rule in book.rules.values()}
    assert len({domain for domain, _ in domains}) == 4


def test_every_rule_says_what_why_who_and_what_to_do(loaded: Loaded, book: RuleBook) -> None:
    for source in loaded.sources:
        rule = book.rules[source.id]
        assert rule.title.zh and rule.why.en and rule.why.zh, rule.id
        assert rule.owner and rule.review_by == date(2027, 6, 30), rule.id
        assert rule.measures and all(measure.what.zh for measure in rule.measures), rule.id
        expected = {word for test in source.tests for word in test.example.grades().values()}
        assert "none" in expected, rule.id
        assert {rung.grade.word for rung in rule.rungs} <= expected, rule.id


def ladder(rule: Rule) -> str:
    window = f"{rule.window.days}d" if rule.cycle is not Cycle.IMMEDIATE else "each"
    return f"{rule.level} {window} {rule.cycle}: {' '.join(step(rung) for rung in rule.rungs)}"


def step(rung: Rung) -> str:
    found = {test.name: dict(test.params) for test in rung.tests}
    least = f"{rung.grade.word[0]}{found['at_least']['count']:g}"
    rest = found.get("rare") or found.get("change")
    return f"{least}/{rest['alpha']:g}" if rest else least


def correlation(rule: Rule) -> str:
    assert rule.correlation is not None
    steps = " ".join(f"{grade.word[0]}{needed}" for grade, needed in rule.correlation.rungs)
    return f"{rule.level} within {rule.correlation.within // timedelta(days=1)}d: {steps}"


def names(rule: Rule) -> set[str]:
    return {test.name for rung in rule.rungs for test in rung.tests}


def test_every_department_asked_for_anything_has_a_name_in_both_languages(context: Context) -> None:
    asked = {measure.department for measure in context.catalogue.values()}
    assert asked == set(DEPARTMENTS)
