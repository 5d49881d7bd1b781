"""What scenes for a rule are made of: who reports what, when and where, and what the rule asks of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from engine.detect.evaluate import params
from engine.model.rule import Rule
from engine.model.taxonomy import Taxonomy

#: A Monday that is the first of a month: every cycle judges at its cut.
AT = date(2026, 6, 1)
DAY = timedelta(days=1)
#: The grid on which points are kept, in degrees.
GRID = 0.001
#: How many incidents are tried at most; what a rule needs beyond that is its own tests' business.
MOST = 40

Scene = dict[str, Any]


def with_incidents(incidents: list[Scene], background: list[Scene] | None = None) -> Scene:
    given: Scene = {"incidents": incidents}
    if background:
        given["background"] = background
    return {"given": given, "at": str(AT)}


def reports(area: str, category: str, on: date, many: int, severity: int) -> Scene:
    found: Scene = {"area": area, "category": category, "on": str(on)}
    if many > 1:
        found["each"] = many
    return found | ({"severity": severity} if severity else {})


def clock(minute: int) -> str:
    minute %= 24 * 60
    return f"{minute // 60:02}:{minute % 60:02}"


def family(codes: Iterable[str], taxonomy: Taxonomy) -> list[str]:
    """The categories, and what may be counted under the same parents."""
    codes = set(codes)
    parents = {taxonomy[code].parent for code in codes if code in taxonomy}
    return sorted(codes | taxonomy.select([code for code in parents if code is not None]))


def thresholds(rule: Rule) -> list[int]:
    """The counts that the rungs ask for."""
    params = [dict(test.params) for rung in rule.rungs for test in rung.every]
    given = [of.get("count", of.get("most")) for of in params]
    return [int(count) for count in given if isinstance(count, int | float)]


def tests_of(rule: Rule, test: str) -> set[Any]:
    """The parameters with which the rule's rungs use a test."""
    return {params(one) for rung in rule.rungs for one in rung.every if one.name == test}
