"""Which ledger cells an incident counts in: its indicators, its areas and their ancestors, its day."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from engine.model.area import AreaTree
from engine.model.incident import Precision
from engine.model.indicator import Indicator
from engine.model.period import Calendar
from engine.store.history import Facts
from engine.store.moment import epoch

_DAY = 86_400

#: (indicator key, area code, amount) for each cell one incident counts in.
Cells = tuple[tuple[str, str, float], ...]


class Book:
    """Lookups prepared once for one area tree, one set of indicators and one calendar.

    Incidents that count alike share a *group*: a number standing for their cells, so a batch is added
    up by group, day and cut before anything is looked up.
    """

    def __init__(self, tree: AreaTree, indicators: Mapping[str, Indicator], calendar: Calendar) -> None:
        self.indicators = {indicator.key: indicator for indicator in indicators.values()}
        self.tree = tree
        self.calendar = calendar
        self.ground = _ground(tree, calendar)
        self.groups: list[Cells] = [()]
        self._group: dict[tuple[object, ...], int] = {}
        self._by_category: dict[str, list[Indicator]] = defaultdict(list)
        for key in sorted(self.indicators):
            for category in self.indicators[key].categories:
                self._by_category[category].append(self.indicators[key])
        self._summed = {
            category for category, of in self._by_category.items()
            if any(indicator.measure != "incidents" for indicator in of)
        }  # fmt: skip
        self._days = _Days(calendar.midnight)
        self._cuts = _Days(calendar.cut_at)

    def group(self, feed: str, facts: Facts) -> int:
        """The group of one incident; 0 counts nowhere."""
        _, precision, _, areas, category, severity, measures, *_, withdrawn = facts
        if withdrawn or precision == Precision.UNKNOWN or category not in self._by_category:
            return 0
        like = (feed, category, severity, areas, measures if category in self._summed else "")
        found = self._group.get(like)
        if found is None:
            cells = self._cells(feed, category, severity, areas, measures)
            self.groups.append(cells)
            found = self._group[like] = len(self.groups) - 1 if cells else 0
        return found

    def _cells(self, feed: str, category: str, severity: int, areas: str, measures: str) -> Cells:
        """An area that has left the tree counts nowhere; one named twice, or below another, once."""
        named = [code for code in areas.split("|") if code in self.tree]
        above = sorted({code for area in named for code in self.tree.lineage(area)})
        amounts = json.loads(measures) if measures else {}
        cells = []
        for indicator in self._by_category[category]:
            counted = indicator.measure == "incidents"
            if severity < indicator.min_severity or (indicator.feeds and feed not in indicator.feeds):
                continue
            if counted or indicator.measure in amounts:
                amount = 1.0 if counted else float(amounts[indicator.measure])
                cells += [(indicator.key, code, amount) for code in above]
        return tuple(cells)

    def day(self, occurred_at: int) -> int:
        """The local day of a moment in epoch seconds, as an ordinal."""
        return self._days.of(occurred_at)

    def cut(self, known_at: int) -> int:
        """The first cut strictly after a moment in epoch seconds, as an ordinal."""
        return self._cuts.of(known_at) + 1


class Booking:
    """Signed counts of one batch, added up in memory by group, day and cut."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._counts: dict[tuple[int, int, int], int] = defaultdict(int)

    def __len__(self) -> int:
        return len(self._counts)

    def step(self, feed: str, sign: int, known_at: int, before: Facts | None, after: Facts) -> None:
        """Book that at `known_at` an incident's facts became `after` (sign 1), or undo it (-1)."""
        cut = self._book.cut(known_at)
        if before is not None:
            self._add(-sign, feed, before, cut)
        self._add(sign, feed, after, cut)

    def _add(self, sign: int, feed: str, facts: Facts, cut: int) -> None:
        group = self._book.group(feed, facts)
        if group:
            self._counts[group, self._book.day(facts[0]), cut] += sign

    def cells(self) -> dict[tuple[str, str, int, int], tuple[int, float]]:
        """(n, total) by (indicator key, area code, day, cut), without what cancels out."""
        counts: dict[tuple[str, str, int, int], int] = defaultdict(int)
        totals: dict[tuple[str, str, int, int], float] = defaultdict(float)
        for (group, day, cut), n in self._counts.items():
            if n:
                for key, area, amount in self._book.groups[group]:
                    counts[key, area, day, cut] += n
                    totals[key, area, day, cut] += n * amount
        return {cell: (n, totals[cell]) for cell, n in counts.items() if n or totals[cell]}


class _Days:
    """Finds the day a moment belongs to, where `opens` says when each day begins."""

    def __init__(self, opens: Callable[[date], datetime]) -> None:
        self._opens = opens
        #: By UTC day: the local day in force when it begins, and the moments others begin within it.
        self._known: dict[int, tuple[int, tuple[int, ...]]] = {}

    def of(self, seconds: int) -> int:
        utc_day = seconds // _DAY
        found = self._known.get(utc_day)
        if found is None:
            found = self._known[utc_day] = self._look(utc_day)
        day, begins = found
        for begin in begins:
            if seconds >= begin:
                day += 1
        return day

    def _look(self, utc_day: int) -> tuple[int, tuple[int, ...]]:
        first = datetime.fromtimestamp(utc_day * _DAY, UTC).date().toordinal()
        opens = {day: epoch(self._opens(date.fromordinal(day))) for day in range(first - 3, first + 3)}
        in_force = max(day for day, begin in opens.items() if begin <= utc_day * _DAY)
        return in_force, tuple(
            begin for day, begin in opens.items() if day > in_force and begin < (utc_day + 1) * _DAY
        )


def _ground(tree: AreaTree, calendar: Calendar) -> str:
    """A short name of everything but the indicator that decides the cells: parents, zone and wait."""
    parents = sorted((area.code, area.parent or "") for area in tree)
    text = json.dumps([parents, str(calendar.zone), calendar.wait.total_seconds()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
