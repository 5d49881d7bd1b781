"""What a feed came to know from one answer of its source to the next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from tests.oracle.plain.clock import Clock
from tests.oracle.plain.nouns import Feed, Poll, Report, Unread


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
    areas: Collection[str]
    clock: Clock
    reports: list[Report] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    polls: list[Poll] = field(default_factory=list)
    _last: dict[str, Row] = field(default_factory=dict)
    _news: datetime | None = None

    def hear(self, at: datetime, rows: Collection[Row] | None, *, poll: bool = True) -> None:
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
        self.polls.append(Poll(at, rows is not None and (bool(readable) or not rows), self._news))

    def _can_read(self, row: Row) -> bool:
        return row.area in self.areas and row.kind in self.feed.categories

    def _refuse(self, at: datetime, row: Row) -> None:
        area = row.area if row.area in self.areas else None
        kind = row.kind if row.kind in self.feed.categories else None
        self.unread.append(Unread(self.feed.id, self.clock.day(row.at), at, None, area, kind))

    def heard(self) -> Feed:
        """The feed with all its polls."""
        return replace(self.feed, polls=tuple(self.polls))
