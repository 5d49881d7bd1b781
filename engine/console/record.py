"""PURE: what became of a rule: how much it warned, what people found its warnings to be, and whether other
rules of the same risk said the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from engine.backtest.judged import verdicts
from engine.backtest.scorecard import wilson
from engine.model.act import Act
from engine.model.grade import Grade
from engine.model.period import Calendar
from engine.model.rule import Rule, RuleBook
from engine.model.warning import RiskWarning

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Judged:
    """Of the warnings on which people gave a clear verdict: how many were right, and the 95 % interval of
    the share."""

    right: int
    told: int

    @property
    def between(self) -> tuple[float, float]:
        return wilson(self.right, self.told)


@dataclass(frozen=True, slots=True)
class Beside:
    """Another rule of the same risk and level: on how many days and places each found something, and both."""

    other: Rule
    own: int
    others: int
    both: int


def months(warned: Iterable[RiskWarning], calendar: Calendar, today: date) -> list[tuple[date, int]]:
    """How many warnings began in each of the last months, this one included, by its first day."""
    firsts = [today.replace(day=1)]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    begun = Counter(calendar.local_day(one.since).replace(day=1) for one in warned)
    return [(first, begun[first]) for first in reversed(firsts)]


def judged(acts: Sequence[Act], warned: Sequence[RiskWarning]) -> Judged:
    right = [act.right for act, _ in verdicts(acts, warned)]
    return Judged(sum(map(bool, right)), len(right))


def beside(
    rule: Rule, book: RuleBook, found: Iterable[tuple[str, str, datetime, Grade]], calendar: Calendar
) -> Iterator[Beside]:
    """Every other rule of the topic that judges the same level, on trial or in force."""
    cells: dict[str, set[tuple[str, date]]] = {}
    for id_, area, at, grade in found:
        if grade:
            cells.setdefault(id_, set()).add((area, calendar.local_day(at)))
    own = cells.get(rule.id, set())
    for other in sorted(book.rules.values(), key=lambda one: one.id):
        if (other.topic, other.level) == (rule.topic, rule.level) and other.id != rule.id and other.judged:
            there = cells.get(other.id, set())
            yield Beside(other, len(own), len(there), len(own & there))


def excerpt(rule: Rule) -> str:
    """The rule as it is written: its item of a list, or its file; "" where that cannot be read."""
    try:
        lines = Path(rule.path).read_text(encoding="utf-8").splitlines()[max(rule.line - 1, 0) :]
    except (OSError, UnicodeDecodeError):
        return ""
    if not lines or not lines[0].lstrip().startswith("- "):
        return "\n".join(line for line in lines if not line.startswith("#")).strip()
    depth = _depth(lines[0])
    ends = (at for at, line in enumerate(lines) if at and line.strip() and _depth(line) <= depth)
    return "\n".join(line[depth:] for line in lines[: next(ends, len(lines))]).rstrip()


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
