"""How much of a rule's volume chance alone would give: the same rule on worlds that look like the data.

A world is made of each area's own weeks, drawn anew and independently of every other area's: weekdays,
season, bursts within a week and the sizes of single incidents stay as they were, what lasts for longer or
moves from place to place is gone. Where a truth tells of events, their weeks are not drawn from: nothing
happens in a world, so whatever a rule opens there is false.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from itertools import repeat
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.backtest.history import History, Span
from engine.backtest.match import Against
from engine.backtest.replay import relive
from engine.backtest.shard import Progress, Source, find_all
from engine.detect import chance
from engine.detect.evaluate import pasts
from engine.detect.measure import reach
from engine.detect.series import Bools, Floats
from engine.infer import reference
from engine.infer.correlate import correlate
from engine.judge import Correlate, Panels, Terms
from engine.judge.lately import BACK
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, Watch
from engine.model.period import Calendar, Cycle
from engine.model.rule import Rule, RuleBook
from engine.model.told import NEVER, Told

SEED = 20_230_601
#: What was told of an incident, and when something else was.
Revision = tuple[Incident, datetime]
#: So many worlds are lived through; the mean is told.
REPLICATES = 4
#: Days are drawn in blocks of a week, from so many days around the same time of the year ...
WEEK, SEASON, YEAR = 7, 45, 365
#: ... where there are so many weeks to draw from.
ENOUGH = 4


@dataclass(frozen=True)
class Work:
    """One backtest as another process can do it again on noise.

    book: every rule that those tried may refer to.
    """

    source: Source
    book: RuleBook
    tried: RuleBook
    span: Span
    terms: Terms
    against: Against | None = None


def mean_openings(
    work: Work, replicates: int, executor: Executor | None = None, progress: Progress | None = None
) -> dict[str, float]:
    """How many warnings each rule opens in noise, on average; empty without replicates."""
    opened: Counter[str] = Counter()
    answers = (executor.map if executor else map)(openings, repeat(work, replicates), range(replicates))
    for done, answer in enumerate(answers, start=1):
        opened += answer
        if progress is not None:
            progress(done, replicates)
    return {rule: opened[rule] / replicates for rule in work.tried.rules} if replicates else {}


def openings(work: Work, replicate: int) -> Counter[str]:
    """How often each rule opens in one noise."""
    tried, span = work.tried, work.span
    with work.source.open() as (panels, _):
        noise = Noise(panels, span, _history(work.book) + span.warm, replicate, work.against)
        found = find_all(
            _Opened(noise, noise.calendar), work.book, tried.rules, span.begin, span.until,
            moments=noise.moments(tried.of(Cycle.IMMEDIATE)), terms=work.terms,
        )  # fmt: skip
        lived = History.of(relive(tried, found, work.terms, span.until), span.since)
    return Counter({rule: len(span.opened(spells)) for rule, spells in lived.rules.items()})


@dataclass(frozen=True)
class _Opened:
    """Panels that are open already. The plain evaluator correlates: on noise there is nothing to
    cross-check."""

    panels: Panels
    calendar: Calendar

    def open(self) -> AbstractContextManager[tuple[Panels, Correlate]]:
        return nullcontext((self.panels, partial(correlate, evaluator=reference.evaluate)))


def _history(book: RuleBook) -> int:
    """How many days before the first cut any rule looks back."""
    back = [
        reach(rule.window, past)
        for rule in book.rules.values() for past in pasts(rule.rungs, rule.window)
    ]  # fmt: skip
    within = [rule.correlation.within.days for rule in book.rules.values() if rule.correlation]
    asks = any(test.name == chance.ID for rule in book.rules.values() for rung in rule.rungs
               for test in rung.every)  # fmt: skip
    return max(back, default=0) + max(within, default=0) + (BACK if asks else 0) + 1


class Noise:
    """Panels of a world in which nothing ever happens, seen through the real feeds' silences.

    Every incident is a real one on another day of its area. Of single incidents is told what was, as long
    after they happened; counts are those finally known, known at once.
    """

    def __init__(
        self, panels: Panels, span: Span, history: int, replicate: int, against: Against | None = None
    ) -> None:
        self.tree, self.calendar, self.holding = panels.tree, panels.calendar, panels.holding
        self.linked, self.models = frozenset[str](), panels.models
        self.accuracy = panels.accuracy
        self._panels, self._replicate, self._against = panels, replicate, against
        self._span = (span.first.toordinal(), span.last.toordinal() + 1)
        self._first = self._span[0] - history
        self._drawn: dict[str, _World] = {}
        self._happened: dict[str, tuple[list[datetime], list[Revision]]] = {}

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        areas, world = self.tree.at(level), self._world(indicator)
        n, total = (np.array([self._below(of, code) for code in areas]) for of in (world.n, world.total))
        area, day = np.nonzero(n)
        seen = (day + self._first >= first) & (day + self._first < cut)
        area, day = area[seen], day[seen]
        counts, totals = n[area, day].astype(np.int64), total[area, day]
        return Deltas(areas, area, day + self._first, day + self._first + 1, counts, totals)

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        return self._panels.watch(indicator, level, first, cut)

    def rescaled(self, indicator: Indicator, at: datetime) -> bool:
        return self._panels.rescaled(indicator, at)

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> Sequence[Incident]:
        return [one for one, overtaken in self.revisions(indicator, since, until)
                if one.known_at < known_before <= overtaken]  # fmt: skip

    def revisions(self, indicator: Indicator, since: datetime, until: datetime) -> Sequence[Revision]:
        when, happened = self._happen(indicator)
        return happened[bisect_left(when, since) : bisect_left(when, until)]

    def told(
        self, indicator: Indicator, since: datetime, until: datetime, *, lasting: bool = False
    ) -> Sequence[Told]:
        if lasting:  # what holds around the areas is no noise
            return self._panels.told(indicator, since, until, lasting=True)
        return [
            Told.of(one, indicator.amount(one), overtaken)
            for one, overtaken in self.revisions(indicator, since, until)
        ]

    def moments(self, rules: Collection[Rule]) -> list[datetime]:
        """When something became known that one of these rules may judge."""
        indicators = [rule.indicator for rule in rules if rule.indicator is not None]
        told = [revision for indicator in indicators for revision in self._happen(indicator)[1]]
        return sorted({at for one, overtaken in told for at in (one.known_at, overtaken) if at != NEVER})

    def _world(self, indicator: Indicator) -> _World:
        """What is placed at each area itself, none of it below, on the days drawn."""
        if indicator.key not in self._drawn:
            seen, n, total = self._seen(indicator)
            days = self._span[1] - self._first
            taken = {
                code: drawn_days(seen[code] & self._calm(code), seen[code], days, random)
                for code in n if n[code].any() for random in [self._random(indicator, code)]
            }  # fmt: skip
            self._drawn[indicator.key] = _World(
                {code: n[code][days] for code, days in taken.items()},
                {code: total[code][days] for code, days in taken.items()}, taken,
            )  # fmt: skip
        return self._drawn[indicator.key]

    def _random(self, indicator: Indicator, code: str) -> np.random.Generator:
        return np.random.default_rng(
            [SEED, self._replicate, int(indicator.key[:8], 16), crc32(code.encode())]
        )

    def _seen(self, indicator: Indicator) -> tuple[dict[str, Bools], dict[str, Floats], dict[str, Floats]]:
        """By area, over the days of the span: whether its feeds were heard, and what was placed at the area
        itself, counted and added up."""
        first, last = self._span
        grids: tuple[dict[str, Floats], dict[str, Floats]] = ({}, {})
        seen: dict[str, Bools] = {}
        for level in self.tree.levels:
            deltas = self._panels.deltas(indicator, level, first, last)
            watch = self._panels.watch(indicator, level, first, last)
            heard = watch.monitored(first, last - 1) & ~watch.lost(first, last - 1, last)
            seen |= dict(zip(deltas.areas, heard, strict=True))
            for grid, totals in zip(grids, (False, True), strict=True):
                made = deltas.grid(first, last - 1, last, totals=totals)
                grid |= dict(zip(deltas.areas, made, strict=True))
        n, total = ({code: self._itself(grid, code) for code in sorted(grid)} for grid in grids)
        return seen, n, total

    def _itself(self, grid: dict[str, Floats], code: str) -> Floats:
        below = sum((grid[child] for child in self.tree.children(code)), np.zeros_like(grid[code]))
        return np.maximum(grid[code] - below, 0.0)

    def _calm(self, code: str) -> Bools:
        """(days of the span) where no event of the truth may be under way in the area."""
        calm = np.ones(self._span[1] - self._span[0], bool)
        for event in self._against.truth.events if self._against else ():
            if self._against is not None and self._against.says(event, code) is not False:
                start, stop = (day.toordinal() - self._span[0] for day in (event.start, event.end))
                calm[max(start, 0) : max(stop + 1, 0)] = False
        return calm

    def _below(self, drawn: dict[str, Floats], code: str) -> Floats:
        counts = np.zeros(self._span[1] - self._first)
        for one in self.tree.below(code):
            counts += drawn.get(one, 0.0)
        return counts

    def _happen(self, indicator: Indicator) -> tuple[list[datetime], list[Revision]]:
        """When the incidents of an indicator occurred, ascending, and all that was told of them."""
        if indicator.key not in self._happened:
            found = sorted(self._placed(indicator), key=_told_order)
            self._happened[indicator.key] = [one.occurred_at for one, _ in found], found
        return self._happened[indicator.key]

    def _placed(self, indicator: Indicator) -> Iterator[Revision]:
        """Each real incident wherever its day was drawn for one of its areas, at the same time of the day,
        and what was told of it in the span, as long after it: what was grave for hours is so here too."""
        since, until = (self.calendar.midnight(date.fromordinal(day)) for day in self._span)
        told: dict[tuple[str, int], list[Revision]] = defaultdict(list)
        for one, overtaken in self._panels.revisions(indicator, since, until):
            if one.known_at >= until:
                continue
            day = self.calendar.local_day(one.occurred_at).toordinal() - self._span[0]
            for code in one.areas:
                told[code, day].append((one, overtaken if overtaken < until else NEVER))
        for code, taken in self._world(indicator).taken.items():
            for at, day in enumerate(taken):
                moved = timedelta(days=self._first + at - self._span[0] - int(day))
                for one, overtaken in told.get((code, int(day)), ()):
                    id_ = f"{code}.{len(taken) - at}.{one.source_id}"
                    yield replace(
                        one, source_id=id_, occurred_at=one.occurred_at + moved,
                        known_at=one.known_at + moved, areas=(code,),
                    ), overtaken if overtaken == NEVER else overtaken + moved  # fmt: skip


def _told_order(revision: Revision) -> tuple[datetime, str, datetime]:
    one, _ = revision
    return one.occurred_at, one.source_id, one.known_at


@dataclass(frozen=True)
class _World:
    """What was drawn, by area: incidents and sums on each day, and the real day that each one is."""

    n: dict[str, Floats]
    total: dict[str, Floats]
    taken: dict[str, NDArray[np.int64]]


def drawn_days(
    calm: Bools, seen: Bools, count: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """(count,) for each day of a world, which ends where the span does, the real day (a position in the
    span) that stands for it.

    Weeks are drawn that begin on the same weekday, within `SEASON` days of the same time of any year, heard
    on every day and calm; where there are fewer than `ENOUGH` of those, any that were heard; and in a span
    too short for them, any seven days, its end followed by its beginning. From the last week backwards, so
    that a world does not depend on how far anybody looks back.
    """
    days, weeks = len(seen), -(-count // WEEK)
    taken = np.empty((weeks, WEEK), np.int64)
    starts, near = _weeks(days, weeks)
    pools = [near & _whole(mask, starts) for mask in (calm, seen)]
    enough = [pool.sum(axis=1) >= ENOUGH for pool in pools]
    for week in range(weeks):
        found = next((pool for pool, many in zip(pools, enough, strict=True) if many[week]), None)
        if found is None:
            heard = np.flatnonzero(seen) if seen.any() else np.arange(days)
            taken[week] = heard[(random.integers(len(heard)) + np.arange(WEEK)) % len(heard)]
        else:
            pool = starts[found[week]]
            taken[week] = pool[random.integers(len(pool))] + np.arange(WEEK)
    return taken[::-1].ravel()[-count:]


@lru_cache(maxsize=8)
def _weeks(days: int, weeks: int) -> tuple[NDArray[np.int64], Bools]:
    """(S,) where whole weeks begin in a span of so many days, and (weeks, S) which of them are of the same
    time of the year as each week that is drawn, the last one first: the same for every area."""
    starts = np.arange(days % WEEK, max(days - WEEK + 1, 0), WEEK)
    targets = days - WEEK * np.arange(1, weeks + 1)
    return starts, _apart(starts[None, :], targets[:, None]) <= SEASON


def _whole(mask: Bools, starts: NDArray[np.int64]) -> Bools:
    so_far = np.concatenate([[0], np.cumsum(mask)])
    return np.asarray(so_far[starts + WEEK] - so_far[starts] == WEEK, bool)


def _apart(starts: NDArray[np.int64], target: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many days of the year lie between."""
    apart = np.abs(starts - target) % YEAR
    return np.asarray(np.minimum(apart, YEAR - apart), np.int64)
