"""Days of a calendar beside counts: read ahead, and unknown where the calendar knows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.model.days import Days
from engine.model.period import Calendar
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded, read
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.trial import plays
from engine.rulebook.words.explain import explain
from tests.rulebook.one import flawless, passes, told

RULE = """
id: public-safety.holiday-traffic
title: {en: Holiday traffic, zh: 节前交通}
domain: public-safety
topic: traffic
cycle: daily
level: county
for: 1d
status: stable
owner: traffic-desk
review_by: 2027-06-30
why: {en: Everybody leaves at once., zh: 节前车流集中。}
indicator: {count: incidents, where: {category: traffic.crash}}
window: 1d
measures: [duty-check]
grades:
  yellow: {any: [{at_least: 6}, {at_least: 3, on: {calendar: cn-holidays, ahead: 3d}}]}
tests:
  - name: three crashes four days before the holidays
    given: {incidents: [{area: A, category: traffic.crash, on: 2026-04-26, each: 3}]}
    at: 2026-04-27
    expect: {A: none}
  - name: three crashes three days before
    given: {incidents: [{area: A, category: traffic.crash, on: 2026-04-27, each: 3}]}
    at: 2026-04-28
    expect: {A: yellow, B: none}
  - name: two crashes on a day of the holidays
    given: {incidents: [{area: A, category: traffic.crash, on: 2026-05-01, each: 2}]}
    at: 2026-05-02
    expect: {A: none}
  - name: three on the last of them
    given: {incidents: [{area: A, category: traffic.crash, on: 2026-05-04, each: 3}]}
    at: 2026-05-05
    expect: {A: yellow}
  - name: three in a year of which nobody knows yet
    given: {incidents: [{area: A, category: traffic.crash, on: 2027-05-04, each: 3}]}
    at: 2027-05-05
    expect: {A: unknown, B: none}
  - name: six in that year
    given: {incidents: [{area: A, category: traffic.crash, on: 2027-05-04, each: 6}]}
    at: 2027-05-05
    expect: {A: yellow}
"""


@pytest.fixture
def loaded(context: Context, tmp_path: Path) -> Loaded:
    return flawless(tmp_path, context, RULE)


def test_its_tests_pass(loaded: Loaded, context: Context) -> None:
    passes(loaded, context)


def test_in_words(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    rule = loaded.book.rules["public-safety.holiday-traffic"]
    assert (
        "- yellow if either there are 6 or more, or (there are 3 or more, and it is a day of 'public holidays"
        " in China', or one comes within 3 days)"
    ) in explain(rule, "en", context)
    assert "当日为“法定节假日放假日”，或 3 天内有此日" in explain(rule, "zh", context)
    assert "'cn-holidays'" in explain(rule)


def test_a_reason_names_the_day(loaded: Loaded, context: Context) -> None:
    named = {test.example.name: played for _, test, played in plays(loaded, context)}
    trace = named["three crashes three days before"].outcomes["A"].trace
    assert trace is not None
    (rung,) = trace.rungs
    (day,) = [signal.facts["day"] for way in rung.any for signal in way if signal.test == "on"]
    assert day == "2026-05-01"


def test_a_rule_is_another_one_with_another_calendar(context: Context, tmp_path: Path) -> None:
    """Its fingerprint holds the days themselves: what was judged by others was judged by another rule."""
    (tmp_path / "rule.yaml").write_text(RULE, encoding="utf-8")
    known = context.calendars["cn-holidays"]
    more = Days(known.days.days | {date(2026, 12, 24).toordinal()}, known.days.first, known.days.last)
    other = replace(context, calendars={**context.calendars, "cn-holidays": replace(known, days=more)})
    books = [read(tmp_path, around).book for around in (context, other)]
    assert len({one.hash for book in books if book for one in book.rules.values()}) == 2


def test_coverage_and_steps(loaded: Loaded, context: Context) -> None:
    (found,) = coverage(loaded, context)
    shown = {point.what for point in found.shown if point.kind == "condition"}
    assert {"yellow: any 2 on holds", "yellow: any 2 on fails alone"} <= shown
    assert loaded.book is not None
    results = examine(loaded.sources[0], loaded.book, context, Calendar()).results
    steps = {one.what: one.fate for one in results}
    assert steps["yellow any 2 on: ahead 3d -> 4d"] is steps["yellow any 2 on: ahead 3d -> 2d"] is Fate.KILLED


@pytest.mark.parametrize(
    ("old", "new", "name", "says"),
    [
        ("cn-holidays", "cn-holiday", "unknown-calendar", "did you mean 'cn-holidays'"),
        ("ahead: 3d", "ahead: 90d", "schema", "whole days, 60 at most"),
        ("ahead: 3d", "ahead: 12h", "schema", "whole days, 60 at most"),
        ("{calendar: cn-holidays, ahead: 3d}", "{ahead: 3d}", "schema", "calendar"),
        ("calendar: cn-holidays", "calendar: cn-holidays, days: 3", "schema", "days"),
        ("cycle: daily", "cycle: immediate", "immediate-limits", "cannot use 'on'"),
        ("cycle: daily", "cycle: immediate", "immediate-limits", "choose daily"),
    ],
)
def test_mistakes(context: Context, tmp_path: Path, old: str, new: str, name: str, says: str) -> None:
    told(tmp_path, context, RULE.replace(old, new), name, says)


def test_told_before_the_calendar_ends(context: Context, tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(RULE, "utf-8")
    late = replace(context, today=date(2026, 12, 1))
    for around, wanted in ((context, []), (late, ["calendar-ends"])):
        assert [one.name for one in read(tmp_path, around).problems if "calendar" in one.name] == wanted
