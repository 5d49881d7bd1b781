"""What is known of a made-up country: its areas, its feeds and all that they ever told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Area:
    code: str
    level: str
    parent: str | None = None
    population: int | None = None
    neighbours: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Poll:
    """The source was asked. news: how fresh what it told was (None: it told something new)."""

    at: datetime
    ok: bool = True
    news: datetime | None = None
    #: An archive noted it, which notes only polls that brought news.
    archive: bool = False


@dataclass(frozen=True, eq=False)
class Feed:
    id: str
    areas: tuple[str, ...]
    categories: tuple[str, ...]
    since: date
    max_silence: timedelta
    until: date = date.max
    quiet: timedelta | None = None
    tolerate: float = 0.02
    placed: float = 0.75
    polls: tuple[Poll, ...] = ()
    #: Stretches over which a history states that the feed was heard.
    stated: tuple[tuple[datetime, datetime], ...] = ()
    #: It tells of what is to come and passes, and not of what has happened.
    hazard: bool = False


@dataclass(frozen=True)
class Report:
    """One revision of one report. known: when it was told; at: when it happened, where that is said."""

    feed: str
    id: str
    known: datetime
    at: datetime
    areas: tuple[str, ...]
    category: str
    severity: int = 0
    size: float | None = None
    dated: bool = True
    withdrawn: bool = False
    ended: datetime | None = None
    #: It says at what hour it happened, and not just on which day.
    timed: bool = True


@dataclass(frozen=True)
class Unread:
    """A record that nobody could read, from when it was seen to when it was read after all."""

    feed: str
    day: date
    seen: datetime
    read: datetime | None = None
    area: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class Mute:
    """An area that a feed named all the time, from the first day on which it did not, as known from a moment
    on, to the day on which it was named again; alone: what lies below it is not meant."""

    feed: str
    area: str
    first: date
    known: datetime
    until: date | None = None
    alone: bool = False


@dataclass(frozen=True)
class Ceased:
    """A category of which a feed told all the time, from the first day on which it did not, as known from a
    moment on, until that was over; anew: by then its days were read anew. usual: (category, reports a day) of
    what the feed told before."""

    feed: str
    category: str
    first: date
    known: datetime
    usual: tuple[tuple[str, float], ...]
    over: datetime | None = None
    anew: bool = False

    def grave(self, categories: Collection[str]) -> bool:
        """Whether it made a quarter of what is told of these."""
        own = [many for category, many in self.usual if category in categories]
        return self.category in categories and dict(self.usual)[self.category] >= sum(own) / 4


@dataclass(frozen=True)
class Told:
    """A report as it was told, until it was told otherwise. within: its areas with all above them."""

    report: Report
    day: date
    within: frozenset[str]
    until: datetime | None

    def stands(self, before: datetime) -> bool:
        """Whether it was the latest that was told strictly before a moment."""
        return self.report.known < before and (self.until is None or self.until >= before)

    @property
    def counts(self) -> bool:
        return self.report.dated and not self.report.withdrawn


@dataclass(frozen=True)
class Scene:
    """A country, what was told there, the rules in force, and the mornings that are judged."""

    zone: str
    levels: tuple[str, ...]
    areas: Mapping[str, Area]
    feeds: tuple[Feed, ...]
    reports: Sequence[Report]
    rules: Sequence[Mapping[str, Any]]
    #: The first morning judged, and how many.
    begins: date
    days: int
    unread: Sequence[Unread] = ()
    mute: Sequence[Mute] = ()
    ceased: Sequence[Ceased] = ()
    #: The categories right below each one that has any.
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def lineage(self, code: str) -> list[str]:
        """The area, its parent, and so on up to the root."""
        area = self.areas[code]
        return [code, *(self.lineage(area.parent) if area.parent else [])]

    def below(self, code: str) -> list[str]:
        """The areas right below it."""
        return self._below.get(code, [])

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code in sorted(self.areas):
            found.setdefault(self.areas[code].parent or "", []).append(code)
        return found

    def at(self, level: str) -> list[str]:
        return sorted(code for code, area in self.areas.items() if area.level == level)

    def leaves(self, category: str) -> Iterator[str]:
        """The category and all below it."""
        yield category
        for child in self.children.get(category, ()):
            yield from self.leaves(child)

    def judges(self, rule: Mapping[str, Any], code: str) -> bool:
        """Whether a rule judges an area of its level: one it names, or one within, and none it leaves out."""
        asked = rule.get("areas")
        if asked is None:
            return True
        chosen = asked["under"] if isinstance(asked, Mapping) else asked
        left = asked.get("except", ()) if isinstance(asked, Mapping) else ()
        lineage = set(self.lineage(code))
        return not lineage.isdisjoint(chosen) and lineage.isdisjoint(left)

    def reports_on(self, feed: Feed, area: str) -> bool:
        """Whether a feed reports on an area: on one it names, on what lies below that, and on a part of what
        lies above."""
        return any(own in self.lineage(area) or area in self.lineage(own) for own in feed.areas)
