"""What a report is made from: every number in it, as it was known at its moment.

Grades are words and moments are local, because these figures are published as they are (`exchange`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from engine.model.chance import Chance
from engine.model.grade import Grade
from engine.model.text import Text

Word = Literal["none", "blue", "yellow", "orange", "red"]
Cycle = Literal["daily", "weekly", "monthly"]
#: What became of a warning between two moments; `passed` began and ended in between.
Move = Literal["new", "raised", "lowered", "ended", "same", "passed"]
Decision = Literal["", "keep", "raise", "lower", "close"]


def rank(word: Word) -> int:
    """Its place among the grades, none first."""
    return Grade.named(word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A warning that stood at some time between the two moments."""

    id: str
    area: str
    place: Text
    topic: str
    risk: Text
    domain: str
    advisory: bool
    #: At the first moment, at the last, and the highest in between.
    before: Word
    grade: Word
    top: Word
    proposed: Word | None = None
    since: datetime
    ended: datetime | None = None
    #: The gravest finding in one sentence; empty where nothing may be said of it.
    why: Text = Text("")
    chance: Chance | None = None
    #: A rule stands behind it that combines several risks.
    combined: bool = False
    #: Departments and centres that were asked for an answer and have given none.
    unread: int = 0
    #: What people did about it in between, and how many of its tasks are overdue.
    acts: int = 0
    overdue: int = 0
    #: What is proposed for it, to which grade, and why.
    decision: Decision = ""
    to: Word = "none"
    ground: Text = Text("")

    @property
    def move(self) -> Move:
        before, now = rank(self.before), rank(self.grade)
        if not before:
            return "new" if now else "passed"
        if not now:
            return "ended"
        return "raised" if now > before else "lowered" if now < before else "same"

    @property
    def stands(self) -> bool:
        return self.grade != "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A count beside an earlier one: how many times as many on a day that was seen, with the ends of the 95 %
    interval. None: there is no such number, because nothing came before or nobody was looking."""

    now: int
    before: int
    days: int
    days_before: int
    ratio: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is expected, with the ends of the 95 % interval."""

    mean: float
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainFigures:
    """One domain: how it stands, and what was reported on the days of the period."""

    domain: str
    advisory: bool
    before: Word
    grade: Word
    #: Open warnings by grade, the gravest first.
    open: tuple[tuple[Word, int], ...] = ()
    issued: int = 0
    issued_before: int = 0
    #: Whether any feed reports on it at all, and on how many days of the period not all could be seen.
    watched: bool = True
    unseen: int = 0
    #: Reported harms a day, None where not all could be seen.
    days: tuple[int | None, ...] = ()
    reports: Ratio | None = None
    year: Ratio | None = None
    next: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One line of the watch list that was published at the first moment, and what became of it."""

    id: str
    place: Text
    risk: Text
    grade: Word
    ended: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A task whose time is over."""

    what: Text
    place: Text
    department: Text
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Blind:
    """A feed that cannot be heard, or could not be for some days of the period."""

    id: str
    title: Text
    #: Whether it is silent at the last moment.
    now: bool
    days: int
    #: Records of the period that nobody could read.
    unread: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Measures asked of departments between the two moments, and what became of them."""

    asked: int = 0
    done: int = 0
    in_time: int = 0
    declined: int = 0
    void: int = 0
    overdue: int = 0
    #: Still to be done, in time or not.
    open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What people said of the warnings that ended between the two moments."""

    ended: int = 0
    confirmed: int = 0
    averted: int = 0
    false_alarm: int = 0
    unclear: int = 0
    #: The 95 % interval of the share that was confirmed or averted, of those that were one or the other.
    low: float | None = None
    high: float | None = None

    @property
    def judged(self) -> int:
        return self.confirmed + self.averted + self.false_alarm + self.unclear

    @property
    def told(self) -> int:
        return self.confirmed + self.averted + self.false_alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place that was warned of again and again: never a person, and in the order of the codes."""

    area: str
    place: Text
    risk: Text
    warnings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMove:
    """A rule that was taken up, changed or let go between the two moments."""

    id: str
    title: Text
    how: Literal["added", "changed", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What is announced for the time to come."""

    what: Text
    place: Text
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One event, many lines; the lead is the gravest, and its place among the report's lines."""

    id: str
    risk: Text
    lead: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that one report says."""

    cycle: Cycle
    area: str
    place: Text
    #: The period by its first day, and the days that it holds.
    period: str
    first: date
    last: date
    #: When the report before this one was made, this one, and the next: what is told happened in between.
    begins: datetime
    at: datetime
    next_at: datetime
    #: Since when the engine has judged: nothing is known of what it would have warned of before.
    judged_since: datetime | None = None
    lines: tuple[Line, ...] = ()
    situations: tuple[Situation, ...] = ()
    domains: tuple[DomainFigures, ...] = ()
    issued: Ratio | None = None
    issued_year: Ratio | None = None
    watch: tuple[Watched, ...] = ()
    late: tuple[Late, ...] = ()
    blind: tuple[Blind, ...] = ()
    measures: Measures = Measures()
    verdicts: Verdicts = Verdicts()
    spots: tuple[Spot, ...] = ()
    rules: tuple[RuleMove, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    #: Invented or replayed data: said on every page.
    demo: bool = False

    @property
    def standing(self) -> tuple[Line, ...]:
        """What stands at the moment of the report, the gravest first."""
        return tuple(one for one in self.lines if one.stands)

    def moved(self, *moves: Move) -> tuple[Line, ...]:
        return tuple(one for one in self.lines if one.move in moves)
