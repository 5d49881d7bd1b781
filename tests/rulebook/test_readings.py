"""Rules on gauges: the greatest and the last reading, with tests, words, checks, coverage and steps."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path

import pytest

from engine.model.finding import Held, RungTrace, Signal, Trace
from engine.model.grade import Grade
from engine.model.indicator import Indicator, Take
from engine.model.period import Calendar
from engine.model.rule import Rung, Test
from engine.notify.reason import reason as in_chinese
from engine.rulebook.context import Context
from engine.rulebook.language.schema import json_schema
from engine.rulebook.load import read
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.trial import run
from engine.rulebook.words.explain import explain
from engine.warn.sentence import reason
from tests.rulebook.one import rule, written

HEAD = """
id: public-safety.power-outage
title: {en: Power outage, zh: 停电}
domain: public-safety
topic: flood
cycle: daily
level: county
for: 1d
status: stable
owner: grid-desk
review_by: 2027-06-30
why: {en: Whoever is cut off for long needs help., zh: 长时间停电需要救助。}
window: 1d
measures: [duty-check]
grades:
  blue: {at_least: 500}
  orange: {at_least: 5000}
"""
LAST = HEAD + """
indicator: {last: injured, holds: 6h, where: {category: nature.storm}}
tests:
  - name: five hundred out in the evening
    given: {series: {A: "0 500"}}
    at: 2026-03-08
    expect: {A: blue, B: unknown}
  - name: one short of it
    given: {series: {A: "499"}}
    at: 2026-03-08
    expect: {A: none}
  - name: the worst of two places
    given:
      incidents:
        - {area: A1, category: nature.storm, on: 2026-03-07T22:00, measures: {injured: 5000}}
        - {area: A2, category: nature.storm, on: 2026-03-07T23:00, measures: {injured: 10}}
    at: 2026-03-08
    expect: {A: orange}
  - name: it was back before midnight
    given:
      incidents:
        - {area: A, category: nature.storm, on: 2026-03-07T21:00, measures: {injured: 9000}}
        - {area: A, category: nature.storm, on: 2026-03-07T22:00, measures: {injured: 4999}}
    at: 2026-03-08
    expect: {A: blue}
  - name: a reading of noon does not hold until midnight
    given:
      incidents: [{area: A, category: nature.storm, on: 2026-03-07T12:00, measures: {injured: 9000}}]
    at: 2026-03-08
    expect: {A: unknown}
  - name: nobody reads it there
    given: {unmonitored: [{area: A}]}
    at: 2026-03-08
    expect: {A: unknown}
"""
MAX = HEAD + """
indicator: {max: injured, where: {category: nature.storm}}
tests:
  - name: for an hour in the morning
    given:
      incidents:
        - {area: A, category: nature.storm, on: 2026-03-07T07:00, measures: {injured: 5000}}
        - {area: A, category: nature.storm, on: 2026-03-07T08:00, measures: {injured: 0}}
    at: 2026-03-08
    expect: {A: orange, B: unknown}
  - name: silent afterwards, and high enough before
    given:
      incidents: [{area: A, category: nature.storm, on: 2026-03-07, measures: {injured: 700}}]
      down: [{on: 2026-03-07}]
    at: 2026-03-08
    expect: {A: blue}
"""


@pytest.mark.parametrize("text", [LAST, MAX], ids=["last", "max"])
def test_their_tests_pass(context: Context, tmp_path: Path, text: str) -> None:
    rule(tmp_path, context, text)
    verdicts = run(read(tmp_path, context), context)
    assert [(one.name, one.why) for one in verdicts if not one.passed] == []


def test_what_it_is_resolved_to(context: Context, tmp_path: Path) -> None:
    found = rule(tmp_path, context, LAST).indicator
    assert found is not None
    assert (found.take, found.measure, found.holds.total_seconds()) == (Take.LAST, "injured", 6 * 3600)
    assert found.key == Indicator(found.categories, "injured").key, "it shares the ledger of the sum"


def test_a_rule_that_counts_is_the_rule_it_was(context: Context, tmp_path: Path) -> None:
    """The fingerprint of a rule without readings knows nothing of them; with them it does."""
    summed = HEAD + "indicator: {sum: injured, where: {category: nature.storm}}\n"
    prints = {rule(tmp_path, context, text).hash for text in (summed, MAX, LAST, LAST.replace("6h", "7h"))}
    assert len(prints) == 4
    assert rule(tmp_path, context, summed).hash == "c2502b3c7b9ae87d", "as before there were readings"


def test_in_words(context: Context, tmp_path: Path) -> None:
    found = rule(tmp_path, context, LAST)
    assert explain(found, "en", context).splitlines()[1:4] == [
        ("Every day, in each county, it takes the last 'injured' read by incidents (nature.storm) of the last"
         " day; of many the worst."),
        "A reading holds for 6 hours, and then nobody knows; no reading is no zero.",
        "- blue if it is 500 or more",
    ]
    assert explain(found, "zh", context).splitlines()[1:4] == [
        "每日，按地区取最近一天事件（nature.storm）的“injured”最后读数；有多处时取最高者。",
        "一次读数保持 6 小时，此后视为不明；没有读数不等于零。",
        "- 蓝色：达到 500",
    ]
    assert "greatest 'injured'" in explain(rule(tmp_path, context, MAX))


def test_the_level_of_a_gauge_is_no_size_of_an_area(context: Context, tmp_path: Path) -> None:
    """A fixed number alone is right for it, and what it may be compared with is not what counts are."""
    assert "at-least-alone" not in {one.name for one in written(tmp_path, context, LAST).problems}
    past = LAST.replace("window: 1d", "window: 1d\nbaseline: 28")
    (found,) = [one for one in written(tmp_path, context, past).problems if one.name == "baseline-unused"]
    assert "or add ears" in found.sentence


@pytest.mark.parametrize(
    ("old", "new", "line", "name", "says"),
    [
        ("last: injured, holds: 6h,", "last: injured, max: injured,", 18, "schema", "exactly one of"),
        ("last: injured, holds: 6h,", "max: injured, holds: 6h,", 18, "schema", "'holds' goes with 'last'"),
        ("nature.storm}}", "nature.storm}, share_of: {where: {category: nature}}}", 18, "schema",
         "a share is of counts or sums"),
        ("last: injured", "last: telephone", 18, "charter", "attribute of persons"),
        ("last: injured", "last: injuries", 18, "unknown-sum", "did you mean 'injured'"),
        ("blue: {at_least: 500}\n  orange: {at_least: 5000}", "blue: {rare: {alpha: 0.1}}", 15,
         "reading-unfit", "'rare' is a test of counts, not of readings"),
        ("window: 1d", "window: 1d\nnowcast: true", 13, "reading-unfit", "take nowcast out"),
        ("cycle: daily", "cycle: immediate", 18, "reading-unfit", "lengthen that"),
    ],
)  # fmt: skip
def test_mistakes(
    context: Context, tmp_path: Path, old: str, new: str, line: int, name: str, says: str
) -> None:
    text = LAST.lstrip().split("tests:")[0].replace(old, new)
    text = text.replace("window: 1d", "window: 4h") if "immediate" in new else text
    found = [one for one in written(tmp_path, context, text).problems if one.name == name]
    assert [(one.line, says in one.sentence) for one in found] == [(line, True)], found


def test_coverage_asks_for_what_a_gauge_can_show(context: Context, tmp_path: Path) -> None:
    rule(tmp_path, context, LAST)
    (found,) = coverage(read(tmp_path, context), context)
    assert found.missing == ()
    assert {point.what for point in found.points if point.kind == "data state"} == {
        "observed", "no reading", "unmonitored",
    }  # fmt: skip


def test_what_its_tests_do_not_notice_comes_with_one_that_does(context: Context, tmp_path: Path) -> None:
    rule(tmp_path, context, LAST)
    loaded = read(tmp_path, context)
    assert loaded.book is not None
    found = {one.what: one for one in examine(loaded.sources[0], loaded.book, context, Calendar()).results}
    assert found["take: last -> max"].fate is found["blue at_least: 500 -> 501"].fate is Fate.KILLED
    missed = [found[what] for what in ("holds: 6h -> 5h", "holds: 6h -> 7h")]
    assert [one.fate for one in missed] == [Fate.SURVIVED] * 2
    pasted = "".join(f"  {line}\n" for one in missed for line in one.pasted.splitlines())
    rule(tmp_path, context, LAST + pasted)
    loaded = read(tmp_path, context)
    assert loaded.book is not None
    found = {one.what: one for one in examine(loaded.sources[0], loaded.book, context, Calendar()).results}
    assert {found[one.what].fate for one in missed} == {Fate.KILLED}


def test_a_finding_without_a_reading_says_so(context: Context, tmp_path: Path) -> None:
    """What holds by an alternative that asks no gauge has nothing that was read."""
    found = rule(tmp_path, context, LAST)
    either = Rung(Grade.BLUE, (), any=((Test.of("at_least", count=1.0),), (Test.of("on", calendar="x"),)))
    signals = ((Signal("at_least", Held.UNKNOWN, nan),), (Signal("on", Held.HELD, nan),))
    why = RungTrace(Grade.BLUE, Held.HELD, (), any=signals)
    trace = Trace("r", "h", "A", ("2026-03-07", "2026-03-08"), nan, data_state="no reading", rungs=(why,))
    said = reason(replace(found, rungs=(either,)), trace)
    assert said == "Power outage: nothing read (blue holds)"
    assert in_chinese(said, [found], "zh") == "停电：暂无读数（已达蓝色标准）"


def test_the_schema_knows_them() -> None:
    indicator = json_schema()["$defs"]["Indicator"]["properties"]
    assert {"max", "last", "holds"} <= indicator.keys()
