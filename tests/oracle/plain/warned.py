"""Warnings: the highest finding that stands of each area and topic, and the steps of its life."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.oracle.plain.stands import Finding

Place = tuple[str, str]
_SURE = ("low", "medium", "high")


@dataclass(frozen=True)
class Warned:
    """A warning that is open."""

    grade: int
    confidence: str
    blind: bool


@dataclass
class Warnings:
    """steps: (area, topic, step, when, grade before, grade after)."""

    open: dict[Place, Warned] = field(default_factory=dict)
    steps: list[tuple[str, str, str, datetime, int, int]] = field(default_factory=list)

    def step(
        self,
        at: datetime,
        rules: Mapping[str, Mapping[str, Any]],
        findings: Mapping[tuple[str, str], Finding],
        stale: Set[Place],
    ) -> None:
        """One run. stale: places where something ended because nobody could look for too long."""
        standing: dict[Place, list[Finding]] = {}
        for (rule, area), one in findings.items():
            if one.grade and rules[rule]["status"] == "stable":
                standing.setdefault((area, rules[rule]["topic"]), []).append(one)
        for place in sorted({*standing, *self.open}):
            before = self.open.pop(place, None)
            after = self._called(standing[place]) if place in standing else None
            if after is not None:
                self.open[place] = after
            said = self._said(before, after, expired=place in stale)
            if said:
                self.steps.append(
                    (*place, said, at, before.grade if before else 0, after.grade if after else 0)
                )

    @staticmethod
    def _called(behind: list[Finding]) -> Warned:
        """It is blind where everything behind it is: nobody can say whether it is over."""
        blind = all(one.blind_since for one in behind)
        least = min((one.confidence for one in behind), key=_SURE.index)
        return Warned(max(one.grade for one in behind), "low" if blind else least, blind)

    @staticmethod
    def _said(before: Warned | None, after: Warned | None, *, expired: bool) -> str:
        if before is None:
            return "issued"
        if after is None:
            return "expired" if expired else "lifted"
        if after.grade != before.grade:
            return "upgraded" if after.grade > before.grade else "downgraded"
        return "held" if after.blind and not before.blind else ""
