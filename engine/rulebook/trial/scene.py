"""What a rule test gives, as incidents in a tree: the stage on which the rule is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from math import inf

from engine.detect.evaluate import pasts
from engine.detect.measure import months_before, reach
from engine.model.area import AreaTree
from engine.model.distance import DEGREE, rounded
from engine.model.incident import Incident, Precision
from engine.model.period import Calendar, Cycle
from engine.model.rule import Rule
from engine.rulebook.context import Context
from engine.rulebook.language.example import Example, GivenBackground, GivenIncident
from engine.rulebook.language.imaginary import areas_named, imagine
from engine.rulebook.language.notation import Stretch
from engine.rulebook.trial.chances import GivenModels
from engine.rulebook.trial.draft import DraftPanels

#: What is given without an hour happened, and became known, at noon.
_NOON = timedelta(hours=12)
#: The feed of incidents that no configured feed reports.
_NO_FEED = "given"
#: The feed of alerts that no configured feed tells: in a draft the one that reports on what nobody does.
NO_HAZARD = ""
#: Where what lies apart from all else is put, how many of them side by side, and how much farther apart than
#: asked for, because points are kept to about 100 m and degrees of longitude grow shorter northward.
_SEA, _ROW, _HAIR = (1.0, 1.0), 50, 0.1
#: From one judgement of a rule to the next, at most.
_PACE = {Cycle.IMMEDIATE: timedelta(days=1), Cycle.DAILY: timedelta(days=1), Cycle.WEEKLY: timedelta(days=7),
         Cycle.MONTHLY: timedelta(days=31)}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """One test of one rule; `around` holds the rules whose findings a correlation looks for."""

    rule: Rule
    around: tuple[Rule, ...]
    example: Example
    context: Context
    calendar: Calendar

    @cached_property
    def tree(self) -> AreaTree:
        return tree_of(self.rule, self.example, self.context)

    def panels(self) -> DraftPanels:
        given = self.example.given
        silent = [(one.feed or "", one.on.first, one.on.last) for one in given.down]
        return DraftPanels(
            tree=self.tree, calendar=self.calendar,
            given=(*self._incidents(), *self._alerts()),
            accuracy={
                feed.id: feed.accuracy for feed in self.context.feeds.values() if feed.accuracy is not None
            },
            holding=frozenset({NO_HAZARD, *(one.id for one in self.context.feeds.values() if one.holds)}),
            feeds={feed.id: feed.covers.categories for feed in self.context.feeds.values()},
            down=[*silent, *(("", *block) for block in self._unseen())],
            unmonitored={one.area: one.until for one in given.unmonitored},
            models=GivenModels(given.chance, self.example.at.first),
        )  # fmt: skip

    def cuts(self, cycle: Cycle) -> list[date]:
        """Every cut of a cycle from the day after the first given one to the test's own."""
        at, first = self.example.at.first, self._first_day()
        days = (first + timedelta(days=n) for n in range(1, (at - first).days + 1))
        return [day for day in days if opens(day, cycle)]

    def moment(self) -> datetime:
        """When the test looks: the moment written, or the cut that opens its day."""
        at = self.example.at
        return self._local(at.moment) if at.moment else self.calendar.cut_at(at.first)

    def _first_day(self) -> date:
        """The first day that is given, or the last before the judgement if only a background is."""
        given, last = self.example.given, self.example.at.first - timedelta(days=1)
        days = [one.on.first for one in given.incidents]
        days += [one.on.first for one in given.down]
        days += [min(one.on.first, (one.known or one.on).first) for one in given.alerts]
        days += [self._block(len(blocks) - 1)[0] for blocks in given.series.values()]
        days += [last - (len(chances) - 1) * _PACE[self.rule.cycle] for chances in given.chance.values()]
        return min([*days, last])

    def _incidents(self) -> Iterator[Incident]:
        given = self.example.given
        facts = [
            *(fact for one in given.incidents for fact in self._written(one)),
            *(fact for one in given.background for fact in self._background(one)),
            *(fact for area, blocks in given.series.items() for fact in self._series(area, blocks)),
        ]
        for number, fact in enumerate(facts):
            yield fact.incident(f"{number + 1}")

    def _alerts(self) -> Iterator[Incident]:
        for number, one in enumerate(self.example.given.alerts):
            reporting = [feed.id for feed in self.context.reporting(frozenset({one.category})) if feed.holds]
            begins = self._moment(one.on)
            yield Incident(
                feed=one.feed or (reporting or [NO_HAZARD])[0], source_id=f"alert {number + 1}",
                occurred_at=begins, ended_at=self._moment(one.until) if one.until else None,
                known_at=self._moment(one.known) if one.known else begins, areas=(one.area,),
                category=one.category, severity=one.severity,
            )  # fmt: skip

    def _moment(self, when: Stretch) -> datetime:
        """A moment, or the midnight on which a day begins."""
        return self._local(when.moment) if when.moment else self.calendar.midnight(when.first)

    def _written(self, one: GivenIncident) -> Iterator[_Fact]:
        feed = one.feed or self._feed(one.category, pointed=one.point is not None)
        exact = one.on.moment is not None or one.time is not None
        for day in one.on.days():
            at = self._local(one.on.moment) if one.on.moment else self._noon(day)
            if one.time is not None:
                at = self._local(datetime.combine(day, time()) + timedelta(minutes=one.time))
            known = max(self._noon(one.known), at) if one.known else at
            for _ in range(one.each):
                until = self._moment(one.until) if one.until else None
                yield _Fact(
                    one.area, one.category, at, known, feed, one.severity, one.measures, until,
                    Precision.MINUTE if exact else Precision.DAY, one.point,
                )  # fmt: skip

    def _background(self, one: GivenBackground) -> Iterator[_Fact]:
        """The pace in whole spans that end at the judgement and reach before every baseline."""
        at, pace = self.example.at.first, one.each
        reaches = (
            reach(rule.window, past) for rule in self._measured() for past in pasts(rule.rungs, rule.window)
        )
        spans = ((at - self._first_day()).days + max(reaches, default=0)) // pace.days + 1
        first = at - timedelta(days=spans * pace.days)
        for span in range(spans):
            begin = first + timedelta(days=span * pace.days)
            for at_once, moment in enumerate(self._spread(begin, pace.days, pace.count)):
                fact = self._counted(one.area, moment, category=one.category, pointed=one.apart is not None)
                point = _far_off(span * pace.count + at_once, one.apart) if one.apart else None
                yield replace(fact, point=point)

    def _series(self, area: str, blocks: tuple[float | None, ...]) -> Iterator[_Fact]:
        if self.rule.indicator is not None and self.rule.indicator.take.stocks:
            yield from self._stock(area, [int(value or 0) for value in blocks])
            return
        for back, value in enumerate(reversed(blocks)):
            first, last = self._block(back)
            if value is not None and self._read():
                # As late as may be: a reading holds from when it was read.
                end = self.calendar.midnight(last + timedelta(days=1))
                yield self._counted(area, end - timedelta(minutes=1), amount=value)
            elif value and self._summed():
                *_, moment = self._spread(first, (last - first).days + 1, (last - first).days + 1)
                yield self._counted(area, moment, amount=value)
            elif value:
                for moment in self._spread(first, (last - first).days + 1, int(value)):
                    yield self._counted(area, moment)

    def _stock(self, area: str, levels: Sequence[int]) -> Iterator[_Fact]:
        """So many open at the end of each block: what is more is opened on its last day, what is less is
        closed then, the longest open first."""
        opened: list[_Fact] = []
        for back, level in zip(reversed(range(len(levels))), levels, strict=True):
            noon = self._noon(self._block(back)[1])
            more = level - len(opened)
            yield from (replace(one, until=noon) for one in opened[: max(-more, 0)])
            opened = [*opened[max(-more, 0) :], *(self._counted(area, noon) for _ in range(more))]
        yield from opened

    def _spread(self, first: date, days: int, count: int) -> Iterator[datetime]:
        """`count` moments spread evenly over so many days: at noon, or when the rule counts."""
        times = self.rule.indicator.times if self.rule.indicator else None
        on = (first + timedelta(days=n) for n in range(days))
        when = [self._noon(day) if times is None else next(times.moments(day), None) for day in on]
        counting = [moment for moment in when if moment is not None] or [self._noon(first)]
        return (counting[number * len(counting) // count] for number in range(count))

    def _unseen(self) -> Iterator[tuple[date, date]]:
        for blocks in self.example.given.series.values():
            for back, value in enumerate(reversed(blocks)):
                if value is None:
                    yield self._block(back)

    def _block(self, back: int) -> tuple[date, date]:
        """The first and last day of the block that ends `back` windows before the cut."""
        days = max(self.rule.window.days, 1)
        if self.rule.window.month:
            at = self.example.at.first.toordinal()
            begins, ends = (date.fromordinal(months_before(at, n)) for n in (back + 1, back))
            return begins, ends - timedelta(days=1)
        end = self.example.at.first - timedelta(days=back * days)
        return end - timedelta(days=days), end - timedelta(days=1)

    def _measured(self) -> list[Rule]:
        """Every calendar rule with an indicator that this test judges."""
        return [rule for rule in (self.rule, *self.around) if rule.indicator and not rule.window.hours]

    def _summed(self) -> str:
        indicator = self.rule.indicator
        return "" if indicator is None or indicator.measure == "incidents" else indicator.measure

    def _read(self) -> bool:
        """Whether it reads a gauge, which may well stand at zero."""
        return self.rule.indicator is not None and not self.rule.indicator.adds

    def _counted(
        self, area: str, at: datetime, *, category: str | None = None, amount: float = 1,
        pointed: bool = False,
    ) -> _Fact:  # fmt: skip
        """An incident that the rule counts."""
        indicator = self.rule.indicator
        category = category or min(indicator.categories if indicator else ())
        measures = {self._summed(): amount} if self._summed() else {}
        severity = indicator.min_severity if indicator else 0
        return _Fact(area, category, at, at, self._feed(category, pointed=pointed), severity, measures)

    def _feed(self, category: str, *, pointed: bool = False) -> str:
        """The feed that would report it: one that the rule names, if it names any; with its point, the one
        whose points are the most accurate."""
        named = sorted(self.rule.indicator.feeds) if self.rule.indicator else []
        reporting = self.context.reporting(frozenset({category}), named)
        if pointed:
            reporting.sort(key=lambda feed: inf if feed.accuracy is None else feed.accuracy)
        return reporting[0].id if reporting else (named or [_NO_FEED])[0]

    def _noon(self, day: date) -> datetime:
        return self.calendar.midnight(day) + _NOON

    def _local(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=self.calendar.zone)


@dataclass(frozen=True)
class _Fact:
    """An incident before it has a number."""

    area: str
    category: str
    at: datetime
    known: datetime
    feed: str
    severity: int
    measures: Mapping[str, float]
    until: datetime | None = None
    precision: Precision = Precision.MINUTE
    point: tuple[float, float] | None = None

    def incident(self, number: str) -> Incident:
        return Incident(
            feed=self.feed, source_id=number, occurred_at=self.at, known_at=self.known, areas=(self.area,),
            category=self.category, severity=self.severity, measures=self.measures, ended_at=self.until,
            precision=self.precision, point=self.point,
        )  # fmt: skip


def _far_off(number: int, apart: float) -> tuple[float, float]:
    """The places of a grid about a point in the open sea, so many metres from row to row and from one to the
    next: no example is given there."""
    row, column = divmod(number, _ROW)
    step = apart / DEGREE * (1 + _HAIR)
    return rounded((_SEA[0] + row * step, _SEA[1] + column * step))


def tree_of(rule: Rule, example: Example, context: Context) -> AreaTree:
    """The real tree where every area is real, else a made-up one."""
    named = [code for _, code in areas_named(example)]
    if all(code in context.tree for code in named):
        return context.tree
    return imagine(named, rule.level, context.tree.levels, example.given.population)


def opens(day: date, cycle: Cycle) -> bool:
    """Whether a judgement of the cycle is due at the cut that opens the day."""
    if cycle is Cycle.WEEKLY:
        return day.weekday() == 0
    return cycle is not Cycle.MONTHLY or day.day == 1
