"""The one judge: `find` what rules say, `conclude` what that changes. Pure; nothing else decides.

`find` is stateless and heavy: it may run outside locks, for many cuts at once. `conclude` is light and
runs inside the committing transaction. The live cycle, the immediate path, the backtest, the rule tests
and every what-if call these two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import numpy as np

from engine.detect import nowcast
from engine.detect.evaluate import Ladder, climb, pasts
from engine.detect.measure import measure, reach
from engine.detect.series import Past, Series
from engine.infer.correlate import Correlated
from engine.infer.resolve import Hits
from engine.model.area import Area, AreaTree
from engine.model.finding import Held, Outcome, Trace
from engine.model.grade import Confidence
from engine.model.incident import Incident, Precision
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, Watch
from engine.model.period import Calendar, Cycle
from engine.model.rule import Pattern, Rule, RuleBook, Rung, Window
from engine.warn.conclude import Before, Conclusion, Terms, conclude

__all__ = ["Before", "Conclusion", "Found", "Panels", "Terms", "conclude", "find", "find_immediate", "ladder"]

#: Cuts are judged together in blocks of at most this many array cells (about 64 MB).
_CELLS = 8_000_000


class Panels(Protocol):
    """Where `find` reads: the store's ledger as of a cut, or a draft's rows in memory."""

    tree: AreaTree
    calendar: Calendar

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        """Ledger rows of one level with day >= first that the cut may see."""

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        """Where and when somebody was looking, as known at the cut."""

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> Sequence[Incident]:
        """What matches, occurred in [since, until) and was known strictly before `known_before`."""


class Correlate(Protocol):
    """How correlation rules are judged: `engine.infer.correlate` with its evaluator."""

    def __call__(
        self, rules: Sequence[Rule], tree: AreaTree, hits: Callable[[Rule, Pattern], Hits], *, at: datetime
    ) -> Correlated: ...


@dataclass(frozen=True)
class Found:
    """What one cycle's rules found at one cut; an area without an outcome is quiet, and surely so."""

    cut: date
    outcomes: tuple[Outcome, ...] = ()
    #: Why the inference process's answer could not be had, and the rules on which it disagreed.
    degraded: str = ""
    disputed: frozenset[str] = field(default=frozenset())


def find(
    rules: Sequence[Rule], panels: Panels, cuts: Sequence[date], *,
    book: RuleBook | None = None, correlate: Correlate | None = None,
) -> tuple[Found, ...]:  # fmt: skip
    """Judge `rules` at every cut, each exactly as known then.

    rules: rules of one cycle; cuts: rising. `book` holds the rules that correlations refer to.
    """
    found: list[list[Outcome]] = [[] for _ in cuts]
    for rule in rules:
        if rule.indicator is not None:
            for at, outcome in _outcomes(rule, panels, cuts):
                found[at].append(outcome)
    combined = [rule for rule in rules if rule.correlation is not None]
    if not combined or correlate is None:
        return tuple(Found(cut, tuple(outcomes)) for cut, outcomes in zip(cuts, found, strict=True))
    patterns = _Patterns(book or RuleBook({rule.id: rule for rule in rules}), panels, cuts)
    results = []
    for at, cut in enumerate(cuts):
        answer = correlate(combined, panels.tree, patterns.at(at), at=panels.calendar.midnight(cut))
        results.append(Found(cut, (*found[at], *answer.outcomes), answer.degraded, answer.disputed))
    return tuple(results)


def ladder(
    rule: Rule, panels: Panels, cuts: Sequence[date], rungs: Sequence[Rung] | None = None
) -> Ladder:
    """One threshold rule's rungs (or others in their place) at every cut in every area of its level."""
    assert rule.indicator is not None
    rungs = rule.rungs if rungs is None else rungs
    days, indicator = np.array([cut.toordinal() for cut in cuts], np.int64), rule.indicator
    return climb(
        rungs, rule.window, lambda past: _series(rule, indicator, panels, days, past), fdr=rule.fdr
    )


def _series(
    rule: Rule, indicator: Indicator, panels: Panels, cuts: np.ndarray, past: Past
) -> Series:
    first, last = int(cuts[0]) - reach(rule.window, past), int(cuts[-1])
    watch = panels.watch(indicator, rule.level, first, last)
    totals = indicator.measure != "incidents"
    deltas = panels.deltas(indicator, rule.level, first, last)
    series = measure(deltas, watch, cuts, rule.window, past, totals=totals)
    areas = [panels.tree[code] for code in deltas.areas]
    series = replace(
        series,
        population=np.array([area.population or np.nan for area in areas], float),
        parents=np.unique([area.parent or "" for area in areas], return_inverse=True)[1],
        places=np.array([_lon_lat(area) for area in areas]), codes=deltas.areas,
    )  # fmt: skip
    if rule.share_of is not None:
        whole = measure(
            panels.deltas(rule.share_of, rule.level, first, last),
            panels.watch(rule.share_of, rule.level, first, last), cuts, rule.window, Past(0),
            totals=totals,
        )  # fmt: skip
        series = replace(series, whole_of=whole.observed, whole=series.whole & whole.whole)
    return _completed(rule, indicator, panels, series) if rule.nowcast else series


def _lon_lat(area: Area) -> tuple[float, float]:
    latitude, longitude = area.centroid or (np.nan, np.nan)
    return longitude, latitude


def _completed(rule: Rule, indicator: Indicator, panels: Panels, series: Series) -> Series:
    """The judged blocks as they will be once all reports are in, from the ledger's own delays; where
    that cannot be told they stay as reported."""
    first = int(series.cuts[0]) - nowcast.Params().history - rule.window.days
    deltas = panels.deltas(indicator, rule.level, first, int(series.cuts[-1]))
    found = nowcast.blocks(deltas, series.cuts, rule.window.days)
    better = found.known & series.whole
    observed = np.where(better, np.maximum(found.estimate, series.observed), series.observed)
    return replace(series, observed=observed, reported=series.observed)


def _blocks(rule: Rule, panels: Panels, cuts: Sequence[date]) -> Iterator[slice]:
    """The cuts in stretches whose arrays stay small."""
    blocks = pasts(rule.rungs, rule.window)[0].blocks
    size = max(1, _CELLS // max(1, len(panels.tree.at(rule.level)) * (blocks + 2)))
    return (slice(at, at + size) for at in range(0, len(cuts), size))


def _outcomes(rule: Rule, panels: Panels, cuts: Sequence[date]) -> Iterator[tuple[int, Outcome]]:
    """(position of the cut, outcome) wherever a rung holds or cannot be told."""
    areas = panels.tree.at(rule.level)
    for block in _blocks(rule, panels, cuts):
        judged = ladder(rule, panels, cuts[block])
        held = judged.held
        placed = _placed(rule, panels, cuts[block]) if (held == Held.HELD).any() else None
        for at, area in np.argwhere((held != Held.NOT).any(axis=0)):
            states = tuple(Held(int(state)) for state in held[:, at, area])
            trace = None
            if Held.HELD in states:
                trace = _trace(rule, judged, cuts[block][at], (at, area), areas[area], placed)
            yield block.start + at, Outcome(rule.id, rule.hash, areas[area], states, trace)


def trace_of(rule: Rule, panels: Panels, cut: date, area: str) -> Trace:
    """Why one threshold rule judged one area as it did, whether or not anything fired."""
    judged = ladder(rule, panels, [cut])
    cell = (0, panels.tree.at(rule.level).index(area))
    return _trace(rule, judged, cut, cell, area, _placed(rule, panels, [cut]))


def _trace(
    rule: Rule, judged: Ladder, cut: date, cell: tuple[int, int], area: str,
    placed: np.ndarray | None,
) -> Trace:  # fmt: skip
    series = judged.series
    share = 1.0 if placed is None else float(placed[cell])
    confidence, cause = _confidence(series, cell, share)
    return Trace(
        rule=rule.id, rule_hash=rule.hash, area=area,
        window=((cut - timedelta(days=series.window)).isoformat(), cut.isoformat()),
        observed=float(series.observed[cell]),
        baseline=tuple(float(value) for value in series.baseline[cell]),
        data_state=_state(series, cell),
        aside=0.0 if series.aside is None else float(series.aside[cell]),
        reported=None if series.reported is None else float(series.reported[cell]),
        rungs=judged.traces(*cell),
        confidence=confidence, confidence_cause=cause,
    )  # fmt: skip


def _state(series: Series, cell: tuple[int, int]) -> str:
    if series.unmonitored is not None and series.unmonitored[cell]:
        return "unmonitored"
    if not series.whole[cell]:
        return "source failure"
    return "observed" if series.observed[cell] > 0 else "observed zero"


def _confidence(series: Series, cell: tuple[int, int], placed: float) -> tuple[Confidence, str]:
    """The least of coverage, placed share and baseline completeness, in a word with its cause."""
    blocks = series.baseline.shape[2]
    complete = float(series.valid[cell]) / blocks if blocks else 1.0
    if not series.whole[cell]:
        return Confidence.LOW, "a feed was silent within the window: the count is a lower bound"
    if complete < 0.75:
        return Confidence.LOW, f"only {complete:.0%} of the baseline is known"
    if placed < 0.9:
        return Confidence.MEDIUM, f"{1 - placed:.0%} of the reports could not be placed this exactly"
    return Confidence.HIGH, ""


def _placed(rule: Rule, panels: Panels, cuts: Sequence[date]) -> np.ndarray | None:
    """(C, A) share of the reports in the area above that were placed at this level or below."""
    tree, indicator = panels.tree, rule.indicator
    position = tree.levels.index(rule.level)
    if position == 0 or indicator is None:
        return None
    days = np.array([cut.toordinal() for cut in cuts], np.int64)
    first, last = int(days[0]) - rule.window.days, int(days[-1])
    above = tree.levels[position - 1]
    counts = {}
    for level in (rule.level, above):
        deltas = panels.deltas(indicator, level, first, last)
        watch = Watch.always(len(deltas.areas))
        counts[level] = measure(deltas, watch, days, rule.window, Past(0)).observed
    parents = tree.at(above)
    share = np.ones_like(counts[rule.level])
    for column, code in enumerate(parents):
        children = [i for i, area in enumerate(tree.at(rule.level)) if code in tree.lineage(area)]
        whole = counts[above][:, column]
        located = counts[rule.level][:, children].sum(axis=1)
        share[:, children] = np.where(whole > 0, located / np.maximum(whole, 1), 1.0)[:, None]
    return share


class _Patterns:
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
        sources = [one for one in self.book.rules.values() if _finds(one, pattern, rule)]
        parts = [list(self._findings(one, pattern, within)) for one in sources]
        for at in range(len(self.cuts)):
            yield _merge([part[at] for part in parts])

    def _incidents(self, rule: Rule, pattern: Pattern, indicator: Indicator, within: int) -> Iterator[Hits]:
        """Areas that saw at least `count` within the days before the cut; moments are their days."""
        level = pattern.level or rule.level
        probe = replace(rule, level=level, window=Window(days=1))
        days = np.array([cut.toordinal() for cut in self.cuts], np.int64)
        series = _series(probe, indicator, self.panels, days, Past(within - 1))
        counts = np.concatenate([series.baseline, series.observed[:, :, None]], axis=2)
        blind = np.isnan(counts).any(axis=2) | ~series.whole
        counts = np.nan_to_num(counts)
        areas = self.panels.tree.at(level)
        for at, cut in enumerate(self.cuts):
            hit = counts[at].sum(axis=1) >= pattern.count
            moments = {
                areas[area]: tuple(
                    self.panels.calendar.midnight(cut - timedelta(days=within - int(day)))
                    for day in np.flatnonzero(counts[at, area])
                )
                for area in np.flatnonzero(hit)
            }
            yield Hits(moments, frozenset(areas[area] for area in np.flatnonzero(blind[at] & ~hit)))

    def _findings(self, source: Rule, pattern: Pattern, within: int) -> Iterator[Hits]:
        """Where the source rule (or the pattern's own tests on it) held at its cuts within reach."""
        ends = sorted({end for cut in self.cuts for end in _ends(source.cycle, cut, within)})
        rungs = [Rung(pattern.grade, pattern.tests)] if pattern.tests else [
            rung for rung in source.rungs if rung.grade >= pattern.grade
        ]  # fmt: skip
        if not rungs or not ends:
            yield from (Hits({}, frozenset()) for _ in self.cuts)
            return
        held = ladder(source, self.panels, ends, rungs).held[0]
        areas = self.panels.tree.at(source.level)
        for cut in self.cuts:
            rows = [i for i, end in enumerate(ends) if cut - timedelta(days=within) < end <= cut]
            moments: dict[str, tuple[datetime, ...]] = {}
            for row in rows:
                for area in np.flatnonzero(held[row] == Held.HELD):
                    when = self.panels.calendar.midnight(ends[row])
                    moments[areas[area]] = (*moments.get(areas[area], ()), when)
            unknown = (held[rows] == Held.UNKNOWN).any(axis=0) if rows else np.zeros(len(areas), bool)
            blind = frozenset(areas[a] for a in np.flatnonzero(unknown) if areas[a] not in moments)
            yield Hits(moments, blind)


def _finds(source: Rule, pattern: Pattern, seeker: Rule) -> bool:
    """Whether the seeker's pattern means the source's findings; a rule on trial feeds no stable one."""
    if source.indicator is None or source.cycle is Cycle.IMMEDIATE or not source.judged:
        return False
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


def _merge(parts: Sequence[Hits]) -> Hits:
    moments: dict[str, tuple[datetime, ...]] = {}
    for part in parts:
        for area, at in part.at.items():
            moments[area] = tuple(sorted({*moments.get(area, ()), *at}))
    return Hits(moments, frozenset(a for part in parts for a in part.blind if a not in moments))


def find_immediate(rules: Sequence[Rule], panels: Panels, moment: datetime) -> tuple[Outcome, ...]:
    """Judge what became known at `moment`: only the areas it touches, from incidents of the last
    hours; what reached us longer than a rule's `max_age` after it happened raises nothing."""
    return tuple(outcome for rule in rules for outcome in _immediate(rule, panels, moment))


def _immediate(rule: Rule, panels: Panels, moment: datetime) -> Iterator[Outcome]:
    assert rule.indicator is not None
    # In UTC: moments of one zone differ by their clocks, and in the hour that comes twice they equal none.
    tree, at = panels.tree, moment.astimezone(UTC)
    since = at - timedelta(hours=rule.window.hours)
    counted: dict[str, float] = defaultdict(float)
    touched: set[str] = set()
    for incident in panels.incidents(
        rule.indicator, since, at + timedelta(days=1), at + timedelta(seconds=1)
    ):
        found = (tree.ancestor_at(code, rule.level) for code in incident.areas if code in tree)
        areas = {code for code in found if code is not None}
        for area in areas:
            counted[area] += rule.indicator.amount(incident)
        fresh = incident.known_at == at and incident.precision is not Precision.UNKNOWN
        if fresh and at - incident.occurred_at <= rule.window.max_age:
            touched |= areas
    if not touched:
        return
    order = sorted(touched)
    observed = np.array([[float(counted[area]) for area in order]])
    series = Series(
        cuts=np.array([moment.toordinal()]), window=1, gap=0, observed=observed,
        whole=np.ones_like(observed, bool), baseline=np.empty((1, len(order), 0)),
        population=np.array([tree[area].population or np.nan for area in order], float),
    )  # fmt: skip
    judged = climb(rule.rungs, rule.window, lambda past: series)
    for column, area in enumerate(order):
        states = tuple(Held(int(state)) for state in judged.held[:, 0, column])
        trace = _trace(rule, judged, moment.date(), (0, column), area, None)
        trace = replace(trace, window=(since.astimezone(moment.tzinfo).isoformat(), moment.isoformat()))
        yield Outcome(rule.id, rule.hash, area, states, trace)
