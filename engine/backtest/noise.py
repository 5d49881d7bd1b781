"""How much of a rule's volume chance alone would give: the same rule on worlds that look like the data.

A world is made of each area's own weeks, drawn anew and independently of every other area's: weekdays,
season, bursts within a week and the sizes of single incidents stay as they were, what lasts for longer or
moves from place to place is gone. Where a truth tells of events, their weeks are not drawn from: nothing
happens in a world, so whatever a rule opens there is false.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import repeat
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.backtest.history import History, Span
from engine.backtest.match import Against
from engine.backtest.replay import relive
from engine.backtest.rows import Rows
from engine.backtest.shard import Progress, Source, find_all
from engine.backtest.weeks import drawn_days
from engine.detect import chance
from engine.detect.evaluate import pasts
from engine.detect.measure import reach
from engine.detect.series import Bools
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

    Every incident is a real one on another day of its area, and told as late, and otherwise later, as it was.
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
        parts = [(at, world.told[code]) for at, area in enumerate(areas)
                 for code in self.tree.below(area) if code in world.told]  # fmt: skip
        if not parts:
            return Deltas.empty(areas)
        area = np.repeat([at for at, _ in parts], [rows.day.size for _, rows in parts])
        rows = Rows.joined([rows for _, rows in parts])
        seen = (rows.day >= first) & (rows.cut <= cut)
        kept = rows.only(seen)
        return Deltas(areas, area[seen], kept.day, kept.cut, kept.n, kept.total)

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
            seen, told = self._seen(indicator)
            moved = {
                code: rows.moved(self._taken(indicator, code, seen) + self._span[0], self._first)
                for code, rows in told.items()
            }
            self._drawn[indicator.key] = _World(moved, seen)
        return self._drawn[indicator.key]

    def _taken(self, indicator: Indicator, code: str, seen: Mapping[str, Bools]) -> NDArray[np.int64]:
        """The real day that stands for each of an area's days: the same whoever asks."""
        calm, days = seen[code] & self._calm(code), self._span[1] - self._first
        return drawn_days(calm, seen[code], days, self._random(indicator, code))

    def _random(self, indicator: Indicator, code: str) -> np.random.Generator:
        return np.random.default_rng(
            [SEED, self._replicate, int(indicator.key[:8], 16), crc32(code.encode())]
        )

    def _seen(self, indicator: Indicator) -> tuple[dict[str, Bools], dict[str, Rows]]:
        """By area, over the days of the span: whether its feeds were heard, and what was told of what was
        placed at the area itself, where anything was."""
        first, last = self._span
        told: dict[str, Rows] = {}
        seen: dict[str, Bools] = {}
        for level in self.tree.levels:
            deltas = self._panels.deltas(indicator, level, first, last)
            watch = self._panels.watch(indicator, level, first, last)
            heard = watch.monitored(first, last - 1) & ~watch.lost(first, last - 1, last)
            seen |= dict(zip(deltas.areas, heard, strict=True))
            rows = Rows(deltas.day, deltas.cut, deltas.n, deltas.total)
            order = np.argsort(deltas.area, kind="stable")
            ends = np.cumsum(np.bincount(deltas.area, minlength=len(deltas.areas)))[:-1]
            parts = np.split(order, ends)
            told |= {code: rows.only(at) for code, at in zip(deltas.areas, parts, strict=True)}
        own = {code: self._itself(told, code) for code in sorted(told)}
        return seen, {code: rows for code, rows in own.items() if rows.day.size}

    def _itself(self, told: dict[str, Rows], code: str) -> Rows:
        """What was placed there and nowhere below; nothing of a day of which more was below."""
        below = [told[child].taken_back for child in self.tree.children(code)]
        rows = Rows.joined([told[code], *below]).summed()
        return rows.only(rows.day < self._span[1]).without_less_than_nothing()

    def _calm(self, code: str) -> Bools:
        """(days of the span) where no event of the truth may be under way in the area."""
        calm = np.ones(self._span[1] - self._span[0], bool)
        for event in self._against.truth.events if self._against else ():
            if self._against is not None and self._against.says(event, code) is not False:
                start, stop = (day.toordinal() - self._span[0] for day in (event.start, event.end))
                calm[max(start, 0) : max(stop + 1, 0)] = False
        return calm

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
        # What came and went between two cuts is in no count, and was told all the same.
        seen = self._world(indicator).seen
        for code in sorted({code for code, _ in told} & seen.keys()):
            taken = self._taken(indicator, code, seen)
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
    """By area what is told of the days drawn, and which real ones its feeds were heard on."""

    told: dict[str, Rows]
    seen: dict[str, Bools]
