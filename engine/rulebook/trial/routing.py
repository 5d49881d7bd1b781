"""Tests of routes, silences and inhibition: `config/routes.test.yaml`, beside the file that it tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from engine.model.act import Act, ActKind
from engine.model.grade import Confidence, Grade
from engine.model.problem import Problem, nearest
from engine.model.warning import Change, RiskWarning, Step
from engine.notify.audience import audience, carries, silenced
from engine.rulebook.context import Context
from engine.rulebook.language.example import Line
from engine.rulebook.language.reading import read_tests
from engine.rulebook.language.rung import Strict
from engine.rulebook.language.source import Place
from engine.rulebook.trial.trial import Failure, Verdict
from engine.yamlfile import Document

#: The file below the root folder.
FILE = "config/routes.test.yaml"

GradeWord = Literal["none", "blue", "yellow", "orange", "red"]
#: Routing looks at no clock: everything happens at one moment, and silences hold before and after it.
_AT = datetime(2026, 1, 1, tzinfo=UTC)


class OpenWarning(Strict):
    """A warning that stands already, and who has heard of it."""

    area: Line
    topic: Line
    grade: Literal["blue", "yellow", "orange", "red"]
    heard: list[Line] = Field(default_factory=list)


class Silence(Strict):
    """A person's hold in force on an area and topic, up to a grade."""

    area: Line
    topic: Line
    grade: Literal["blue", "yellow", "orange", "red"] | None = None


class Given(Strict):
    """What stands before the change."""

    warnings: list[OpenWarning] = Field(default_factory=list)
    silences: list[Silence] = Field(default_factory=list)


class When(Strict):
    """The change of one warning: `from` none it is issued, `to` none it is lifted."""

    area: Line
    topic: Line
    from_: GradeWord = Field("none", alias="from")
    to: GradeWord
    heard: list[Line] = Field(default_factory=list, description="who has heard of this warning before")

    @model_validator(mode="after")
    def _moves(self) -> When:
        if self.from_ == self.to:
            raise ValueError("nothing changes: 'from' and 'to' are the same grade")
        return self

    def step(self) -> Step:
        before, after = Grade.named(self.from_), Grade.named(self.to)
        if after is Grade.NONE:
            return Step.LIFTED
        if before is Grade.NONE:
            return Step.ISSUED
        return Step.UPGRADED if after > before else Step.DOWNGRADED


class RoutingTest(Strict):
    """One test: what is given, what changes, and who is told."""

    name: Line
    given: Given = Given()
    when: When
    expect: list[Line]


class RoutingFile(Strict):
    """config/routes.test.yaml."""

    tests: Annotated[list[RoutingTest], Field(min_length=1)]


@dataclass(frozen=True)
class Routing:
    """The tests as read, with their file; none where the file is missing."""

    document: Document
    tests: tuple[RoutingTest, ...] = ()


def read(path: Path, context: Context) -> tuple[Routing, list[Problem]]:
    """The tests of the file and every mistake in it; a file that is not there holds no test."""
    empty = Routing(Document(str(path), None, {}))
    if not path.exists():
        return empty, []
    found, problems = read_tests(path, RoutingFile)
    if found is None:
        return empty, problems
    document, written = found
    for number, test in enumerate(written.tests):
        for place, sentence, name in _unknown(test, context):
            problems.append(document.problem(("tests", number, *place), sentence, name))
    return Routing(document, tuple(written.tests)), problems


def run(routing: Routing, context: Context) -> tuple[Verdict, ...]:
    """The verdict on every test, by the code that plans the messages in the service."""
    return tuple(_verdict(routing.document, n, test, context) for n, test in enumerate(routing.tests))


def _unknown(test: RoutingTest, context: Context) -> Iterator[tuple[Place, str, str]]:
    """Every name in a test that nothing else knows: its place, a sentence, the check's name."""
    placed: list[tuple[Place, When | OpenWarning | Silence]] = [(("when",), test.when)]
    placed += [(("given", "warnings", n), one) for n, one in enumerate(test.given.warnings)]
    placed += [(("given", "silences", n), one) for n, one in enumerate(test.given.silences)]
    for place, one in placed:
        if one.area not in context.tree:
            near = nearest(one.area, context.tree.areas)
            yield (*place, "area"), f"unknown area '{one.area}'{near}", "unknown-area"
        if one.topic not in context.topics:
            near = nearest(one.topic, context.topics)
            yield (*place, "topic"), f"unknown topic '{one.topic}'{near}", "unknown-topic"
        if not isinstance(one, Silence):
            yield from _strangers((*place, "heard"), one.heard, context)
    yield from _strangers(("expect",), test.expect, context)


def _strangers(place: Place, names: Iterable[str], context: Context) -> Iterator[tuple[Place, str, str]]:
    for number, name in enumerate(names):
        if name not in context.receivers:
            sentence = f"no route leads to '{name}'{nearest(name, context.receivers)}"
            yield (*place, number), sentence, "test-receiver"


def _verdict(document: Document, number: int, test: RoutingTest, context: Context) -> Verdict:
    warning = _warning(test.when.area, test.when.topic, test.when.to, context)
    change = Change(
        warning=warning.id, step=test.when.step(), at=_AT, before=Grade.named(test.when.from_),
        after=Grade.named(test.when.to), reason=test.name, by="test",
    )  # fmt: skip
    standing = [_warning(one.area, one.topic, one.grade, context) for one in test.given.warnings]
    told = {one.id: set(given.heard) for one, given in zip(standing, test.given.warnings, strict=True)}
    told[warning.id] = set(test.when.heard)
    acts = [_act(silence) for silence in test.given.silences]
    found = audience(
        change, warning, context.routes or (), context.tree.lineage(warning.area), told,
        acts=acts, warnings=standing, inhibit=context.inhibit,
    )  # fmt: skip
    failures: tuple[Failure, ...] = ()
    if found != set(test.expect):
        why = tuple(_why(change, warning, acts, context))
        failures = (Failure(warning.area, _listed(test.expect), _listed(found), why),)
    line = document.line("tests", number)
    return Verdict("routes", test.name, document.path, line, failures)


def _why(change: Change, warning: RiskWarning, acts: list[Act], context: Context) -> Iterator[str]:
    """What each route and silence makes of the change."""
    if silenced(change, warning, acts):
        yield "a silence mutes it"
    lineage = context.tree.lineage(warning.area)
    for route in context.routes or ():
        if carries(route, change, warning, lineage):
            yield f"the route {route.id} leads to {_listed(route.receivers)}"
    if context.inhibit:
        yield "who has heard of a worse warning of the topic above is not told of a rise"


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted(names)) or "nobody"


def _warning(area: str, topic: str, grade: str, context: Context) -> RiskWarning:
    return RiskWarning(
        id=f"{area}.{topic}", area=area, topic=topic, domain=context.topics[topic].domain,
        grade=Grade.named(grade), score=0.0, confidence=Confidence.HIGH, title_en=topic, since=_AT,
        judged_at=_AT,
    )  # fmt: skip


def _act(silence: Silence) -> Act:
    grade = Grade.named(silence.grade) if silence.grade else None
    return Act(
        id=f"silence {silence.area}.{silence.topic}", kind=ActKind.SILENCE, area=silence.area,
        topic=silence.topic, at=_AT, grade=grade,
    )  # fmt: skip
