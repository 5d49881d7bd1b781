"""Random countries with every trouble a feed can have: the engine says what the plain evaluator says."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.oracle import made_up
from tests.oracle.agreement import differences

PLAIN = Path(__file__).parent / "plain"
#: The first four hold every kind of rule between them.
DOZEN = (20, 169, 206, 271, 1, 2, 3, 4, 7, 8, 10, 12)
DAYS = 14


@pytest.mark.parametrize("seed", DOZEN)
def test_the_engine_and_the_plain_evaluator_agree(seed: int, tmp_path: Path) -> None:
    assert differences(made_up.scene(seed, DAYS), tmp_path)[:5] == []


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_they_agree_on_two_months_of_many_more(seed: int, tmp_path: Path) -> None:
    assert differences(made_up.scene(seed, days=60), tmp_path)[:5] == []


def test_the_dozen_holds_every_test_cycle_and_combination() -> None:
    rules = [rule for seed in DOZEN for rule in made_up.scene(seed, DAYS).rules]
    rungs = [rung for rule in rules for rung in rule.get("grades", {}).values()]
    said = {word for rung in rungs for way in (rung, *rung.get("any", ())) for word in way}
    assert any("any" in rung for rung in rungs)
    said |= {
        word for rule in rules for word in (*rule, *rule.get("correlate", {}), *rule.get("indicator", {}))
    }
    said |= {rule["cycle"] for rule in rules}
    said |= {word for rule in rules for word in rule.get("indicator", {}).get("where", ())}
    said |= {rule["window"] for rule in rules if rule.get("window") == "month"}
    assert said >= {
        "at_least", "at_most", "rate_at_least", "share_of", "rare", "change", "new", "silent", "sum", "max",
        "last", "holds", "percentile", "areas", "stock", "older_than", "alert", "on", "hold",
        "cool_down", "delay_on", "delay_off", "lasts", "all", "any", "of", "none",
        "ordered", "hours", "weekdays", "month", "daily", "weekly", "monthly",
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted(PLAIN.glob("*.py")), ids=lambda path: path.stem)
def test_the_plain_evaluator_shares_nothing_with_the_engine(path: Path) -> None:
    """It rests on the standard library alone."""
    imported = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    strange = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names}
    assert all(name.startswith("tests.oracle.plain") for name in strange)
