"""Patterns to bits: scope, counting, order and absence, all in three values and without I/O."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from engine.infer.program import Attribute, Conclusions, Fact, Kind, Program
from engine.infer.scope import viewers
from engine.infer.strata import correlation_of, feeds, patterns
from engine.model.area import AreaTree
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.rule import Pattern, Rule

#: What does not say its hour is known to a day, of 25 hours at most.
_VAGUE = timedelta(hours=25)
#: The first and the last moment at which something may have happened.
Span: TypeAlias = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Hits:
    """What one pattern found anywhere, before scope.

    at: area -> the aware moments at which the pattern held (the due moment of a finding, the
    occurrences of incidents), no older than the correlation's `within`; the pattern's own count,
    grade and tests have been applied. blind: areas where it did not hold, but nobody could see.
    """

    at: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    blind: frozenset[str] = frozenset()
    #: Of areas where moments are not exactly known: the first and the last that each of them may be.
    spans: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


#: Where, and at which grade, a correlation of this run stands after it, given how its rungs came out by area.
Stands: TypeAlias = Callable[[Rule, Mapping[str, tuple[Held, ...]]], Mapping[str, Grade]]
#: What a rule's pattern found; never findings of the rule itself, or it would keep itself alive.
Seek: TypeAlias = Callable[[Rule, Pattern], Hits]


def undelayed(rule: Rule, held: Mapping[str, tuple[Held, ...]]) -> dict[str, Grade]:
    """The highest rung that holds in each area: what stands where nothing stood and nothing delays."""
    grades = [grade for grade, _ in correlation_of(rule).rungs]
    return {
        area: grade
        for area, of in held.items()
        for grade, one in zip(grades, of, strict=True)
        if one is Held.HELD
    }


@dataclass(slots=True)
class View:
    """What one pattern shows in the scope of one judged area."""

    at: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    blind: set[str] = field(default_factory=set)
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)

    def when(self) -> list[Span]:
        """When it may have happened, everywhere in the scope, from the earliest on."""
        return sorted({
            span for area, moments in self.at.items()
            for span in (self.spans.get(area) or ((moment, moment) for moment in moments))
        })  # fmt: skip

    @property
    def held(self) -> Held:
        if self.at:
            return Held.HELD
        return Held.UNKNOWN if self.blind else Held.NOT


#: For each pattern of a rule, wanted before unwanted: judged area -> what is seen from it.
Views: TypeAlias = tuple[dict[str, View], ...]
NOTHING = View()


def absent(view: View) -> Held:
    """Proven absence: a blind area proves nothing."""
    return {Held.HELD: Held.NOT, Held.UNKNOWN: Held.UNKNOWN, Held.NOT: Held.HELD}[view.held]


def counted(views: Sequence[View]) -> tuple[int, int]:
    """How many matches are seen, and how many more there could be where nobody sees.

    Of one pattern the areas count, of several the patterns: `at_least: 2` of one pattern means two
    areas, of three patterns any two of them.
    """
    if len(views) == 1:
        return len(views[0].at), len(views[0].blind)
    held = [view.held for view in views]
    return held.count(Held.HELD), held.count(Held.UNKNOWN)


def at_least(views: Sequence[View], number: int) -> Held:
    """Whether at least `number` matches are seen."""
    seen, hidden = counted(views)
    if seen >= number:
        return Held.HELD
    return Held.UNKNOWN if seen + hidden >= number else Held.NOT


def in_order(views: Sequence[View], after: timedelta = timedelta(0)) -> Held:
    """Whether one moment of each pattern can be picked, each later than the one before; after: and by no more
    than that, unless it is zero.

    A pattern that is blind somewhere in the scope may have held at any moment there.
    """
    if after:
        return _soon_after(views, after)
    if _ascending(views):
        return Held.HELD
    seen = [view for view in views if not view.blind]
    return Held.UNKNOWN if len(seen) < len(views) and _ascending(seen) else Held.NOT


def _soon_after(views: Sequence[View], after: timedelta) -> Held:
    if _chained(views, after, sure=True):
        return Held.HELD
    seen = [view for view in views if not view.blind]
    if len(seen) < len(views):
        # What nobody sees may lie between any two of the others, and soon after each.
        return Held.UNKNOWN if _chained(seen, after * len(views), sure=False) else Held.NOT
    return Held.UNKNOWN if _chained(views, after, sure=False) else Held.NOT


def _chained(views: Sequence[View], after: timedelta, *, sure: bool) -> bool:
    """Whether each can follow the one before so soon; sure: whenever they were within what is known."""
    reached: list[Span] | None = None
    for view in views:
        spans = view.when()
        if reached is not None:
            before = reached
            spans = [span for span in spans if _follows(before, span, after, sure=sure)]
        if not spans:
            return False
        reached = spans
    return True


def _follows(before: Sequence[Span], span: Span, after: timedelta, *, sure: bool) -> bool:
    first, last = span
    upto = bisect_left(before, (last, last))
    for at in range(upto - 1, -1, -1):
        begin, end = before[at]
        if sure and end < first and last - begin <= after:
            return True
        if not sure and begin < last and first - end <= after:
            return True
        if first - begin > after + _VAGUE:
            return False
    return False


def _ascending(views: Sequence[View]) -> bool:
    last: datetime | None = None
    for view in views:
        moments = (moment for found in view.at.values() for moment in found)
        last = min((moment for moment in moments if last is None or moment > last), default=None)
        if last is None:
            return False
    return True


def bit(
    attribute: Attribute, wanted: Sequence[View], unwanted: Sequence[View], after: timedelta = timedelta(0)
) -> Held:
    """An attribute's value in one area, from what its rule's patterns show there."""
    if attribute.kind is Kind.MATCHED:
        return wanted[attribute.number].held
    if attribute.kind is Kind.ABSENT:
        return absent(unwanted[attribute.number])
    if attribute.kind is Kind.COUNT:
        return at_least(wanted, attribute.number)
    return in_order(wanted, after)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum resolved on top of what was concluded below it."""

    concluded: Conclusions
    facts: tuple[Fact, ...]
    views: Mapping[str, Views]


class Resolver:
    """The facts of one judgement, stratum by stratum; `at` is the moment judged."""

    def __init__(
        self, program: Program, tree: AreaTree, seek: Seek, at: datetime, stands: Stands = undelayed
    ) -> None:
        self._program, self._tree, self._at, self._stands = program, tree, at, stands
        self._rules = tuple(rule for stratum in program.strata for rule in stratum)
        self._level = {rule.id: n for n, stratum in enumerate(program.strata) for rule in stratum}
        self._sought = {
            (rule.id, n): seek(rule, pattern)
            for rule in self._rules
            for n, pattern in enumerate(patterns(rule))
        }
        self._resolved: dict[int, Stratum] = {}

    def facts(self, stratum: int, concluded: Conclusions) -> Sequence[Fact]:
        """One fact for each area of the stratum with something to combine."""
        return self._on(stratum, concluded).facts

    def views(self, rule: Rule, concluded: Conclusions) -> Views:
        """What the rule's patterns show, given what was concluded below it."""
        return self._on(self._level[rule.id], concluded).views[rule.id]

    def _on(self, stratum: int, concluded: Conclusions) -> Stratum:
        """Resolved once for both evaluators, unless they concluded different things below."""
        below = {head: dict(areas) for head, areas in concluded.items() if self._level[head[0]] < stratum}
        known = self._resolved.get(stratum)
        if known is None or known.concluded != below:
            known = self._resolved[stratum] = self._resolve(stratum, below)
        return known

    def _resolve(self, stratum: int, concluded: Conclusions) -> Stratum:
        views: dict[str, Views] = {}
        bits: dict[str, dict[str, Held]] = {}
        for rule in self._program.strata[stratum]:
            views[rule.id] = self._look(rule, concluded)
            for area in self._candidates(rule, views[rule.id]):
                for name, held in self._bits(rule, views[rule.id], area):
                    bits.setdefault(area, {})[name] = held
        facts = tuple(Fact(area, bits[area]) for area in sorted(bits))
        return Stratum(concluded, facts, views)

    def _look(self, rule: Rule, concluded: Conclusions) -> Views:
        seen_by = viewers(self._tree, correlation_of(rule).scope, rule.level)
        looks: list[dict[str, View]] = []
        for position, pattern in enumerate(patterns(rule)):
            hits = self._hits(rule, position, pattern, concluded)
            look: dict[str, View] = {}
            for area, moments in hits.at.items():
                for viewer in seen_by(area):
                    view = look.setdefault(viewer, View())
                    view.at[area] = moments
                    if area in hits.spans:
                        view.spans[area] = hits.spans[area]
            for area in hits.blind:
                for viewer in seen_by(area):
                    look.setdefault(viewer, View()).blind.add(area)
            looks.append(look)
        return tuple(looks)

    def _hits(self, rule: Rule, position: int, pattern: Pattern, concluded: Conclusions) -> Hits:
        """What was sought and what was concluded just now, at the pattern's level."""
        sought = self._sought[rule.id, position]
        at = {area: set(moments) for area, moments in sought.at.items()}
        blind = set(sought.blind)
        for producer in self._rules:
            if feeds(producer, rule, pattern):
                found, unseen = self._found(producer, pattern, concluded)
                for area in found:
                    at.setdefault(area, set()).add(self._at)
                blind |= unseen
        return Hits(
            {area: tuple(sorted(at[area])) for area in sorted(at) if self._fits(area, pattern)},
            frozenset(area for area in blind - at.keys() if self._fits(area, pattern)),
            sought.spans,
        )

    def _found(self, producer: Rule, pattern: Pattern, concluded: Conclusions) -> tuple[set[str], set[str]]:
        """Where the producer finds now what the pattern means, and where it cannot tell."""
        rungs = correlation_of(producer).rungs
        by_rung = [concluded.get((producer.id, position), {}) for position in range(len(rungs))]
        held = {
            area: tuple(rung.get(area, Held.NOT) for rung in by_rung)
            for area in sorted(set[str]().union(*by_rung))
        }  # fmt: skip
        meant = [position for position, (grade, _) in enumerate(rungs) if grade >= pattern.grade]
        unseen = {area for area, of in held.items() if any(of[at] is Held.UNKNOWN for at in meant)}
        stands = (self._stands if pattern.standing else undelayed)(producer, held)
        return {area for area, grade in stands.items() if grade >= pattern.grade}, unseen

    def _fits(self, area: str, pattern: Pattern) -> bool:
        return not pattern.level or self._tree[area].level == pattern.level

    def _candidates(self, rule: Rule, views: Views) -> Iterable[str]:
        """Where something wanted is seen or hidden; everywhere for a rule that only rules out."""
        wanted = len(correlation_of(rule).of)
        found = set[str]().union(*views[:wanted]) if wanted else self._tree.at(rule.level)
        return (area for area in found if rule.judges(area))

    def _bits(self, rule: Rule, views: Views, area: str) -> Iterator[tuple[str, Held]]:
        here = [look.get(area, NOTHING) for look in views]
        split = len(correlation_of(rule).of)
        for attribute in self._program.of_rule.get(rule.id, ()):
            held = bit(attribute, here[:split], here[split:], correlation_of(rule).after)
            if held is not Held.NOT:
                yield attribute.name, held
