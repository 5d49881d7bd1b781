"""What the report rests on: feeds that could not be heard, rules that changed, and what feeds announce."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import numpy as np

from engine.cycle.reporting.frame import Frame
from engine.model.feed import Feed
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.period import Cycle
from engine.model.text import Text
from engine.report.figures import Ahead, Blind, RuleMove
from engine.store import configuration, known, rejects, runs

#: A hazard that began longer ago is not looked for.
LASTING = timedelta(days=365)


def blind(of: Frame) -> Iterator[Blind]:
    """The feeds that are silent now, were for some days, or told what nobody could read."""
    unread = rejects.unread_then(of.tx, of.period.start, of.at)
    for feed in of.world.settings.feeds.values():
        days, many = _lost(of, feed), unread.get(feed.id, 0)
        if days is None:
            continue
        own = Indicator(feed.covers.categories, feeds=frozenset({feed.id}))
        now = any(one.id == feed.id for one in of.panels.blind(own, of.area, of.at))
        if now or days or many:
            yield Blind(id=feed.id, title=feed.title, now=now, days=days, unread=many)


def _lost(of: Frame, feed: Feed) -> int | None:
    """On how many days of the period a feed may not have told all; None where it reports nothing here."""
    indicator = Indicator(feed.covers.categories, feeds=frozenset({feed.id}))
    cut = of.calendar.local_day(of.at).toordinal()
    first, last = of.first.toordinal(), of.last.toordinal()
    watch = of.panels.watch(indicator, of.level, first, cut)
    for own in watch.feeds:
        if own.feed == feed.id and own.covers[of.place]:
            return int(own.lost(np.array([cut]), first, last, watch.wait)[0].sum())
    return None


def rules(of: Frame) -> Iterator[RuleMove]:
    """What was taken up, changed or let go since the report before."""
    if of.cycle is Cycle.DAILY:
        return
    was, now = _book(of, of.since), _book(of, of.at)
    if not was or not now:
        return
    for id_ in sorted({*was, *now}):
        title = of.reference.rules[id_].title if id_ in of.reference.rules else Text(id_)
        if id_ not in was:
            yield RuleMove(id=id_, title=title, how="added")
        elif id_ not in now:
            yield RuleMove(id=id_, title=title, how="removed")
        elif was[id_] != now[id_]:
            yield RuleMove(id=id_, title=title, how="changed")


def _book(of: Frame, moment: datetime) -> Mapping[str, str]:
    """The rules by which was judged at a moment, each with the hash of its text."""
    found: Mapping[str, str] = json.loads(
        configuration.get(of.tx, runs.rules_at(of.tx, moment)) or "{}"
    )
    return found


def ahead(of: Frame) -> Iterator[Ahead]:
    """What feeds of hazards announce for the time until the next report."""
    taxonomy, feeds = of.world.settings.taxonomy, of.world.settings.feeds.values()
    named = frozenset(
        code for feed in feeds if feed.holds for code in feed.covers.categories
        if not taxonomy[code].sensitive and not taxonomy[code].protected
    )  # fmt: skip
    if not named:
        return
    found = known.matching(
        of.tx, Indicator(named), areas=of.below, since=of.at - LASTING, until=of.after.due_at,
        known_before=of.at,
    )  # fmt: skip
    for one in found:
        if _to_come(one, of.at):
            place = next((code for code in one.areas if code in of.below), of.area)
            at = of.local(max(one.occurred_at, of.at))
            yield Ahead(what=taxonomy[one.category].title, place=of.reference.area(place), at=at)


def _to_come(one: Incident, at: datetime) -> bool:
    return one.occurred_at > at or (one.ended_at is not None and one.ended_at > at)
