"""The page on the statistics keeps up with the code."""

from __future__ import annotations

import re
from pathlib import Path

from engine.detect import TESTS
from engine.detect.files.methods import EVENT_METHODS, METHODS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "statistics.md").read_text(encoding="utf-8")


def test_every_method_has_a_row_and_an_explanation():
    for name in {**METHODS, **EVENT_METHODS}:
        assert f"\n| `{name}` |" in PAGE
        assert f"**{name}**" in PAGE or f"**{name}.**" in PAGE


def test_every_test_shown_for_a_rung_can_be_written_in_one():
    shown = re.findall(r"\| `(\w+): \{(.*?)\}` \|", PAGE)
    assert len(shown) >= 9
    for name, params in shown:
        names = {pair.split(": ")[0] for pair in params.split(", ")}
        assert names <= set(TESTS[name].Params.__dataclass_fields__), name


def test_every_picture_is_there_and_shown():
    shown = set(re.findall(r"\(pictures/(\w+\.png)\)", PAGE))
    there = {path.name for path in (DOCS / "pictures").iterdir()}
    others = ("console-", "mail-", "answer-", "report-", "form-")
    assert shown == {name for name in there if not name.startswith(others)}
