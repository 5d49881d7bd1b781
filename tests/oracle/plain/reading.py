"""What a feed came to know from one answer of its source to the next."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise

from tests.oracle.plain.clock import DAY, Clock
from tests.oracle.plain.nouns import Area, Feed, Mute, Poll, Report, Unread


@dataclass(frozen=True)
class Row:
    """A record as the source lists it."""

    id: str
    at: datetime
    area: str
    kind: str


@dataclass
class Reading:
    """What one feed was told, answer by answer. None is no answer."""

    feed: Feed
    areas: Mapping[str, Area]
    clock: Clock
    reports: list[Report] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    polls: list[Poll] = field(default_factory=list)
    mute: list[Mute] = field(default_factory=list)
    #: The first id of what came again under another, by that.
    _first: dict[str, str] = field(default_factory=dict)
    _looked: date | None = None
    _last: dict[str, Row] = field(default_factory=dict)
    _news: datetime | None = None

    def hear(self, at: datetime, rows: Collection[Row] | None, *, poll: bool = True) -> None:
        rows = None if rows is None else self._renumbered(rows)
        readable = [row for row in rows or () if self._can_read(row)]
        changed = [row for row in readable if self._last.get(row.id) != row]
        known, quiet = set(self._last), self.feed.quiet or self.feed.max_silence
        for row in changed:
            self.reports.append(Report(self.feed.id, row.id, at, row.at, (row.area,), row.kind))
            self._last[row.id] = row
        for row in rows or ():
            if row not in readable and self._last.get(row.id) != row:
                self._refuse(at, row)
                self._last[row.id] = row
        if not poll:
            return
        if self._news is None:  # what a source brings first may be of any age
            self._news = max((row.at for row in readable), default=at)
        elif any(row.id in known or at - row.at <= quiet for row in changed):
            self._news = at  # a correction, or of what is not long ago
        else:
            self._news = max([self._news, *(row.at for row in readable)])
        # An answer of which nothing at all could be read is none.
        good = rows is not None and (bool(readable) or not rows)
        self.polls.append(Poll(at, good, self._news))
        if good and self.clock.day(at) != self._looked:
            self._looked = self.clock.day(at)
            self._look(at)

    def _renumbered(self, rows: Collection[Row]) -> list[Row]:
        """The rows under the ids by which they were known first: two or more that nobody knows are others
        that they equal but for the id, and that are not listed any more."""
        rows = [replace(row, id=self._first.get(row.id, row.id)) for row in rows]
        listed = {row.id for row in rows}
        gone = [row for row in self._last.values() if row.id not in listed]
        again: dict[str, str] = {}
        for row in rows:
            if row.id not in self._last:
                same = (one.id for one in gone if replace(one, id=row.id) == row)
                if old := next((id_ for id_ in same if id_ not in again.values()), ""):
                    again[row.id] = old
        if len(again) < 2:
            return rows
        self._first |= again
        return [replace(row, id=again.get(row.id, row.id)) for row in rows]

    def _look(self, at: datetime) -> None:
        """Once a day: which areas are named no more, and which are again."""
        today = self.clock.day(at)
        found = self._mute(today)
        open_ = {(one.area, one.first): one for one in self.mute if one.until is None}
        for key, one in open_.items():
            if key not in found:
                self.mute[self.mute.index(one)] = replace(one, until=today)
        for (area, first), alone in found.items():
            if (area, first) not in open_:
                self.mute.append(Mute(self.feed.id, area, first, at, None, alone))

    def _mute(self, today: date) -> dict[tuple[str, date], bool]:
        """(area, first day): whether it alone is meant."""
        begins = max(today - 91 * DAY, self.feed.since)
        days = [(self.clock.day(row.at), self._lineage(row.area)) for row in self._last.values()
                if self._can_read(row)]  # fmt: skip
        days = [(day, within) for day, within in days if begins <= day < today]
        found = {}
        for area in {area for _, within in days for area in within if self.areas[area].parent}:
            if since := self._since(area, days, today):
                found[area] = since
        own = {
            area: since for area, since in found.items() if not set(self._lineage(area)[1:]) & found.keys()
        }  # fmt: skip
        mute = dict.fromkeys(own.items(), False)
        for above in {above for area in own for above in self._lineage(area)[1:]}:
            below = {area: since for area, since in own.items() if above in self._lineage(area)}
            first = min(below.values())
            told = [within for day, within in days if day < first]
            if sum(area in within for within in told for area in below) >= sum(above in w for w in told) / 4:
                mute[above, first] = True
        return mute

    def _since(self, area: str, days: list[tuple[date, list[str]]], today: date) -> date | None:
        """From which day on the area is named no more; None where it is, or where that says nothing."""
        own = sorted(day for day, within in days if area in within)
        begin, since = min(day for day, _ in days), own[-1] + DAY
        before, gap = (since - begin).days, (today - since).days
        pause = max((later - day).days - 1 for day, later in pairwise([begin - DAY, *own]))
        if before < 14 or gap < max(2, 3 * pause):
            return None
        usual = sum(area not in within and day < since for day, within in days) / before
        meanwhile = sum(day >= since for day, _ in days) / gap
        share = min(1.0, meanwhile / usual) if usual else 0.0
        if share < 0.5:
            return None
        counts = [own.count(begin + n * DAY) for n in range(before)]
        mean = sum(counts) / before
        variance = sum((n - mean) ** 2 for n in counts) / before
        if variance <= mean:
            none = math.exp(-mean * share)
        else:
            size = mean**2 / (variance - mean)
            none = (size / (size + mean * share)) ** size
        return since if none**gap < 1e-5 else None

    def _lineage(self, area: str) -> list[str]:
        above = self.areas[area].parent
        return [area, *(self._lineage(above) if above else [])]

    def _can_read(self, row: Row) -> bool:
        return row.area in self.areas and row.kind in self.feed.categories

    def _refuse(self, at: datetime, row: Row) -> None:
        area = row.area if row.area in self.areas else None
        kind = row.kind if row.kind in self.feed.categories else None
        self.unread.append(Unread(self.feed.id, self.clock.day(row.at), at, None, area, kind))

    def heard(self) -> Feed:
        """The feed with all its polls."""
        return replace(self.feed, polls=tuple(self.polls))
