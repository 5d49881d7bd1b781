"""Days that a calendar names: holidays, working days, fairs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Days:
    """Which local days they are, as ordinals, of those from `first` to `last`: of others nobody knows."""

    days: frozenset[int]
    first: int
    last: int

    @classmethod
    def of(cls, days: Iterable[date], first: date, last: date) -> Days:
        found = frozenset(day.toordinal() for day in days if first <= day <= last)
        return cls(found, first.toordinal(), last.toordinal())

    def within(self, first: int, last: int) -> bool | None:
        """Whether one of the days `first`..`last` is one of them; None where nobody knows."""
        if any(day in self.days for day in range(first, last + 1)):
            return True
        return False if self.first <= first and last <= self.last else None


    def first_within(self, first: int, last: int) -> int | None:
        """The first of the days `first`..`last` that is one of them, as far as anybody knows."""
        return next((day for day in range(first, last + 1) if day in self.days), None)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar that rules may read, by its id and title."""

    id: str
    title: Text
    days: Days
