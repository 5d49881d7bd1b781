"""Rules on what is open: how much, for how long, and how much more than before."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from engine.ingest.mapping import Mapping
from engine.model.indicator import Take
from engine.model.period import Calendar
from engine.model.problem import Level
from engine.notify.reason import reason as in_chinese
from engine.rulebook.context import Context
from engine.rulebook.load import read
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.trial import run
from engine.rulebook.words.explain import explain
from tests.rulebook.one import rule as only
from tests.rulebook.one import told

HEAD = """
id: social-stability.disputes-open
title: {en: Disputes left open, zh: 矛盾积压}
domain: social-stability
topic: disorder
cycle: weekly
level: county
for: 7d
status: stable
owner: mediation-desk
review_by: 2027-06-30
why: {en: What is left open for weeks comes back as a brawl., zh: 久拖不决易激化。}
window: 7d
measures: [duty-check]
grades:
  blue: {at_least: 3}
  orange: {at_least: 6}
"""
OPEN = HEAD + """
indicator: {stock: open, older_than: 14d, where: {category: disorder.brawl}}
tests:
  - name: three open for fifteen days
    given: {incidents: [{area: A1, category: disorder.brawl, on: 2026-02-22, each: 3}]}
    at: 2026-03-09
    expect: {A: blue, B: none}
  - name: three open for less than fourteen
    given: {incidents: [{area: A, category: disorder.brawl, on: 2026-02-23, each: 3}]}
    at: 2026-03-09
    expect: {A: none}
  - name: of six half were closed
    given:
      incidents:
        - {area: A, category: disorder.brawl, on: 2026-02-01, each: 3}
        - {area: A, category: disorder.brawl, on: 2026-02-01, each: 3, until: 2026-03-08T20:00}
    at: 2026-03-09
    expect: {A: blue}
  - name: they were closed on the day after, when nobody judges yet
    given:
      incidents: [{area: A, category: disorder.brawl, on: 2026-02-01, each: 6, until: 2026-03-09T06:00}]
    at: 2026-03-09
    expect: {A: orange}
  - name: two
    given: {incidents: [{area: A, category: disorder.brawl, on: 2026-02-01, each: 2}]}
    at: 2026-03-09
    expect: {A: none}
  - name: told too late for anybody to know
    given: {incidents: [{area: A, category: disorder.brawl, on: 2026-02-01, each: 9, known: 2026-03-09}]}
    at: 2026-03-09
    expect: {A: none}
  - name: nobody heard of openings or closings
    given:
      incidents: [{area: A, category: disorder.brawl, on: 2026-02-22, each: 9}]
      down: [{on: 2026-03-05}]
    at: 2026-03-09
    expect: {A: unknown}
"""
CHANGE = HEAD + """
indicator: {stock: change, where: {category: disorder.brawl}}
tests:
  - name: three more than a week before
    given: {series: {A: "10 13"}}
    at: 2026-03-09
    expect: {A: blue, B: none}
  - name: as many as before, and none of them the same
    given: {series: {A: "9 4 9 3 3"}}
    at: 2026-03-09
    expect: {A: none}
  - name: six more, two of them closed again
    given:
      incidents:
        - {area: A, category: disorder.brawl, on: 2026-03-03, each: 4}
        - {area: A, category: disorder.brawl, on: 2026-03-03, each: 2, until: 2026-03-05}
    at: 2026-03-09
    expect: {A: blue}
"""


@pytest.fixture(scope="module")
def closing(context: Context) -> Context:
    """The small county world, where the police log says when something was over."""
    police = context.feeds["police"]
    written = {**police.mapping.model_dump(by_alias=True, exclude_unset=True), "ended_at": "over"}
    return replace(context, feeds={
        **context.feeds, "police": replace(police, mapping=Mapping.model_validate(written)),
    })  # fmt: skip


rule = partial(only, under=Level.WARNING)


@pytest.mark.parametrize("text", [OPEN, CHANGE], ids=["open", "change"])
def test_their_tests_pass(closing: Context, tmp_path: Path, text: str) -> None:
    rule(tmp_path, closing, text)
    assert [(one.name, one.why) for one in run(read(tmp_path, closing), closing) if not one.passed] == []


def test_in_words(closing: Context, tmp_path: Path) -> None:
    found = rule(tmp_path, closing, OPEN)
    assert found.indicator is not None and found.indicator.take is Take.OPEN
    assert explain(found, "en", closing).splitlines()[1:3] == [
        ("Every week, in each county, it counts how many incidents (disorder.brawl) are open at the end of"
         " the last 7 days, those open for longer than 14 days."),
        "- blue if there are 3 or more",
    ]  # fmt: skip
    assert "统计最近 7 天末仍未结的事件（disorder.brawl）数量（仅计未结超过 14 天者）" in explain(found, "zh")
    assert "how many more incidents" in explain(rule(tmp_path, closing, CHANGE))


def test_coverage_and_steps(closing: Context, tmp_path: Path) -> None:
    rule(tmp_path, closing, OPEN)
    loaded = read(tmp_path, closing)
    assert loaded.book is not None
    (found,) = coverage(loaded, closing)
    assert {point.what for point in found.points if point.kind == "data state"} == {
        "observed", "observed zero", "unmonitored",
    }  # fmt: skip
    assert found.missing == ()
    results = examine(loaded.sources[0], loaded.book, closing, Calendar()).results
    fates = {one.what: one.fate for one in results}
    steps = ("older_than: 14d -> 15d", "older_than: 14d -> 13d", "take: open -> change")
    assert {fates[what] for what in (*steps, "blue at_least: 3 -> 4")} == {Fate.KILLED}


@pytest.mark.parametrize(
    ("old", "new", "name", "says"),
    [
        ("stock: open,", "count: incidents,", "schema", "goes with 'stock'"),
        ("stock: open,", "stock: open, count: incidents,", "schema", "exactly one of"),
        ("stock: open", "stock: closed", "schema", "open"),
        ("older_than: 14d", "older_than: 0d", "schema", "'older_than' says for how long"),
        ("cycle: weekly", "cycle: immediate", "reading-unfit", "judged by the day"),
        ("{at_least: 3}", "{rare: {alpha: 0.1}}", "reading-unfit", "a test of counts, not of stocks"),
    ],
)
def test_mistakes(closing: Context, tmp_path: Path, old: str, new: str, name: str, says: str) -> None:
    told(tmp_path, closing, OPEN.replace(old, new), name, says)


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("52 open (orange from 6)", "未结52起（橙色标准：6）"),
        ("4 more open in 7 days (blue from 3)", "7天内未结净增4起（蓝色标准：3）"),
        ("up to 523 in 1 day where 40 would be usual (red holds)", "1天内最高523，常态约40（已达红色标准）"),
        ("at 523 (blue from 500)", "现为523（蓝色标准：500）"),
        ("7 in 7 days (yellow from 4, with an alert in force)", "7天内7起（黄色标准：4，且有预警信息生效）"),
        ("0 in 1 day (yellow holds, with an alert in force)", "1天内0起（已达黄色标准，且有预警信息生效）"),
        ("exercise", "演练"),
    ],
)
def test_reasons_in_chinese(said: str, chinese: str) -> None:
    assert in_chinese(said, (), "zh") == chinese
