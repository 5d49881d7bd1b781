"""The registry of checks, and what a broken file cannot show."""

from __future__ import annotations

import csv
import inspect
import re
from pathlib import Path

import pytest

from engine.infer import limits
from engine.model.problem import Level
from engine.rulebook.checks import EACH, TOGETHER
from engine.rulebook.context import Context
from engine.rulebook.inference import ELSEWHERE
from engine.rulebook.load import check

GOOD = Path(__file__).parent / "good"
BROKEN = Path(__file__).parents[1] / "data" / "broken_rules" / "mistakes.csv"
BURGLARY = (GOOD / "burglary-surge.yaml").read_text()


def test_there_are_at_least_forty_checks() -> None:
    assert len(EACH) + len(TOGETHER) >= 40
    assert not EACH.keys() & TOGETHER.keys()


@pytest.mark.parametrize("name", sorted({**EACH, **TOGETHER}))
def test_a_check_is_called_like_its_file(name: str) -> None:
    module = {**EACH, **TOGETHER}[name]
    assert module.__name__.rpartition(".")[2] == name.replace("-", "_")
    assert isinstance(module.LEVEL, Level)


def test_every_check_has_a_broken_file() -> None:
    with BROKEN.open(encoding="utf-8") as table:
        shown = {row["name"] for row in csv.DictReader(table)}
    assert {*EACH, *TOGETHER} - shown == {"correlation-limit", "hardly-fires", "realised-rate"}


def test_more_correlations_than_the_inference_engine_bears(context: Context, tmp_path: Path) -> None:
    head, correlation = (GOOD / "winter-front.yaml").read_text().split("  - id: x.winter-front")
    copies = "".join(f"  - id: x.front-{n}{correlation}" for n in range(40))
    (tmp_path / "rules.yaml").write_text(head + copies)
    book, problems = check(tmp_path, context)
    assert book is None
    (found,) = [problem for problem in problems if problem.level is Level.ERROR]
    assert found.name == "correlation-limit"
    assert "retire some" in found.sentence


def problems_with(folder: Path, context: Context, old: str, new: str) -> set[str]:
    """The names of the problems after a piece of the burglary rule has been replaced."""
    assert old in BURGLARY
    (folder / "rule.yaml").write_text(BURGLARY.replace(old, new, 1))
    return {problem.name for problem in check(folder, context)[1]}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  yellow: {at_least: 5, rare: {alpha: 0.001}}", "  yellow: {at_least: 3, rare: {alpha: 0.001}}"),
        ("  yellow: {at_least: 5, rare: {alpha: 0.001}}",
         "  yellow: {at_least: 3, rare: {alpha: 0.01}, delay_on: 2}"),
        ("window: 7d", "window: 14d"),
        ("category: property.burglary}", "category: violence}"),
        ("category: property.burglary}", "category: property.burglary, feed: police}"),
        ("status: stable", "status: draft"),
    ],
)  # fmt: skip
def test_what_is_no_mistake(old: str, new: str, context: Context, tmp_path: Path) -> None:
    assert problems_with(tmp_path, context, old, new) == set()


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("5, rare: {alpha: 0.001}}", "5, rare: {alpha: 0.1}}", {"rung-order"}),
        ("5, rare: {alpha: 0.001}}", "5, rare: {alpha: 0.001, weekday: off}}", {"rung-order"}),
        ("gap: 7d", "gap: 7d\nfdr: 2.0", {"schema"}),
        ("level: county", "level: conty\nwindow_: 3d", {"schema"}),
        ("owner: crime-desk\nreview_by: 2027-06-30\n", "", {"no-owner", "no-review-date"}),
    ],
)
def test_mistakes(old: str, new: str, names: set[str], context: Context, tmp_path: Path) -> None:
    assert problems_with(tmp_path, context, old, new) == names


@pytest.mark.parametrize(
    ("file", "old", "new", "name"),
    [
        ("burglary-surge", "category: property.burglary}", "category: [fraud, fraud]}", "category-twice"),
        ("burglary-surge", "cycle: daily", "cycle: monthly", "window-cycle"),
        ("burglary-surge", "baseline: 182d", "baseline: 5d", "baseline-short"),
        ("burglary-surge", "at: 2026-03-08", "at: 2026-03-08T12:00", "test-off-cycle"),
        ("burglary-surge", "at: 2026-03-08", "at: 2026-03-08..2026-03-09", "test-off-cycle"),
        ("burglary-surge", "expect: {A: blue}", 'expect: {"01": blue, A: blue}', "unknown-area"),
        ("explosion", "lasts: 24h", "lasts: 0d", "immediate-limits"),
        ("explosion", "blue: {at_least: 1}", "blue: {at_least: 1, delay_on: 2}", "immediate-limits"),
        ("explosion", "given: {incidents", "given: {series: {A: 0 1}, incidents", "test-indicator"),
        ("winter-front", "cycle: daily\n    level: country", "cycle: immediate\n    level: country",
         "immediate-limits"),
        ("winter-front", "cycle: daily\n    level: country", "cycle: weekly\n    level: country",
         "correlation-within"),
        ("winter-front", "scope: below", "scope: below\n      level: conty", "unknown-level"),
        ("winter-front", "scope: below", "scope: below\n      level: country", "correlation-scope"),
        ("winter-front", "{rule: public-safety.crash-day}", "{topic: trafic}", "unknown-topic"),
    ],
)  # fmt: skip
def test_more_mistakes(
    file: str, old: str, new: str, name: str, context: Context, tmp_path: Path
) -> None:
    text = (GOOD / f"{file}.yaml").read_text()
    assert old in text
    (tmp_path / "rule.yaml").write_text(text.replace(old, new, 1))
    errors = {problem.name for problem in check(tmp_path, context)[1] if problem.level > Level.HINT}
    assert name in errors


def test_a_monthly_test_stands_at_the_first_of_a_month(context: Context, tmp_path: Path) -> None:
    text = BURGLARY.replace("cycle: daily", "cycle: monthly").replace("window: 7d", "window: 28d")
    (tmp_path / "rule.yaml").write_text(text)
    sentences = [problem.sentence for problem in check(tmp_path, context)[1]]
    assert "a monthly rule is judged on the first of a month: write 2026-03-01" in sentences


def test_a_retired_rule_needs_no_tests_and_no_feed(context: Context, tmp_path: Path) -> None:
    text = BURGLARY.split("tests:")[0].replace("status: stable", "status: retired")
    (tmp_path / "rule.yaml").write_text(text)
    assert check(tmp_path, context)[1] == []


def test_an_ears_method_is_the_same_in_all_rungs(context: Context, tmp_path: Path) -> None:
    rungs = "{at_least: 3, rare: {alpha: 0.01}}", "{at_least: 5, rare: {alpha: 0.001}}"
    text = BURGLARY.replace(rungs[0], "{at_least: 3, ears: C2}").replace(rungs[1], "{at_least: 5, ears: C3}")
    (tmp_path / "rule.yaml").write_text(text)
    (found,) = check(tmp_path, context)[1]
    assert (found.name, found.line) == ("rung-order", 19)
    assert found.sentence == "yellow: ears.method is C3, not C2: keep it as in blue"


def test_what_the_inference_limits_say_is_a_check_or_found_before(context: Context, tmp_path: Path) -> None:
    said = set(re.findall(r'"(correlation-[a-z]+)"', inspect.getsource(limits)))
    assert said == {name for name in TOGETHER if name in said} | ELSEWHERE.keys()
    text = (GOOD / "winter-front.yaml").read_text()
    twice = text.replace("public-safety.crash-day\n", "x.winter-front\n", 1)
    empty = text.replace("of:\n        - finding: {rule: public-safety.crash-day}", "of: []")
    for kind, mistaken in (("correlation-name", twice), ("correlation-empty", empty)):
        (tmp_path / "rule.yaml").write_text(mistaken)
        assert ELSEWHERE[kind] in {problem.name for problem in check(tmp_path, context)[1]}, kind


ALONE = """
id: public-safety.{name}
title: {{en: Burglaries, zh: 入室盗窃}}
domain: public-safety
topic: burglary
cycle: {cycle}
level: county
status: {status}
window: {window}
grades: {{blue: {{at_least: {least}}}}}
indicator: {{count: incidents, where: {where}}}
"""
EACH_OF_THEM = {
    "name": "now", "cycle": "immediate", "window": "48h", "least": 1, "status": "stable",
    "where": "{category: property}",
}  # fmt: skip


@pytest.mark.parametrize(("single", "odd"), [
    (None, True), ({}, False), ({"least": 2}, True), ({"status": "draft"}, True),
    ({"where": "{category: property, severity: \">=2\"}"}, True), ({"where": "{category: fire}"}, True),
])  # fmt: skip
def test_a_number_alone_is_grave_where_every_single_one_is_warned_of(
    context: Context, tmp_path: Path, single: dict[str, object] | None, odd: bool
) -> None:
    daily = {"name": "burst", "cycle": "daily", "window": "3d", "least": 3, "status": "stable"}
    (tmp_path / "burst.yaml").write_text(ALONE.format(**daily, where="{category: property.burglary}"))
    if single is not None:
        (tmp_path / "now.yaml").write_text(ALONE.format(**{**EACH_OF_THEM, **single}))
    found = {problem.name for problem in check(tmp_path, context)[1]}
    assert "schema" not in found and ("at-least-alone" in found) is odd
