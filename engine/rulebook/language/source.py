"""A rule as written, with the lines it was written on: what the checks look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine.detect import alert, chance, on
from engine.detect.evaluate import params
from engine.detect.near_repeat import rung as near_repeat
from engine.model import rule
from engine.model.grade import RUNGS, Grade
from engine.model.indicator import Indicator
from engine.model.rule import Status
from engine.rulebook.context import Context
from engine.rulebook.language.example import Example
from engine.rulebook.language.schema import (
    Correlate,
    CorrelationRule,
    FindingPattern,
    IncidentPattern,
    ThresholdRule,
    Where,
)
from engine.yamlfile import Document

#: Where in a rule a value stands: keys and positions from its top.
Place = tuple[str | int, ...]
#: The keys of an indicator that name a measure.
MEASURED = ("sum", "max", "last")
#: The first step of a place in NAME.test.yaml.
TWIN = "twin"


@dataclass(frozen=True)
class RuleTest:
    """One rule test; its place begins with `TWIN` where it stands in the twin file."""

    example: Example
    place: Place


@dataclass(frozen=True)
class Source:
    """One rule as written; `document` begins at the rule itself."""

    document: Document
    written: ThresholdRule | CorrelationRule
    tests: tuple[RuleTest, ...] = ()
    twin: Document | None = None
    #: The pack that it comes from, with its version; empty for the centre's own.
    pack: str = ""

    @property
    def id(self) -> str:
        return self.written.id

    @property
    def path(self) -> str:
        return self.document.path

    @property
    def threshold(self) -> ThresholdRule | None:
        return self.written if isinstance(self.written, ThresholdRule) else None

    @property
    def correlate(self) -> Correlate | None:
        return self.written.correlate if isinstance(self.written, CorrelationRule) else None

    @property
    def judged(self) -> bool:
        return self.written.status in (Status.STABLE, Status.TRIAL)

    def with_test(self, test: RuleTest, twin: Document) -> Source:
        return replace(self, tests=(*self.tests, test), twin=twin)

    def where(self, place: Place) -> tuple[str, int]:
        """The file and line of a place."""
        if self.twin is not None and place[:1] == (TWIN,):
            return self.twin.path, self.twin.line(*place[1:])
        return self.path, self.document.line(*place)

    def value(self, place: Place) -> Any:
        """What is written at a place; None where there is no such place."""
        data: Any = self.document.data
        if self.twin is not None and place[:1] == (TWIN,):
            data, place = self.twin.data, place[1:]
        for step in place:
            inside = isinstance(data, Mapping) or (isinstance(data, list) and isinstance(step, int))
            if not inside or (isinstance(data, Mapping) and step not in data):
                return None
            data = data[step]
        return data

    @property
    def measured(self) -> Place:
        """Where the measure stands that the rule adds up or reads."""
        indicator = self.threshold.indicator if self.threshold else None
        return "indicator", next((key for key in MEASURED if getattr(indicator, key, None)), MEASURED[0])

    def wheres(self) -> Iterator[tuple[Place, Where]]:
        """Every filter of incidents in the rule, with its place."""
        if self.threshold:
            indicator = self.threshold.indicator
            yield ("indicator", "where"), indicator.where
            if indicator.share_of:
                yield ("indicator", "share_of", "where"), indicator.share_of.where
        for place, pattern in self.incident_patterns():
            yield (*place, "where"), pattern.where

    def incident_patterns(self) -> Iterator[tuple[Place, IncidentPattern]]:
        for place, pattern in self.patterns():
            if isinstance(pattern, IncidentPattern):
                yield place, pattern

    def finding_patterns(self) -> Iterator[tuple[Place, FindingPattern]]:
        for place, pattern in self.patterns():
            if isinstance(pattern, FindingPattern):
                yield place, pattern

    def selectors(self) -> Iterator[tuple[Place, str]]:
        """Every category named in a filter, with its place."""
        for place, where in self.wheres():
            if isinstance(where.category, str):
                yield (*place, "category"), where.category
            else:
                yield from (((*place, "category", n), code) for n, code in enumerate(where.category))

    def alerts(self) -> Iterator[tuple[Place, alert.Params]]:
        """Every test of alerts, and what chances ask of them, with its place."""
        for place, test in self.conditions():
            if test.name == alert.ID:
                yield place, params(test)
        for place, asked in self.chances():
            if asked.categories:
                yield place, alert.Params(asked.categories)

    def chances(self) -> Iterator[tuple[Place, chance.Params]]:
        """Every test of a chance, with its place."""
        for place, test in self.conditions():
            if test.name == chance.ID:
                yield place, params(test)

    def categories(self) -> Iterator[tuple[Place, str]]:
        """Every category named in a filter or a test, with its place."""
        yield from self.selectors()
        yield from ((place, code) for place, asked in self.alerts() for code in asked.categories)

    def feeds(self) -> Iterator[tuple[Place, str]]:
        """Every feed named in a filter or a test, with its place."""
        yield from (((*place, "feed"), feed) for place, where in self.wheres() for feed in where.feeds())
        yield from (((*place, "feed"), feed) for place, asked in self.alerts() for feed in asked.feeds)

    def days(self) -> Iterator[tuple[Place, on.Params]]:
        """Every test of days of a calendar, with its place."""
        for place, test in self.conditions():
            if test.name == on.ID:
                yield place, params(test)
        for place, asked in self.chances():
            if asked.calendar:
                yield place, on.Params(asked.calendar, f"{min(asked.ahead - 1, on.FARTHEST)}d")

    def repeats(self) -> Iterator[tuple[Place, near_repeat.Params]]:
        """Every test of near repeats, with its place."""
        for place, test in self.conditions():
            if test.name == near_repeat.ID:
                yield place, params(test)

    def areas(self) -> Iterator[tuple[Place, str]]:
        """Every area that the rule chooses, or leaves out, with its place."""
        written = self.written.areas
        if written is None:
            return
        for number, code in enumerate(written.under or ()):
            bare = isinstance(self.value(("areas",)), list)
            yield ("areas", number) if bare else ("areas", "under", number), code
        yield from ((("areas", "except", number), code) for number, code in enumerate(written.except_ or ()))

    def levels(self) -> Iterator[tuple[Place, str]]:
        """Every level named in the rule, with its place."""
        yield ("level",), self.written.level
        if self.correlate and self.correlate.level:
            yield ("correlate", "level"), self.correlate.level
        for place, pattern in self.patterns():
            if pattern.level:
                yield (*place, "level"), pattern.level

    def patterns(self) -> Iterator[tuple[Place, FindingPattern | IncidentPattern]]:
        """Everything a correlation looks for, with its place."""
        correlate = self.correlate
        if correlate is None:
            return
        for key, patterns in ((correlate.key(), correlate.patterns()), ("none", correlate.none or [])):
            for number, pattern in enumerate(patterns):
                if pattern.finding:
                    yield ("correlate", key, number, "finding"), pattern.finding
                if pattern.incident:
                    yield ("correlate", key, number, "incident"), pattern.incident

    def grades(self) -> list[str]:
        """The grades the rule can give, lowest first."""
        return list(self.rungs() or self.matches())

    def rungs(self) -> dict[str, rule.Rung]:
        """The rungs of a ladder, lowest first; a correlation has none."""
        return self._rungs

    @cached_property
    def _rungs(self) -> dict[str, rule.Rung]:
        # Every second check asks for them.
        if self.threshold is None:
            return {}
        hold, written = self.threshold.hold, self.threshold.grades.rungs()
        return {word: rung.rung(Grade.named(word), hold) for word, rung in written.items()}

    def conditions(self) -> Iterator[tuple[Place, rule.Test]]:
        """Every test of every rung, those of alternatives too, with its place."""
        for word, rung in self.rungs().items():
            yield from ((("grades", word, test.name), test) for test in rung.tests)
            for number, way in enumerate(rung.any):
                yield from ((("grades", word, "any", number, test.name), test) for test in way)

    def matches(self) -> dict[str, int]:
        """How many matches each grade of a correlation takes, lowest first."""
        written = self.written
        if not isinstance(written, CorrelationRule):
            return {}
        if written.grades:
            return {grade.word: written.grades[grade.word] for grade in RUNGS if grade.word in written.grades}
        assert written.grade is not None, "the schema takes either grade or grades"
        correlate = written.correlate
        return {written.grade: len(correlate.patterns()) if correlate.all_ else correlate.at_least or 1}

    def filters(self) -> Iterator[tuple[Place, Where, str]]:
        """Every filter with its place and the level at which it is judged."""
        for place, where in self.wheres():
            yield place, where, self.written.level
        for place, pattern in self.incident_patterns():
            level = pattern.level or (self.correlate.level if self.correlate else None)
            if level:
                yield (*place, "where"), pattern.where, level


def indicator_of(where: Where, context: Context, measure: str = "incidents") -> Indicator:
    """The filter with its categories resolved; every name in it must be known."""
    return Indicator(
        categories=context.taxonomy.select(where.categories()), measure=measure,
        min_severity=where.severity or 0, feeds=frozenset(where.feeds()), times=where.times(context.zone.key),
    )  # fmt: skip
