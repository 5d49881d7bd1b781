"""Which findings go up and down without end, and what would keep them still."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.rule import LONGEST_HOLD, Rule
from engine.model.text import numbered

#: A grade of one rule in one area, as a run left it.
Step = tuple[datetime, Grade]
#: How long one judgement is from the next.
_EACH = {Cycle.DAILY: timedelta(days=1), Cycle.WEEKLY: timedelta(days=7), Cycle.MONTHLY: timedelta(days=30)}


@dataclass(frozen=True, slots=True)
class Limit:
    """More than so many turns within so long are too many."""

    times: int = 4
    within: timedelta = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Flap:
    """A rule that turned so often in one area, since when; pauses: how long it stayed down each time before
    it rose again."""

    rule: str
    area: str
    turns: int
    since: datetime
    pauses: tuple[timedelta, ...]


def flaps(history: Mapping[tuple[str, str], Sequence[Step]], limit: Limit) -> Iterator[Flap]:
    """Those that turned too often. history: of each rule and area, oldest first."""
    for (rule, area), steps in sorted(history.items()):
        moves = _moves(steps)
        turns = [(fell, at, rises) for (fell, before), (at, rises) in pairwise(moves) if before != rises]
        if len(turns) > limit.times:
            pauses = tuple(at - fell for fell, at, rises in turns if rises)
            yield Flap(rule, area, len(turns), moves[0][0], pauses)


def _moves(steps: Sequence[Step]) -> list[tuple[datetime, bool]]:
    """When the grade moved, and whether it rose."""
    return [(at, grade > before) for (_, before), (at, grade) in pairwise(steps) if grade != before]


def proposal(flap: Flap, rule: Rule) -> str:
    """What would have kept it still, with the figures it comes from."""
    each, held = _EACH[rule.cycle], max(rung.delay_off for rung in rule.rungs)
    cycles = sorted(ceil(pause / each) for pause in flap.pauses)
    fits = [one for one in cycles if held + one <= LONGEST_HOLD[rule.cycle]]
    longest = max(flap.pauses)
    days = max(ceil(longest / timedelta(days=1)), 1)
    cool = f"`cool_down: {days}d` would keep it from rising again to the same grade within its longest pause"
    if not fits:
        return cool
    hold = held + fits[-1]
    bridged = f"{len(fits)} of its {numbered(len(cycles), 'pause')}"
    return f"`hold: {hold}` (it is {held}) would have bridged {bridged}; {cool}"
