"""Every file of tests/data/broken_rules holds one mistake: its line is named, and how to mend it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from engine.errors import ConfigError
from engine.model.problem import Level, Problem
from engine.rulebook.context import Context
from engine.rulebook.load import check, load

BROKEN = Path(__file__).parents[1] / "data" / "broken_rules"

#: mistakes.csv: file, line, name of the problem, what the sentence says.
with (BROKEN / "mistakes.csv").open(encoding="utf-8") as table:
    MISTAKES = [(row["file"], int(row["line"]), row["name"], row["says"]) for row in csv.DictReader(table)]


@pytest.mark.parametrize(("name", "line", "kind", "says"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_names_line_and_mend(name: str, line: int, kind: str, says: str, context: Context) -> None:
    path = BROKEN / f"{name}.yaml"
    book, problems = check(path, context)
    worst = max(problem.level for problem in problems)
    (found,) = [problem for problem in problems if problem.level is worst]
    assert (found.path, found.line, found.name) == (str(path), line, kind)
    assert says in found.sentence
    assert (book is None) is (worst is Level.ERROR)


def test_every_file_is_in_the_table() -> None:
    assert sorted(path.stem for path in BROKEN.glob("*.yaml")) == sorted(row[0] for row in MISTAKES)


def test_all_mistakes_of_all_files_at_once(context: Context) -> None:
    with pytest.raises(ConfigError) as caught:
        load(BROKEN, context)
    files = {Path(problem.path).stem for problem in caught.value.problems}
    assert {row[0] for row in MISTAKES if row[2] in ("schema", "yaml", "duplicate-key")} <= files
    assert len(files) > 100


def test_problems_come_by_path_and_line(context: Context) -> None:
    _, problems = check(BROKEN, context)
    places = [(problem.path, problem.line) for problem in problems]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "name",
    [
        "protected-category", "protected-through-parent", "protected-in-pattern",
        "crowd-parent", "crowd-measures",
        "person-attribute", "person-attribute-chinese", "person-attribute-deep", "person-sum", "person-topic",
        "activity-category", "keyword-political", "sensitive-level",
    ],
)  # fmt: skip
def test_charter_violations_are_errors(name: str, context: Context) -> None:
    book, problems = check(BROKEN / f"{name}.yaml", context)
    assert book is None
    assert any(problem.level is Level.ERROR for problem in problems)


def test_a_mistake_in_a_twin_file_is_named_there(context: Context, tmp_path: Path) -> None:
    good = Path(__file__).parent / "good"
    for name in ("burglary-surge.yaml", "burglary-surge.test.yaml"):
        shutil.copy(good / name, tmp_path / name)
    twin = tmp_path / "burglary-surge.test.yaml"
    twin.write_text(twin.read_text().replace("expect: {A: none}", "expect: {A: red}"))
    _, problems = check(tmp_path, context)
    assert problems == [
        Problem(str(twin), 5, "the rule has no rung 'red': it gives blue, yellow", "test-grade")
    ]


def test_a_twin_without_its_rules_is_an_error(context: Context, tmp_path: Path) -> None:
    (tmp_path / "lost.test.yaml").write_text("tests: []")
    _, problems = check(tmp_path, context)
    assert [problem.sentence for problem in problems] == [
        "a test file without its rules: lost.yaml does not exist"
    ]


def test_a_twin_of_several_rules_says_whose_test_it_is(context: Context, tmp_path: Path) -> None:
    good = Path(__file__).parent / "good" / "winter-front.yaml"
    shutil.copy(good, tmp_path / "winter-front.yaml")
    twin = tmp_path / "winter-front.test.yaml"
    test = "tests: [{name: one more, at: 2026-01-11, expect: {A: none}, given: {down: [{on: 2026-01-10}]}}]"
    twin.write_text(test)
    _, problems = check(tmp_path, context)
    assert "'rule' is missing: winter-front.yaml holds several rules" in str(problems[0])
    twin.write_text(test.replace("{name", "{rule: x.winter-frost, name"))
    _, problems = check(tmp_path, context)
    assert "did you mean 'x.winter-front'?" in str(problems[0])


@pytest.mark.parametrize("text", ["tests: [", "tests: []", "test: []"])
def test_a_broken_twin_file(text: str, context: Context, tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parent / "good" / "explosion.yaml", tmp_path)
    (tmp_path / "explosion.test.yaml").write_text(text)
    book, problems = check(tmp_path, context)
    assert book is None
    assert [Path(problem.path).name for problem in problems] == ["explosion.test.yaml"]


def test_files_that_would_be_passed_over_are_named(context: Context, tmp_path: Path) -> None:
    (tmp_path / "fire.yml").write_text("id: x.y")
    book, problems = check(tmp_path, context)
    assert book is not None and not book.rules
    assert [problem.level for problem in problems] == [Level.WARNING]
    assert "rule files end in .yaml" in problems[0].sentence


def test_a_folder_that_is_not_there(context: Context, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file or folder"):
        load(tmp_path / "ruls", context)
