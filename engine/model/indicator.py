"""A named measure over incidents: a count, a sum, the greatest or the last of what matches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from engine.model.incident import UNGRADED, Incident
from engine.model.times import Times


class Take(StrEnum):
    """What is made of the incidents of a stretch."""

    #: Counted, or a measure of theirs added up.
    SUM = "sum"
    #: Readings of a gauge: the greatest, or the last of each place and of these the greatest.
    MAX = "max"
    LAST = "last"
    #: A stock: how many are open at the end of a stretch, or how many more than at its beginning.
    OPEN = "open"
    CHANGE = "change"

    @property
    def reads(self) -> bool:
        """Whether it reads gauges."""
        return self in (Take.MAX, Take.LAST)

    @property
    def stocks(self) -> bool:
        """Whether it counts what is open."""
        return self in (Take.OPEN, Take.CHANGE)


@dataclass(frozen=True)
class Indicator:
    """Which incidents count, and what is made of them.

    `categories` is already resolved by the taxonomy, so the key changes when the taxonomy does.
    """

    categories: frozenset[str]
    #: `incidents` counts; any other name is that measure of the incidents.
    measure: str = "incidents"
    min_severity: int = 0
    #: Only these feeds; empty means every feed.
    feeds: frozenset[str] = frozenset()
    take: Take = field(default=Take.SUM, metadata={"later": True})
    #: Of `last`: how long a reading stands in for those that do not come; zero: within its stretch alone,
    #: and only where nothing of that was missed.
    holds: timedelta = field(default=timedelta(0), metadata={"later": True})
    #: Of a stock: only what has been open for longer than this.
    older: timedelta = field(default=timedelta(0), metadata={"later": True})
    #: Only what happened at these hours and on these weekdays; None is whenever.
    times: Times | None = field(default=None, metadata={"later": True})

    @cached_property
    def key(self) -> str:
        """A stable short name of exactly this filter: equal filters share one ledger, whatever is taken."""
        named: list[object] = [sorted(self.categories), self.measure, self.min_severity, sorted(self.feeds)]
        if self.times is not None:
            of = self.times
            named.append([of.zone, of.since, of.until, sorted(of.weekdays)])
        text = json.dumps(named, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def adds(self) -> bool:
        """Whether days add up to a stretch, as counts and sums do and readings do not."""
        return self.take is Take.SUM

    def matches(self, incident: Incident) -> bool:
        return (
            incident.category in self.categories
            and (not self.min_severity or incident.severity >= self.min_severity)
            and (not self.feeds or incident.feed in self.feeds)
            and (self.measure == "incidents" or self.measure in incident.measures)
            and self.timed(incident.occurred_at, incident.precision)
        )

    def timed(self, at: datetime, precision: str) -> bool:
        """Whether what happened then, as exactly as it is known, is surely among its hours and weekdays."""
        return self.times is None or self.times.counts(at, precision)

    @property
    def asks(self) -> bool:
        """Whether an incident must say more than its kind, time and place to be counted."""
        return self.min_severity > 0 or self.measure != "incidents" or self.times is not None

    def misses(self, severity: int, measures: Container[str], at: datetime, precision: str) -> str:
        """What an incident of its categories does not say, and by which it may count, or count for more:
        `severity`, the measure, or when it happened; empty where it says all that decides."""
        if self.times is not None and not self.times.may(at, precision):
            return ""
        if self.min_severity and severity == UNGRADED:
            return "severity"
        if self.min_severity and severity < self.min_severity:
            return ""
        if self.measure != "incidents" and self.measure not in measures:
            return self.measure
        return self.times.lacks if self.times is not None and not self.times.told(precision) else ""

    def amount(self, incident: Incident) -> float:
        """What the incident adds to the total: 1 for a count, its measure for a sum."""
        return 1.0 if self.measure == "incidents" else incident.measures[self.measure]

    def of(self, incidents: Iterable[Incident]) -> float:
        """What is made of these incidents together; NaN is no reading."""
        if self.take is Take.SUM:
            return sum((self.amount(one) for one in incidents), 0.0)
        if self.take is Take.MAX:
            return max(map(self.amount, incidents), default=float("nan"))
        last = sorted(incidents, key=lambda one: (one.occurred_at, one.known_at, self.amount(one)))
        return max({one.areas: self.amount(one) for one in last}.values(), default=float("nan"))
