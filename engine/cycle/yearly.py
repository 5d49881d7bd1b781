"""The last year of one area, week by week: what was reported of each kind of harm, and how it scored.

A week of which a day could not be seen, or was not judged, has no figure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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
_DAY, _WEEK = timedelta(days=1), 7
#: A figure a week, the oldest first.
Weeks = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What was reported of one branch of the taxonomy; `top` is the category that holds the others."""

    top: Category
    weeks: Weeks

    @property
    def seen(self) -> float:
        return sum(filter(None, self.weeks))


def first_day(world: World, at: datetime) -> date:
    """Of the year that ends with the last day that was due to be judged."""
    last = world.settings.calendar.last_due(Cycle.DAILY, at).start.date()
    return last - timedelta(days=_WEEK * WEEKS - 1)


def kinds(world: World, tx: Tx, area: str, at: datetime) -> list[Kind]:
    """Every kind that some feed reports there, in the taxonomy's order; nothing of what is sensitive."""
    calendar, taxonomy, first = world.settings.calendar, world.settings.taxonomy, first_day(world, at)
    branches: dict[str, set[str]] = defaultdict(set)
    for one in filter(may_count, taxonomy.categories.values()):
        branches[_top(taxonomy, one)].add(one.code)
    of = {code: top for top, codes in branches.items() for code in codes}
    counts = {top: np.zeros(_WEEK * WEEKS, np.int64) for top in branches}
    below, last = frozenset(world.settings.tree.below(area)), first + timedelta(days=_WEEK * WEEKS - 1)
    span = calendar.midnight(first), calendar.midnight(last + _DAY)
    for moment, areas, what in known.happened(tx, of, *span, at):
        if not below.isdisjoint(areas):
            counts[of[what]][(calendar.local_day(moment) - first).days] += 1
    panels, found = StorePanels(tx, world.settings), []
    for top, codes in branches.items():
        lost = unseen(panels, Indicator(frozenset(codes)), area, first, last, at)
        if lost is not None:
            found.append(Kind(taxonomy[top], _weekly(counts[top], lost)))
    return found


def scores(world: World, tx: Tx, area: str, at: datetime) -> dict[Domain, Weeks]:
    """The highest score of each week, by domain."""
    first = first_day(world, at)
    by_day = scored.of(tx, area, first)
    days = [first + timedelta(days=n) for n in range(_WEEK * WEEKS)]
    return {
        domain: tuple(
            max(by_day[day].get(domain, 0.0) for day in week) if all(day in by_day for day in week) else None
            for week in _by_week(days)
        )
        for domain in Domain
    }  # fmt: skip


def _top(taxonomy: Taxonomy, of: Category) -> str:
    while of.parent is not None:
        of = taxonomy[of.parent]
    return of.code


def _weekly(counts: NDArray[np.int64], lost: NDArray[np.bool_]) -> Weeks:
    sums = counts.reshape(WEEKS, _WEEK).sum(axis=1).tolist()
    blind = lost.reshape(WEEKS, _WEEK).sum(axis=1).tolist()
    return tuple(None if gone else float(many) for many, gone in zip(sums, blind, strict=True))


def _by_week(days: Sequence[date]) -> list[Sequence[date]]:
    return [days[at : at + _WEEK] for at in range(0, len(days), _WEEK)]
