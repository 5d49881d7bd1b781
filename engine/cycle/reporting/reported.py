"""What was reported in each domain, day by day, of the days on which all could be seen.

Sensitive and protected categories are never among them: a report says nothing of either.
"""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from engine.cycle.panels import StorePanels
from engine.cycle.reporting.frame import DAY, Frame
from engine.cycle.world import World
from engine.model.grade import Domain
from engine.model.indicator import Indicator
from engine.model.taxonomy import Category, Measures
from engine.report.reported import Days
from engine.store import known


def counted(world: World, domain: Domain) -> Indicator:
    """Every harm of a domain that a report may count."""
    categories = world.settings.taxonomy.categories.values()
    return Indicator(frozenset(one.code for one in categories if one.domain is domain and may_count(one)))


def may_count(one: Category) -> bool:
    harm = one.judged and one.measures is Measures.HARM
    return harm and not one.protected and not one.sensitive


def by_day(of: Frame, domain: Domain, first: date) -> Days | None:
    """The reports below the report's area on each day from `first` to the last of its period, None for a day
    that could not be seen whole; None altogether where no feed reports on the domain there."""
    indicator = counted(of.world, domain)
    lost = unseen(of.panels, indicator, of.area, first, of.last, of.at)
    if lost is None:
        return None
    found = np.zeros(lost.size, np.int64)
    midnights = [of.calendar.midnight(first + n * DAY) for n in range(lost.size + 1)]
    for day, areas, _, many in known.tallied(of.tx, indicator.categories, midnights, of.at):
        if not of.below.isdisjoint(areas.split("|")):
            found[day] += many
    return [None if gone else int(many) for many, gone in zip(found, lost, strict=True)]


def unseen(
    panels: StorePanels, indicator: Indicator, area: str, first: date, last: date, at: datetime
) -> NDArray[np.bool_] | None:
    """(days,) True where some feed may not have told all of an area by a moment; None where none reports."""
    tree, cut = panels.tree, panels.calendar.local_day(at).toordinal()
    level, begin, end = tree[area].level, first.toordinal(), last.toordinal()
    watch, place = panels.watch(indicator, level, begin, cut), tree.at(level).index(area)
    for group in watch.groups:
        if group.areas[place]:
            lost: NDArray[np.bool_] = group.lost(np.array([cut]), begin, end, watch.wait)[0]
            return lost | ~group.filled(begin, end)
    return None
