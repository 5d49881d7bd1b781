"""What stands of a rule in an area, run after run."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracle.plain.clock import DAY, Clock, span_of
from tests.oracle.plain.combined import rungs_of
from tests.oracle.plain.counted import Indicator, Knowledge
from tests.oracle.plain.nouns import Report
from tests.oracle.plain.tests import GRADES, Held, exact, given

SECOND = timedelta(seconds=1)
#: What has been held blind for longer is let go of by the monthly analysis.
STALE = timedelta(days=28)
#: Longer than any scene.
FOREVER = timedelta(days=3650)

#: A report's feed and id.
Key = tuple[str, str]
Keys = set[Key]


def _happened(told: Any) -> datetime:
    return told.report.at


@dataclass
class Finding:
    """One rule in one area. grade: 0 nothing, 1 blue .. 4 red; on, off: judgements in a row, by rung."""

    grade: int = 0
    on: list[int] = field(default_factory=list)
    off: list[int] = field(default_factory=list)
    confidence: str = "high"
    blind_since: datetime | None = None
    lifted: tuple[datetime, int] | None = None

    def end(self, at: datetime) -> None:
        self.lifted, self.grade, self.blind_since = (at, self.grade), 0, None


class Ladder:
    """A rule's rungs with their delays."""

    def __init__(self, rule: Mapping[str, Any]) -> None:
        hold = rule.get("hold", 1)
        written = rule["grades"] if "correlate" not in rule else {grade: {} for grade in rungs_of(rule)}
        self.grades = [grade for grade in GRADES if grade in written]
        self.delay_on = [written[grade].get("delay_on", 1) for grade in self.grades]
        self.delay_off = [written[grade].get("delay_off", hold) for grade in self.grades]
        self.cool_down = span_of(rule.get("cool_down", "0d"))

    def number(self, rung: int) -> int:
        return GRADES.index(self.grades[rung]) + 1

    def judge(
        self, one: Finding, held: Sequence[Held], confidence: str | None, at: datetime, clock: Clock
    ) -> None:
        """One more judgement. confidence: what the judgement itself says, None where no rung held."""
        before, was_blind = one.grade, one.blind_since
        on, off = one.on or [0] * len(held), one.off or [0] * len(held)
        stood = [before >= self.number(rung) for rung in range(len(held))]
        one.on = [n if is_ is None else n + 1 if is_ else 0 for n, is_ in zip(on, held, strict=True)]
        one.off = [
            0 if not stands else n if is_ is None else 0 if is_ else n + 1
            for n, is_, stands in zip(off, held, stood, strict=True)
        ]
        standing = [
            rung for rung, is_ in enumerate(held)
            if (is_ and one.on[rung] >= self.delay_on[rung])
            or (stood[rung] and one.off[rung] < self.delay_off[rung])
        ]  # fmt: skip
        one.grade = self.number(standing[-1]) if standing else 0
        if not before and one.grade and self._cooling(one, at, clock):
            one.grade = 0
        blind = one.grade > 0 and held[0] is None
        one.blind_since = (was_blind or at) if blind else None
        if before and not one.grade:
            one.lifted = at, before
        if one.grade:
            settled = "low" if blind else "high" if was_blind else one.confidence
            one.confidence = confidence or settled

    def _cooling(self, one: Finding, at: datetime, clock: Clock) -> bool:
        """For so long after a lift it does not rise to the same or a lower grade."""
        if one.lifted is None or not self.cool_down or one.grade > one.lifted[1]:
            return False
        return clock.wall(at) < clock.wall(one.lifted[0]) + self.cool_down


class Immediate:
    """A rule that judges at once. A grade stands for `lasts` after the last news at which it held: by what
    was known then, as far as it still counts, and as it is told now."""

    def __init__(self, knowledge: Knowledge, rule: Mapping[str, Any], begins: datetime) -> None:
        self.knowledge, self.rule, self.begins = knowledge, rule, begins
        self.scene = knowledge.scene
        self.indicator = Indicator.written(self.scene, rule["indicator"])
        self.window, self.lasts = span_of(rule["window"]), span_of(rule.get("lasts", "24h"))
        self.max_age = span_of(rule.get("max_age", "48h"))
        self.grades = [grade for grade in GRADES if grade in rule["grades"]]

        #: What counted at the news as known then, and what of it was the news.
        self._then: dict[tuple[str, datetime], tuple[Keys, Keys]] = {}

    @cached_property
    def touching(self) -> list[datetime]:
        """When anything was told of a report that the rule ever counted."""
        told = self.knowledge.told
        mine = {(one.report.feed, one.report.id) for one in told if self.indicator.takes(one.report)}
        moments = {one.report.known for one in told if (one.report.feed, one.report.id) in mine}
        return sorted(moment for moment in moments if moment > self.begins)

    def moments(self) -> set[datetime]:
        """When it is judged, and when something may end."""
        judged = {moment + SECOND for moment in self.touching}
        return judged | {moment + self.lasts for moment in judged}

    @cached_property
    def _counted(self) -> dict[str, list[Any]]:
        """By area all that was ever told and counts, by when it happened."""
        found: dict[str, list[Any]] = {}
        for one in sorted(self.knowledge.told, key=_happened):
            if one.counts and self.indicator.takes(one.report):
                for area in one.within:
                    found.setdefault(area, []).append(one)
        return found

    @cached_property
    def _news(self) -> dict[str, set[datetime]]:
        """By area when something that counts was told."""
        return {area: {one.report.known for one in every} for area, every in self._counted.items()}

    def _told(self, area: str, before: datetime, since: datetime) -> dict[Key, Report]:
        """What happened in the area since a moment and counts as known before another."""
        every = self._counted.get(area, [])
        return {
            (one.report.feed, one.report.id): one.report
            for one in every[bisect_left(every, since, key=_happened) :]
            if one.stands(before)
        }

    def grade(self, area: str, now: datetime, before: int) -> int:
        """What stands in the area at a moment. What was told before anybody judged opens nothing, but what
        stood before the moment may rest on it."""
        if not self.scene.judges(self.rule, area):
            return 0
        recent = [
            news for news in self._news.get(area, ()) if news + SECOND <= now < news + SECOND + self.lasts
        ]
        still = self._told(area, now, min(recent) - self.window) if recent else {}
        held = {news: self._held(area, news, still) for news in recent}
        opened = max((grade for news, grade in held.items() if news > self.begins), default=0)
        return max(opened, min(before, max(held.values(), default=0)))

    def _held(self, area: str, news: datetime, still: Mapping[Key, Report]) -> int:
        """The grade that the news called for."""
        if (area, news) not in self._then:
            told = self._told(area, news + SECOND, self.begins - FOREVER)
            fresh = {key for key, one in told.items() if one.known == news}
            self._then[area, news] = set(told), fresh
        then, fresh = self._then[area, news]
        oldest = news - min(self.max_age, self.window)
        if not any(key in still and still[key].at >= oldest for key in fresh):
            return 0
        begins, ends = news - self.window, news + DAY
        counted = [one for key, one in still.items() if begins <= one.at < ends and key in then]
        if self.indicator.take:
            # A lower reading that is taken back later does not raise what nobody raised then.
            told = self._told(area, news + SECOND, begins)
            values = [self._read(news, of) for of in (counted, told.values())]
            if None in values:
                return 0
            value = min(values)
        else:
            value = sum((one.size or 0.0) if self.indicator.size else 1 for one in counted)
        held = [grade for grade in self.grades if self._holds(area, self.rule["grades"][grade], value)]
        return GRADES.index(held[-1]) + 1 if held else 0

    def _read(self, news: datetime, reports: Iterable[Report]) -> float | None:
        since = news - (self.indicator.holds or self.window)
        return self.indicator.read(one for one in reports if one.at >= since)

    def _holds(self, area: str, rung: Mapping[str, Any], value: float) -> bool:
        people = self.scene.areas[area].population
        fine = True
        if "at_least" in rung:
            fine = exact(round(value, 9)) >= exact(given(rung["at_least"], "count")["count"])
        if "rate_at_least" in rung:
            of = given(rung["rate_at_least"], "rate")
            needed = exact(of["rate"]) * Fraction(people or 0) / exact(of.get("per", 100_000))
            fine = fine and bool(people) and value >= needed
        ways = rung.get("any")
        return fine and (not ways or any(self._holds(area, way, value) for way in ways))
