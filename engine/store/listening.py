"""When somebody had listened to a feed: its good polls, how fresh their news was, and its silences.

A good poll whose newest news is older than the feed may be without any is no listening: it heard the same
as the poll that brought the news. What a poll is worth is therefore known only at the cut that asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, func, select

from engine.model.panel import Silence
from engine.model.period import Calendar
from engine.store.database import Tx
from engine.store.moment import epoch, plain
from engine.store.tables import feed_poll, feed_stretch

_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()

Seconds = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """A feed's good polls and the ends of the stretches a history states, ascending, in epoch seconds.

    at: (P,); news: (P,) how fresh the news was by then, never falling; archive: (P,) whether only polls
    that brought news were noted; bridged: (P,) whether a history states that the feed was heard from this
    one to the next.
    """

    at: Seconds
    news: Seconds
    archive: NDArray[np.bool_]
    bridged: NDArray[np.bool_]

    def since(self, begin: int, end: int) -> Answers:
        """Those in [begin, end), and the last one before."""
        of = slice(max(0, int(np.searchsorted(self.at, begin)) - 1), int(np.searchsorted(self.at, end)))
        return Answers(self.at[of], self.news[of], self.archive[of], self.bridged[of])


@dataclass(frozen=True)
class Patience:
    """How long a feed may not be heard, and how long it may tell nothing new."""

    silence: timedelta
    quiet: timedelta


def answers(tx: Tx, feed: str, since: datetime, seq: int | None = None) -> Answers:
    """The feed's good polls from `since` on, and the last one before that; seq: only what was committed up
    to this transaction (replay)."""
    at = plain(feed_poll.c.at)
    good = _until(and_(feed_poll.c.feed == feed, feed_poll.c.ok), feed_poll.c.seq, seq)
    # Not max(): ordered by the key, the newest of them is found without reading the others.
    before = select(at).where(good, feed_poll.c.at < since).order_by(at.desc()).limit(1)
    first = tx.conn.execute(before).scalar_one_or_none()
    begun = feed_poll.c.at >= since if first is None else at >= first
    told = func.coalesce(plain(feed_poll.c.news_at), at)
    rows = select(at, told, feed_poll.c.archive).where(good, begun).order_by(at)
    # One by one: a list of ten thousand rows keeps the garbage collector busier than the fetching is.
    polls = np.fromiter(chain.from_iterable(tx.conn.execute(rows)), np.int64).reshape(-1, 3)
    return _stated(polls, _stretches(tx, feed, seq))


def _until(
    condition: ColumnElement[bool], column: ColumnElement[int], seq: int | None
) -> ColumnElement[bool]:
    return condition if seq is None else condition & (column <= seq)


def _stretches(tx: Tx, feed: str, seq: int | None) -> Seconds:
    """(T, 2) the stretches over which a history states that the feed was heard."""
    own = _until(feed_stretch.c.feed == feed, feed_stretch.c.seq, seq)
    ends = select(plain(feed_stretch.c.begins), plain(feed_stretch.c.ends)).where(own)
    return np.array([tuple(row) for row in tx.conn.execute(ends)], np.int64).reshape(-1, 2)


def _stated(polls: Seconds, stretches: Seconds) -> Answers:
    """The polls, and what stretches say: within them every moment is as good as a poll with news."""
    at, told, archive = polls.T
    news = np.where(archive, at, np.minimum(told, at))
    bridged: NDArray[np.bool_] = np.zeros(at.size, bool)
    if stretches.size:
        ends = np.unique(stretches)
        at, where = np.unique(np.concatenate([at, ends]), return_index=True)
        news = np.concatenate([news, ends])[where]
        archive = np.concatenate([archive, np.zeros_like(ends)])[where]
        inside = (stretches[:, :1] <= at) & (at <= stretches[:, 1:])
        news = np.where(inside.any(axis=0), at, news)
        bridged = np.any(inside & (at < stretches[:, 1:]), axis=0)
    return Answers(at, np.maximum.accumulate(news), archive.astype(bool), bridged)


def heard(polls: Answers, patience: Patience, calendar: Calendar, first: int, cut: int) -> Floats:
    """(D,) up to which moment somebody had listened, as known at each cut from `first` to `cut`, as local
    days with a fraction; the cut's own moment where an archive's last news is no silence yet."""
    days = np.arange(first, cut + 1)
    moments = np.array([epoch(calendar.cut_at(date.fromordinal(int(day)))) for day in days], np.int64)
    last = np.searchsorted(polls.at, moments) - 1
    if not polls.at.size:
        return np.full(days.size, -np.inf)
    at, news = polls.at[last], polls.news[last]
    listened = np.where(_aged(at, news, patience), np.maximum(news, _before(polls, patience)[last]), at)
    found = np.where(last >= 0, _local_days(listened, calendar.zone), -np.inf)
    lasting = polls.archive[last] & (moments - at <= patience.silence.total_seconds())
    now: Floats = np.where((last >= 0) & (lasting | polls.bridged[last]), moments_of(days, calendar), found)
    return now


def hears(polls: Answers, patience: Patience, at: datetime) -> bool:
    """Whether the feed was heard, and had told anything new, not too long before a moment."""
    last = int(np.searchsorted(polls.at, epoch(at), "right")) - 1
    if last < 0:
        return False
    if polls.bridged[last]:
        return True
    silent = epoch(at) - int(polls.at[last]) > patience.silence.total_seconds()
    return not silent and not _aged(polls.at, polls.news, patience)[last]


def moments_of(cuts: NDArray[np.int64], calendar: Calendar) -> Floats:
    """(C,) the cuts' own moments as local days with a fraction."""
    return cuts + np.float64(calendar.wait / timedelta(days=1))


def _aged(at: Seconds, news: Seconds, patience: Patience) -> NDArray[np.bool_]:
    return at - news > patience.quiet.total_seconds()


def _before(polls: Answers, patience: Patience) -> Seconds:
    """(P,) up to when somebody had listened before the news that each poll still tells."""
    ends = np.append(np.diff(polls.news) > 0, True)
    worth = np.where(_aged(polls.at, polls.news, patience), polls.news, polls.at)
    reached = np.maximum.accumulate(np.where(ends, worth, np.iinfo(np.int64).min))
    begins = np.maximum.accumulate(np.where(np.append(True, ends[:-1]), np.arange(ends.size), 0))
    return np.where(begins > 0, reached[begins - 1], polls.news)


def silences(
    polls: Answers, since: date, patience: Patience, calendar: Calendar, first: int, cut: int
) -> tuple[Silence, ...]:
    """The stretches in which the feed was not heard, or told nothing new, for days from `first` to before
    `cut`; what has not ended by then ends at infinity.

    polls: from `answers`, of the first day's midnight or longer ago; since: the local day from which the
    feed reports.
    """
    begin, opens = epoch(calendar.midnight(date.fromordinal(first))), epoch(calendar.midnight(since))
    polls = polls.since(begin, epoch(calendar.cut_at(date.fromordinal(cut))))
    limit = int(patience.silence.total_seconds())
    never = np.iinfo(np.int64).max
    at, bridged = polls.at, polls.bridged
    if not at.size or at[0] >= begin:
        at, bridged = np.insert(at, 0, min(opens, at[0] if at.size else opens)), np.insert(bridged, 0, False)
    start, end = np.maximum(at, opens), np.append(at[1:], never)
    apart = ~bridged & (end - start > limit)
    gaps = np.column_stack([start, end, start + limit, np.zeros_like(start)])[apart]
    return _local(np.vstack([gaps, _quiet(polls, opens, patience, never)]), never, calendar.zone)


def _quiet(polls: Answers, opens: int, patience: Patience, never: int) -> Seconds:
    """(S, 4) from the news to the poll with newer news, known with the first poll that found it too old."""
    aged = np.flatnonzero(_aged(polls.at, polls.news, patience))
    _, firsts = np.unique(polls.news[aged], return_index=True)
    first = aged[firsts]
    over = np.searchsorted(polls.news, polls.news[first], "right")
    end = np.append(polls.at, never)[over]
    start = np.maximum(polls.news[first], opens)
    return np.column_stack([start, end, polls.at[first], np.ones_like(start)])[end > start]


def _local(spans: Seconds, never: int, zone: ZoneInfo) -> tuple[Silence, ...]:
    """The spans by local clocks, in their order."""
    spans = spans[np.lexsort((spans[:, 1], spans[:, 0]))]
    start, known = (_local_days(spans[:, column], zone) for column in (0, 2))
    open_ = spans[:, 1] == never
    end = np.where(open_, np.inf, _local_days(np.where(open_, spans[:, 0], spans[:, 1]), zone))
    return tuple(
        Silence(float(begin), float(over), float(since), aged=bool(aged))
        for begin, over, since, aged in zip(start, end, known, spans[:, 3], strict=True)
    )


def _local_days(seconds: Seconds, zone: ZoneInfo) -> Floats:
    """Local wall-clock time as day ordinals with a fraction, as cuts and days are counted."""
    days, where = np.unique(seconds // _DAY, return_inverse=True)
    begin = np.array([_offset(day * _DAY, zone) for day in days.tolist()])
    end = np.array([_offset((day + 1) * _DAY, zone) for day in days.tolist()])
    offset = begin[where]
    for place in np.flatnonzero((begin != end)[where]):
        offset[place] = _offset(int(seconds[place]), zone)
    ordinals: Floats = _EPOCH + (seconds + offset) / _DAY
    return ordinals


@lru_cache(maxsize=32_768)
def _offset(seconds: int, zone: ZoneInfo) -> float:
    """How many seconds local time is ahead of UTC."""
    local = datetime.fromtimestamp(seconds, zone)
    return (local.replace(tzinfo=UTC) - datetime.fromtimestamp(seconds, UTC)).total_seconds()
