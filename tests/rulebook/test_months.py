"""Calendar months: each for its length, judged on the first of the next."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.period import Calendar
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.trial.replay import play
from engine.rulebook.words.explain import explain
from engine.warn.sentence import reason
from tests.rulebook.one import flawless, passes, told, written

RULE = """
id: public-safety.burglary-month
title: {en: Burglaries of a month, zh: 月度入室盗窃}
domain: public-safety
topic: burglary
cycle: monthly
level: county
for: 30d
status: stable
owner: crime-desk
review_by: 2027-06-30
why: {en: The level has shifted., zh: 水平已变。}
indicator: {count: incidents, where: {category: property.burglary}}
window: month
baseline: 12
measures: [patrol-evening]
grades:
  yellow: {at_least: 5, rare: {alpha: 0.01}}
tests:
  - name: the last month alone, from its first day to its last
    given:
      incidents:
        - {area: A, category: property.burglary, on: 2026-02-01, each: 3}
        - {area: A, category: property.burglary, on: 2026-02-28, each: 2}
        - {area: B, category: property.burglary, on: 2026-01-31, each: 3}
        - {area: B, category: property.burglary, on: 2026-02-28, each: 2}
    at: 2026-03-01
    expect: {A: yellow, B: none}
  - name: as many as in the months before
    given: {series: {A: 3x12 5, B: 0x12 5}}
    at: 2026-03-01
    expect: {A: none, B: yellow}
  - name: nobody looks
    given: {unmonitored: [{area: A}]}
    at: 2026-03-01
    expect: {A: unknown}
"""


@pytest.fixture
def loaded(context: Context, tmp_path: Path) -> Loaded:
    return flawless(tmp_path, context, RULE)


def test_its_tests_pass(loaded: Loaded, context: Context) -> None:
    passes(loaded, context)


def test_in_words_and_in_why(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    rule = loaded.book.rules["public-safety.burglary-month"]
    assert "of the last calendar month." in explain(rule, "en", context)
    assert "与此前 12 个自然月相比较" in explain(rule, "zh", context)
    why = play(rule, loaded.book, loaded.sources[0].tests[0].example, context, Calendar()).trace("A")
    assert why is not None
    assert why.stretch == ("2026-02-01", "2026-02-28")
    assert why.partly == ()
    assert "5 in 28 days" in reason(rule, why)


@pytest.mark.parametrize(
    ("old", "new", "name", "says"),
    [
        ("cycle: monthly", "cycle: weekly", "window-cycle", "a weekly rule judges no calendar months"),
        ("baseline: 12", "baseline: 12\ngap: 31d", "window-cycle", "follow each other without a gap"),
        ("baseline: 12", "baseline: 12\nnowcast: true", "window-cycle", "take nowcast out"),
    ],
)
def test_what_is_none(context: Context, tmp_path: Path, old: str, new: str, name: str, says: str) -> None:
    assert old in RULE
    told(tmp_path, context, RULE.replace(old, new), name, says)


def test_what_is_surely_meant_is_mended(context: Context, tmp_path: Path) -> None:
    problems = written(tmp_path, context, RULE.replace("window: month", "window: 1 calendar month")).problems
    assert {one.right for one in problems if one.right} == {"month"}
