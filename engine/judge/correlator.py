"""Correlations judged run after run, upon what stood before each and what it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Protocol

from engine.infer.correlate import Correlated
from engine.infer.resolve import Hits, Stands
from engine.infer.strata import patterns
from engine.judge.find import Found
from engine.judge.past import Past
from engine.judge.seek import meant
from engine.model.area import AreaTree
from engine.model.finding import Held, Outcome
from engine.model.grade import Grade
from engine.model.period import Calendar, Period
from engine.model.rule import Pattern, Rule, RuleBook
from engine.model.warning import Standing
from engine.warn.settle import Ground, settle

Cell = tuple[str, str]


class Correlate(Protocol):
    """How correlation rules are judged: `engine.infer.correlate` with its evaluator."""

    def __call__(
        self, rules: Sequence[Rule], tree: AreaTree, hits: Callable[[Rule, Pattern], Hits], *, at: datetime,
        stands: Stands,
    ) -> Correlated: ...  # fmt: skip


@dataclass(frozen=True)
class Correlator:
    """Adds to what the other rules found what their correlations find.

    A pattern sees a part of the run's own cycle as it stands after this run, any other as it stood at each
    cut of the days looked at. past: what stood before the first run; it grows with each.
    """

    book: RuleBook
    tree: AreaTree
    calendar: Calendar
    correlate: Correlate
    past: Past = field(default_factory=Past)
    ground: Ground = field(default_factory=Ground)

    @cached_property
    def watched(self) -> list[Rule]:
        """The rules whose findings any correlation sees standing."""
        return parts([rule for rule in self.book.rules.values() if rule.judged], self.book)

    def step(self, rules: Sequence[Rule], period: Period, found: Found) -> Found:
        """One run of a calendar cycle: what `rules` found, with what the correlations among them find."""
        self._keep([one for one in self.watched if one.correlation is None], period, found)
        answered = self.look(rules, period, found)
        self._keep([one for one in self.watched if one.correlation is not None], period, answered)
        return answered

    def look(self, rules: Sequence[Rule], period: Period, found: Found) -> Found:
        """What the correlations find, given what stands; nothing of it is remembered."""
        combined = [rule for rule in rules if rule.correlation is not None]
        if not combined:
            return found

        def hits(rule: Rule, pattern: Pattern) -> Hits:
            sought = found.sought[rule.id, pattern]
            return self._standing(rule, pattern, sought, found.cut, combined) if pattern.standing else sought

        def stands(rule: Rule, held: Mapping[str, tuple[Held, ...]]) -> dict[str, Grade]:
            now = self._after([rule], period, [Outcome(rule.id, rule.hash, *of) for of in held.items()])
            return {area: one.grade for (_, area), one in now.items() if one.grade is not Grade.NONE}

        at = self.calendar.midnight(found.cut)
        answer = self.correlate(combined, self.tree, hits, at=at, stands=stands)
        return replace(
            found, outcomes=(*found.outcomes, *answer.outcomes), degraded=answer.degraded,
            disputed=answer.disputed,
        )  # fmt: skip

    def _standing(
        self, seeker: Rule, pattern: Pattern, sought: Hits, cut: date, judged: Sequence[Rule]
    ) -> Hits:
        """Where and at which cuts a finding stood; what is judged in this run is seen when it is."""
        assert seeker.correlation is not None
        at: dict[str, list[datetime]] = {}
        for back in reversed(range(max(1, seeker.correlation.within.days))):
            day = cut - timedelta(days=back)
            for source in meant(self.book, pattern, seeker):
                if day == cut and source in judged:
                    continue
                for one in self.past.standing(source.id, self.calendar.cut_at(day)):
                    if one.grade >= pattern.grade and not (one.trial and seeker.stands):
                        at.setdefault(one.area, []).append(self.calendar.midnight(day))
        return Hits({area: tuple(sorted(set(moments))) for area, moments in at.items()},
                    frozenset(sought.blind - at.keys()))  # fmt: skip

    def _keep(self, rules: Sequence[Rule], period: Period, found: Found) -> None:
        rules = [rule for rule in rules if rule.id not in found.disputed]
        before = self.past.now([rule.id for rule in rules])
        after = self._after(rules, period, found.outcomes)
        self.past.keep(period.due_at, [one for cell, one in after.items() if one != before.get(cell)])

    def _after(
        self, rules: Sequence[Rule], period: Period, outcomes: Sequence[Outcome]
    ) -> dict[Cell, Standing]:
        """What stands of these rules after the run, by the counters that conclude moves on."""
        book = RuleBook({rule.id: rule for rule in rules})
        found = {(one.rule, one.area): one for one in outcomes if one.rule in book.rules}
        before = self.past.now(book.rules)
        return {**before, **settle(book, period, found, before, self.ground).moved}


def parts(rules: Sequence[Rule], book: RuleBook) -> list[Rule]:
    """The rules whose findings correlations among `rules` see standing, by id."""
    found = {
        part.id: part
        for rule in rules if rule.correlation is not None
        for pattern in patterns(rule) if pattern.standing
        for part in meant(book, pattern, rule)
    }  # fmt: skip
    return [found[id_] for id_ in sorted(found)]


def looked_back(rules: Sequence[Rule]) -> timedelta:
    """How far before the cut the correlations among `rules` look, at most."""
    return max((rule.correlation.within for rule in rules if rule.correlation), default=timedelta(0))

