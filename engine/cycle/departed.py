"""Feeds of which the store holds incidents, and which config/feeds.yaml names no more: they ended when they
were last heard, and what they had told is no measure of the days without them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from engine.model.area import AreaTree
from engine.model.feed import Covers, Feed, Subject
from engine.model.period import Calendar
from engine.model.text import Text
from engine.store import health, incidents
from engine.store.database import Tx

#: Nobody says any more how long it might be silent.
_EVER = timedelta(days=36_500)


class Ground(Protocol):
    """What of the settings says which feeds there are."""

    @property
    def tree(self) -> AreaTree: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def feeds(self) -> Mapping[str, Feed]: ...


def feeds(tx: Tx, ground: Ground) -> dict[str, Feed]:
    """Each as if its entry were still there, with the day on which it ended."""
    return {id_: _ended(tx, id_, ground) for id_ in incidents.feeds(tx) if id_ not in ground.feeds}


def _ended(tx: Tx, id_: str, ground: Ground) -> Feed:
    first, last, categories = incidents.extent(tx, id_)
    heard = health.last_good(tx, id_)
    roots = tuple(area.code for area in ground.tree if area.parent is None)
    day = ground.calendar.local_day
    covers = Covers(
        areas=roots, categories=categories, since=day(first), until=day(max(last, heard or last))
    )  # fmt: skip
    return Feed(
        id=id_, title=Text(id_), connector="", subject=Subject.INCIDENT, options=None, mapping=None,
        covers=covers, poll=_EVER, max_silence=_EVER, placed=0.0,
    )  # fmt: skip
