"""A learned chance as the test of a rung: written, checked, tested with given chances, told and mutated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.period import Calendar
from engine.notify.reason import reason
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded, read
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.trial import run
from engine.rulebook.words.explain import explain
from tests.rulebook.one import flawless

RULE = """
id: public-safety.likely-burglaries
title: {en: Burglaries to come, zh: 入室盗窃可能增多}
domain: public-safety
topic: burglary
cycle: daily
level: county
for: 7d
status: stable
owner: crime-desk
review_by: 2027-06-30
why: {en: Burglaries come in runs., zh: 入室盗窃往往接连发生。}
indicator: {count: incidents, where: {category: property.burglary}}
window: 7d
measures: [patrol-evening]
grades:
  blue: {chance: {at_least: 0.2, within: 7d, of: 3}}
  yellow: {chance: {at_least: 0.5, within: 7d, of: 3}}
tests:
  - name: at both cuts and just below
    given:
      chance: {A: 0.2, B: 0.199, C: 0.5, D: 0.499}
      incidents: [{area: A, category: property.burglary, on: 2026-03-06}]
    at: 2026-03-08
    expect: {A: blue, B: none, C: yellow, D: blue}
  - name: nothing learned yet, and none where it was
    given: {chance: {A: 0.6 _, B: _ 0.6}}
    at: 2026-03-08
    expect: {A: yellow, B: yellow, C: unknown}
  - name: it rises at once
    given: {chance: {A: 0.1x3 0.21, B: 0.1x3 0.6}}
    at: 2026-03-08
    expect: {A: {grade: blue, change: issued}, B: {grade: yellow, change: issued}}
  - name: it falls at once
    given: {chance: {A: 0.25x3 0.19, B: 0.6x3 0.19, C: 0.6x3 0.45}}
    at: 2026-03-08
    expect: {A: {grade: none, change: lifted}, B: none, C: {grade: blue, change: downgraded}}
  - name: half a count clears nothing
    given: {chance: {A: 0.1, B: 0.6}, down: [{on: 2026-03-07}]}
    at: 2026-03-08
    expect: {A: unknown, B: yellow}
  - name: where nobody looks, nobody can tell
    given: {chance: {A: 0.6}, unmonitored: [{area: A}]}
    at: 2026-03-08
    expect: {A: unknown}
"""


@pytest.fixture
def loaded(context: Context, tmp_path: Path) -> Loaded:
    return flawless(tmp_path, context, RULE)


def test_a_given_chance_is_judged_by_its_cuts(loaded: Loaded, context: Context) -> None:
    for verdict in run(loaded, context):
        assert verdict.passed, verdict.why


def test_its_tests_show_all_of_it(loaded: Loaded, context: Context) -> None:
    (covered,) = coverage(loaded, context)
    assert covered.missing == ()


def test_a_step_in_a_cut_is_noticed(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    (source,) = loaded.sources
    examined = examine(source, loaded.book, context, Calendar())
    fates = {result.what: result.fate for result in examined.results}
    cuts = {what for what in fates if "chance" in what}
    assert cuts == {
        "blue chance: at_least 0.2 -> 0.22", "blue chance: at_least 0.2 -> 0.182",
        "yellow chance: at_least 0.5 -> 0.55", "yellow chance: at_least 0.5 -> 0.455",
    }  # fmt: skip
    assert all(fates[what] is Fate.KILLED for what in cuts)


def test_a_survivor_comes_with_the_test_that_would_notice(context: Context, tmp_path: Path) -> None:
    tests = RULE.partition("tests:")[0] + """tests:
  - {name: likely, given: {chance: {A: 0.9}}, at: 2026-03-08, expect: {A: yellow}}
  - {name: unlikely, given: {chance: {A: 0.01}}, at: 2026-03-08, expect: {A: none}}
"""
    found = flawless(tmp_path, context, tests)
    assert found.book is not None
    examined = examine(found.sources[0], found.book, context, Calendar())
    missed = {result.what: result.pasted for result in examined.results if result.fate is Fate.SURVIVED}
    assert "chance: {A: 0.2}" in missed["blue chance: at_least 0.2 -> 0.22"]


def test_it_is_told_in_both_languages(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    (rule,) = loaded.book.rules.values()
    english, chinese = explain(rule, "en", context), explain(rule, "zh", context)
    assert (
        "- blue if the chance that 3 or more of these come within 7 days, learned anew every month, is 20 % "
        "or more"
    ) in english
    assert "7 天内出现此类事件 3 起及以上的概率" in chinese and "达到 20 %" in chinese


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ("{at_least: 20, within: 7d}", "between 0 and 1"), ("{at_least: 0.2}", "within"),
        ("{at_least: 0.2, within: 12h}", "whole days"), ("{at_least: 0.2, within: 120d}", "1 to 92"),
        ("{at_least: 0.2, within: 7d, of: -1}", "above 0"), ("0.2", "within"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(instead: str, said: str, context: Context, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        RULE.replace("{at_least: 0.2, within: 7d, of: 3}", instead), encoding="utf-8"
    )
    found = read(tmp_path, context)
    assert found.book is None and any(said in problem.sentence for problem in found.problems)


def test_a_chance_beyond_one_is_no_given_chance(context: Context, tmp_path: Path) -> None:
    text = RULE.replace("A: 0.1, B: 0.6}, down", "A: 1.5}, down")
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    found = read(tmp_path, context)
    assert any("a chance lies between 0 and 1" in problem.sentence for problem in found.problems)


def test_alerts_and_calendars_in_it_are_looked_up(context: Context, tmp_path: Path) -> None:
    asked = "{at_least: 0.2, within: 7d, of: 3, alert: nature.strom, calendar: cn-holiday}"
    text = RULE.replace("{at_least: 0.2, within: 7d, of: 3}", asked)
    text = text.replace("  yellow: {chance: {at_least: 0.5, within: 7d, of: 3}}\n", "")
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    said = " ".join(problem.sentence for problem in read(tmp_path, context).problems)
    assert "did you mean 'nature.storm'" in said and "did you mean 'cn-holidays'" in said


def test_no_other_kind_of_rule_has_one(context: Context, tmp_path: Path) -> None:
    text = RULE.replace("cycle: daily", "cycle: immediate").replace("window: 7d", "window: 24h")
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    names = {problem.name for problem in read(tmp_path, context).problems}
    assert "immediate-limits" in names


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("2 in 7 days (yellow holds, with a chance of 27 % within 7d: the last days here x3.9, alerts x2)",
         "7天内2起（已达黄色标准，7天内概率27 %，主因：本地近日×3.9、有效预警信息×2）"),
        ("2 in 7 days (blue from 1, with an alert in force, with a chance of over 99 % within 1d)",
         "7天内2起（蓝色标准：1，且有预警信息生效，1天内概率超过 99 %）"),
    ],
)  # fmt: skip
def test_a_message_says_what_raised_it(english: str, chinese: str) -> None:
    assert reason(english, (), "zh") == chinese


def test_a_truth_on_the_topic_is_enough(context: Context, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(RULE.replace(", of: 3", ""), encoding="utf-8")
    assert "chance-unlearned" in {one.name for one in read(tmp_path, context).problems}
    known = replace(context, outcomes=frozenset({"burglary"}))
    assert "chance-unlearned" not in {one.name for one in read(tmp_path, known).problems}
