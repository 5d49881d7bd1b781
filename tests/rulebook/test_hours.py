"""Hours of the day and weekdays in `where`: over midnight, by local clocks, unknown where nobody says."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.model.period import Calendar
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.trial import run
from engine.rulebook.words.explain import explain
from tests.rulebook.one import flawless, passes, told, written

RULE = """
id: public-safety.weekend-nights
title: {en: Brawls on weekend nights, zh: 周末夜间斗殴}
domain: public-safety
topic: burglary
cycle: daily
level: county
for: 7d
status: stable
owner: night-desk
review_by: 2027-06-30
why: {en: Bars close at three., zh: 酒吧凌晨三点打烊。}
indicator:
  count: incidents
  where: {category: property.burglary, hours: 22:00-06:00, weekdays: fri-sat}
window: 7d
baseline: 182d
measures: [patrol-evening]
grades:
  yellow: {at_least: 3, rare: {alpha: 0.01}}
tests:
  - name: three in the night that begins on a Friday, before and after midnight
    given:
      incidents:
        - {area: A, category: property.burglary, on: 2026-03-06T22:00}
        - {area: A, category: property.burglary, on: 2026-03-07T02:00, each: 2}
        - {area: B, category: property.burglary, on: 2026-03-07T06:00, each: 3}
        - {area: C, category: property.burglary, on: 2026-03-06T02:00, each: 3}
    at: 2026-03-09
    expect: {A: yellow, B: none, C: none}
  - name: the night from Saturday to Sunday is one of them, that from Sunday to Monday none
    given:
      incidents:
        - {area: A, category: property.burglary, on: 2026-03-08, time: "05:59", each: 3}
        - {area: B, category: property.burglary, on: 2026-03-08, time: "22:30", each: 3}
    at: 2026-03-10
    expect: {A: yellow, B: none}
  - name: what happened on a Saturday at nobody knows what hour may have been one of them
    given: {incidents: [{area: A, category: property.burglary, on: 2026-03-07, each: 3}]}
    at: 2026-03-09
    expect: {A: unknown, B: none}
  - name: what happened on a Wednesday was surely none
    given: {incidents: [{area: A, category: property.burglary, on: 2026-03-04, each: 3}]}
    at: 2026-03-09
    expect: {A: none}
  - name: what is known is enough, whatever the others were
    given:
      incidents:
        - {area: A, category: property.burglary, on: 2026-03-07, each: 3}
        - {area: A, category: property.burglary, on: 2026-03-07T23:00, each: 3}
    at: 2026-03-09
    expect: {A: yellow}
  - name: a background of nights
    given: {background: [{area: A, each: 3 per 7d}]}
    at: 2026-03-09
    expect: {A: none}
  - name: as a series
    given: {series: {A: 0x26 3, B: 0x26 2}}
    at: 2026-03-09
    expect: {A: yellow, B: none}
"""
ID = "public-safety.weekend-nights"


@pytest.fixture
def loaded(context: Context, tmp_path: Path) -> Loaded:
    return flawless(tmp_path, context, RULE)


def test_its_tests_pass(loaded: Loaded, context: Context) -> None:
    passes(loaded, context)


def test_hours_are_those_of_local_clocks(context: Context, tmp_path: Path) -> None:
    """The same tests, which name local moments, pass by any clocks; by others than the rule's they do not."""
    zone = ZoneInfo("Asia/Shanghai")
    there = dataclasses.replace(context, zone=zone)
    found = flawless(tmp_path, there, RULE)
    assert all(one.passed for one in run(found, there, calendar=Calendar(zone)))
    assert not all(one.passed for one in run(found, there, calendar=Calendar()))


def test_in_words(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    rule = loaded.book.rules[ID]
    assert ", at 22:00\u201306:00, on nights that begin on Friday, Saturday)" in explain(rule, "en", context)
    assert "，22:00\u201306:00之间，自周五、周六当晚起算" in explain(rule, "zh", context)


def test_every_step_of_the_hours_is_noticed_or_shown(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    examined = examine(loaded.sources[0], loaded.book, context, Calendar())
    of = {one.what: one for one in examined.results if one.what.startswith(("hours", "weekdays"))}
    assert {"hours: 22:00-06:00 -> 21:00-06:00", "hours: 22:00-06:00 -> 22:00-07:00",
            "weekdays: without sat", "weekdays: and sun"} <= set(of)  # fmt: skip
    assert {one.what for one in of.values() if one.fate is Fate.ALIKE} == set()


def test_what_nobody_says_is_a_data_state_of_its_tests(loaded: Loaded, context: Context) -> None:
    (found,) = coverage(loaded, context)
    assert "lower bound" not in {point.what for point in found.missing}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("22:00-06:00", "'22:00'", "hours are written as 22:00-06:00"),
        ("22:00-06:00", "25:00-06:00", "hours go from 00:00 to 24:00"),
        ("fri-sat", "mon-sun", "these are all weekdays"),
        ("fri-sat", "[mon, Friday]", "a weekday is written in three small letters, as in fri: write fri"),
        ("fri-sat", "[]", "weekdays are written as fri-sun, or as a list"),
        ("fri-sat", "monthly", "'monthly' is no weekday"),
        ("fri-sat", "周五-周六", "write fri-sat"),
        ("hours: 22", "area: X, hours: 22", "unknown key 'area'"),
        ('time: "05:59"', 'time: "6"', 'a time of the day is written as "23:30"'),
        ('on: 2026-03-08, time: "05:59"', 'on: 2026-03-08T12:00, time: "05:59"', "'on' names a time already"),
    ],
)
def test_what_is_none(context: Context, tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in RULE
    told(tmp_path, context, RULE.replace(old, new), "schema", says)


@pytest.mark.parametrize("of", ["stock: open", "last: injured"])
def test_a_stock_and_a_last_reading_have_no_hours(context: Context, tmp_path: Path, of: str) -> None:
    told(tmp_path, context, RULE.replace("count: incidents", of), "schema", "choose among what happens")


@pytest.mark.parametrize("hours", ["22:00–6:00", "22.00 - 06.00", "22:00至06:00"])
def test_what_is_surely_meant_is_mended(context: Context, tmp_path: Path, hours: str) -> None:
    problems = written(tmp_path, context, RULE.replace("22:00-06:00", f"'{hours}'")).problems
    assert {one.right for one in problems if one.right} == {"22:00-06:00"}


def test_a_share_of_nights_is_of_what_happens_at_night(context: Context, tmp_path: Path) -> None:
    whole = "weekdays: fri-sat}\n  share_of: {where: {category: property, hours: 06:00-22:00}}\n"
    share = RULE.replace("{at_least: 3,", "{share_of: 0.5, at_least: 3,")
    share = share.replace("weekdays: fri-sat}\n", whole)
    told(tmp_path, context, share, "share-not-part", "other hours or weekdays")
