"""The page of threats names tests that are there, and leaves no threat without one."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def table() -> list[str]:
    """The rows below `| who | what |`."""
    lines = PAGE.partition("| who | what | how it is held | tested |")[2].splitlines()[2:]
    return lines[: lines.index("")]


def test_every_test_that_is_named_is_there() -> None:
    named = _TEST.findall(PAGE)
    assert len(named) > 40
    gone = [
        f"{path}::{name}" for path, name in named
        if not (ROOT / path).exists()
        or not re.search(rf"(?m)^ *def {name}\(", (ROOT / path).read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert gone == []


def test_every_threat_is_tested_somewhere() -> None:
    rows = table()
    assert len(rows) > 25
    assert [row for row in rows if not _TEST.search(row) or row.count("|") != 5] == []


def test_everybody_of_the_first_table_is_in_the_second() -> None:
    who = re.findall(r"(?m)^\| (\w[^|]*?) \|", PAGE.partition("## Who")[2].partition("## What")[0])[1:]
    threatening = {row.split("|")[1].strip() for row in table()} - {"", "what we stand on"}
    assert [one for one in who if not any(name in one for name in threatening)] == []
    assert [name for name in threatening if not any(name in one for one in who)] == []
