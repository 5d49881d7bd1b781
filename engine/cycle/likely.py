"""Why a chance is what it is: what raised it and by how much, and what it was learned from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.chance import percent, raised
from engine.model.finding import Signal

Node = dict[str, Any]


def node(signal: Signal, held: str) -> Node:
    """A test of a chance as a tree; held: its outcome in a word."""
    facts = signal.facts
    found: Node = {"test": signal.test, "held": held, "needed": None, "expected": None, "pvalue": None}
    if "chance" not in facts:
        note = f" ({facts['note']})" if facts.get("note") else ""
        return {"say": f"{signal.test}: {held}{note}", **found}
    told, cut = float(facts["chance"]), float(facts["from"])
    say = f"{signal.test}: {held}, {percent(told)} within {facts['within']}, needs {percent(cut)}"
    below = [{"say": f"{name}: {factor:.2g} times the odds"} for name, factor in raised(facts)]
    if "usual" in facts:
        below = [{"say": f"{percent(float(facts['usual']))} on a usual day in a usual place"}, *below]
        below.append({"say": _learned(facts)})
    return {"say": say, **found, "chance": told, "factors": dict(raised(facts)), "because": below}


def _learned(facts: Mapping[str, float | str]) -> str:
    many, came = (f"{float(facts[name]):.0f}" for name in ("from judgements", "came"))
    return f"learned on {facts['learned']} from {many} horizons, of which {came} came true"
