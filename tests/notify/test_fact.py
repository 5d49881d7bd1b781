"""Every fact that a test shows of itself has a Chinese name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.console.whys import Names
from engine.notify.cause import cause
from engine.notify.fact import FACTS, facts

DETECT = Path(__file__).parents[2] / "engine" / "detect"
JUDGE = DETECT.with_name("judge")
#: Of statistics on files, which no rule shows. Chances have lines of their own (`engine.cycle.likely`).
ONLY_FILES = {"files"}
NAMES = Names({}, {}, {}, ())


def _shown(tree: ast.AST) -> Iterator[ast.AST]:
    """Where a module says what a test shows: what `facts` returns, and what is given as extra or shown."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in ("facts", "doubtful", "_interval"):
            yield node
        # `Alerted(..., {"severity": worst})`: what is given of what lies around the counts.
        if isinstance(node, ast.Call) and "Given" in ast.dump(node.func):
            yield from node.args
        if isinstance(node, ast.keyword) and node.arg in ("extra", "shown", "facts"):
            yield node.value
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(one, "id", "") in ("shown", "extra", "facts") for one in targets):
                yield node.value


def _keys() -> set[str]:
    found = set()
    for path in (*DETECT.rglob("*.py"), *JUDGE.rglob("*.py")):
        if path.parent.name not in ONLY_FILES and path.name != "chance.py":
            for part in _shown(ast.parse(path.read_text(encoding="utf-8"))):
                for node in ast.walk(part):
                    if isinstance(node, ast.Dict):
                        found |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
                    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                        found.add(node.slice.value)
    return {key for key in found if isinstance(key, str)}


def test_no_fact_is_without_a_name() -> None:
    keys = _keys()
    assert {"prior_shape", "severity", "carried", "low"} <= keys
    assert keys - FACTS.keys() == set()


@pytest.mark.parametrize("path", sorted(DETECT.rglob("*.py")), ids=lambda path: path.name)
def test_no_note_of_a_test_is_without_its_chinese(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    notes = re.findall(r'(?:facts\["note"\] = |unknown: str = |or )"([a-z][^"{]+ [^"{]+)"', text)
    assert [one for one in notes if cause(one, "zh") == one] == []


@pytest.mark.parametrize(
    ("said", "chinese"),
    [
        ("alert: held (severity 3)", "alert：成立（严重程度 3）"),
        ("alert: unknown (note a feed that would tell of alerts was not heard)",
         "alert：无法判断（说明：未收到应发布预警信息的数据源）"),
        ("rare: observed 0, needs 2, chance 1 (prior_shape 1e+04, note the past is too short to say)",
         "rare：观测0，标准2，偶然概率1（先验形状 1e+04，说明：历史太短，无法判断）"),
        ("rare: observed nothing (note the past is too short to say)",
         "rare：观测无数据（说明：历史太短，无法判断）"),
        ("at_least: observed 3, needs 4", "at_least：观测3，标准4"),
        ("on: held (day 2026-10-01)", "on：成立（2026-10-01）"),
    ],
)  # fmt: skip
def test_a_line_of_a_why_has_no_raw_fact(said: str, chinese: str) -> None:
    assert NAMES.chinese({"say": said})["say"] == chinese


def test_facts_with_commas_within_stay_whole() -> None:
    assert facts("cluster none, areas 01 02, alpha 0.1") == "聚集 无，区域 01 02，误报概率 0.1"
