"""What a replayed stretch of time held: the spells of every rule and of every warning, by place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.judge import Conclusion
from engine.model.finding import Finding
from engine.model.grade import Grade
from engine.model.period import Calendar, Period
from engine.model.warning import Standing

#: (area, topic)
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Spell:
    """One stretch of time through which something was warned of in one place, and how gravely.

    steps: (since when, grade), each grade in force until the next; closed: None where it still stood
    at the end.
    """

    place: Place
    steps: tuple[tuple[datetime, Grade], ...]
    closed: datetime | None

    @property
    def opened(self) -> datetime:
        return self.steps[0][0]

    @property
    def peak(self) -> Grade:
        return max(grade for _, grade in self.steps)

    def said(self, ahead: int, until: datetime) -> Iterator[datetime]:
        """The moments at which it says that something will happen within `ahead` days: as it opens, as it
        rises above what it said last, and while it stands whenever the time of that is over."""
        said, due = Grade.NONE, self.opened
        ends = [*(at for at, _ in self.steps[1:]), self.closed or until]
        for (at, grade), end in zip(self.steps, ends, strict=True):
            if grade > said:
                due = at
            while due < end:
                yield due
                said, due = grade, due + timedelta(days=ahead)

    def above(self, floor: Grade) -> tuple[Spell, ...]:
        """The parts of it that stood at `floor` or above, each a spell of its own."""
        parts: list[Spell] = []
        steps: list[tuple[datetime, Grade]] = []
        for at, grade in (*self.steps, (self.closed, Grade.NONE)):
            if grade >= floor and at is not None:
                steps.append((at, grade))
            elif steps:
                parts.append(Spell(self.place, tuple(steps), at))
                steps = []
        return tuple(parts)


@dataclass(frozen=True)
class Span:
    """The local days that a backtest counts, first and last included.

    warm: so many days before the first are lived through as well and not counted, so that what stands as the
    first begins, with its delays and holds, is what would have stood.
    """

    first: date
    last: date
    calendar: Calendar
    warm: int = 0

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def weeks(self) -> float:
        return self.days / 7

    @property
    def begin(self) -> datetime:
        """Runs due after this moment are lived through ..."""
        return self.calendar.midnight(self.first - timedelta(days=self.warm))

    @property
    def since(self) -> datetime:
        """... and those due after this one are counted ..."""
        return self.calendar.midnight(self.first)

    @property
    def until(self) -> datetime:
        """... up to and with this one."""
        return self.calendar.midnight(self.last + timedelta(days=1))

    def opened(self, spells: Iterable[Spell]) -> list[Spell]:
        """Those that opened within it."""
        return [spell for spell in spells if self.since < spell.opened <= self.until]

    def watch(self, moment: datetime) -> int:
        """The watch day a moment belongs to, counted from the first: from that day's cut to the next."""
        return (self.calendar.cut_after(moment) - self.first).days - 1


@dataclass
class History:
    """Built run by run from what `replay` yields."""

    #: Of each rule, whatever stood in each area; of all together, the warnings.
    rules: dict[str, list[Spell]] = field(default_factory=dict)
    warnings: list[Spell] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def remembered(cls, steps: Iterable[tuple[datetime, Standing]]) -> History:
        """Of a service's own steps, oldest first: what stood by each rule."""
        history, rules = cls(), _Open()
        for at, one in steps:
            rules.step((one.rule, one.area, one.topic), one.grade, at)
        for key, spells in rules.spells().items():
            history.rules.setdefault(key[0], []).extend(spells)
        return history

    @classmethod
    def of(cls, lived: Iterable[tuple[Period, Conclusion]], since: datetime | None = None) -> History:
        """since: what was over by then is left out."""
        history, rules, warnings = cls(), _Open(since), _Open(since)
        for period, concluded in lived:
            history.findings += concluded.findings
            for one in concluded.standing:
                rules.step((one.rule, one.area, one.topic), one.grade, period.due_at)
            for warning in concluded.warnings:
                grade = warning.grade if warning.open else Grade.NONE
                warnings.step(("", warning.area, warning.topic), grade, period.due_at)
        for key, spells in rules.spells().items():
            history.rules.setdefault(key[0], []).extend(spells)
        history.warnings = sorted(
            (spell for spells in warnings.spells().values() for spell in spells),
            key=lambda spell: (spell.opened, spell.place),
        )
        return history


@dataclass
class _Open:
    """Spells under way, and those that have ended."""

    since: datetime | None = None
    steps: dict[tuple[str, str, str], list[tuple[datetime, Grade]]] = field(default_factory=dict)
    ended: dict[tuple[str, str, str], list[Spell]] = field(default_factory=lambda: defaultdict(list))

    def step(self, key: tuple[str, str, str], grade: Grade, at: datetime) -> None:
        steps = self.steps.setdefault(key, [])
        before = steps[-1][1] if steps else Grade.NONE
        if grade is Grade.NONE and steps:
            spell = Spell(key[1:], tuple(self.steps.pop(key)), at)
            if self.since is None or at > self.since:
                self.ended[key].append(spell)
        elif grade is not before:
            steps.append((at, grade))

    def spells(self) -> Mapping[tuple[str, str, str], list[Spell]]:
        for key, steps in sorted(self.steps.items()):
            if steps:
                self.ended[key].append(Spell(key[1:], tuple(steps), None))
        self.steps = {}
        return self.ended


def grades(spells: Iterable[Spell], places: Mapping[Place, int], span: Span) -> NDArray[np.int8]:
    """(places, days) the highest grade in force on each watch day, from its cut to the next."""
    grid = np.zeros((len(places), span.days), np.int8)
    for spell in spells:
        row = places.get(spell.place)
        if row is None:
            continue
        ends = [*(at for at, _ in spell.steps[1:]), spell.closed]
        for (at, grade), end in zip(spell.steps, ends, strict=True):
            # What ends at a cut no longer stands on the day which that cut opens.
            stop = span.days if end is None else max(span.watch(end - timedelta(microseconds=1)) + 1, 0)
            begin = max(span.watch(at), 0)
            grid[row, begin:stop] = np.maximum(grid[row, begin:stop], int(grade))
    return grid
