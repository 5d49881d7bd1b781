"""A percentile as a rung: its tests, its words, and what the other areas have to be."""

from __future__ import annotations

from pathlib import Path

from engine.rulebook.context import Context
from engine.rulebook.words.explain import explain
from tests.rulebook.one import flawless, passes, rule

RULE = """
id: public-safety.burglary-leads
title: {en: Most burglaries, zh: 入室盗窃最多}
domain: public-safety
topic: burglary
cycle: weekly
level: municipality
for: 7d
status: stable
owner: crime-desk
review_by: 2027-06-30
why: {en: Where the most is., zh: 最多之处。}
indicator: {count: incidents, where: {category: property.burglary}}
window: 28d
measures: [patrol-evening]
grades:
  yellow: {at_least: 3, percentile: {above: 0.6, among: 2}}
tests:
  - name: more than two of three
    given:
      incidents:
        - {area: A, category: property.burglary, on: 2026-02-20, each: 4}
        - {area: B, category: property.burglary, on: 2026-02-20, each: 3}
        - {area: C, category: property.burglary, on: 2026-02-20, each: 3}
        - {area: D, category: property.burglary, on: 2026-02-20, each: 4}
    at: 2026-03-02
    expect: {A: yellow, B: none, D: yellow}
  - name: of two nobody knows, and one is too few
    given:
      incidents: [{area: A, category: property.burglary, on: 2026-02-20, each: 4}]
      unmonitored: [{area: B}, {area: C}]
      population: {D: 1000}
    at: 2026-03-02
    expect: {A: unknown, B: unknown, D: none}
"""


def test_its_tests_pass(context: Context, tmp_path: Path) -> None:
    loaded = flawless(tmp_path, context, RULE)
    passes(loaded, context)


def test_in_words(context: Context, tmp_path: Path) -> None:
    found = rule(tmp_path, context, RULE)
    said = "it has more (by number) than 60% of the other areas judged then, of which 2 must be known"
    assert said in explain(found, "en", context)
    assert "数量高于同时研判的其他地区的 60%（至少 2 个地区已知）" in explain(found, "zh", context)
