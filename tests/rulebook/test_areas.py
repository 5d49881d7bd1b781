"""A rule that judges chosen areas: what lies in them, and nothing beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.judge import find
from engine.model.period import Calendar
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.trial.replay import Played, play
from engine.rulebook.words.explain import explain
from tests.rulebook.one import flawless, passes, told

ID = "public-safety.burglary-here"
RULE = """
id: public-safety.burglary-here
title: {en: Burglary here, zh: 本地入室盗窃}
domain: public-safety
topic: burglary
cycle: daily
level: municipality
areas: {under: ["01", "0320"], except: ["0120"]}
for: 7d
status: stable
owner: crime-desk
review_by: 2027-06-30
why: {en: These two asked for it., zh: 两地提出需求。}
indicator: {count: incidents, where: {category: property.burglary}}
window: 7d
baseline: 182d
measures: [patrol-evening]
grades:
  yellow: {at_least: 3, rare: {alpha: 0.01}}
tests:
  - name: three in each
    given:
      incidents:
        - {area: "0110", category: property.burglary, on: 2026-03-05..2026-03-07}
        - {area: "0120", category: property.burglary, on: 2026-03-05..2026-03-07}
        - {area: "0310", category: property.burglary, on: 2026-03-05..2026-03-07}
        - {area: "0320", category: property.burglary, on: 2026-03-05..2026-03-07}
    at: 2026-03-08
    expect: {"0110": yellow, "0120": none, "0310": none, "0320": yellow}
  - name: nobody looks at one that is not judged
    given:
      incidents: [{area: "0110", category: property.burglary, on: 2026-03-06..2026-03-07}]
      unmonitored: [{area: "0120"}, {area: "0320"}]
    at: 2026-03-08
    expect: {"0110": none, "0120": none, "0320": unknown}
"""


@pytest.fixture
def loaded(context: Context, tmp_path: Path) -> Loaded:
    return flawless(tmp_path, context, RULE)


def test_its_tests_pass(loaded: Loaded, context: Context) -> None:
    passes(loaded, context)


def test_only_they_are_judged_and_told_of(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    here = loaded.book.rules[ID]
    assert here.places(context.tree) == ("0110", "0320")
    example = loaded.sources[0].tests[0].example
    scene = play(here, loaded.book, example, context, Calendar()).scene
    (found,) = find([here], scene.panels(), [example.at.first])
    assert {one.area for one in found.outcomes} == {"0110", "0320"}


def test_discoveries_are_counted_among_them_alone(loaded: Loaded, context: Context) -> None:
    """Two areas ask for less than four would: the others are no part of what may be found by chance."""
    assert loaded.book is not None
    here, example = loaded.book.rules[ID], loaded.sources[0].tests[1].example
    one = example.given.incidents[0].model_copy(update={"each": 2})
    example = example.model_copy(update={"given": example.given.model_copy(
        update={"incidents": [one], "unmonitored": []}
    )})  # fmt: skip

    def judged(**more: object) -> Played:
        return play(replace(here, **more), loaded.book, example, context, Calendar())  # type: ignore[arg-type]

    why = judged().trace("0110")
    assert why is not None
    chance = next(signal.pvalue for signal in why.rungs[0].signals if signal.test == "rare")
    assert chance is not None
    assert judged(fdr=3 * chance).word("0110") == "yellow"
    assert judged(fdr=3 * chance, areas=None).word("0110") == "none"


def test_in_words(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    here = loaded.book.rules[ID]
    assert "in each of these areas alone (municipality: town, town)" in explain(here, "en", context)
    assert "仅在以下市镇：" in explain(here, "zh", context)
    assert "municipality: 0110, 0320" in explain(here)


def test_every_step_is_noticed_or_shown(loaded: Loaded, context: Context) -> None:
    assert loaded.book is not None
    of = {one.what: one for one in examine(loaded.sources[0], loaded.book, context, Calendar()).results}
    steps = ("areas: all", "areas: without 0110", "areas: without 0320")
    assert {of[what].fate for what in steps} == {Fate.KILLED}
    other = of["yellow at_least: 3 -> 2"]
    assert other.fate is not Fate.SURVIVED or "0110" in other.pasted


@pytest.mark.parametrize(
    ("old", "new", "name", "says"),
    [
        ('{under: ["01", "0320"], except: ["0120"]}', '{under: ["0110"], except: ["01"]}', "areas-chosen",
         "nothing is left to judge"),
        ('except: ["0120"]', 'except: ["0310"]', "areas-chosen", "is not among those under which"),
        ('{under: ["01", "0320"], except: ["0120"]}', "[]", "schema", "at least 1 is needed"),
        ('{under: ["01", "0320"], except: ["0120"]}', "{}", "schema", "name the areas"),
        ("{under:", "{within:", "schema", "name them under: [...]"),
        ("areas:", "regions:", "schema", "names them: areas: [...]"),
        ("level: municipality", "level: country", "areas-chosen", "name 'SE', in which it lies"),
    ],
)  # fmt: skip
def test_what_is_none(context: Context, tmp_path: Path, old: str, new: str, name: str, says: str) -> None:
    assert old in RULE
    told(tmp_path, context, RULE.replace(old, new), name, says)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("property.burglary", "violence.sexual", "sensitive-level"),
        ("property.burglary", "civic", "protected-category"),
    ],
)
def test_they_are_no_way_around_the_charter(
    context: Context, tmp_path: Path, old: str, new: str, name: str
) -> None:
    """What is never judged so low, or never counted, is not in a chosen area either."""
    told(tmp_path, context, RULE.replace(old, new), name, "")
