"""The store's ledger as `find` reads it: as of a cut, and of one moment in the order of commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.cycle import departed
from engine.cycle.departed import Ground
from engine.cycle.modelled import InForce
from engine.cycle.unread import Readings
from engine.judge.asked import Models
from engine.model.feed import Feed
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import Deltas, FeedWatch, Silence, Watch
from engine.model.told import NEVER, Told
from engine.store import known, listening, reading, telling
from engine.store.database import Tx
from engine.store.listening import Answers, Patience
from engine.store.tally_reader import TallyReader

#: So much more of the polls is read than is asked for: the next rule looks further back than this one.
_FURTHER = timedelta(days=200)
#: Where moment after moment is judged, incidents are read for so long at once; never a longer stretch.
_SWEPT = timedelta(days=60)


class StorePanels:
    """Reads within one transaction; what rules share is read once.

    seq: only what was committed up to it is seen, whenever the run executes (None: everything). sweeps:
    whether moment after moment is judged, as a backtest does, and not one.
    """

    def __init__(self, tx: Tx, settings: Ground, seq: int | None = None, *, sweeps: bool = False) -> None:
        self.tree, self.calendar = settings.tree, settings.calendar
        self.holding = frozenset(feed.id for feed in settings.feeds.values() if feed.holds)
        same = [(feed.id, one.feed) for feed in settings.feeds.values() for one in feed.same_as]
        self.linked = frozenset(id_ for both in same for id_ in both)
        self.accuracy: Mapping[str, float] = {
            feed.id: feed.accuracy for feed in settings.feeds.values() if feed.accuracy is not None
        }
        self.models: Models = InForce(tx, self.calendar)
        self._tx, self._seq = tx, seq
        #: What was asked for last, and found: every area of a rule asks the same.
        self._matched: tuple[tuple[object, ...], Sequence[Incident]] | None = None
        # What counts as another feed's is looked up for each moment.
        self._alone = not telling.any_(tx)
        self._sweeps = sweeps and self._alone
        self._swept: dict[str, known.Sweep] = {}
        self._feeds = {**settings.feeds, **departed.feeds(tx, settings)}
        self._tally = TallyReader(tx, seq)
        self._deltas: dict[tuple[str, str, int], tuple[int, Deltas]] = {}
        self._areas: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._polls: dict[str, tuple[datetime, Answers]] = {}
        self._silences: dict[tuple[str, int, int], tuple[Silence, ...]] = {}
        self._heard: dict[str, tuple[int, NDArray[np.float64]]] = {}
        self._places: dict[tuple[str, str], NDArray[np.bool_]] = {}
        self._readings = Readings(tx, self.tree, self.calendar, seq)

    def deltas(self, indicator: Indicator, level: str, first: int, cut: int) -> Deltas:
        key = (indicator.key, level, cut)
        held = self._deltas.get(key)
        if held is None or held[0] > first:
            areas = self.tree.at(level)
            found = self._tally.deltas(indicator.key, areas, first, cut - 1, cut)
            held = self._deltas[key] = (first, found)
        return held[1]

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        feeds = [feed for feed in self._feeds.values() if feed.fills(indicator)]
        wait = self.calendar.wait / timedelta(days=1)
        watched = tuple(self._feed_watch(feed, indicator, level, first, cut) for feed in feeds)
        return Watch(watched, wait, len(self.tree.at(level)))

    def _feed_watch(self, feed: Feed, indicator: Indicator, level: str, first: int, cut: int) -> FeedWatch:
        silences, heard = self._silent(feed, first, cut), self._heard_at(feed, first, cut)
        covers = self._covers(feed, level)
        unread = self._readings.half_read(feed, indicator, level, covers, first)
        unread += self._readings.mute(feed, level, covers, cut)
        unread += self._readings.scaled(feed, indicator, cut)
        unread += self._readings.ceased(feed, indicator, cut)
        return FeedWatch(
            feed=feed.id, covers=covers, since=feed.covers.since.toordinal(),
            limit=feed.max_silence / timedelta(days=1), silences=silences, heard=heard[1], begins=heard[0],
            unread=unread, placed=feed.placed, until=feed.covers.until.toordinal(),
        )  # fmt: skip

    def _covers(self, feed: Feed, level: str) -> NDArray[np.bool_]:
        if (feed.id, level) not in self._places:
            covered = [self._covered(feed, area) for area in self.tree.at(level)]
            self._places[feed.id, level] = np.array(covered, bool)
        return self._places[feed.id, level]

    def _covered(self, feed: Feed, area: str) -> bool:
        """Whether it lies in one of the feed's areas, or above one: a parent's panel sums what lies below."""
        if feed.id not in self._areas:
            named = frozenset(feed.covers.areas)
            above = frozenset(code for one in named for code in self.tree.lineage(one))
            self._areas[feed.id] = named, above
        named, above = self._areas[feed.id]
        return area in above or not named.isdisjoint(self.tree.lineage(area))

    def blind(self, indicator: Indicator, area: str, at: datetime) -> list[Feed]:
        """The feeds that report on an indicator in an area and were silent for too long at a moment."""
        feeds = [feed for feed in self._feeds.values() if feed.fills(indicator)]
        due = [feed for feed in feeds if not feed.ended(self.calendar.local_day(at))]
        return [feed for feed in due if self._covered(feed, area) and not self._hears(feed, at)]

    def _hears(self, feed: Feed, at: datetime) -> bool:
        since = at.astimezone(UTC) - feed.max_silence
        return listening.hears(self._answers(feed, since), _patience(feed), at)

    def _answers(self, feed: Feed, since: datetime) -> Answers:
        """The feed's polls from `since` on, or from longer ago: a feed has years of them."""
        held = self._polls.get(feed.id)
        if held is None or held[0] > since:
            since -= _FURTHER
            held = self._polls[feed.id] = (since, listening.answers(self._tx, feed.id, since, self._seq))
        return held[1]

    def _silent(self, feed: Feed, first: int, cut: int) -> tuple[Silence, ...]:
        key = (feed.id, first, cut)
        if key not in self._silences:
            polls, since = self._answers(feed, self._midnight(first)), feed.covers.since
            self._silences[key] = listening.silences(
                polls, since, _patience(feed), self.calendar, first, cut
            )
        return self._silences[key]

    def _heard_at(self, feed: Feed, first: int, cut: int) -> tuple[int, NDArray[np.float64]]:
        """The first of the cuts, and until when the feed had been listened to at each from there on."""
        begins, heard = self._heard.get(feed.id, (first, np.empty(0)))
        if not begins <= first <= cut < begins + heard.size:
            first, cut = min(begins, first), max(begins + heard.size - 1, cut)
            polls = self._answers(feed, self._midnight(first))
            heard = listening.heard(polls, _patience(feed), self.calendar, first, cut)
            self._heard[feed.id] = (first, heard)
        return self._heard[feed.id]

    def _midnight(self, day: int) -> datetime:
        return self.calendar.midnight(date.fromordinal(day))

    def rescaled(self, indicator: Indicator, at: datetime) -> bool:
        filling = (feed for feed in self._feeds.values() if feed.fills(indicator))
        return any(self._readings.rescaled(feed, indicator, at) for feed in filling)

    def incidents(
        self, indicator: Indicator, since: datetime, until: datetime, known_before: datetime
    ) -> Sequence[Incident]:
        if self._sweeps and until - since <= _SWEPT:
            return self._sweep(indicator, since, until).known(since, until, known_before)
        key = (indicator.key, since, until, known_before)
        if self._matched is None or self._matched[0] != key:
            self._matched = key, known.matching(
                self._tx, indicator, areas=self.tree.areas, since=since, until=until,
                known_before=known_before, seq=self._seq,
            )  # fmt: skip
        return self._matched[1]

    def _sweep(self, indicator: Indicator, since: datetime, until: datetime) -> known.Sweep:
        held = self._swept.get(indicator.key)
        if held is None or since < held.since or held.until < until:
            # What a finding rests on is sought as far back again.
            held = self._swept[indicator.key] = known.Sweep(
                self._tx, indicator, areas=self.tree.areas, since=since - (until - since),
                until=until + _SWEPT, seq=self._seq,
            )  # fmt: skip
        return held

    def revisions(
        self, indicator: Indicator, since: datetime, until: datetime
    ) -> Sequence[tuple[Incident, datetime]]:
        if not self._alone:  # which feed's revision counts is told of a moment
            return [(one, NEVER) for one in self.incidents(indicator, since, until, until)]
        return known.Sweep(
            self._tx, indicator, areas=self.tree.areas, since=since, until=until, seq=self._seq
        ).told  # fmt: skip

    def told(
        self, indicator: Indicator, since: datetime, until: datetime, *, lasting: bool = False
    ) -> Sequence[Told]:
        return reading.told(self._tx, indicator, since, until, self._seq, lasting=lasting)


def _patience(feed: Feed) -> Patience:
    return Patience(feed.max_silence, feed.fresh_for)
