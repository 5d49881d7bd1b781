"""The rules that try one method each: over the whole timeline none of them floods, and each speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine import app
from engine.backtest.replay import relive
from engine.cycle.world import World
from engine.judge import Conclusion
from engine.model.finding import Held, Trace
from engine.model.grade import Grade
from engine.model.period import Period
from engine.model.rule import RuleBook, Status
from tests.story.conftest import Timeline

pytestmark = pytest.mark.xdist_group("timeline")

FIRST = datetime(2023, 10, 15, 6, tzinfo=UTC)

#: The method in every rung, and how often the rule opened, at blue and at yellow, when it was tuned.
MEASURED = {
    "public-safety.burglary-night": ("rare", 9, 2),
    "public-safety.crash-day-nation": ("ears", 15, 3),
    "public-safety.crash-municipality": ("rare", 10, 0),
    "public-safety.explosion-first": ("new", 16, 0),
    "public-safety.fire-cluster": ("cluster", 8, 0),
    "public-safety.fire-creep": ("cusum", 8, 2),
    "public-safety.reports-missing": ("silent", 6, 0),
    "social-stability.assault-season": ("farrington", 6, 3),
    "social-stability.vandalism-trend": ("trend", 3, 0),
}

History = list[tuple[Period, Conclusion]]


@pytest.fixture(scope="module")
def world(ingested: Path) -> Iterator[World]:
    with app.world(ingested) as opened:
        yield opened


@pytest.fixture(scope="module")
def histories(world: World, timeline: Timeline) -> dict[str, History]:
    """By rule: every period of its cycle since the first, lived through by this rule alone."""
    found = {}
    for id_ in MEASURED:
        rule = world.book.rules[id_]
        answers = [
            (period, replace(one, outcomes=tuple(each for each in one.outcomes if each.rule == id_)))
            for period, one in timeline if period.cycle is rule.cycle and period.due_at > FIRST
        ]  # fmt: skip
        found[id_] = list(relive(RuleBook({id_: rule}), answers, world.terms))
    return found


def openings(history: History, at_least: Grade) -> int:
    opened, before = 0, Counter[str]()
    for _, concluded in history:
        for one in concluded.standing:
            opened += before[one.area] < at_least <= one.grade
            before[one.area] = one.grade
    return opened


@pytest.mark.parametrize("rule", sorted(MEASURED))
def test_a_rule_speaks_as_often_as_was_measured(histories, rule: str):
    history = histories[rule]
    _, blue, yellow = MEASURED[rule]
    assert (openings(history, Grade.BLUE), openings(history, Grade.YELLOW)) == (blue, yellow)


def test_none_of_them_floods(histories):
    weeks = 115
    for rule, history in histories.items():
        assert openings(history, Grade.BLUE) < 0.2 * weeks, rule


def test_each_is_on_trial_and_uses_its_method(world: World):
    for id_, (method, _, _) in MEASURED.items():
        rule = world.book.rules[id_]
        assert rule.status is Status.TRIAL
        assert all(method in {test.name for test in rung.tests} for rung in rule.rungs), id_
    assert world.book.rules["public-safety.burglary-night"].nowcast
    assert world.book.rules["public-safety.crash-municipality"].fdr == 0.05


def traces(histories, rule: str) -> dict[tuple[date, str], Trace]:
    history = histories[rule]
    return {
        (period.cut, finding.area): finding.trace
        for period, concluded in history for finding in concluded.findings
    }  # fmt: skip


def test_a_cluster_names_the_counties_it_lies_in(histories):
    (signal,) = traces(histories, "public-safety.fire-cluster")[date(2024, 9, 12), "21"].rungs[0].signals
    assert signal.held is Held.HELD
    assert signal.facts["areas"] == "21 22 23 24"


def test_what_is_still_to_be_told_is_shown_beside_what_was_told(histories):
    found = traces(histories, "public-safety.burglary-night").values()
    assert found and all(trace.reported <= trace.observed for trace in found)
    assert any(trace.reported < trace.observed for trace in found)


def test_first_explosions_are_told_in_the_wave_and_only_where_the_year_was_watched(histories):
    found = traces(histories, "public-safety.explosion-first")
    assert all(set(trace.baseline) == {0} for trace in found.values())
    assert all(date(2024, 10, 28) < cut <= date(2025, 5, 19) for cut, _ in found)
    assert (date(2025, 1, 27), "0380") in found


def test_a_quiet_county_is_not_a_silent_feed(histories):
    found = traces(histories, "public-safety.reports-missing")
    assert len(found) >= 5
    assert all(trace.data_state in ("observed", "observed zero") for trace in found.values())
    assert not any(date(2025, 5, 16) < cut < date(2025, 5, 28) for cut, _ in found)
