"""Incidents in memory as `find` reads them: rule tests and drafts never touch the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import numpy as np

from engine.judge.asked import Models, Unlearned
from engine.model.area import AreaTree
from engine.model.feed import PLACED, TOLERATE, too_many
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, FeedWatch, HalfRead, Silence, Watch
from engine.model.period import Calendar
from engine.model.told import NEVER, Told

#: A silence of more than half a day is a failure.
_LIMIT = 0.5
_FAR = date.max.toordinal()
#: An indicator, a level, the first day and the last cut.
_Asked = tuple[Indicator, str, int, int]


@dataclass
class DraftPanels:
    """What `engine.judge.find` asks for, answered from a list of incidents.

    feeds: what reports on each category (a category not named is reported by one feed without a name);
    down: (feed or "" for every feed, first and last day of silence); unmonitored: areas that nobody
    reported on, with the last such day, or None where nobody ever does. Days without incidents are
    observed, and zero.
    """

    tree: AreaTree
    calendar: Calendar
    given: Sequence[Incident]
    feeds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    down: Sequence[tuple[str, date, date]] = ()
    unmonitored: Mapping[str, date | None] = field(default_factory=dict)
    holding: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()
    accuracy: Mapping[str, float] = field(default_factory=dict)
    models: Models = field(default_factory=Unlearned)

    #: What was asked is asked again, by each rung and by each rule that counts the same.
    _summed: dict[_Asked, Deltas] = field(default_factory=dict, init=False, repr=False)

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        asked = (indicator, level, first, cut)
        if asked not in self._summed:
            self._summed[asked] = self._deltas(*asked)
        return self._summed[asked]

    def _deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        position = {code: at for at, code in enumerate(self.tree.at(level))}
        rows = [
            (position[area], day, known, 1, indicator.amount(incident))
            for incident, (day, known) in zip(self.given, self._booked, strict=True)
            if day >= first and known <= cut and indicator.matches(incident)
            for area in self.tree.holding(incident.areas, level)
        ]  # fmt: skip
        return Deltas.of(self.tree.at(level), rows)

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        wait = self.calendar.wait.total_seconds() / 86_400
        unread = tuple(self._unsaid(indicator, level)) if indicator.times is not None else ()
        return Watch(
            tuple(
                FeedWatch(
                    feed, covers, since, _LIMIT, self._silences(feed), placed=PLACED,
                    unread=tuple(one for one in unread if one.area is not None and covers[one.area]),
                )
                for feed in self._reporting(indicator)
                for covers, since in self._covers(level)
            ),
            wait,
        )  # fmt: skip

    def rescaled(self, indicator: Indicator, at: datetime) -> bool:
        return False  # who writes a test knows the unit

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> Sequence[Incident]:
        return [
            one for one in self.given
            if indicator.matches(one) and since <= one.occurred_at < until and one.known_at < known_before
        ]  # fmt: skip

    def revisions(
        self, indicator: Indicator, since: datetime, until: datetime
    ) -> Sequence[tuple[Incident, datetime]]:
        return [(one, NEVER) for one in self.incidents(indicator, since, until, NEVER)]

    def told(
        self, indicator: Indicator, since: datetime, until: datetime, *, lasting: bool = False
    ) -> Sequence[Told]:
        return [
            Told.of(one, indicator.amount(one)) for one in self.given
            if indicator.matches(one) and one.occurred_at < until and (
                (one.ended_at is None or one.ended_at >= since) if lasting else one.occurred_at >= since
            )
        ]  # fmt: skip

    @cached_property
    def _booked(self) -> list[tuple[int, int]]:
        """Of each incident the local day it occurred and the first cut that may see it, as ordinals."""
        local_day, cut_after = self.calendar.local_day, self.calendar.cut_after
        return [
            (local_day(one.occurred_at).toordinal(), cut_after(one.known_at).toordinal())
            for one in self.given
        ]

    def _unsaid(self, indicator: Indicator, level: str) -> Iterator[HalfRead]:
        """The days on which too much of what may count in an area does not say at what hour it was."""
        position = {code: at for at, code in enumerate(self.tree.at(level))}
        told: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
        for one, (day, known) in zip(self.given, self._booked, strict=True):
            if one.category in indicator.categories:
                lacks = indicator.misses(one.severity, one.measures, one.occurred_at, one.precision)
                for area in self.tree.holding(one.areas, level):
                    told[day, area].append((known, lacks))
        for (day, area), of in told.items():
            mute = [(known, lacks) for known, lacks in of if lacks]
            if too_many(len(mute), len(of), TOLERATE):
                begins, lacks = min(mute)
                yield HalfRead(day, begins, _FAR, len(mute), len(of), position[area], lacks)

    def _reporting(self, indicator: Indicator) -> list[str]:
        found = [
            feed for feed, categories in self.feeds.items()
            if categories & indicator.categories and (not indicator.feeds or feed in indicator.feeds)
        ]  # fmt: skip
        return found or [""]

    def _covers(self, level: str) -> list[tuple[np.ndarray, int]]:
        """(areas, first day) for each way in which areas are watched."""
        areas = self.tree.at(level)
        unseen = {code: [one for one in self.tree.lineage(code) if one in self.unmonitored] for code in areas}
        always = np.array([not unseen[code] for code in areas], bool)
        ways = [(always, 0)]
        for blind, until in self.unmonitored.items():
            if until is not None:
                here = np.array([unseen[code][:1] == [blind] for code in areas], bool)
                ways.append((here, until.toordinal() + 1))
        return ways

    def _silences(self, feed: str) -> tuple[Silence, ...]:
        spans = sorted((a.toordinal(), b.toordinal() + 1) for one, a, b in self.down if one in ("", feed))
        return tuple(Silence(start, end, known=start + _LIMIT) for start, end in spans)
