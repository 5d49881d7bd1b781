"""What an analyst expects of a backtest, as YAML, and whether it came so.

    unexpected: fail            # a warning that no line selects breaks the expectations; or: allow
    expect:
      - {rule: public-safety.explosion-wave, area: "01", from: 2024-10-01, to: 2024-10-31, at_least: 1}
      - {topic: burglary, grade: orange, at_most: 3}
      - {rule: public-safety.explosion-wave, measure: pod, at_least: 0.5}
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from engine import yamlfile
from engine.backtest import skill
from engine.backtest.history import Spell
from engine.backtest.run import Backtest
from engine.errors import ConfigError
from engine.model.area import AreaTree
from engine.model.grade import Domain, Grade
from engine.model.problem import Problem, nearest
from engine.model.rule import RuleBook
from engine.yamlfile import Document

_NAME = "expect"
#: What lines without `measure` count.
WARNINGS = "warnings"


class Line(BaseModel):
    """One expectation: which warnings, and how many; or which figure, and how much."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    rule: str | None = None
    area: str | None = None
    topic: str | None = None
    domain: Domain | None = None
    #: Warnings that reached this grade.
    grade: Literal["blue", "yellow", "orange", "red"] | None = None
    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")
    measure: str = WARNINGS
    at_least: float | None = None
    at_most: float | None = None
    exactly: float | None = None

    @model_validator(mode="after")
    def _whole(self) -> Line:
        if self.at_least is None and self.at_most is None and self.exactly is None:
            raise ValueError("say how many: at_least, at_most or exactly")
        if self.exactly is not None and (self.at_least is not None or self.at_most is not None):
            raise ValueError("exactly stands alone, without at_least and at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least is more than at_most: nothing can be both")
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"to {self.last} lies before from {self.first}")
        if self.measure not in skill.names():
            raise ValueError(f"unknown measure '{self.measure}'{nearest(self.measure, skill.names())}")
        rows = [self.rule is not None, self.grade is not None, self.domain is not None]
        narrowed = self.area or self.topic or self.first or self.last
        if self.measure != WARNINGS and (sum(rows) != 1 or narrowed):
            raise ValueError("a measure is one of a rule, a grade or a domain, over the whole time")
        return self

    @property
    def bounds(self) -> str:
        said = (("at least", self.at_least), ("at most", self.at_most), ("exactly", self.exactly))
        return ", ".join(f"{word} {value:g}" for word, value in said if value is not None)

    @property
    def subject(self) -> str:
        """The line in words, without its bounds."""
        parts = {"of rule": self.rule, "in area": self.area, "on topic": self.topic, "in domain": self.domain,
                 "at": self.grade, "from": self.first, "to": self.last}  # fmt: skip
        said = (f"{word} {value}" for word, value in parts.items() if value is not None)
        return " ".join([self.measure, *said])

    def selects(self, spell: Spell, domain: Domain, day: date) -> bool:
        """Whether a warning that opened on the local `day` is one this line counts (its rule aside)."""
        area, topic = spell.place
        return (
            self.area in (None, area) and self.topic in (None, topic) and self.domain in (None, domain)
            and (self.grade is None or spell.peak >= Grade.named(self.grade))
            and (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        )  # fmt: skip

    def allows(self, value: float | None) -> bool:
        if value is None:
            return False
        low = self.at_least if self.exactly is None else self.exactly
        high = self.at_most if self.exactly is None else self.exactly
        return (low is None or value >= low) and (high is None or value <= high)


class Expectations(BaseModel):
    """A whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: What a warning that no line selects is.
    unexpected: Literal["fail", "allow"] = "allow"
    expect: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """One expectation, or one warning nobody expected, and how it came out."""

    name: str
    held: bool
    said: str


def read(path: Path, book: RuleBook, tree: AreaTree, domains: Iterable[str]) -> Expectations:
    """The expectations of a file. domains: every topic.

    Raises ConfigError with every mistake: an unknown key, rule, area, topic or measure, no bound.
    """
    document, problems = yamlfile.read(path)
    if document is None:
        raise ConfigError(problems)
    found, problems = yamlfile.validate(document, Expectations, _NAME)
    problems += _strangers(document, {"rule": book.rules, "area": tree.areas, "topic": frozenset(domains)})
    if found is not None and not found.expect and found.unexpected == "allow":
        sentence = "the file expects nothing; give lines below expect:"
        problems.append(Problem(str(path), 1, sentence, _NAME))
    if found is None or problems:
        raise ConfigError(sorted(problems, key=lambda problem: problem.line))
    return found


def _strangers(document: Document, known: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    """Every name that nothing knows, whatever else is wrong with its line."""
    lines = document.data.get("expect") if isinstance(document.data, dict) else None
    for number, line in enumerate(lines if isinstance(lines, list) else ()):
        for key, names in known.items():
            name = line.get(key) if isinstance(line, dict) else None
            if isinstance(name, str) and name not in names:
                sentence = f"unknown {key} '{name}'{nearest(name, names)}"
                yield document.problem(("expect", number, key), sentence, _NAME)


def judge(expectations: Expectations, done: Backtest) -> list[Verdict]:
    """Every line, and, where the unexpected fails, every warning that no line selects."""
    verdicts = [_line(line, done) for line in expectations.expect]
    if expectations.unexpected == "fail":
        verdicts += _unexpected(expectations.expect, done)
    return verdicts


def _line(line: Line, done: Backtest) -> Verdict:
    value = _value(line, done)
    told = "no such figure: the truth does not speak of it" if value is None else f"found {value:g}"
    return Verdict(f"{line.subject}: {line.bounds}", line.allows(value), told)


def _value(line: Line, done: Backtest) -> float | None:
    if line.measure == WARNINGS:
        return float(sum(1 for _ in _selected(line, done)))
    rows, key, name = done.assessment.rules, "rule", line.rule
    if line.domain is not None:
        rows, key, name = done.assessment.domains, "domain", line.domain.value
    elif line.grade is not None:
        rows, key, name = done.assessment.grades, "grade", line.grade
    value = next((row[line.measure] for row in rows if row[key] == name), None)
    return value if isinstance(value, int | float) else None


def _selected(line: Line, done: Backtest) -> Iterator[Spell]:
    """The warnings a line counts: of one rule, whatever stood by it; else the warnings issued."""
    if line.rule is not None:
        rule = done.book.rules[line.rule]
        spells, domains = done.history.rules.get(line.rule, []), {rule.topic: rule.domain}
    else:
        spells = done.history.warnings
        domains = {rule.topic: rule.domain for rule in done.book.rules.values()}
    for spell in done.span.opened(spells):
        if line.selects(spell, domains[spell.place[1]], done.span.calendar.local_day(spell.opened)):
            yield spell


def _unexpected(lines: Iterable[Line], done: Backtest) -> Iterator[Verdict]:
    """Warnings (and findings of rules on trial) that no line which allows any accounts for."""
    expected: set[tuple[object, ...]] = set()
    for line in lines:
        if line.measure == WARNINGS and line.at_most != 0 and line.exactly != 0:
            expected |= {_key(spell) for spell in _covered(line, done)}
    tried = [rule.id for rule in done.book.rules.values() if not rule.stands]
    zone = done.span.calendar.zone
    on_trial = (one for id_ in tried for one in done.history.rules.get(id_, []))
    for spell in done.span.opened([*done.history.warnings, *on_trial]):
        if _key(spell) not in expected:
            area, topic = spell.place
            since = f"{spell.opened.astimezone(zone):%Y-%m-%d %H:%M}"
            name = f"unexpected: {topic} in {area}, {spell.peak.word}, from {since}"
            yield Verdict(name, False, "no line expects it")


def _covered(line: Line, done: Backtest) -> Iterator[Spell]:
    """The warnings that a line accounts for: those it counts, and those its rule stood behind."""
    for spell in _selected(line, done):
        yield spell
        for warning in done.history.warnings if line.rule is not None else ():
            if warning.place == spell.place and _together(warning, spell):
                yield warning


def _together(one: Spell, other: Spell) -> bool:
    ended = one.closed is not None and one.closed <= other.opened
    return not ended and (other.closed is None or other.closed > one.opened)


def _key(spell: Spell) -> tuple[object, ...]:
    return spell.place, spell.opened


