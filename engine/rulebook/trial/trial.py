"""Rule tests: play each, compare with what it expects, and say why not where it fails."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.infer.resolve import Hits
from engine.infer.trace import wording
from engine.judge import Correlate
from engine.model.finding import Held, RungTrace, Signal, Trace
from engine.model.period import Calendar
from engine.model.rule import Pattern
from engine.rulebook.context import Context
from engine.rulebook.language.example import Expectation
from engine.rulebook.language.source import RuleTest, Source
from engine.rulebook.load import Loaded
from engine.rulebook.trial.replay import PLAIN, Played, play


@dataclass(frozen=True, slots=True)
class Failure:
    """One area that did not come out as expected, and why not."""

    area: str
    expected: str
    found: str
    why: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        return f"{self.area}: expected {self.expected}, found {self.found}", *(f"  {why}" for why in self.why)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one test came out; `rule` is the rule's id, or the file that it tests."""

    rule: str
    name: str
    path: str
    line: int
    failures: tuple[Failure, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failures

    @property
    def why(self) -> tuple[str, ...]:
        """What came out otherwise, line by line, with the reasons indented below each area."""
        return tuple(line for failure in self.failures for line in failure.lines())


def run(
    loaded: Loaded, context: Context, *, calendar: Calendar | None = None, rules: Collection[str] = (),
    judge_correlations: Correlate = PLAIN,
) -> tuple[Verdict, ...]:  # fmt: skip
    """The verdict on every test of the loaded rules (or of those named), in order of path, rule and test.

    Raises ValueError where the rules hold mistakes and there is no rulebook to test.
    """
    return tuple(
        verdict(source, test, played)
        for source, test, played in plays(loaded, context, calendar, rules, judge_correlations)
    )


def plays(
    loaded: Loaded, context: Context, calendar: Calendar | None = None, rules: Collection[str] = (),
    judge_correlations: Correlate = PLAIN,
) -> Iterator[tuple[Source, RuleTest, Played]]:  # fmt: skip
    """Every test of the loaded rules (or of those named) with how it went; raises as `run` does."""
    if loaded.book is None:
        raise ValueError("rules with mistakes cannot be tested: mend the problems first")
    for source in loaded.sources:
        for test in source.tests if not rules or source.id in rules else ():
            rule, here = loaded.book.rules[source.id], written_for(source, calendar or Calendar())
            yield source, test, play(rule, loaded.book, test.example, context, here, judge_correlations)


def written_for(source: Source, calendar: Calendar) -> Calendar:
    """The calendar by which a rule's tests were written: a pack cannot know how long a centre waits before it
    judges a day, and how far ahead of that an alert begins decides."""
    return replace(calendar, wait=Calendar().wait) if source.pack else calendar


def verdict(source: Source, test: RuleTest, played: Played) -> Verdict:
    """The test's expectations held against how it went."""
    failures = []
    for area, expectation in test.example.expect.items():
        differences = list(_differences(expectation, played, area))
        if differences:
            expected, found = (", ".join(words) for words in zip(*differences, strict=True))
            failures.append(Failure(area, expected, found, tuple(_why(played, area))))
    path, line = source.where(test.place)
    return Verdict(source.id, test.example.name, path, line, tuple(failures))


def _differences(expectation: Expectation, played: Played, area: str) -> Iterator[tuple[str, str]]:
    """(what was expected, what was found) of each thing that came out otherwise."""
    change = played.changes.get(area)
    if expectation.grade is not None:
        yield from _unequal("", expectation.grade, played.word(area))
    if expectation.change is not None:
        yield from _unequal("change ", expectation.change, change.step.value if change else "none")
    if expectation.signals is not None:
        found = held(played.trace(area))
        yield from _unequal("signals ", _listed(expectation.signals, "none"), _listed(found, "none"))
    if expectation.notified is not None:
        told = played.told.get(area, frozenset())
        yield from _unequal("notified ", _listed(expectation.notified, "nobody"), _listed(told, "nobody"))


def _unequal(label: str, expected: str, found: str) -> Iterator[tuple[str, str]]:
    if expected != found:
        yield label + expected, label + found


def _listed(names: Collection[str], nothing: str) -> str:
    return " and ".join(sorted(names)) or nothing


def held(trace: Trace | None) -> list[str]:
    """The tests that held: of the highest rung that held, else of the lowest."""
    if trace is None:
        return []
    holding = [rung for rung in trace.rungs if rung.held is Held.HELD]
    rung = holding[-1] if holding else trace.rungs[0]
    return list(dict.fromkeys(signal.test for signal in rung.every if signal.held is Held.HELD))


def _why(played: Played, area: str) -> Iterator[str]:
    if played.rule.correlation is not None:
        yield from _found(played.hits)
        return
    trace = played.trace(area)
    if trace is None:
        yield "nothing became known there that the rule counts"
        return
    yield f"observed {trace.observed:g} {trace.when} ({trace.data_state})"
    for rung in reversed(trace.rungs):
        yield _rung(rung)


#: What is said of a test that no single count decides, such as a scan over many areas.
_WITHOUT_NUMBER = {Held.HELD: "holds", Held.NOT: "does not hold", Held.UNKNOWN: "cannot tell"}


def _rung(rung: RungTrace) -> str:
    """`orange not held: at_least needs 6; rare needs 5 where 1.2 is usual`."""
    said = [_signal(signal) for signal in rung.signals]
    if rung.any:
        said.append("any of " + ", or ".join(" with ".join(map(_signal, way)) for way in rung.any))
    held = {Held.HELD: "held", Held.NOT: "not held", Held.UNKNOWN: "unknown"}[rung.held]
    return f"{rung.grade.word} {held}: {'; '.join(said)}"


def _signal(signal: Signal) -> str:
    needed = f"needs {signal.needed:g}" if signal.needed is not None else _WITHOUT_NUMBER[signal.held]
    usual = "" if signal.expected is None else f" where {signal.expected:.2g} is usual"
    return f"{signal.test} {needed}{usual}"


def _found(hits: Mapping[Pattern, Hits]) -> Iterator[str]:
    for pattern, found in hits.items():
        places = [f"{area} ({max(moments):%Y-%m-%d})" for area, moments in sorted(found.at.items())]
        blind = f"; nobody could see {', '.join(sorted(found.blind))}" if found.blind else ""
        yield f"{wording(pattern)}: {', '.join(places) or 'nowhere'}{blind}"
