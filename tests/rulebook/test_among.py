"""A path narrows what is told, not what is looked at; and which files are rule files at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from engine.rulebook.context import Context
from engine.rulebook.language import reading
from engine.rulebook.load import among

GOOD = Path(__file__).parent / "good"
BURGLARY = (GOOD / "burglary-surge.yaml").read_text(encoding="utf-8")
FRONT = """
id: x.front
title: {en: Front, zh: 前沿}
domain: public-safety
topic: burglary
cycle: daily
level: country
status: stable
owner: crime-desk
review_by: 2027-06-30
why: Several counties at once.
for: 7d
measures: [patrol-evening]
correlate:
  within: 2d
  scope: below
  of: [finding: {rule: public-safety.burglary-surge}]
grades: {blue: 2}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A folder of two rules, of which one rests on the other."""
    folder = tmp_path / "rules"
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "burglary.yaml").write_text(BURGLARY, encoding="utf-8")
    (folder / "front.yaml").write_text(FRONT, encoding="utf-8")
    return folder


def told(rules: Path, context: Context, *paths: Path) -> set[tuple[str, str]]:
    return {(Path(one.path).name, one.name) for one in among(rules, paths, context).problems}


def test_a_rule_named_alone_is_held_against_all_the_others(rules: Path, context: Context) -> None:
    found = among(rules, [rules / "front.yaml"], context)
    assert found.book is not None and set(found.book.rules) == {"x.front", "public-safety.burglary-surge"}
    assert [source.id for source in found.sources] == ["x.front"]
    assert {name for _, name in told(rules, context, rules / "front.yaml")} == {"no-tests"}


def test_what_is_wrong_elsewhere_is_not_told_and_what_it_breaks_is(rules: Path, context: Context) -> None:
    (rules / "one" / "burglary.yaml").write_text(
        BURGLARY.replace("-surge\n", "-serge\n", 1), encoding="utf-8"
    )
    assert ("front.yaml", "unknown-rule") in told(rules, context, rules / "front.yaml")
    (rules / "one" / "burglary.yaml").write_text(
        BURGLARY.replace("cycle: daily", "cycle: x"), encoding="utf-8"
    )
    assert told(rules, context, rules / "front.yaml") == {("front.yaml", "no-tests")}
    assert ("burglary.yaml", "schema") in told(rules, context, rules / "one")


def test_a_copy_elsewhere_stands_alone(rules: Path, context: Context, tmp_path: Path) -> None:
    copy = shutil.copy(rules / "one" / "burglary.yaml", tmp_path / "copy.yaml")
    assert told(rules, context, Path(copy)) <= {("copy.yaml", "silent-domain")}


@pytest.mark.parametrize("way", ["one", "one/burglary.yaml", "linked", "one/burglary.test.yaml"])
def test_a_folder_a_link_and_a_test_file_stand_for_the_rules(rules: Path, context: Context, way: str) -> None:
    (rules.parent / "linked").symlink_to(rules / "one")
    test = "tests: [{name: nothing, at: 2026-03-08, expect: {A: none}}]"
    (rules / "one" / "burglary.test.yaml").write_text(test, encoding="utf-8")
    path = rules.parent / way if way == "linked" else rules / way
    found = among(rules, [path], context)
    assert [source.id for source in found.sources] == ["public-safety.burglary-surge"]


def test_hidden_files_locks_and_swap_files_are_no_rules(rules: Path) -> None:
    for name in (".burglary.yaml", ".#front.yaml", "#front.yaml", "~front.yaml", ".front.yaml.swp"):
        (rules / name).write_text("no: [yaml", encoding="utf-8")
    (rules / ".#one.yaml").symlink_to("nobody@nowhere.1234")
    (rules / ".git").mkdir()
    (rules / ".git" / "x.yml").write_text("", encoding="utf-8")
    assert reading.files(rules) == ([rules / "front.yaml", rules / "one" / "burglary.yaml"], [])


def test_a_folder_mounted_by_links_is_read_once(tmp_path: Path) -> None:
    """As a cluster mounts a map of files: each a link through a hidden one to a hidden folder."""
    kept, rules = tmp_path / "rules" / "..2026_01_01", tmp_path / "rules"
    kept.mkdir(parents=True)
    (kept / "a.yaml").write_text(BURGLARY, encoding="utf-8")
    (rules / "..data").symlink_to(kept.name)
    (rules / "a.yaml").symlink_to("..data/a.yaml")
    (rules / "more").symlink_to(rules)
    assert reading.files(rules) == ([rules / "a.yaml"], [])


def test_folders_behind_links_are_read(tmp_path: Path, rules: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    (outer / "linked").symlink_to(rules)
    assert [path.name for path in reading.files(outer)[0]] == ["front.yaml", "burglary.yaml"]


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path, context: Context) -> None:
    os.mkfifo(tmp_path / "rule.yaml")
    (problem,) = among(tmp_path / "rules", [tmp_path / "rule.yaml"], context).problems
    assert problem.sentence == "the file cannot be read: this is a pipe or a device: give a file"
