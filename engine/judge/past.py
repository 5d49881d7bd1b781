"""What stood when: every finding as each run left it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from engine.model.grade import Grade
from engine.model.warning import Standing

Cell = tuple[str, str]


class Past:
    """Built run by run in the order of runs, from the store or from a history lived through again."""

    def __init__(self, steps: Iterable[tuple[datetime, Standing]] = ()) -> None:
        self._due: dict[Cell, list[datetime]] = defaultdict(list)
        self._stood: dict[Cell, list[Standing]] = defaultdict(list)
        self._cells: dict[str, dict[str, None]] = defaultdict(dict)
        for due_at, standing in steps:
            self.keep(due_at, [standing])

    def keep(self, due_at: datetime, standing: Iterable[Standing]) -> None:
        """What the run due at this moment left."""
        for one in standing:
            cell = one.rule, one.area
            self._due[cell].append(due_at.astimezone(UTC))
            self._stood[cell].append(one)
            self._cells[one.rule][one.area] = None

    def now(self, rules: Collection[str]) -> dict[Cell, Standing]:
        """What the last run left of these rules."""
        return {(rule, area): self._stood[rule, area][-1] for rule in rules for area in self._cells[rule]}

    def standing(self, rule: str, at: datetime) -> Iterator[Standing]:
        """The findings of a rule that stood after every run due by `at`."""
        for area in self._cells[rule]:
            step = bisect_right(self._due[rule, area], at.astimezone(UTC))
            if step and self._stood[rule, area][step - 1].grade is not Grade.NONE:
                yield self._stood[rule, area][step - 1]
