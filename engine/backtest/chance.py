"""How much of a rule's volume chance alone would give: the same rule on noise.

The noise is Poisson, independent from day to day and from place to place, with each area's own mean
rate over the backtest: nothing ever happens in it, so whatever a rule opens there is false.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import repeat
from zlib import crc32

import numpy as np

from engine.backtest.history import History, Span
from engine.backtest.replay import relive
from engine.backtest.shard import Progress, Source, find_all
from engine.detect.evaluate import pasts
from engine.detect.measure import reach
from engine.detect.series import Floats
from engine.infer import reference
from engine.infer.correlate import correlate
from engine.judge import Correlate, Panels, Terms
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, Watch
from engine.model.period import Calendar, Cycle
from engine.model.rule import Rule, RuleBook

SEED = 20_230_601
#: So many noises are lived through; the mean is told.
REPLICATES = 4
_SECONDS = 86_400


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
        noise = Noise(panels, span, _history(work.book) + span.warm, replicate)
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
    return max(back, default=0) + max(within, default=0) + 1


class Noise:
    """Panels of a world in which nothing ever happens, seen through the real feeds' silences.

    Every incident is drawn at the area that reports it and counts in all areas above; all is known
    at once.
    """

    def __init__(self, panels: Panels, span: Span, history: int, replicate: int) -> None:
        self.tree, self.calendar, self.holding = panels.tree, panels.calendar, panels.holding
        self._panels, self._replicate = panels, replicate
        self._span = (span.first.toordinal(), span.last.toordinal() + 1)
        self._first = self._span[0] - history
        self._drawn: dict[str, dict[str, Floats]] = {}
        self._happened: dict[str, list[Incident]] = {}
        self._mean: dict[str, float] = {}

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        areas, drawn = self.tree.at(level), self._draw(indicator)
        grid = np.array([self._below(drawn, code) for code in areas])
        area, day = np.nonzero(grid)
        n = grid[area, day].astype(np.int64)
        day = day + self._first
        seen = (day >= first) & (day < cut)
        area, day, n = area[seen], day[seen], n[seen]
        total = n.astype(np.float64) * self._mean[indicator.key]
        return Deltas(areas, area, day, day + 1, n, total)

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        return self._panels.watch(indicator, level, first, cut)

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> Sequence[Incident]:
        happened = self._happen(indicator)
        when = [one.occurred_at for one in happened]
        return happened[bisect_left(when, since) : bisect_left(when, min(until, known_before))]

    def moments(self, rules: Collection[Rule]) -> list[datetime]:
        """When something became known that one of these rules may judge."""
        indicators = [rule.indicator for rule in rules if rule.indicator is not None]
        return sorted({one.known_at for indicator in indicators for one in self._happen(indicator)})

    def _draw(self, indicator: Indicator) -> dict[str, Floats]:
        """(days,) counts placed at each area itself, none of them below it."""
        if indicator.key not in self._drawn:
            days = self._span[1] - self._first
            self._drawn[indicator.key] = {
                code: self._random(indicator, code).poisson(rate, days)[::-1].astype(float)
                for code, rate in self._rates(indicator).items() if rate > 0
            }  # fmt: skip
        return self._drawn[indicator.key]

    def _random(self, indicator: Indicator, code: str, *, moments: bool = False) -> np.random.Generator:
        """Drawn from the last day backwards, so that a rule's noise does not depend on how far other
        rules look back."""
        seed = [SEED, self._replicate, int(indicator.key[:8], 16), crc32(code.encode()), int(moments)]
        return np.random.default_rng(seed)

    def _rates(self, indicator: Indicator) -> dict[str, float]:
        """Incidents a day placed at each area itself, over the days on which all feeds were heard."""
        first, last = self._span
        rates: dict[str, float] = {}
        n = total = 0.0
        for level in self.tree.levels:
            deltas = self._panels.deltas(indicator, level, first, last)
            watch = self._panels.watch(indicator, level, first, last)
            heard = watch.monitored(first, last - 1) & ~watch.lost(first, last - 1, last)
            counts = (deltas.grid(first, last - 1, last) * heard).sum(axis=1)
            rates |= dict(zip(deltas.areas, counts / np.maximum(heard.sum(axis=1), 1), strict=True))
            n, total = n + float(deltas.n.sum()), total + float(deltas.total.sum())
        self._mean[indicator.key] = total / n if n else 0.0
        below = {code: sum(rates[child] for child in self.tree.children(code)) for code in rates}
        return {code: max(float(rates[code] - below[code]), 0.0) for code in sorted(rates)}

    def _below(self, drawn: dict[str, Floats], code: str) -> Floats:
        counts = np.zeros(self._span[1] - self._first)
        for one in self.tree.below(code):
            counts += drawn.get(one, 0.0)
        return counts

    def _happen(self, indicator: Indicator) -> list[Incident]:
        """The incidents of an indicator, by occurrence."""
        if indicator.key not in self._happened:
            found = sorted(self._placed(indicator), key=lambda one: one.occurred_at)
            self._happened[indicator.key] = found
        return self._happened[indicator.key]

    def _placed(self, indicator: Indicator) -> Iterator[Incident]:
        category, feed = min(indicator.categories), min(indicator.feeds, default="")
        mean = {} if indicator.measure == "incidents" else {indicator.measure: self._mean[indicator.key]}
        for code, counts in self._draw(indicator).items():
            random = self._random(indicator, code, moments=True)
            for day in np.flatnonzero(counts)[::-1]:
                midnight = self.calendar.midnight(date.fromordinal(self._first + int(day)))
                for second in random.integers(0, _SECONDS, int(counts[day])):
                    at = midnight + timedelta(seconds=int(second))
                    yield Incident(
                        feed=feed, source_id=f"{code}.{at:%Y%m%d%H%M%S}", occurred_at=at, known_at=at,
                        areas=(code,), category=category, severity=indicator.min_severity,
                        measures=mean,
                    )  # fmt: skip
