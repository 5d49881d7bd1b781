"""What the patterns of correlations find: findings of other rules, and incidents counted by area."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.detect.measure import Known, starts_of
from engine.detect.series import Floats, Past
from engine.infer.resolve import Hits, Span
from engine.infer.strata import feeds
from engine.judge.ladder import ladder, measured
from engine.judge.panels import Panels
from engine.model.finding import Held
from engine.model.incident import Precision
from engine.model.indicator import Indicator
from engine.model.period import Cycle
from engine.model.rule import Pattern, Rule, RuleBook, Rung, Window

_SECOND = timedelta(seconds=1)
#: Among so many days there is always a period end of the cycle.
PACE = {Cycle.DAILY: 1, Cycle.WEEKLY: 7, Cycle.MONTHLY: 31}


class Patterns:
    """The hits of every pattern at every cut, each pattern measured once for all cuts together."""

    def __init__(self, book: RuleBook, panels: Panels, cuts: Sequence[date]) -> None:
        self.book, self.panels, self.cuts = book, panels, list(cuts)
        self._made: dict[tuple[str, Pattern], tuple[Hits, ...]] = {}

    def at(self, position: int) -> Callable[[Rule, Pattern], Hits]:
        def hits(rule: Rule, pattern: Pattern) -> Hits:
            key = (rule.id, pattern)
            if key not in self._made:
                self._made[key] = tuple(self._hits(rule, pattern))
            return self._made[key][position]

        return hits

    def _hits(self, rule: Rule, pattern: Pattern) -> Iterator[Hits]:
        assert rule.correlation is not None
        within = max(1, rule.correlation.within.days)
        if pattern.indicator is not None:
            yield from self._incidents(rule, pattern, pattern.indicator, within)
            return
        sources = [one for one in meant(self.book, pattern, rule) if one.indicator is not None]
        parts = [list(self._findings(one, pattern, within)) for one in sources]
        for at in range(len(self.cuts)):
            yield _merge([part[at] for part in parts])

    def _incidents(self, rule: Rule, pattern: Pattern, indicator: Indicator, within: int) -> Iterator[Hits]:
        """Areas that saw at least `count` within the days before the cut; moments are their days."""
        level = pattern.level or rule.level
        probe = replace(rule, level=level, window=Window(days=within))
        days = np.array([cut.toordinal() for cut in self.cuts], np.int64)
        series = measured(probe, indicator, self.panels, days, Past(0))
        counts = self._daily(indicator, level, days, within)
        blind = ~series.whole if series.unmonitored is None else ~series.whole | series.unmonitored
        areas = self.panels.tree.at(level)
        exactly = rule.correlation is not None and bool(rule.correlation.after)
        for at, cut in enumerate(self.cuts):
            hit = counts[at].sum(axis=1) >= pattern.count
            moments = {
                areas[area]: tuple(
                    self.panels.calendar.midnight(cut - timedelta(days=within - int(day)))
                    for day in np.flatnonzero(counts[at, area])
                )
                for area in np.flatnonzero(hit)
            }
            unseen = frozenset(areas[area] for area in np.flatnonzero(blind[at] & ~hit))
            if exactly:
                spans = self._occurred(indicator, level, cut, within)
                moments = {area: tuple(first for first, _ in spans.get(area, ())) for area in moments}
                yield Hits(moments, unseen, {area: spans[area] for area in moments if area in spans})
            else:
                yield Hits(moments, unseen)

    def _occurred(
        self, indicator: Indicator, level: str, cut: date, within: int
    ) -> dict[str, tuple[Span, ...]]:
        """When what is counted in each area happened, by what was known at a cut: the first and the last
        moment of its day where it does not say its hour."""
        calendar, tree = self.panels.calendar, self.panels.tree
        since, until = calendar.midnight(cut - timedelta(days=within)), calendar.midnight(cut)
        found: dict[str, set[Span]] = {}
        for one in self.panels.incidents(indicator, since, until, calendar.cut_at(cut)):
            span = one.occurred_at, one.occurred_at
            if one.precision is not Precision.MINUTE:
                day = calendar.local_day(one.occurred_at)
                ends = calendar.midnight(day + timedelta(days=1)).astimezone(UTC) - _SECOND
                span = calendar.midnight(day).astimezone(UTC), ends
            for area in tree.holding(one.areas, level):
                found.setdefault(area, set()).add(span)
        return {area: tuple(sorted(spans)) for area, spans in found.items()}

    def _daily(self, indicator: Indicator, level: str, cuts: NDArray[np.int64], within: int) -> Floats:
        """(C, A, within) what was told of each of the days before the cut, the oldest first."""
        first = int(cuts[0]) - within
        deltas = self.panels.deltas(indicator, level, first, int(cuts[-1]))
        known = Known(deltas, first, cuts, totals=False)
        return known.sums(starts_of(cuts, 1, Past(within - 1)), 1)[:, :, ::-1]

    def _findings(self, source: Rule, pattern: Pattern, within: int) -> Iterator[Hits]:
        """Where the source rule (or the pattern's own tests on it) held at its cuts within reach.

        Of what stands only the runs know: for that, it is no more than where nobody could see.
        """
        reach = {cut: sorted(_ends(source.cycle, cut, within)) for cut in self.cuts}
        if pattern.standing:
            reach = {cut: sorted({*of, _last(source.cycle, cut, within)}) for cut, of in reach.items()}
        ends = sorted(set[date]().union(*reach.values()))
        rungs = [Rung(pattern.grade, pattern.tests)] if pattern.tests else [
            rung for rung in source.rungs if rung.grade >= pattern.grade
        ]  # fmt: skip
        if not rungs or not ends:
            yield from (Hits({}, frozenset()) for _ in self.cuts)
            return
        held = ladder(source, self.panels, ends, rungs).held[0]
        areas = self.panels.tree.at(source.level)
        place = {end: row for row, end in enumerate(ends)}
        for cut in self.cuts:
            rows = [place[end] for end in reach[cut]]
            moments: dict[str, tuple[datetime, ...]] = {}
            for row in rows if not pattern.standing else ():
                for area in np.flatnonzero(held[row] == Held.HELD):
                    when = self.panels.calendar.midnight(ends[row])
                    moments[areas[area]] = (*moments.get(areas[area], ()), when)
            unknown = (held[rows] == Held.UNKNOWN).any(axis=0) if rows else np.zeros(len(areas), bool)
            blind = frozenset(areas[a] for a in np.flatnonzero(unknown) if areas[a] not in moments)
            yield Hits(moments, blind)


def meant(book: RuleBook, pattern: Pattern, seeker: Rule) -> list[Rule]:
    """The rules whose findings the seeker's pattern means: those with an indicator, and where it looks at
    what stands the correlations of its own cycle; a rule on trial feeds no stable one."""
    return [one for one in book.rules.values() if _finds(one, pattern, seeker)]


def _finds(source: Rule, pattern: Pattern, seeker: Rule) -> bool:
    if source.cycle is Cycle.IMMEDIATE or not source.judged:
        return False
    if source.indicator is None:
        return pattern.standing and feeds(source, seeker, pattern)
    if seeker.stands and not source.stands:
        return False
    return source.id == pattern.rule if pattern.rule else source.topic == pattern.topic


def _ends(cycle: Cycle, cut: date, within: int) -> Iterator[date]:
    """The period ends of a cycle in the `within` days up to the cut."""
    for back in range(within):
        end = cut - timedelta(days=back)
        weekly, monthly = cycle is Cycle.WEEKLY, cycle is Cycle.MONTHLY
        if not (weekly and end.weekday()) and not (monthly and end.day != 1):
            yield end


def _last(cycle: Cycle, cut: date, within: int) -> date:
    """The period end of a cycle that was the last one when the days up to the cut began."""
    first = cut - timedelta(days=within - 1)
    return next(_ends(cycle, first, PACE[cycle]))


def _merge(parts: Sequence[Hits]) -> Hits:
    moments: dict[str, tuple[datetime, ...]] = {}
    for part in parts:
        for area, at in part.at.items():
            moments[area] = tuple(sorted({*moments.get(area, ()), *at}))
    return Hits(moments, frozenset(a for part in parts for a in part.blind if a not in moments))
