"""Certain mends change one line and nothing else; a second run changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.problem import Problem
from engine.rulebook.context import Context
from engine.rulebook.language.edit import Edit, mended
from engine.rulebook.load import check, read
from engine.rulebook.mend.mend import mend

BURGLARY = (Path(__file__).parents[1] / "good" / "burglary-surge.yaml").read_text(encoding="utf-8")


def fixed(folder: Path, context: Context, text: str) -> tuple[str, list[Edit]]:
    path = folder / "rule.yaml"
    path.write_bytes(text.encode())
    edits = list(mend(lambda: read(path, context)))
    assert list(mend(lambda: read(path, context))) == [], "a second run changes nothing"
    return path.read_bytes().decode(), edits


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("cycle: daily", "cycel: daily"),
        ("cycle: daily", "cycle: dayly  # every day"),
        ("alpha: 0.01", "alfa: 0.01"),
        ("category: property.burglary}", "category: property.burglery}  # was property.burglery"),
        ("topic: burglary", "topic: 'burglry'"),
        ("level: county", "level: conty"),
        ("[patrol-evening]", "[patrol-evning]"),
        ("alpha: 0.01", "alpha: 1e-2"),
        ("alpha: 0.01", "alpha: 1%"),
        ("window: 7d", "window: 7 days"),
        ("window: 7d", "window: 1 week"),
        ("review_by: 2027-06-30", "review_by: 2027/6/30"),
        ("review_by: 2027-06-30", "review_by: 20270630"),
        ("review_by: 2027-06-30", "review_by: 2027年6月30日"),
        ("on: 2026-03-05..2026-03-07", "on: 2026.3.5..20260307"),
        ("expect: {A: blue}", "expect: {A: bleu}"),
        ("expect: {A: blue}", "expect: {A: {grade: blue, signals: [raer]}}"),
    ],
)
def test_mends_the_word_and_leaves_the_line(
    right: str, wrong: str, context: Context, tmp_path: Path
) -> None:
    assert right in BURGLARY
    text, edits = fixed(tmp_path, context, BURGLARY.replace(right, wrong, 1))
    assert len(edits) == 1
    assert check(tmp_path, context)[1] == []
    assert text.count("\n") == BURGLARY.count("\n")
    assert wrong.partition("#")[2] in text


def test_a_rule_without_a_status_becomes_a_draft(context: Context, tmp_path: Path) -> None:
    without = BURGLARY.replace("status: stable\n", "")
    text, (edit,) = fixed(tmp_path, context, without)
    assert text == without.replace("surge\n", "surge\nstatus: draft\n", 1)
    assert edit.after == f"{edit.before}\nstatus: draft"


def test_in_a_list_the_new_key_stands_as_deep_as_the_others(context: Context, tmp_path: Path) -> None:
    listed = "rules:\n  - " + BURGLARY.replace("status: stable\n", "").replace("\n", "\n    ").rstrip(" ")
    text, _ = fixed(tmp_path, context, listed)
    assert "  - id: public-safety.burglary-surge\n    status: draft\n    title" in text


def test_what_one_mistake_hid_is_mended_too(context: Context, tmp_path: Path) -> None:
    broken = BURGLARY.replace("cycle: daily", "cycel: dayly").replace("topic: burglary", "topic: burglry")
    text, edits = fixed(tmp_path, context, broken)
    assert text == BURGLARY
    assert [edit.line for edit in edits] == [5, 5, 4]


def test_line_ends_stay(context: Context, tmp_path: Path) -> None:
    windows = BURGLARY.replace("\n", "\r\n")
    for broken in (windows.replace("daily", "dayly"), windows.replace("status: stable\r\n", "")):
        text, edits = fixed(tmp_path, context, broken)
        assert len(edits) == 1
        assert "\n" not in text.replace("\r\n", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("level: county", "level: parish"),
        ("review_by: 2027-06-30", "review_by: 30.06.2027"),
        ("review_by: 2027-06-30", "review_by: 2027-02-30"),
        ("window: 7d", "window: soon"),
        ("gap: 7d", "windw: 7d"),
        ("category: property.burglary}", "category: [propety.theft, propety.theft]}"),
        ("id: public-safety.burglary-surge\n", ""),
    ],
)
def test_leaves_alone_what_is_not_certain(old: str, new: str, context: Context, tmp_path: Path) -> None:
    assert old in BURGLARY
    broken = BURGLARY.replace(old, new, 1)
    assert fixed(tmp_path, context, broken) == (broken, [])


def test_a_twin_file_is_mended_where_it_stands(context: Context, tmp_path: Path) -> None:
    (tmp_path / "rule.yaml").write_text(BURGLARY)
    twin = tmp_path / "rule.test.yaml"
    given = "{incidents: [{area: A, category: property.burglry, on: 2026-03-07}]}"
    twin.write_text(f"tests:\n  - {{name: x, given: {given}, at: 2026-03-08, expect: {{A: none}}}}\n")
    (edit,) = mend(lambda: read(tmp_path, context))
    assert (edit.path, edit.line) == (str(twin), 2)
    assert "property.burglary" in twin.read_text()


def test_a_mend_that_would_break_the_file_is_not_made() -> None:
    problem = Problem("p", 1, "x", "schema", found="b", right="a")
    assert mended("{a: 1, b: 2}", [problem]) == ("{a: 1, b: 2}", ())
