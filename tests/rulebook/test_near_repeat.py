"""Near repeats as a rung: pairs that come near and soon, of points that are exact enough to say so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import indent

import pytest

from engine.ingest.mapping import Mapping
from engine.model.period import Calendar
from engine.model.rule import Test
from engine.rulebook.context import Context
from engine.rulebook.mutate.examine import Fate, examine
from engine.rulebook.mutate.mutants import _of_test
from engine.rulebook.trial.coverage import coverage
from engine.rulebook.trial.trial import plays
from engine.rulebook.words.explain import explain
from tests.rulebook.one import flawless, passes, rule, told

RULE = """
id: public-safety.burglary-near
title: {en: Burglaries next door, zh: 邻近入室盗窃}
domain: public-safety
topic: burglary
cycle: weekly
level: county
for: 7d
status: stable
owner: crime-desk
review_by: 2027-06-30
why: {en: Whoever was burgled last week has neighbours., zh: 上周被盗者有邻居。}
indicator: {count: incidents, where: {category: property.burglary}}
window: 7d
baseline: 182d
measures: [patrol-evening]
grades:
  yellow: {at_least: 5, near_repeat: {within: 500m, days: 7, alpha: 0.01}}
tests:
  - name: three next door to each other within a week
    given:
      background: [{area: A, each: 1 per 3d, apart: 2km}]
      incidents:
        - {area: A, category: property.burglary, on: 2026-02-23, point: [59.334, 18.063]}
        - {area: A, category: property.burglary, on: 2026-02-26, point: [59.336, 18.066]}
        - {area: A, category: property.burglary, on: 2026-03-01, point: [59.338, 18.063]}
    at: 2026-03-02
    expect: {A: {grade: yellow, signals: [at_least, near_repeat]}, B: none}
  - name: the same a kilometre apart
    given:
      background: [{area: A, each: 1 per 3d, apart: 2km}]
      incidents:
        - {area: A, category: property.burglary, on: 2026-02-23, point: [59.334, 18.063]}
        - {area: A, category: property.burglary, on: 2026-02-26, point: [59.343, 18.063]}
        - {area: A, category: property.burglary, on: 2026-03-01, point: [59.352, 18.063]}
    at: 2026-03-02
    expect: {A: none}
  - name: next door a month apart
    given:
      background: [{area: A, each: 1 per 3d, apart: 2km}]
      incidents:
        - {area: A, category: property.burglary, on: 2026-01-20, point: [59.334, 18.063]}
        - {area: A, category: property.burglary, on: 2026-02-24, point: [59.334, 18.064]}
        - {area: A, category: property.burglary, on: 2026-02-24, point: [59.352, 18.063]}
    at: 2026-03-02
    expect: {A: none}
  - name: two next door are no run
    given:
      background: [{area: A, each: 1 per 3d, apart: 2km}]
      incidents:
        - {area: A, category: property.burglary, on: 2026-02-26, point: [59.336, 18.066]}
        - {area: A, category: property.burglary, on: 2026-03-01, point: [59.338, 18.063]}
    at: 2026-03-02
    expect: {A: none}
  - name: without points nobody can tell
    given: {incidents: [{area: A, category: property.burglary, on: 2026-02-23..2026-03-01}]}
    at: 2026-03-02
    expect: {A: unknown}
  - name: a silent feed clears nothing
    given: {down: [{on: 2026-02-24..2026-02-26}]}
    at: 2026-03-02
    expect: {A: unknown}
  - name: where nobody reports nobody can tell
    given: {unmonitored: [{area: B}]}
    at: 2026-03-02
    expect: {A: none, B: unknown}
"""


@pytest.fixture
def precise(context: Context) -> Context:
    """The police tell where it was, to a hundred metres."""
    return said(context, accuracy="100m")


def said(context: Context, **more: object) -> Context:
    police = context.feeds["police"]
    written = {
        "source_id": "id", "occurred_at": "when", "place": {"point": ["lat", "lon"]},
        "category": {"field": "type", "scheme": "codes"}, "keep_point": True, **more,
    }  # fmt: skip
    mapping = Mapping.model_validate(written)
    return replace(context, feeds={**context.feeds, "police": replace(police, mapping=mapping)})


def test_its_tests_pass(precise: Context, tmp_path: Path) -> None:
    passes(flawless(tmp_path, precise, RULE), precise)


def test_in_words(precise: Context, tmp_path: Path) -> None:
    found = rule(tmp_path, precise, RULE)
    english = "pairs of them within 500 m and 7 days of each other are so many as chance would give with a"
    assert f"{english} probability of at most 0.01" in explain(found, "en", precise)
    chinese = "相距 500 米以内、7 天之内成对发生的事件之多，偶然出现的概率不超过 0.01"
    assert chinese in explain(found, "zh", precise)


def test_why_nobody_can_tell(precise: Context, tmp_path: Path) -> None:
    loaded = flawless(tmp_path, precise, RULE)
    doubts = {
        test.example.name: played.outcomes["A"].doubt
        for _, test, played in plays(loaded, precise) if "A" in played.outcomes
    }
    assert doubts["without points nobody can tell"] == (
        "7 of 7 incidents without a point as exact as 500m asks for"
    )


@pytest.mark.parametrize(
    ("mapping", "within", "says"),
    [
        ({"accuracy": "100m"}, "300m", "300m cannot be told; within must be 360m or more"),
        ({"accuracy": "1km"}, "500m", "accurate to 1km and kept to about 100 m"),
        ({}, "500m", "no feed that reports these (police) says how accurate its points are"),
    ],
)
def test_a_distance_nearer_than_points_are_known_is_a_mistake(
    mapping: dict[str, str], within: str, says: str, context: Context, tmp_path: Path
) -> None:
    text = RULE.replace("within: 500m", f"within: {within}")
    told(tmp_path, said(context, **mapping), text, "near-repeat-points", says)


def test_a_distance_that_is_far_enough_is_none(precise: Context, tmp_path: Path) -> None:
    flawless(tmp_path, precise, RULE.replace("within: 500m", "within: 360m").partition("tests:")[0])


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{within: 500}", "within"),
        ("{within: 5 miles}", "is no distance; write a number and m or km"),
        ("{within: 500m, alpha: 0.0001}", "alpha 0.0001 is never reached: it needs replicates: 9999 or more"),
        ("{within: 500m, days: 400}", "days must lie from 0 to 366"),
    ],
)
def test_what_cannot_be_meant_is_said(written: str, says: str, precise: Context, tmp_path: Path) -> None:
    text = RULE.replace("{within: 500m, days: 7, alpha: 0.01}", written)
    told(tmp_path, precise, text, "schema", says)


def test_too_short_a_baseline_is_said(precise: Context, tmp_path: Path) -> None:
    text = RULE.replace("baseline: 182d", "baseline: 14d")
    says = "days 7 needs a window and a baseline of 28 days or more together"
    told(tmp_path, precise, text, "baseline-unfit", says)


def test_a_sum_has_no_pairs(precise: Context, tmp_path: Path) -> None:
    text = RULE.replace("count: incidents", "sum: injured")
    told(tmp_path, precise, text, "cluster-sum", "near_repeat looks at cases, not at a sum")


def test_its_steps_are_tried(precise: Context, tmp_path: Path) -> None:
    loaded = flawless(tmp_path, precise, RULE)
    assert loaded.book is not None
    results = examine(loaded.sources[0], loaded.book, precise, Calendar()).results
    steps = {one.what.partition(": ")[2]: one for one in results if "near_repeat" in one.what}
    assert sorted(steps) == [
        "alpha 0.01 -> 0.00333", "alpha 0.01 -> 0.03", "days 7 -> 6", "days 7 -> 8",
        "within 500 metres -> 400 metres", "within 500 metres -> 600 metres",
    ]  # fmt: skip
    assert {what for what, one in steps.items() if one.fate is Fate.ALIKE} == set()
    # The tests that are offered tell the steps apart from the rule.
    offered = "".join(indent(one.pasted, "  ") for one in steps.values())
    passes(flawless(tmp_path, precise, RULE + offered), precise)
    loaded = flawless(tmp_path, precise, RULE + offered)
    assert loaded.book is not None
    again = examine(loaded.sources[0], loaded.book, precise, Calendar()).results
    assert {one.fate for one in again if "near_repeat" in one.what} == {Fate.KILLED}


def test_everything_is_shown(precise: Context, tmp_path: Path) -> None:
    (found,) = coverage(flawless(tmp_path, precise, RULE), precise)
    assert found.missing == ()


def test_a_radius_has_steps_as_well() -> None:
    scan = Test.of("cluster", max_days=7, max_radius="50km")
    told = [what for what, _ in _of_test(scan) if what.startswith("max_radius")]
    assert told == ["max_radius 50000 metres -> 55000 metres", "max_radius 50000 metres -> 45000 metres"]
    assert not [what for what, _ in _of_test(Test.of("cluster", max_days=7)) if "max_radius" in what]
