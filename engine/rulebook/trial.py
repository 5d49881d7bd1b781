"""Rule tests: judge each on its stage with the one judge, and say why not where it fails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from engine.infer import reference
from engine.infer.correlate import Correlated, correlate
from engine.infer.resolve import Hits
from engine.infer.trace import wording
from engine.judge import Before, Correlate, Terms, conclude, find, find_immediate, trace_of
from engine.model.area import AreaTree
from engine.model.finding import Held, Outcome, RungTrace
from engine.model.grade import Grade
from engine.model.period import Calendar, Cycle, Period
from engine.model.rule import Pattern, Rule, RuleBook, Status
from engine.model.warning import Standing
from engine.rulebook.context import Context
from engine.rulebook.load import Loaded
from engine.rulebook.scene import Scene
from engine.rulebook.source import RuleTest, Source

#: The plain evaluator: rule tests need no child process.
PLAIN: Correlate = partial(correlate, evaluator=reference.evaluate)


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
    """How one test of one rule came out."""

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
    if loaded.book is None:
        raise ValueError("rules with mistakes cannot be tested: mend the problems first")
    calendar = calendar or Calendar()
    return tuple(
        _Trial(loaded.book, source, test, context, calendar, judge_correlations).verdict()
        for source in loaded.sources if not rules or source.id in rules
        for test in source.tests
    )  # fmt: skip


class _Trial:
    """One test being judged."""

    def __init__(
        self, book: RuleBook, source: Source, test: RuleTest, context: Context, calendar: Calendar,
        judge_correlations: Correlate,
    ) -> None:  # fmt: skip
        #: A draft is tested as if it stood.
        self.rule = replace(book.rules[source.id], status=Status.STABLE)
        self.book = RuleBook({**book.rules, source.id: self.rule}, book.hash)
        around = tuple(_behind(self.rule, self.book))
        self.source, self.test, self.around, self.correlate = source, test, around, judge_correlations
        self.scene = Scene(self.rule, around, test.example, context, calendar)
        self.panels = self.scene.panels()
        self.seen: dict[str, Hits] = {}

    def verdict(self) -> Verdict:
        standing, outcomes = self._immediate() if self.rule.cycle is Cycle.IMMEDIATE else self._calendar()
        failures = []
        for area, expected in self.test.example.expect.items():
            found = self._word(standing.get(area), outcomes.get(area))
            if found != expected:
                failures.append(Failure(area, expected, found, tuple(self._why(area, outcomes.get(area)))))
        path, line = self.source.where(self.test.place)
        return Verdict(self.rule.id, self.test.example.name, path, line, tuple(failures))

    def _calendar(self) -> tuple[dict[str, Standing], dict[str, Outcome]]:
        """Every cut replayed, so that delays work; the outcomes are those of the last."""
        cuts = self.scene.cuts()
        together = [self.rule, *(one for one in self.around if one.correlation is not None)]
        standing: dict[str, Standing] = {}
        outcomes: dict[str, Outcome] = {}
        for found in find(together, self.panels, cuts, book=self.book, correlate=self._correlate):
            period = self.scene.calendar.period(self.rule.cycle, found.cut - date.resolution)
            outcomes = {one.area: one for one in found.outcomes if one.rule == self.rule.id}
            standing = self._conclude(period, outcomes, standing)
        return standing, outcomes

    def _immediate(self) -> tuple[dict[str, Standing], dict[str, Outcome]]:
        """Every moment at which something became known, up to the test's own."""
        at = self.scene.moment()
        standing: dict[str, Standing] = {}
        outcomes: dict[str, Outcome] = {}
        for moment in sorted({one.known_at for one in self.panels.given if one.known_at <= at}):
            found = find_immediate([self.rule], self.panels, moment)
            outcomes |= {one.area: one for one in found}
            now = {one.area: one for one in found}
            standing = self._conclude(self.scene.calendar.immediate(moment), now, standing)
        alive = {area: one for area, one in standing.items() if one.until is None or one.until > at}
        return alive, outcomes

    def _conclude(
        self, period: Period, outcomes: dict[str, Outcome], standing: dict[str, Standing]
    ) -> dict[str, Standing]:
        before = Before(standing={(self.rule.id, area): one for area, one in standing.items()})
        alone = RuleBook({self.rule.id: self.rule})
        concluded = conclude(alone, period, tuple(outcomes.values()), before, Terms())
        return standing | {one.area: one for one in concluded.standing}

    def _word(self, standing: Standing | None, outcome: Outcome | None) -> str:
        if standing is not None and standing.grade is not Grade.NONE:
            return standing.grade.word
        blind = outcome is not None and Held.UNKNOWN in outcome.held
        return "unknown" if blind else Grade.NONE.word

    def _correlate(
        self, rules: Sequence[Rule], tree: AreaTree, hits: Callable[[Rule, Pattern], Hits], *, at: datetime
    ) -> Correlated:
        """The correlations judged, noting what each pattern of the tested rule found."""

        def noted(rule: Rule, pattern: Pattern) -> Hits:
            found = hits(rule, pattern)
            if rule.id == self.rule.id:
                self.seen[wording(pattern)] = found
            return found

        return self.correlate(rules, tree, noted, at=at)

    def _why(self, area: str, outcome: Outcome | None) -> Iterator[str]:
        if self.rule.correlation is not None:
            yield from _seen(self.seen)
            return
        trace = outcome.trace if outcome else None
        if trace is None and self.rule.cycle is not Cycle.IMMEDIATE:
            trace = trace_of(self.rule, self.panels, self.test.example.at.first, area)
        if trace is None:
            yield "nothing became known there that the rule counts"
            return
        yield f"observed {trace.observed:g} from {trace.window[0]} to {trace.window[1]} ({trace.data_state})"
        for rung in reversed(trace.rungs):
            yield _rung(rung)


def _behind(rule: Rule, book: RuleBook) -> Iterator[Rule]:
    """Every rule whose findings the rule looks for, directly or through other correlations."""
    waiting, met = [rule], {rule.id}
    while waiting:
        correlation = waiting.pop().correlation
        for pattern in (*correlation.of, *correlation.none) if correlation else ():
            for other in book.rules.values():
                named = other.id == pattern.rule if pattern.rule else other.topic == pattern.topic
                if pattern.kind == "finding" and named and other.id not in met and other.judged:
                    met.add(other.id)
                    waiting.append(other)
                    yield other


def _rung(rung: RungTrace) -> str:
    """`orange: not held: at_least needs 6; rare needs 5 where 1.2 is usual`."""
    said = []
    for signal in rung.signals:
        needed = "cannot hold" if signal.needed is None else f"needs {signal.needed:g}"
        usual = "" if signal.expected is None else f" where {signal.expected:.2g} is usual"
        said.append(f"{signal.test} {needed}{usual}")
    held = {Held.HELD: "held", Held.NOT: "not held", Held.UNKNOWN: "unknown"}[rung.held]
    return f"{rung.grade.word} {held}: {'; '.join(said)}"


def _seen(seen: dict[str, Hits]) -> Iterator[str]:
    for pattern, hits in seen.items():
        places = [f"{area} ({max(moments):%Y-%m-%d})" for area, moments in sorted(hits.at.items())]
        blind = f"; nobody could see {', '.join(sorted(hits.blind))}" if hits.blind else ""
        yield f"{pattern}: {', '.join(places) or 'nowhere'}{blind}"
