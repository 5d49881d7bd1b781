"""A named measure over incidents: a count or a sum of what matches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property

from engine.model.incident import UNGRADED, Incident


@dataclass(frozen=True)
class Indicator:
    """Which incidents count, and what of them is added up.

    `categories` is already resolved by the taxonomy, so the key changes when the taxonomy does.
    """

    categories: frozenset[str]
    #: `incidents` counts; any other name sums that measure of the incidents.
    measure: str = "incidents"
    min_severity: int = 0
    #: Only these feeds; empty means every feed.
    feeds: frozenset[str] = frozenset()

    @cached_property
    def key(self) -> str:
        """A stable short name of exactly this filter: equal filters share one ledger."""
        text = json.dumps(
            [sorted(self.categories), self.measure, self.min_severity, sorted(self.feeds)],
            separators=(",", ":"),
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def matches(self, incident: Incident) -> bool:
        return (
            incident.category in self.categories
            and (not self.min_severity or incident.severity >= self.min_severity)
            and (not self.feeds or incident.feed in self.feeds)
            and (self.measure == "incidents" or self.measure in incident.measures)
        )

    @property
    def asks(self) -> bool:
        """Whether an incident must say more than its kind, time and place to be counted."""
        return self.min_severity > 0 or self.measure != "incidents"

    def misses(self, severity: int, measures: Container[str]) -> str:
        """What an incident of its categories does not say, and by which it may count, or count for more:
        `severity`, or the measure; empty where it says all that decides."""
        if self.min_severity and severity == UNGRADED:
            return "severity"
        adds_up = self.measure != "incidents" and (not self.min_severity or severity >= self.min_severity)
        return self.measure if adds_up and self.measure not in measures else ""

    def amount(self, incident: Incident) -> float:
        """What the incident adds to the total: 1 for a count, its measure for a sum."""
        return 1.0 if self.measure == "incidents" else incident.measures[self.measure]
