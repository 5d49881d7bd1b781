"""The store's ledger as `find` reads it: as of a cut, and of one moment in the order of commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from engine.model.area import AreaTree
from engine.model.feed import Feed
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, Watch
from engine.model.period import Calendar
from engine.store import health, incidents, tally
from engine.store.database import Tx


class Ground(Protocol):
    """What panels need of the settings."""

    @property
    def tree(self) -> AreaTree: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def feeds(self) -> Mapping[str, Feed]: ...


class StorePanels:
    """Reads within one transaction; what rules share is read once.

    seq: only what was committed up to it is seen, whenever the run executes (None: everything).
    """

    def __init__(self, tx: Tx, settings: Ground, seq: int | None = None) -> None:
        self.tree, self.calendar = settings.tree, settings.calendar
        self._tx, self._settings, self._seq = tx, settings, seq
        self._deltas: dict[tuple[str, str, int], tuple[int, Deltas]] = {}
        self._watches: dict[tuple[frozenset[str], str, int], tuple[int, Watch]] = {}

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        key = (indicator.key, level, cut)
        held = self._deltas.get(key)
        if held is None or held[0] > first:
            areas = self.tree.at(level)
            found = tally.deltas(self._tx, [indicator.key], areas, first, cut - 1, cut, self._seq)
            held = self._deltas[key] = (first, found[indicator.key])
        return held[1]

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        feeds = [feed for feed in self._settings.feeds.values() if _fills(feed, indicator)]
        key = (frozenset(feed.id for feed in feeds), level, cut)
        held = self._watches.get(key)
        if held is None or held[0] > first:
            covers = [self._cover(feed) for feed in feeds]
            areas = self.tree.at(level)
            found = health.watch(self._tx, covers, areas, self.calendar, first, cut, self._seq)
            held = self._watches[key] = (first, found)
        return held[1]

    def _cover(self, feed: Feed) -> health.FeedCover:
        """Everything below the feed's areas, and above them: a parent's panel sums what lies below."""
        tree = self.tree
        below = {code for area in feed.covers.areas for code in tree.below(area)}
        above = {code for area in feed.covers.areas for code in tree.lineage(area)}
        return health.FeedCover(
            feed=feed.id, max_silence=feed.max_silence, since=feed.covers.since,
            areas=frozenset(below | above),
        )  # fmt: skip

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> Sequence[Incident]:
        return incidents.matching(
            self._tx, indicator, areas=self.tree.areas, since=since, until=until, known_before=known_before,
            seq=self._seq,
        )  # fmt: skip


def _fills(feed: Feed, indicator: Indicator) -> bool:
    """Whether the feed reports on anything the indicator counts."""
    named = not indicator.feeds or feed.id in indicator.feeds
    return named and bool(feed.covers.categories & indicator.categories)


