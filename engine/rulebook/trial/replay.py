"""A rule test played: every judgement up to its own, by the one judge, and what came of the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from engine.infer import reference
from engine.infer.correlate import Correlated, correlate
from engine.infer.resolve import Hits, Stands
from engine.judge import (
    Before,
    Correlate,
    Correlator,
    Terms,
    conclude,
    find,
    find_immediate,
    next_end,
    trace_of,
)
from engine.model.area import AreaTree
from engine.model.finding import Held, Outcome, Trace
from engine.model.grade import Grade
from engine.model.message import Route
from engine.model.period import CALENDAR, Calendar, Cycle, Period
from engine.model.rule import Pattern, Rule, RuleBook, Status
from engine.model.warning import Change, RiskWarning, Standing
from engine.notify.audience import hearers
from engine.rulebook.context import Context
from engine.rulebook.language.example import Example
from engine.rulebook.trial.draft import DraftPanels
from engine.rulebook.trial.scene import Scene

#: The plain evaluator: rule tests need no child process.
PLAIN: Correlate = partial(correlate, evaluator=reference.evaluate)


@dataclass(frozen=True)
class Played:
    """How one rule test went; everything but `peaks` and `hits` is of its last judgement.

    standing: what stands, by area; outcomes: what the rule found, before delays; changes and told:
    what became of the warning, and the receivers who hear of that; peaks: the highest grade that ever
    stood; hits: where each pattern of a correlation was found.
    """

    rule: Rule
    scene: Scene
    standing: Mapping[str, Standing] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)
    peaks: Mapping[str, Grade] = field(default_factory=dict)
    hits: Mapping[Pattern, Hits] = field(default_factory=dict)
    trace: Callable[[str], Trace | None] = lambda area: None

    def grade(self, area: str) -> Grade:
        return self.standing[area].grade if area in self.standing else Grade.NONE

    def word(self, area: str) -> str:
        """The grade that stands there; `unknown` where none does and nobody could tell."""
        grade, outcome = self.grade(area), self.outcomes.get(area)
        blind = grade is Grade.NONE and outcome is not None and Held.UNKNOWN in outcome.held
        return "unknown" if blind else grade.word


def play(
    rule: Rule, book: RuleBook, example: Example, context: Context, calendar: Calendar,
    judge_correlations: Correlate = PLAIN,
) -> Played:  # fmt: skip
    """The test `example` of `rule`, as if the rule stood, whatever its status is."""
    return Stage(rule, book, example, context, calendar, judge_correlations).play(rule)


class Stage:
    """A rule's test set up once, on which the rule and others in its place are judged by what it gives."""

    def __init__(
        self, rule: Rule, book: RuleBook, example: Example, context: Context, calendar: Calendar,
        judge_correlations: Correlate = PLAIN,
    ) -> None:  # fmt: skip
        self.rule, self.book, self.example = replace(rule, status=Status.STABLE), book, example
        self.context, self.calendar, self.judge = context, calendar, judge_correlations
        self._set: dict[tuple[Rule, ...], tuple[Scene, DraftPanels]] = {}

    def play(self, rule: Rule) -> Played:
        """How the test goes if the rule stands as it is given here."""
        rule = replace(rule, status=Status.STABLE)
        rules = {**self.book.rules, rule.id: rule}
        around = tuple(_behind(rule, RuleBook(rules)))
        if around not in self._set:
            scene = Scene(self.rule, around, self.example, self.context, self.calendar)
            self._set[around] = scene, scene.panels()
        # Nobody looks for what the others find: they need not be judged.
        near = {rule.id, *(one.id for one in around)}
        book = RuleBook({id_: one for id_, one in rules.items() if id_ in near}, self.book.hash)
        return _Replay(rule, around, book, *self._set[around], self.context, self.judge).played()


class _Replay:
    """One test on its way through its judgements."""

    def __init__(
        self, rule: Rule, around: tuple[Rule, ...], book: RuleBook, scene: Scene, panels: DraftPanels,
        context: Context, judge_correlations: Correlate,
    ) -> None:  # fmt: skip
        self.rule, self.around, self.book, self.judge = rule, around, book, judge_correlations
        self.scene, self.panels, self.example = scene, panels, scene.example
        self.routes: Sequence[Route] = context.routes or ()
        self.standing: dict[str, Standing] = {}
        self.warnings: dict[str, RiskWarning] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.changes: dict[str, Change] = {}
        self.heard: dict[str, set[str]] = {}
        self.told: dict[str, frozenset[str]] = {}
        self.peaks: dict[str, Grade] = {}
        self.hits: dict[Pattern, Hits] = {}

    def played(self) -> Played:
        if self.rule.cycle is Cycle.IMMEDIATE:
            self._immediate()
        else:
            self._calendar()
        return Played(
            self.rule, self.scene, self.standing, self.outcomes, self.changes, self.told, self.peaks,
            self.hits, self._trace,
        )  # fmt: skip

    def _calendar(self) -> None:
        """Every cut of the rule and of those it looks at, so that the delays of all of them work."""
        calendar, rules = self.scene.calendar, (self.rule, *self.around)
        correlator = Correlator(self.book, self.panels.tree, calendar, self._correlate)
        runs = [
            (calendar.period(cycle, found.cut - date.resolution), found)
            for cycle in CALENDAR if any(rule.cycle is cycle for rule in rules)
            for found in find(_of(rules, cycle), self.panels, self.scene.cuts(cycle), book=self.book)
        ]
        for period, found in sorted(runs, key=lambda run: run[0].rank):
            found = correlator.step(_of(rules, period.cycle), period, found)
            if period.cycle is self.rule.cycle:
                self.outcomes = {one.area: one for one in found.outcomes if one.rule == self.rule.id}
                self._conclude(period, self.outcomes.values())

    def _immediate(self) -> None:
        """Every moment at which something became known, up to the test's own."""
        at = self.scene.moment()
        for moment in sorted({one.known_at for one in self.panels.given if one.known_at <= at}):
            period = self.scene.calendar.immediate(moment)
            self._end(moment)
            found = find_immediate([self.rule], self.panels, moment)
            self.outcomes |= {one.area: one for one in found}
            self._conclude(period, found)
        self._end(at)

    def _end(self, until: datetime) -> None:
        """Findings whose time is up by then end, each at its minute."""
        while (end := next_end(self.standing.values())) is not None and end <= until:
            self._conclude(Calendar.ending(end, self.scene.calendar.zone), ())

    def _conclude(self, period: Period, outcomes: Iterable[Outcome]) -> None:
        before = Before(
            standing={(self.rule.id, area): one for area, one in self.standing.items()},
            warnings={(one.area, one.topic): one for one in self.warnings.values()},
        )
        alone = RuleBook({self.rule.id: self.rule})
        concluded = conclude(alone, period, tuple(outcomes), before, Terms())
        self.standing |= {one.area: one for one in concluded.standing}
        for area, one in self.standing.items():
            self.peaks[area] = max(self.peaks.get(area, Grade.NONE), one.grade)
        now = {one.id: one for one in concluded.warnings}
        self.changes = {now[change.warning].area: change for change in concluded.changes}
        self.told = {
            area: self._tell(change, now[change.warning]) for area, change in self.changes.items()
        }  # fmt: skip
        self.warnings = {one.area: one for one in now.values() if one.open}

    def _tell(self, change: Change, warning: RiskWarning) -> frozenset[str]:
        """Who hears of the change, whom we then remember: whoever heard it rise hears it fall."""
        heard = self.heard.setdefault(warning.id, set())
        told = hearers(change, warning, self.routes, self.panels.tree.lineage(warning.area), heard)
        heard |= told
        return told

    def _correlate(
        self, rules: Sequence[Rule], tree: AreaTree, hits: Callable[[Rule, Pattern], Hits], *, at: datetime,
        stands: Stands,
    ) -> Correlated:  # fmt: skip
        """The correlations judged, noting what each pattern of the tested rule found."""

        def noted(rule: Rule, pattern: Pattern) -> Hits:
            found = hits(rule, pattern)
            if rule.id == self.rule.id:
                self.hits[pattern] = found
            return found

        return self.judge(rules, tree, noted, at=at, stands=stands)

    def _trace(self, area: str) -> Trace | None:
        """Why the threshold rule judged the area as it did at last; nothing where it did not look."""
        if self.rule.correlation is not None:
            return None
        outcome = self.outcomes.get(area)
        if outcome is not None and outcome.trace is not None:
            return outcome.trace
        if self.rule.cycle is Cycle.IMMEDIATE:
            return None
        return trace_of(self.rule, self.panels, self.example.at.first, area)


def _of(rules: Iterable[Rule], cycle: Cycle) -> list[Rule]:
    return [rule for rule in rules if rule.cycle is cycle]


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
