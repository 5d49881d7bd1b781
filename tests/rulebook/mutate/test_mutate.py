"""What a step off looks like, which tests notice it, and tests that are written for what they miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.period import Calendar
from engine.model.rule import Rule
from engine.rulebook.context import Context
from engine.rulebook.load import read
from engine.rulebook.mutate import written
from engine.rulebook.mutate.examine import Examined, Fate, _moved_to, by_data, examine
from engine.rulebook.mutate.mutants import mutants
from engine.rulebook.trial.trial import run
from tests.rulebook import test_after, test_hours, test_percentile

GOOD = Path(__file__).parents[1] / "good"
BURGLARY = (GOOD / "burglary-surge.yaml").read_text().split("tests:")[0]
EITHER = BURGLARY.replace(
    "{at_least: 3, rare: {alpha: 0.01}}", "{any: [{at_least: 3, rare: {alpha: 0.01}}, {at_least: 9}]}"
).replace("  yellow: {at_least: 5, rare: {alpha: 0.001}}\n", "")
EXPLOSION = (GOOD / "explosion.yaml").read_text().split("tests:")[0]


def rule(folder: Path, context: Context, text: str) -> Rule:
    (folder / "rule.yaml").write_text(text, encoding="utf-8")
    book = read(folder, context).book
    assert book is not None
    (one,) = [one for one in book.rules.values() if one.path.endswith("rule.yaml")]
    return one


def examined(folder: Path, context: Context) -> Examined:
    loaded = read(folder, context)
    assert loaded.book is not None
    source = next(source for source in loaded.sources if source.path.endswith("rule.yaml"))
    return examine(source, loaded.book, context, Calendar())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (BURGLARY, {"blue at_least: 3 -> 4", "blue at_least: 3 -> 2", "blue rare: alpha 0.01 -> 0.03",
                    "window: 7 -> 8", "baseline: 26 -> 25", "category: all of property"}),
        (EITHER, {"blue any: without the first", "blue any: without the second",
                  "blue any 2 at_least: 9 -> 10", "blue any 1 rare: alpha 0.01 -> 0.03",
                  "blue any 1 at_least: 3 -> 2", "window: 7 -> 8"}),
        (EXPLOSION, {"category: all of violence"}),
    ],
)  # fmt: skip
def test_the_steps_of_a_rule(context: Context, tmp_path: Path, text: str, wanted: set[str]) -> None:
    found = [one.what for one in mutants(rule(tmp_path, context, text), context.taxonomy)]
    assert wanted <= set(found)
    assert len(found) == len(set(found))


def test_every_step_is_one_thing_and_the_rule_itself_is_none(context: Context, tmp_path: Path) -> None:
    one = rule(tmp_path, context, BURGLARY)
    for mutant in mutants(one, context.taxonomy):
        assert mutant.rule != one
        changed = [
            name for name in ("rungs", "window", "indicator", "fdr", "nowcast", "cool_down")
            if getattr(mutant.rule, name) != getattr(one, name)
        ]  # fmt: skip
        assert len(changed) == 1, mutant.what


def test_without_tests_nothing_is_noticed_and_what_is_written_notices_all(
    context: Context, tmp_path: Path
) -> None:
    (tmp_path / "rule.yaml").write_text(BURGLARY, encoding="utf-8")
    bare = examined(tmp_path, context)
    assert bare.score == 0.0 and not bare.of(Fate.KILLED)
    assert all(one.test is not None for one in bare.of(Fate.SURVIVED))
    loaded = read(tmp_path, context)
    path = written.write(loaded.sources[0], bare, alone=True)
    assert path == tmp_path / "rule.test.yaml"
    again = read(tmp_path, context)
    assert [one for one in run(again, context) if not one.passed] == []
    after = examined(tmp_path, context)
    assert after.score == 100.0 and len(after.results) == len(bare.results)
    assert written.write(again.sources[0], after, alone=True) is None


def test_a_test_kills_what_it_tells_apart_and_nothing_else(context: Context, tmp_path: Path) -> None:
    test = """tests:
  - name: three
    given: {incidents: [{area: A, category: property.burglary, on: 2026-03-07, each: 3}]}
    at: 2026-03-08
    expect: {A: blue}
"""
    (tmp_path / "rule.yaml").write_text(BURGLARY + test, encoding="utf-8")
    found = {one.what: one.fate for one in examined(tmp_path, context).results}
    assert found["blue at_least: 3 -> 4"] is Fate.KILLED
    assert found["blue at_least: 3 -> 2"] is Fate.SURVIVED


def test_what_no_scene_tells_is_alike_until_a_day_of_the_data_tells_it(
    context: Context, tmp_path: Path
) -> None:
    (tmp_path / "rule.yaml").write_text(EXPLOSION, encoding="utf-8")
    one = rule(tmp_path, context, EXPLOSION)
    found = examined(tmp_path, context)
    alike = found.of(Fate.ALIKE)
    told = by_data(found, one, lambda _, mutant: False if mutant is alike[0].mutant else None)
    assert alike and told.of(Fate.SURVIVED)[-1].what in {alike[0].what, found.of(Fate.SURVIVED)[-1].what}
    assert len(told.of(Fate.ALIKE)) == len(alike) - 1
    assert by_data(found, one, lambda *_: None) == found


def test_a_correlation_is_stepped_too(context: Context, tmp_path: Path) -> None:
    for path in GOOD.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    book = read(tmp_path, context).book
    assert book is not None
    found = {one.what for one in mutants(book.rules["x.winter-front"], context.taxonomy)}
    assert any(what.startswith("within: ") for what in found) and len(found) > 3


STOCK = """id: public-safety.waiting
title: Burglaries that nobody looked into
domain: public-safety
topic: burglary
cycle: weekly
level: county
for: 7d
status: stable
owner: crime-desk
review_by: 2027-06-30
why: What waits for weeks is looked into no more.
indicator: {stock: open, older_than: 31d, where: {category: property.burglary}}
window: 7d
hold: 2
grades:
  blue: {at_least: 3}
  yellow: {at_least: 6}
measures: [patrol-evening]
"""


def test_how_long_what_is_open_holds_is_told_and_spans_are_named_in_words(
    context: Context, tmp_path: Path
) -> None:
    (tmp_path / "rule.yaml").write_text(STOCK, encoding="utf-8")
    told = {one.what: one.test for one in examined(tmp_path, context).of(Fate.SURVIVED)}
    assert {"yellow hold: 2 -> 1", "yellow hold: 2 -> 3", "older_than: 31d -> 30d"} <= told.keys()
    named = told["older_than: 31d -> 30d"]
    assert named is not None and named["name"] == "older_than is 31 days, not 30 days"
    path = written.write(read(tmp_path, context).sources[0], examined(tmp_path, context), alone=True)
    assert path is not None
    assert [one for one in run(read(tmp_path, context), context) if not one.passed] == []


BY_RATE = test_percentile.RULE.replace("among: 2", "among: 2, by: rate")
STEPS = {
    test_percentile.RULE: {
        "yellow percentile: above 0.6 -> 0.8667", "yellow percentile: among 2 -> 3",
        "yellow percentile: by count -> rate",
    },
    BY_RATE: {"yellow percentile: by rate -> count"},
    test_after.RULE: {
        "after: 3d -> 73h", "after: 3d -> 71h", "within: 7d -> 8d", "within: 7d -> 6d", "order: any",
        "of, the first: category: all of property", "of, the second: count: 1 -> 2",
    },
    test_hours.RULE: {
        "hours: 22:00-06:00 -> 21:00-06:00", "hours: 22:00-06:00 -> 22:00-07:00", "weekdays: without fri",
        "weekdays: and sun", "yellow at_least: 3 -> 4", "yellow rare: alpha 0.01 -> 0.00333",
        "window: 7 -> 8", "window: 7 -> 6", "yellow hold: 1 -> 2", "category: all of property",
    },
}  # fmt: skip


@pytest.mark.parametrize("text", STEPS)
def test_what_other_areas_and_turns_decide_is_stepped_and_told_by_tests_of_their_own(
    context: Context, tmp_path: Path, text: str
) -> None:
    (tmp_path / "rule.yaml").write_text(text.split("tests:")[0], encoding="utf-8")
    bare = examined(tmp_path, context)
    told = {one.what: one.test for one in bare.of(Fate.SURVIVED)}
    assert STEPS[text] <= told.keys() and all(told.values())
    path = written.write(read(tmp_path, context).sources[0], bare, alone=True)
    assert path is not None
    assert [one for one in run(read(tmp_path, context), context) if not one.passed] == []
    assert examined(tmp_path, context).score == 100.0


def test_a_scene_is_moved_to_real_areas_whatever_is_given_by_area() -> None:
    scene = {
        "given": {"chance": {"A": 0.2}, "population": {"B": 10},
                  "incidents": [{"area": "A", "on": "2026-06-01"}]},
        "at": "2026-06-01",
    }  # fmt: skip
    assert _moved_to({"A": "01", "B": "02"}, scene) == {
        "given": {"chance": {"01": 0.2}, "population": {"02": 10},
                  "incidents": [{"area": "01", "on": "2026-06-01"}]},
        "at": "2026-06-01", "areas": ["01"],
    }  # fmt: skip
