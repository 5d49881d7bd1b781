"""Tables: as wide as the terminal is, and whole where nobody watches."""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime

import pytest

from engine.cli import listing

ID = "999901101.fire.d20261128"
ROWS = [
    {"grade": "blue", "lifted": None, "since": datetime(2026, 11, 29, 8, tzinfo=UTC), "id": ID,
     "title": "Fires on the rise in a place whose name is long, and in two others beside it"},
]  # fmt: skip
COLUMNS = ("grade", "lifted", "since", "id", "title")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, width: int, *, watched: bool = True) -> list[str]:
    out = Screen() if watched else io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setenv("COLUMNS", str(width))
    listing.show(ROWS, COLUMNS, "text")
    return [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in out.getvalue().splitlines()]


def test_a_wide_terminal_shows_it_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    head, row = shown(monkeypatch, 200)
    assert head.split() == list(COLUMNS) and row.endswith(ROWS[0]["title"])


def test_a_narrow_one_leaves_out_what_is_empty_and_folds_texts_between_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head, *lines = shown(monkeypatch, 90)
    assert "lifted" not in head and len(lines) > 1 and max(map(len, lines)) <= 90
    assert ID in lines[0] and "2026-11-29 08:00" in lines[0]
    assert " ".join(line[line.rfind("  ") :].strip() for line in lines) == ROWS[0]["title"]


def test_where_ids_alone_are_too_wide_each_value_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, 40)
    assert [line.split()[0] for line in lines if line] == ["grade", "since", "id", "title"]
    assert f"id     {ID}" in lines


def test_what_is_piped_stays_whole_whatever_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(shown(monkeypatch, 40, watched=False)) == 2
