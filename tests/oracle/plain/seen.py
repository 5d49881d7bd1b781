"""Of which days a feed may not have told all, as known at a cut ("Why a cell is a lower bound")."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from tests.oracle.plain.clock import DAY, Clock
from tests.oracle.plain.nouns import Feed, Poll, Report, Scene, Told, Unread

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Heard:
    """One feed's good polls before one moment, and what they were worth."""

    feed: Feed
    moment: datetime
    clock: Clock

    @cached_property
    def polls(self) -> list[Poll]:
        """The good ones in order, and the ends of the stretches that a history states, which are as good."""
        ends = {at for stretch in self.feed.stated for at in stretch}
        stated = [Poll(at) for at in sorted(ends - {poll.at for poll in self.feed.polls if poll.ok})]
        good = [poll for poll in self.feed.polls if poll.ok]
        return sorted((one for one in good + stated if one.at < self.moment), key=lambda one: one.at)

    def bridged(self, at: datetime) -> bool:
        """Whether a history states that the feed was heard from here on."""
        return any(begins <= at < ends for begins, ends in self.feed.stated)

    @cached_property
    def news(self) -> list[datetime]:
        """How fresh the freshest news was at each poll. In a stated stretch, and where an archive noted the
        poll, it is the poll's own time."""
        found, newest = [], NEVER
        for poll in self.polls:
            inside = any(begins <= poll.at <= ends for begins, ends in self.feed.stated)
            own = poll.at if inside or poll.archive or poll.news is None else min(poll.news, poll.at)
            newest = max(newest, own)
            found.append(newest)
        return found

    def old(self, position: int) -> bool:
        """Whether a poll told only what was older than the feed may be without news."""
        quiet = self.feed.quiet or self.feed.max_silence
        return self.polls[position].at - self.news[position] > quiet

    @cached_property
    def until(self) -> datetime:
        """Up to when somebody had listened."""
        if not self.polls:
            return NEVER
        last = self.polls[-1]
        lasting = last.archive and self.moment - last.at <= self.feed.max_silence
        if lasting or self.bridged(last.at):
            return self.moment
        # Polls that told the same news are worth what the last of them is: its own time, or that of the news.
        worth = NEVER
        for position, poll in enumerate(self.polls):
            is_last = position + 1 == len(self.polls) or self.news[position + 1] > self.news[position]
            if is_last:
                worth = max(worth, self.news[position] if self.old(position) else poll.at)
        return worth

    @property
    def now(self) -> bool:
        """Whether it is heard at the moment, and tells anything new."""
        if not self.polls or self.bridged(self.polls[-1].at):
            return bool(self.polls)
        late = self.moment - self.polls[-1].at > self.feed.max_silence
        return not late and not self.old(len(self.polls) - 1)

    def silences(self) -> Iterator[tuple[datetime, datetime]]:
        """Stretches between two answers longer than `max_silence`, and from news to newer news where an
        answer between them was old; the last ones up to now."""
        opens = self.clock.midnight(self.feed.since)
        limit, moments = self.feed.max_silence, [poll.at for poll in self.polls]
        first = min([opens, *moments[:1]])
        for start, end in zip([first, *moments], [*moments, self.moment], strict=True):
            if end - max(start, opens) > limit and not self.bridged(start):
                yield max(start, opens), end
        for position in range(len(self.polls)):
            if self.old(position):
                newer = (
                    poll.at
                    for poll, news in zip(self.polls, self.news, strict=True)
                    if news > self.news[position]
                )
                yield max(self.news[position], opens), next(newer, self.moment)

    @cached_property
    def lost(self) -> set[date]:
        """The days of which a silence took half, or `max_silence` where that is shorter."""
        least, found = min(timedelta(hours=12), self.feed.max_silence), set()
        for start, end in self.silences():
            begin, over = self.clock.wall(start), self.clock.wall(end)
            day = begin.date()
            while day <= over.date():
                opens = datetime.combine(day, datetime.min.time())
                if min(over, opens + DAY) - max(begin, opens) >= least:
                    found.add(day)
                day += DAY
        return found

    def missed(self, day: date) -> bool:
        """Nobody listened after the day, or a silence took it."""
        return self.until == NEVER or self.clock.day(self.until) <= day or day in self.lost


def too_many(unread: int, of: int, tolerate: float) -> bool:
    """More than `tolerate`, three at least; or a quarter, or `tolerate` where that is more, however few."""
    return unread > 0 and (unread >= max(0.25, tolerate) * of or (unread >= 3 and unread / of > tolerate))


@dataclass(frozen=True)
class Readings:
    """What one feed told of one day, and what of it could not be read, as known at a cut."""

    scene: Scene
    feed: Feed
    told: Sequence[Told]
    unread: Sequence[Unread]

    def unsaid(self, area: str, says: Callable[[Report], bool]) -> bool:
        """Whether too many of those told do not say by what they are counted, of the whole day or of any
        region around the area, counting those that may lie in it."""
        mute = [one for one in self.told if not says(one.report)]
        mine = [
            one for one in mute
            if area in one.within or not set(one.report.areas).isdisjoint(self.scene.lineage(area))
        ]  # fmt: skip
        regions = ([one for one in self.told if region in one.within] for region in self.scene.lineage(area))
        return any(
            too_many(sum(one in mine for one in all_), len(all_), self.feed.tolerate)
            for all_ in (self.told, *regions)
        )

    def _region(self, area: str | None) -> list[str]:
        return self.scene.lineage(area) if area else []

    def torn(self, area: str, categories: Sequence[str]) -> bool:
        """Whether too much is missing to say what an indicator counts in an area."""
        own = [one for one in self.unread if one.category is None or one.category in categories]
        anywhere = [one for one in own if not one.area]
        total = len(self.told) + len(self.unread)
        if too_many(len(anywhere), total, self.feed.tolerate):
            return True
        mine = [
            one
            for one in own
            if one.area and (one.area in self._region(area) or area in self._region(one.area))
        ]
        if not mine:
            return False
        if too_many(len(anywhere) + len(mine), total, self.feed.tolerate):
            return True
        return any(self._torn_in(region, mine) for region in self.scene.lineage(area))

    def _torn_in(self, region: str, mine: Sequence[Unread]) -> bool:
        """The same of those alone that name an area in a region."""
        lost = sum(region in self._region(one.area) for one in mine)
        all_ = sum(region in self._region(one.area) for one in self.unread) + sum(
            region in one.within for one in self.told
        )
        return too_many(lost, all_, self.feed.tolerate)
