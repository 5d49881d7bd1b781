"""A status changed in the text of a rule's file: nothing else moves."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
import yaml

from engine import app
from engine.errors import ConfigError, UsageError
from engine.model.rule import Status
from engine.rulebook.context import Context
from engine.rulebook.mend.promote import promotion
from tests.story import county

RULE = "county.burglary-surge"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return county.build(tmp_path)


@pytest.fixture
def context(root: Path) -> Context:
    return app.context(app.settings(root), county.FIRST.date())


def put(root: Path, old: str, new: str, *, line_end: str = "\n") -> Path:
    path = root / "rules" / "burglary.yaml"
    text = path.read_text(encoding="utf-8")
    at = text.index(f"id: {RULE}")
    changed = text[:at] + text[at:].replace(old, new, 1)
    path.write_bytes(changed.replace("\n", line_end).encode("utf-8"))
    return path


def changed(before: bytes, after: bytes) -> list[str]:
    lines = difflib.ndiff(before.decode().split("\n"), after.decode().split("\n"))
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("written", "note", "line"),
    [
        ("status: trial", "", "    status: stable"),
        ("status:   trial   # since May", "", "    status:   stable   # since May"),
        ("status: 'trial'", "too  many,\nbut wanted", "    status: 'stable'  # too many, but wanted"),
        ("status: trial  # May", "wanted", "    status: stable  # May  # wanted"),
    ],
)
def test_one_line_changes(root: Path, context: Context, written: str, note: str, line: str, line_end: str):
    path = put(root, "status: stable", written, line_end=line_end)
    before = path.read_bytes()
    planned = promotion(root / "rules", RULE, context)
    assert path.read_bytes() == before, "nothing is written yet"
    assert (planned.before, planned.after) == (Status.TRIAL, Status.STABLE)
    planned.write(note)
    end = line_end.strip("\n")
    assert changed(before, path.read_bytes()) == [f"-     {written}{end}", f"+ {line}{end}"]
    assert app.home(root, county.FIRST.date()).book.hash == planned.book.hash
    assert sorted(one.name for one in (root / "rules").iterdir()) == ["burglary.yaml"]


def test_a_draft_goes_on_trial_first(root: Path, context: Context):
    put(root, "status: stable", "status: draft")
    assert promotion(root / "rules", RULE, context).after is Status.TRIAL


@pytest.mark.parametrize("status", ["stable", "retired"])
def test_there_is_nothing_after_stable_or_retired(root: Path, context: Context, status: str):
    put(root, "status: stable", f"status: {status}")
    with pytest.raises(UsageError, match=f"is {status}; only a draft"):
        promotion(root / "rules", RULE, context)


def test_a_status_that_cannot_be_told_from_others_is_left_alone(root: Path, context: Context):
    path = root / "rules" / "burglary.yaml"
    rules = yaml.safe_load(path.read_text(encoding="utf-8"))
    for rule in rules["rules"][1:3]:
        rule["status"] = "trial"
    path.write_text(yaml.safe_dump(rules, default_flow_style=True, width=100_000), encoding="utf-8")
    with pytest.raises(UsageError, match="change it by hand"):
        promotion(root / "rules", "county.explosion", context)


def test_a_mistake_that_only_counts_at_the_new_status_is_named_in_the_file(root: Path, context: Context):
    put(root, "status: stable", "status: trial")
    planned = promotion(root / "rules", RULE, context)
    broken = planned.path.read_text(encoding="utf-8").replace("topic: burglary", "topic: burglar", 1)
    planned.path.write_text(broken, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"rules/burglary.yaml:\d+: "):
        promotion(root / "rules", RULE, context)
