"""Alerts beside counts: a rule warns before the first report, and never takes silence for calm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.model.feed import Subject
from engine.model.period import Calendar
from engine.notify.cause import cause
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.trial import plays, run
from engine.rulebook.words.explain import explain
from tests.rulebook.one import flawless, told, written

RULE = """
id: public-safety.storm-damage
title: {en: Storm damage, zh: 风灾}
domain: public-safety
topic: flood
cycle: daily
level: county
for: 1d
status: stable
owner: weather-desk
review_by: 2027-06-30
why: {en: Trees fall soon after the wind has come., zh: 大风之后常有树木倒伏。}
indicator: {count: incidents, where: {category: traffic.crash}}
window: 1d
measures: [duty-check]
grades:
  blue: {any: [{at_least: 6}, {alert: {category: nature.storm, severity: ">=moderate", ahead: 12h}}]}
  orange: {any: [{at_least: 12}, {alert: {category: nature.storm, severity: ">=severe", ahead: 12h}}]}
"""
TESTS = """
tests:
  - name: before the first report
    given: {alerts: [{area: A, category: nature.storm, on: 2026-03-08T19:00, until: 2026-03-09, severity: 3,
                      known: 2026-03-07}]}
    at: 2026-03-08
    expect: {A: {grade: orange, signals: [alert]}, B: none}
  - name: of another severity
    given: {alerts: [{area: A, category: nature.storm, on: 2026-03-08, until: 2026-03-09, severity: 2}]}
    at: 2026-03-08
    expect: {A: blue}
  - name: too slight
    given: {alerts: [{area: A, category: nature.storm, on: 2026-03-08, until: 2026-03-09, severity: 1}]}
    at: 2026-03-08
    expect: {A: none}
  - name: thirteen hours away
    given: {alerts: [{area: A, category: nature.storm, on: 2026-03-08T21:00, until: 2026-03-09, severity: 3,
                      known: 2026-03-07}]}
    at: 2026-03-08
    expect: {A: none}
  - name: known too late
    given: {alerts: [{area: A, category: nature.storm, on: 2026-03-08, until: 2026-03-09, severity: 3,
                      known: 2026-03-08T08:30}]}
    at: 2026-03-08
    expect: {A: none}
  - name: over at eight, when it is judged
    given: {alerts: [{area: A, category: nature.storm, on: 2026-03-07, until: 2026-03-08T08:00, severity: 3}]}
    at: 2026-03-08
    expect: {A: none}
  - name: all of the country is all of its counties
    given: {alerts: [{area: country, category: nature.storm, on: 2026-03-08, severity: 3}]}
    at: 2026-03-08
    expect: {A: orange, B: orange}
  - name: a part of a county is enough
    given: {alerts: [{area: A2, category: nature.storm, on: 2026-03-08, severity: 3}]}
    at: 2026-03-08
    expect: {A: orange, B: none}
  - name: nobody heard the weather service
    given: {down: [{on: 2026-03-07..2026-03-08, feed: weather}]}
    at: 2026-03-08
    expect: {A: unknown}
  - name: nobody heard it, and what it had told holds still
    given:
      alerts: [{area: A, category: nature.storm, on: 2026-03-07, until: 2026-03-09, severity: 2}]
      down: [{on: 2026-03-07..2026-03-08, feed: weather}]
    at: 2026-03-08
    expect: {A: blue, B: unknown}
  - name: six crashes, while nobody heard the weather service
    given:
      incidents: [{area: A, category: traffic.crash, on: 2026-03-07, each: 6}]
      down: [{on: 2026-03-07..2026-03-08, feed: weather}]
    at: 2026-03-08
    expect: {A: {grade: blue, signals: [at_least]}}
  - name: the weather is told while nobody hears the police
    given:
      alerts: [{area: A, category: nature.storm, on: 2026-03-07, until: 2026-03-09, severity: 2}]
      down: [{on: 2026-03-07, feed: police}]
    at: 2026-03-08
    expect: {A: blue, B: unknown}
"""


@pytest.fixture(scope="module")
def weather(context: Context) -> Context:
    """The small county world with a weather service."""
    covers = replace(context.feeds["rescue"].covers, categories=frozenset({"nature.storm"}))
    mapping = context.feeds["rescue"].mapping.model_copy(update={"ahead": timedelta(hours=12)})
    service = replace(
        context.feeds["rescue"], id="weather", subject=Subject.HAZARD, covers=covers, mapping=mapping
    )
    kept = {id_: one for id_, one in context.feeds.items() if id_ != "rescue"}
    return replace(context, feeds={**kept, "weather": service})


@pytest.fixture
def loaded(weather: Context, tmp_path: Path) -> Loaded:
    return flawless(tmp_path, weather, RULE + TESTS)


def test_its_tests_pass(loaded: Loaded, weather: Context) -> None:
    assert [(one.name, one.why) for one in run(loaded, weather) if not one.passed] == []


def test_why_nobody_can_tell(loaded: Loaded, weather: Context) -> None:
    assert loaded.book is not None
    named = {test.example.name: (test, played) for _, test, played in plays(loaded, weather)}
    test, played = named["nobody heard the weather service"]
    said = played.outcomes["A"].doubt
    assert said == "a feed that would tell of alerts was not heard"
    assert cause(said, "zh") == "未收到应发布预警信息的数据源"
    assert test.example.expect["A"].grade == "unknown"


def test_in_words(loaded: Loaded, weather: Context) -> None:
    assert loaded.book is not None
    rule = loaded.book.rules["public-safety.storm-damage"]
    assert (
        "- blue if either there are 6 or more, or an alert (nature.storm, severity 2 or worse) is in force,"
        " or begins within 12 hours"
    ) in explain(rule, "en", weather).splitlines()
    said = explain(rule, "zh", weather)
    assert "有生效的预警信息（nature.storm，严重程度 2 及以上），或将在 12 小时内生效" in said


def test_every_condition_can_be_shown(loaded: Loaded, weather: Context) -> None:
    (found,) = coverage(loaded, weather)
    shown = {point.what for point in found.shown if point.kind == "condition"}
    assert {"blue: any 2 alert holds", "blue: any 2 alert fails alone", "orange: any 2 alert holds"} <= shown


def test_steps_of_an_alert_are_noticed(loaded: Loaded, weather: Context) -> None:
    assert loaded.book is not None
    found = {one.what: one for one in examine(loaded.sources[0], loaded.book, weather, Calendar()).results}
    steps = {what: one.fate for what, one in found.items() if "alert" in what}
    assert steps["blue any 2 alert: severity >=2 -> >=1"] is Fate.KILLED
    assert steps["orange any 2 alert: severity >=3 -> >=2"] is Fate.KILLED
    assert {"orange any 2 alert: ahead 12h -> 13h", "orange any 2 alert: ahead 12h -> 11h"} <= steps.keys()
    assert Fate.ALIKE not in steps.values(), "every other step is told by a scene"


def test_a_feed_that_takes_nothing_of_later_is_told(weather: Context, tmp_path: Path) -> None:
    """Its mapping lets a warning begin an hour after it was told, where it says nothing else."""
    service = weather.feeds["weather"]
    short = replace(service, mapping=service.mapping.model_copy(update={"ahead": timedelta(hours=1)}))
    said = "takes nothing that begins more than 1h after it is told, and this looks 12h ahead"
    told(tmp_path, replace(weather, feeds={**weather.feeds, "weather": short}), RULE, "alert-unfed", said)
    problems = written(tmp_path, weather, RULE).problems
    assert "alert-unfed" not in {one.name for one in problems}


def mistakes() -> Iterator[tuple[str, str, str, str]]:
    yield "nature.storm, severity: \">=moderate\"", "nature.storms", "unknown-category", "nature.storm'"
    yield "\">=moderate\"", "bad", "schema", "a severity is written as"
    yield "ahead: 12h", "ahead: soon", "schema", "is not a duration"
    yield "ahead: 12h", "ahead: 40d", "schema", "30 days at most"
    yield "ahead: 12h", "feed: wether", "unknown-feed", "unknown feed 'wether'"
    yield "\">=moderate\", ahead: 12h", "\">=moderate\"", "rung-order", "it must fall or stay"
    yield "nature.storm", "nature.flood", "rung-order", "is nature.storm, not nature.flood: keep"
    yield "nature.storm", "civic.assembly", "protected-category", "no rule may ask for an alert of it"
    yield "nature.storm", "traffic.crash", "alert-unfed", "stays unknown"


@pytest.mark.parametrize(("old", "new", "name", "says"), list(mistakes()))
def test_mistakes(weather: Context, tmp_path: Path, old: str, new: str, name: str, says: str) -> None:
    told(tmp_path, weather, RULE.replace(old, new, 1 if name != "alert-unfed" else 2), name, says)
