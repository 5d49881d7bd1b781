"""One thing within so long after another: by the minute, and unknown where nobody says when."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.period import Calendar
from engine.notify.pattern import pattern
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.replay import play
from engine.rulebook.words.explain import explain
from tests.rulebook.one import flawless, passes, told

RULE = """
id: x.burglary-then-blast
title: {en: A blast soon after a theft, zh: 盗窃后爆炸}
domain: public-safety
topic: explosions
cycle: daily
level: county
for: 7d
status: stable
owner: crime-desk
review_by: 2027-06-30
why: {en: What was stolen is used within days., zh: 被盗物品数日内即被使用。}
correlate:
  within: 7d
  scope: same
  all:
    - incident: {where: {category: property.theft}}
    - incident: {where: {category: violence.explosion}}
  after: 72h
grade: orange
measures: [duty-check]
tests:
  - name: the blast 72 hours after
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-03-01T22:00}
        - {area: A, category: violence.explosion, on: 2026-03-04T22:00}
    at: 2026-03-05
    expect: {A: orange, B: none}
  - name: a minute later
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-03-01T22:00}
        - {area: A, category: violence.explosion, on: 2026-03-04T22:01}
    at: 2026-03-05
    expect: {A: none}
  - name: the same hour of the same day, the one before the other
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-03-04T10:00}
        - {area: A, category: violence.explosion, on: 2026-03-04T10:05}
    at: 2026-03-05
    expect: {A: orange}
  - name: the blast first
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-03-04T10:05}
        - {area: A, category: violence.explosion, on: 2026-03-04T10:00}
    at: 2026-03-05
    expect: {A: none}
  - name: two too far apart, and a third between that follows soon
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-02-27T10:00}
        - {area: A, category: property.theft, on: 2026-03-03T10:00}
        - {area: A, category: violence.explosion, on: 2026-03-04T10:00}
    at: 2026-03-05
    expect: {A: orange}
  - name: of the same day, and nobody knows which came first
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-03-04}
        - {area: A, category: violence.explosion, on: 2026-03-04T12:00}
    at: 2026-03-05
    expect: {A: unknown}
  - name: surely after and soon, at whatever hour it was
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-03-02}
        - {area: A, category: violence.explosion, on: 2026-03-04}
    at: 2026-03-05
    expect: {A: orange}
  - name: perhaps soon enough
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-03-01}
        - {area: A, category: violence.explosion, on: 2026-03-04T12:00}
    at: 2026-03-05
    expect: {A: unknown}
  - name: surely too late
    given:
      incidents:
        - {area: A, category: property.theft, on: 2026-02-28}
        - {area: A, category: violence.explosion, on: 2026-03-04T12:00}
    at: 2026-03-05
    expect: {A: none}
  - name: a theft alone
    given: {incidents: [{area: A, category: property.theft, on: 2026-03-02T10:00}]}
    at: 2026-03-05
    expect: {A: none}
  - name: a blast, where nobody would tell of thefts
    given:
      incidents: [{area: A, category: violence.explosion, on: 2026-03-04T12:00}]
      down: [{on: 2026-03-03}]
    at: 2026-03-05
    expect: {A: unknown}
"""


@pytest.fixture
def loaded(context: Context, tmp_path: Path) -> Loaded:
    return flawless(tmp_path, context, RULE)


def test_its_tests_pass(loaded: Loaded, context: Context) -> None:
    passes(loaded, context)


def test_in_words(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    rule = loaded.book.rules["x.burglary-then-blast"]
    assert "in this order, each within 3 days after the one before:" in explain(rule, "en", context)
    assert "且依此次序，后一项在前一项之后 3 天内" in explain(rule, "zh", context)


def test_why_says_how_soon(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    rule = loaded.book.rules["x.burglary-then-blast"]
    example = loaded.sources[0].tests[0].example
    why = play(rule, loaded.book, example, context, Calendar()).outcomes["A"].trace
    assert why is not None
    assert [match.pattern for match in why.matches] == [
        "incident of property.theft", "incident of violence.explosion, within 72h after",
    ]  # fmt: skip
    assert pattern(why.matches[1].pattern, "zh") == "violence.explosion事件（其后72小时内）"


def test_every_step_is_noticed(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    of = {one.what: one for one in examine(loaded.sources[0], loaded.book, context, Calendar()).results}
    assert {of[what].fate for what in of if what.startswith(("after", "order"))} == {Fate.KILLED}
    assert {"after: 3d -> 73h", "after: 3d -> 71h", "order: any"} <= set(of)
    (found,) = coverage(loaded, context)
    shown = {point.what for point in found.shown}
    assert {"in this order holds", "in this order fails alone"} <= shown


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("after: 72h", "after: 8d", "'after' is longer than 'within'"),
        ("after: 72h", "after: 0h", "'after' goes with 'all'"),
        ("  all:\n", "  any:\n", "'after' goes with 'all'"),
        ("after: 72h", "after: 3 days", "write 3d"),
        ("after: 72h", "then: 72h", "one thing after another is written as all: [first, second] with after"),
    ],
)
def test_what_is_none(context: Context, tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in RULE
    told(tmp_path, context, RULE.replace(old, new), "schema", says)
