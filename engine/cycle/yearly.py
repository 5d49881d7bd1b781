"""The last year of one area, week by week: what was reported of each kind of harm, and how it scored.

A week of which a day could not be seen, or was not judged, has no figure; days before anybody looked at all
are none of those. Both are as the last daily screening knew it: between two of them nothing of it changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.cycle.panels import StorePanels
from engine.cycle.reporting.reported import may_count, unseen
from engine.cycle.world import World
from engine.model.grade import Domain
from engine.model.indicator import Indicator
from engine.model.period import Cycle
from engine.model.taxonomy import Category, Taxonomy
from engine.store import known, scored
from engine.store.database import Tx

WEEKS = 52
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Weeks:
    """A figure a week, the oldest first; None where it has none.

    before: so many weeks were over when somebody first looked, on the day `since`; of the week in which that
    day lies, what was before it does not count. since: None where nobody ever looked.
    """

    figures: tuple[float | None, ...]
    before: int = 0
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """What was reported of one branch of the taxonomy; `top` is the category that holds the others."""

    top: Category
    weeks: Weeks

    @property
    def seen(self) -> float:
        return sum(filter(None, self.weeks.figures))

    @property
    def lost(self) -> int:
        """So many weeks could not be seen whole."""
        return self.weeks.figures.count(None)


@dataclass(frozen=True, eq=False)
class Year:
    """Every report of a year, of all areas at once; reading it takes long, and one area of it nothing.

    first: its first day; at: as it was known then. The rows of the others tell of `many` reports each.
    """

    first: date
    at: datetime
    #: The branches of the taxonomy, by the category that holds the others.
    branches: Mapping[str, frozenset[str]]
    #: The areas that reports name together, and which of them each report names.
    named: Sequence[tuple[str, ...]]
    place: NDArray[np.int32]
    week: NDArray[np.int8]
    branch: NDArray[np.int16]
    many: NDArray[np.int64]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=_WEEK * WEEKS - 1)

    def below(self, areas: frozenset[str]) -> NDArray[np.int64]:
        """(branches, weeks): how many reports name one of the areas."""
        counts = np.zeros((len(self.branches), WEEKS), np.int64)
        within = np.array([not areas.isdisjoint(one) for one in self.named], np.bool_)
        if within.any():
            own = within[self.place]
            np.add.at(counts, (self.branch[own], self.week[own]), self.many[own])
        return counts


def first_day(world: World, at: datetime) -> date:
    """Of the year that ends with the last day that was due to be judged."""
    last = world.settings.calendar.last_due(Cycle.DAILY, at).start.date()
    return last - timedelta(days=_WEEK * WEEKS - 1)


def read(world: World, tx: Tx, at: datetime) -> Year:
    """The year up to the last screening that was due."""
    calendar, first, branches = world.settings.calendar, first_day(world, at), _branches(world)
    known_at = calendar.last_due(Cycle.DAILY, at).due_at
    begins = [calendar.midnight(first + n * timedelta(days=_WEEK)) for n in range(WEEKS + 1)]
    of = {code: nth for nth, codes in enumerate(branches.values()) for code in codes}
    places: dict[str, int] = {}
    rows = [
        (week, places.setdefault(areas, len(places)), of[what], many)
        for week, areas, what, many in known.tallied(tx, of, begins, known_at)
    ]  # fmt: skip
    week, place, branch, many = np.array(rows, np.int64).reshape(-1, 4).T
    named = [tuple(areas.split("|")) for areas in places]
    return Year(
        first, known_at, branches, named, place.astype(np.int32), week.astype(np.int8),
        branch.astype(np.int16), many,
    )  # fmt: skip


def kinds(world: World, tx: Tx, area: str, year: Year) -> list[Kind]:
    """Every kind that some feed reports there, in the taxonomy's order; nothing of what is sensitive."""
    taxonomy, panels, found = world.settings.taxonomy, StorePanels(tx, world.settings), []
    counts = year.below(frozenset(world.settings.tree.below(area)))
    for own, (top, codes) in zip(counts.tolist(), year.branches.items(), strict=True):
        lost = unseen(panels, Indicator(codes), area, year.first, year.last, year.at)
        if lost is not None:
            found.append(Kind(taxonomy[top], _weekly(year.first, lost.tolist(), [float(n) for n in own])))
    return found


def scores(tx: Tx, area: str, first: date) -> dict[Domain, Weeks]:
    """The highest score of each week of the year that begins with a day, by domain."""
    by_day = scored.of(tx, area, first)
    days = [first + timedelta(days=n) for n in range(_WEEK * WEEKS)]
    lost = [day not in by_day for day in days]
    return {
        domain: _weekly(first, lost, [
            max((by_day[day].get(domain, 0.0) for day in week if day in by_day), default=0.0)
            for week in _by_week(days)
        ])
        for domain in Domain
    }  # fmt: skip


def _weekly(first: date, lost: Sequence[bool], figures: Sequence[float]) -> Weeks:
    """lost: of each day from the first on, whether it has no figure."""
    since = next((at for at, gone in enumerate(lost) if not gone), None)
    if since is None:
        return Weeks((None,) * len(figures), len(figures))
    before = since // _WEEK
    whole = [at >= before and not any(lost[max(since, at * _WEEK) : (at + 1) * _WEEK]) for at in range(WEEKS)]
    told = (figure if seen else None for figure, seen in zip(figures, whole, strict=True))
    return Weeks(tuple(told), before, first + timedelta(days=since))


def _top(taxonomy: Taxonomy, of: Category) -> str:
    while of.parent is not None:
        of = taxonomy[of.parent]
    return of.code


def _branches(world: World) -> dict[str, frozenset[str]]:
    taxonomy, found = world.settings.taxonomy, defaultdict(set)
    for one in filter(may_count, taxonomy.categories.values()):
        found[_top(taxonomy, one)].add(one.code)
    return {top: frozenset(codes) for top, codes in found.items()}


def _by_week(days: Sequence[date]) -> list[Sequence[date]]:
    return [days[at : at + _WEEK] for at in range(0, len(days), _WEEK)]
