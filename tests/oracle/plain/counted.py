"""What an indicator counted in an area on a day, and what that number means, as known at a cut."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.plain.clock import DAY, Clock, span_of
from tests.oracle.plain.nouns import Feed, Report, Scene, Told
from tests.oracle.plain.seen import Heard, Readings

OBSERVED, ZERO, UNMONITORED, LOWER = "observed", "observed zero", "unmonitored", "lower bound"
SEVERITIES = {"minor": 1, "moderate": 2, "severe": 3, "extreme": 4}


def listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Hours:
    """Local hours from one minute of the day to before another, over midnight where that is no later, on the
    weekdays on which they begin; whole: all of the day."""

    clock: Clock
    since: int = 0
    until: int = 0
    weekdays: tuple[str, ...] = WEEK
    whole: bool = True

    @classmethod
    def written(cls, clock: Clock, where: Mapping[str, Any]) -> Hours | None:
        if "hours" not in where and "weekdays" not in where:
            return None
        named = listed(where.get("weekdays", "mon-sun"))
        days = tuple(day for one in named for day in _days(one))
        if "hours" not in where:
            return cls(clock, weekdays=days)
        since, until = (60 * int(one[:2]) + int(one[3:]) for one in where["hours"].split("-"))
        return cls(clock, since, until, days, whole=False)

    def among(self, one: Report) -> bool:
        """Whether it surely happened then."""
        if not (one.timed or self.whole):
            return False
        wall = self.clock.wall(one.at)
        minute, today = 60 * wall.hour + wall.minute, WEEK[wall.weekday()]
        if self.whole:
            return today in self.weekdays
        if self.since < self.until:
            return self.since <= minute < self.until and today in self.weekdays
        yesterday = WEEK[wall.weekday() - 1]
        late, early = minute >= self.since, minute < self.until
        return (late and today in self.weekdays) or (early and yesterday in self.weekdays)

    def maybe(self, one: Report) -> bool:
        """Whether it does not say its hour, and may have happened then."""
        day = self.clock.wall(one.at).weekday()
        touched = {WEEK[day]} if self.since < self.until else {WEEK[day], WEEK[day - 1]}
        return not one.timed and not self.whole and not touched.isdisjoint(self.weekdays)


def _days(written: str) -> Sequence[str]:
    first, _, last = written.partition("-")
    return WEEK[WEEK.index(first) : WEEK.index(last or first) + 1]


@dataclass(frozen=True)
class Indicator:
    """Which reports count, as a rule's `where` says it; size: their size is added up, not their number; take:
    or it is read, the greatest (max) or the last of each place, which holds for so long."""

    categories: frozenset[str]
    feeds: frozenset[str]
    severity: int = 0
    size: bool = False
    take: str = ""
    holds: timedelta | None = None
    older: timedelta = timedelta(0)
    hours: Hours | None = None

    @classmethod
    def written(cls, scene: Scene, indicator: Mapping[str, Any]) -> Indicator:
        """A rule's indicator."""
        size = not {"sum", "max", "last"}.isdisjoint(indicator)
        take = "max" if "max" in indicator else "last" if "last" in indicator else indicator.get("stock", "")
        holds = span_of(indicator["holds"]) if "holds" in indicator else None
        older = span_of(indicator.get("older_than", "0d"))
        return replace(cls.of(scene, indicator["where"], size=size), take=take, holds=holds, older=older)

    def read(self, reports: Iterable[Report]) -> float | None:
        """What the gauge shows by these reports; None is no reading."""
        last: dict[tuple[str, ...], float] = {}
        for one in sorted(reports, key=lambda one: (one.at, one.known, one.size)):
            last[one.areas] = max(one.size or 0.0, last.get(one.areas, 0.0) if self.take == "max" else 0.0)
        return max(last.values(), default=None)

    @classmethod
    def of(cls, scene: Scene, where: Mapping[str, Any], *, size: bool = False) -> Indicator:
        categories = frozenset(leaf for one in listed(where["category"]) for leaf in scene.leaves(one))
        severity = str(where.get("severity", ">=0")).removeprefix(">=")
        return cls(
            categories, frozenset(listed(where.get("feed"))), int(SEVERITIES.get(severity, severity)), size,
            hours=Hours.written(Clock(ZoneInfo(scene.zone)), where),
        )  # fmt: skip

    def filled_by(self, feed: Feed) -> bool:
        return (not self.feeds or feed.id in self.feeds) and not self.categories.isdisjoint(feed.categories)

    def says(self, one: Report) -> bool:
        """Whether a report says whether it counts, and for how much."""
        maybe = self.hours is not None and self.hours.maybe(one)
        if self.hours is not None and not self.hours.among(one) and not maybe:
            return True  # it counts for nothing, whatever it leaves out
        if self.severity and not one.severity:
            return False
        if one.severity < self.severity:
            return True
        return not maybe and (not self.size or one.size is not None)

    def takes(self, one: Report) -> bool:
        fits = one.category in self.categories and one.severity >= self.severity
        then = self.hours is None or self.hours.among(one)
        told = not self.size or one.size is not None
        return fits and then and told and (not self.feeds or one.feed in self.feeds)


class Knowledge:
    """Everything a scene ever told, asked for as it was known at a cut."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.clock = scene, Clock(ZoneInfo(scene.zone))
        self.heard = cache(lambda feed, cut: Heard(feed, self.clock.morning(cut), self.clock))
        self.readings = cache(self._readings)
        self.mute = cache(self._mute)
        self.view = cache(lambda indicator, cut: View(self, indicator, cut))

    @cached_property
    def told(self) -> list[Told]:
        """All revisions, each until the next of the same report."""
        revisions: dict[tuple[str, str], list[Report]] = defaultdict(list)
        for one in self.scene.reports:
            revisions[one.feed, one.id].append(one)
        return [
            Told(one, self.clock.day(one.at), self._within(one), after.known if after else None)
            for own in (sorted(own, key=lambda one: one.known) for own in revisions.values())
            for one, after in zip(own, [*own[1:], None], strict=True)
        ]

    @cached_property
    def alerts(self) -> list[Told]:
        """What feeds of hazards told."""
        hazards = {feed.id for feed in self.scene.feeds if feed.hazard}
        return [one for one in self.told if one.report.feed in hazards]

    def _within(self, one: Report) -> frozenset[str]:
        return frozenset(code for area in one.areas for code in self.scene.lineage(area))

    @cached_property
    def _by_day(self) -> dict[tuple[str, date], list[Told]]:
        found: dict[tuple[str, date], list[Told]] = defaultdict(list)
        for one in self.told:
            if one.counts:
                found[one.report.feed, one.day].append(one)
        return found

    def of_day(self, feed: str, day: date, before: datetime) -> list[Told]:
        return [one for one in self._by_day.get((feed, day), ()) if one.stands(before)]

    def _readings(self, feed: Feed, day: date, cut: date) -> Readings:
        morning = self.clock.morning(cut)
        unread = [
            one for one in self.scene.unread
            if one.feed == feed.id and one.day == day and one.seen < morning
            and (one.read is None or one.read >= morning)
        ]  # fmt: skip
        told = self.of_day(feed.id, day, morning) if unread else []
        return Readings(
            self.scene, feed, [one for one in told if one.report.category in feed.categories], unread
        )

    def _mute(self, feed: Feed, day: date, cut: date, categories: frozenset[str]) -> Readings:
        """What the feed told of some categories."""
        told = self.of_day(feed.id, day, self.clock.morning(cut))
        counted = categories.intersection(feed.categories)
        return Readings(self.scene, feed, [one for one in told if one.report.category in counted], [])


class View:
    """One indicator as it was known at one cut."""

    def __init__(self, knowledge: Knowledge, indicator: Indicator, cut: date) -> None:
        self.knowledge, self.indicator, self.cut = knowledge, indicator, cut
        self.scene = knowledge.scene
        self.feeds = cache(self._feeds)
        self.lost = cache(self._lost)

    def _feeds(self, area: str) -> list[Feed]:
        """The feeds that report on what is counted in the area, at any time."""
        filling = (feed for feed in self.scene.feeds if self.indicator.filled_by(feed))
        return [feed for feed in filling if self.scene.reports_on(feed, area)]

    def reporting(self, area: str, day: date) -> list[Feed]:
        return [feed for feed in self.feeds(area) if feed.since <= day <= feed.until]

    @cached_property
    def _sums(self) -> dict[tuple[str, date], tuple[int, float]]:
        """How many, and of what size together, by area and day."""
        before, found = self.knowledge.clock.morning(self.cut), {}
        for one in self.knowledge.told:
            if one.counts and one.stands(before) and self.indicator.takes(one.report):
                for area in one.within:
                    n, size = found.get((area, one.day), (0, 0.0))
                    found[area, one.day] = n + 1, size + (one.report.size or 0.0)
        return found

    def number(self, area: str, day: date) -> int:
        """How many were told of the day."""
        return self._sums.get((area, day), (0, 0.0))[0]

    def value(self, area: str, day: date) -> float:
        """What the indicator says of it: how many, or of what size."""
        return self._sums.get((area, day), (0, 0.0))[self.indicator.size]

    def reading(self, area: str, start: date, days: int) -> float | None:
        """What the gauge read in the stretch, or in the time before its end for which a reading holds."""
        clock, holds = self.knowledge.clock, self.indicator.holds
        end = clock.midnight(start + days * DAY).astimezone(UTC)
        begin = end - holds if holds else clock.midnight(start).astimezone(UTC)
        before = clock.morning(self.cut)
        return self.indicator.read(
            one.report for one in self.knowledge.told
            if one.counts and one.stands(before) and self.indicator.takes(one.report) and area in one.within
            and begin <= one.report.at < end
        )  # fmt: skip

    def stock(self, area: str, day: date, older: timedelta) -> int:
        """How many are open there when a day begins."""
        return sum(area in one.within for one in self._open(day, older))

    def placed_open(self, area: str, day: date) -> tuple[int, int]:
        """How many are open in a region, and how many of them may be anywhere below it."""
        inside = [one for one in self._open(day, timedelta(0)) if area in one.within]
        below = sum(child in one.within for one in inside for child in self.scene.below(area))
        return len(inside), max(0, len(inside) - below)

    def _open(self, day: date, older: timedelta) -> list[Told]:
        clock = self.knowledge.clock
        before, at = clock.morning(self.cut), clock.midnight(day)
        return [
            one for one in self.knowledge.told
            if one.counts and one.stands(before) and self.indicator.takes(one.report)
            and one.report.at < at - older and (one.report.ended is None or one.report.ended > at)
        ]  # fmt: skip

    def _lost(self, area: str, day: date) -> bool:
        """Whether one of the feeds that report on it may not have told all."""
        know, categories = self.knowledge, self.indicator.categories
        return any(
            know.heard(feed, self.cut).missed(day)
            or know.readings(feed, day, self.cut).torn(area, categories)
            or self._unnamed(feed, area, day)
            or self._ceased(feed, day)
            or know.mute(feed, day, self.cut, categories).unsaid(area, self.indicator.says)
            for feed in self.reporting(area, day)
        )

    def _unnamed(self, feed: Feed, area: str, day: date) -> bool:
        """Whether the feed had ceased to name the area by then, or one that it lies in."""
        morning = self.knowledge.clock.morning(self.cut)
        return any(
            one.feed == feed.id and one.known < morning
            and one.first <= day and (one.until is None or day < one.until)
            and (area == one.area or (not one.alone and one.area in self.scene.lineage(area)))
            for one in self.scene.mute
        )  # fmt: skip

    def _ceased(self, feed: Feed, day: date) -> bool:
        """Whether the feed had ceased by then to tell of a large part of what is counted."""
        clock = self.knowledge.clock
        morning = clock.morning(self.cut)
        return any(
            one.feed == feed.id and one.known < morning and one.grave(self.indicator.categories)
            and one.first <= day and (one.over is None or day < clock.day(one.over))
            and not (one.anew and one.over is not None and one.over < morning)
            for one in self.scene.ceased
        )  # fmt: skip

    def state(self, area: str, day: date) -> str:
        """What the number of a cell means."""
        if not self.reporting(area, day):
            return UNMONITORED
        if self.lost(area, day):
            return LOWER
        return OBSERVED if self.number(area, day) else ZERO


def stretch(start: date, days: int) -> Sequence[date]:
    return [start + n * DAY for n in range(days)]
