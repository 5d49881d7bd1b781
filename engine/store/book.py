"""Which ledger cells an incident counts in: its indicators, its areas and their ancestors, its day."""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from engine.model.area import AreaTree
from engine.model.incident import Precision
from engine.model.indicator import Indicator
from engine.model.period import Calendar
from engine.model.same import Alike
from engine.store.history import Facts
from engine.store.moment import epoch

_DAY = 86_400
_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Group:
    """The cells one incident counts in (positions in `Book.cells`), and how much it adds to each total."""

    cell: NDArray[np.int64]
    amount: NDArray[np.float64]


class Book:
    """Lookups prepared once for one area tree, one set of indicators and one calendar.

    Incidents that count alike share a *group*: a number standing for their cells, so a batch is added
    up by group, day and cut before anything is looked up.
    """

    def __init__(
        self, tree: AreaTree, indicators: Mapping[str, Indicator], calendar: Calendar,
        alike: Alike | None = None,
    ) -> None:  # fmt: skip
        self.indicators = {indicator.key: indicator for indicator in indicators.values()}
        self.tree = tree
        self.calendar = calendar
        #: Which feeds tell of the same events; None where none does.
        self.alike = alike
        self.ground = _ground(tree, calendar)
        self.groups = [Group(np.empty(0, np.int64), np.empty(0))]
        #: (indicator key, area code) of every cell met so far.
        self.cells: list[tuple[str, str]] = []
        self._cell: dict[tuple[str, str], int] = {}
        self._group: dict[tuple[object, ...], int] = {}
        self._by_category: dict[str, list[Indicator]] = defaultdict(list)
        for key in sorted(self.indicators):
            for category in self.indicators[key].categories:
                self._by_category[category].append(self.indicators[key])
        self._summed = {
            category for category, of in self._by_category.items()
            if any(indicator.measure != "incidents" for indicator in of)
        }  # fmt: skip
        #: By category the indicators that ask at what hour or on which weekday it was.
        self._apart = {
            category: [one for one in of if one.times is not None]
            for category, of in self._by_category.items()
        }  # fmt: skip
        self._days = _Days(calendar.midnight)
        self._cuts = _Days(calendar.cut_at)

    def group(self, feed: str, facts: Facts) -> int:
        """The group of one incident; 0 counts nowhere."""
        _, precision, _, areas, category, severity, measures, *_, withdrawn = facts
        if withdrawn or precision == Precision.UNKNOWN or category not in self._by_category:
            return 0
        kept_apart = self._apart.get(category, ())
        then = datetime.fromtimestamp(facts[0], UTC) if kept_apart else _NEVER
        without = frozenset(of.key for of in kept_apart if not of.timed(then, precision))
        like = (feed, category, severity, areas, measures if category in self._summed else "", without)
        found = self._group.get(like)
        if found is None:
            cells = self._cells(feed, category, severity, areas, measures, without)
            found = self._group[like] = len(self.groups) if cells else 0
            if cells:
                places = [self._place(key, code) for key, code, _ in cells]
                self.groups.append(Group(np.array(places), np.array([amount for *_, amount in cells])))
        return found

    def _cells(
        self, feed: str, category: str, severity: int, areas: str, measures: str, without: frozenset[str]
    ) -> list[tuple[str, str, float]]:
        """(indicator key, area code, amount) of each cell, but for the indicators of other hours. An area
        that has left the tree counts nowhere; one named twice, or below another, once."""
        named = [code for code in areas.split("|") if code in self.tree]
        above = sorted({code for area in named for code in self.tree.lineage(area)})
        amounts = json.loads(measures) if measures else {}
        cells = []
        for indicator in self._by_category[category]:
            counted = indicator.measure == "incidents"
            slight = indicator.min_severity and severity < indicator.min_severity
            other = indicator.key in without or (indicator.feeds and feed not in indicator.feeds)
            if slight or other:
                continue
            if counted or indicator.measure in amounts:
                amount = 1.0 if counted else float(amounts[indicator.measure])
                cells += [(indicator.key, code, amount) for code in above]
        return cells

    def _place(self, key: str, code: str) -> int:
        if (key, code) not in self._cell:
            self._cell[key, code] = len(self.cells)
            self.cells.append((key, code))
        return self._cell[key, code]

    def day(self, occurred_at: int) -> int:
        """The local day of a moment in epoch seconds, as an ordinal."""
        return self._days.of(occurred_at)

    def cut(self, known_at: int) -> int:
        """The first cut strictly after a moment in epoch seconds, as an ordinal."""
        return self._cuts.of(known_at) + 1


@dataclass(frozen=True)
class Sums:
    """Signed counts by cell, day and cut, without what cancels out.

    cell: (R,) positions in `Book.cells`; day, cut: (R,) ordinals; n, total: (R,).
    """

    cell: NDArray[np.int64]
    day: NDArray[np.int64]
    cut: NDArray[np.int64]
    n: NDArray[np.int64]
    total: NDArray[np.float64]


class Booking:
    """Signed counts of one batch, added up in memory by group, day and cut."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._counts: dict[tuple[int, int, int], int] = defaultdict(int)

    def __len__(self) -> int:
        return len(self._counts)

    def step(self, feed: str, sign: int, known_at: int, before: Facts | None, after: Facts) -> None:
        """Book that at `known_at` an incident's facts became `after` (sign 1), or undo it (-1)."""
        cut = self.book.cut(known_at)
        if before is not None:
            self._add(-sign, feed, before, cut)
        self._add(sign, feed, after, cut)

    def hide(self, sign: int, feed: str, told: Iterable[tuple[int, Facts | None, Facts | None]]) -> None:
        """Take off (sign 1) what was told while it counted as another's, or undo it (-1)."""
        for known_at, before, after in told:
            cut = self.book.cut(known_at)
            for facts, way in ((before, sign), (after, -sign)):
                if facts is not None:
                    self._add(way, feed, facts, cut)

    def _add(self, sign: int, feed: str, facts: Facts, cut: int) -> None:
        group = self.book.group(feed, facts)
        if group:
            self._counts[group, self.book.day(facts[0]), cut] += sign

    def sums(self) -> Sums:
        """Every group spread over its cells, and equal cells added up."""
        groups = self.book.groups
        keys = np.array(list(self._counts), np.int64).reshape(-1, 3)
        sizes = np.array([groups[group].cell.size for group in keys[:, 0]], np.int64)
        spread = np.repeat(np.arange(len(keys)), sizes)
        nothing = np.empty(0)
        cell = np.concatenate([nothing, *(groups[group].cell for group in keys[:, 0])]).astype(np.int64)
        amount = np.concatenate([nothing, *(groups[group].amount for group in keys[:, 0])])
        n = np.fromiter(self._counts.values(), np.int64, len(keys))[spread]
        return _added_up(cell, keys[spread, 1], keys[spread, 2], n, n * amount)


def _added_up(
    cell: NDArray[np.int64], day: NDArray[np.int64], cut: NDArray[np.int64], n: NDArray[np.int64],
    total: NDArray[np.float64],
) -> Sums:  # fmt: skip
    order = np.lexsort((cut, day, cell))
    cell, day, cut = cell[order], day[order], cut[order]
    differs = (np.diff(cell) != 0) | (np.diff(day) != 0) | (np.diff(cut) != 0)
    first = np.flatnonzero(np.concatenate([[True], differs])[: cell.size])
    if not first.size:
        return Sums(cell, day, cut, n, total)
    sums = np.add.reduceat(n[order], first), np.add.reduceat(total[order], first)
    kept = (sums[0] != 0) | (sums[1] != 0)
    first = first[kept]
    return Sums(cell[first], day[first], cut[first], sums[0][kept], sums[1][kept])


class _Days:
    """Finds the day a moment belongs to, where `opens` says when each day begins."""

    def __init__(self, opens: Callable[[date], datetime]) -> None:
        self._opens = opens
        #: By UTC day: the local day in force when it begins, and the moments others begin within it.
        self._known: dict[int, tuple[int, tuple[int, ...]]] = {}

    def of(self, seconds: int) -> int:
        utc_day = seconds // _DAY
        if utc_day not in self._known:
            self._known[utc_day] = self._look(utc_day)
        day, begins = self._known[utc_day]
        return day + bisect_right(begins, seconds)

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
