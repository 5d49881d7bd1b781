"""When each feed was heard, and when it was silent for too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, func, select

from engine.model.feed import Account
from engine.model.period import Calendar
from engine.store.database import Tx
from engine.store.moment import epoch, plain
from engine.store.tables import ACCOUNT, feed_poll, feed_stretch
from engine.store.write import insert_new, upsert

_DAY = 86_400
#: By so much, at most, a stretch of time is longer by the clocks of its zone than it is.
_SHIFT = timedelta(hours=3)
_EPOCH = date(1970, 1, 1).toordinal()
NOTHING = Account()


@dataclass(frozen=True, slots=True)
class Heard:
    """The last poll of a feed, how it went, and the last good one."""

    at: datetime
    ok: bool
    detail: str
    good_at: datetime | None
    #: How fresh the newest of what the source told is; None where no live poll has said so yet.
    news_at: datetime | None = None


def record(
    tx: Tx, feed: str, polls: Sequence[datetime], *, ok: bool = True, detail: str = "", known_at: datetime,
    news_at: datetime | None = None, archive: bool = False, account: Account = NOTHING,
) -> None:  # fmt: skip
    """Note polls of a feed: the moments at which it was asked and answered, or did not (`ok=False`).

    news_at: how fresh what the source tells was, as of these polls; archive: an archive noted them, which
    tells only of polls that brought news; account: what became of the records.
    """
    seq = tx.seq()
    how = {
        "ok": ok, "detail": detail, "known_at": known_at, "seq": seq, "news_at": news_at, "archive": archive,
        **asdict(account),
    }  # fmt: skip
    rows = [{"feed": feed, "at": at, **how} for at in sorted(set(polls))]
    insert_new(tx, feed_poll, rows, "feed", "at")


def state(tx: Tx, feed: str, begins: datetime, ends: datetime, *, known_at: datetime) -> None:
    """Note a history's own statement that its feed was heard from `begins` to `ends`."""
    row = {"feed": feed, "begins": begins, "ends": ends, "known_at": known_at, "seq": tx.seq()}
    upsert(tx, feed_stretch, [row])


def last(tx: Tx) -> dict[str, Heard]:
    """The last poll of each feed that was ever polled."""
    latest = select(
        feed_poll.c.feed, func.max(feed_poll.c.at).label("at"),
        func.max(feed_poll.c.at).filter(feed_poll.c.ok).label("good_at"),
        func.max(feed_poll.c.news_at).label("news_at"),
    ).group_by(feed_poll.c.feed).subquery()  # fmt: skip
    polls = select(feed_poll.c.feed, feed_poll.c.at, feed_poll.c.ok, feed_poll.c.detail)
    polls = polls.add_columns(latest.c.good_at, latest.c.news_at)
    same = and_(feed_poll.c.feed == latest.c.feed, feed_poll.c.at == latest.c.at)
    return {feed: Heard(*rest) for feed, *rest in tx.conn.execute(polls.join_from(feed_poll, latest, same))}


def news_gaps(tx: Tx, feed: str, most: int = 100) -> list[timedelta]:
    """How far apart the latest polls that brought something were, the latest first."""
    brought = feed_poll.c.archive | (feed_poll.c.new + feed_poll.c.revised > 0)
    statement = select(feed_poll.c.at).where(feed_poll.c.feed == feed, feed_poll.c.ok, brought)
    at = list(tx.conn.execute(statement.order_by(feed_poll.c.at.desc()).limit(most + 1)).scalars())
    return [later - earlier for later, earlier in pairwise(at)]


def accounts(tx: Tx) -> dict[str, Account]:
    """What became of all records each feed ever brought."""
    sums = [func.sum(feed_poll.c[name]) for name in ACCOUNT]
    rows = tx.conn.execute(select(feed_poll.c.feed, *sums).group_by(feed_poll.c.feed))
    return {feed: Account(*(int(many or 0) for many in of)) for feed, *of in rows}


def last_good(tx: Tx, feed: str) -> datetime | None:
    """When the feed last answered."""
    good = select(func.max(feed_poll.c.at)).where(feed_poll.c.feed == feed, feed_poll.c.ok)
    at: datetime | None = tx.conn.execute(good).scalar_one()
    return at


def good_polls(tx: Tx, feed: str, since: datetime) -> list[datetime]:
    """When the feed answered from `since` on, ascending."""
    at = feed_poll.c.at
    statement = select(at).where(feed_poll.c.feed == feed, feed_poll.c.ok, at >= since).order_by(at)
    return list(tx.conn.execute(statement).scalars())


def polls(tx: Tx, feed: str, since: datetime, seq: int | None = None) -> NDArray[np.int64]:
    """When the feed answered from `since` on, and the last time before that, in epoch seconds, ascending;
    seq: only polls committed up to this transaction (replay)."""
    at = plain(feed_poll.c.at)
    good = and_(feed_poll.c.feed == feed, feed_poll.c.ok)
    if seq is not None:
        good &= feed_poll.c.seq <= seq
    # Not max(): ordered by the key, the newest of them is found without reading the others.
    before = select(at).where(good, feed_poll.c.at < since).order_by(at.desc()).limit(1)
    first = tx.conn.execute(before).scalar_one_or_none()
    begun = feed_poll.c.at >= since if first is None else at >= first
    # One by one: a list of ten thousand rows keeps the garbage collector busier than the fetching is.
    return np.fromiter(tx.conn.execute(select(at).where(good, begun).order_by(at)).scalars(), np.int64)


def silences(
    answers: NDArray[np.int64], since: date, limit: timedelta, calendar: Calendar, first_day: int, cut: int
) -> NDArray[np.float64]:
    """(S, 2) stretches longer than `limit` in which the feed was not heard, for days from `first_day` to
    before `cut`, as local days with a fraction; the one that began with the newest poll ends at infinity.

    answers: (P,) from `polls`, of the first day's midnight or longer ago; since: the local day from which
    the feed reports.
    """
    begin = epoch(calendar.midnight(date.fromordinal(first_day)))
    end = epoch(calendar.cut_at(date.fromordinal(cut)))
    first = max(0, int(np.searchsorted(answers, begin)) - 1)
    seconds = answers[first : int(np.searchsorted(answers, end))]
    start = float(since.toordinal())
    if not seconds.size:
        return np.array([[start, np.inf]])
    # Of ten thousand polls a handful borders on a silence: only those are looked at by local clocks.
    apart = np.flatnonzero(np.diff(seconds) > (limit - _SHIFT).total_seconds())
    begun = _local_days(np.append(seconds[apart], seconds[-1]), calendar.zone)
    over = np.append(_local_days(seconds[apart + 1], calendar.zone), np.inf)
    if seconds[0] >= begin:
        begun = np.insert(begun, 0, start)
        over = np.insert(over, 0, _local_days(seconds[:1], calendar.zone))
    begun = np.maximum(begun, start)
    silent = over - begun > limit / timedelta(days=1)
    return np.column_stack([begun[silent], over[silent]])


def _local_days(seconds: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.float64]:
    """Local wall-clock time as day ordinals with a fraction, as cuts and days are counted."""
    days, where = np.unique(seconds // _DAY, return_inverse=True)
    begin = np.array([_offset(day * _DAY, zone) for day in days])
    end = np.array([_offset((day + 1) * _DAY, zone) for day in days])
    offset = begin[where]
    for place in np.flatnonzero((begin != end)[where]):
        offset[place] = _offset(seconds[place], zone)
    ordinals: NDArray[np.float64] = _EPOCH + (seconds + offset) / _DAY
    return ordinals


def _offset(seconds: int, zone: ZoneInfo) -> float:
    """How many seconds local time is ahead of UTC."""
    local = datetime.fromtimestamp(int(seconds), zone)
    return (local.replace(tzinfo=UTC) - datetime.fromtimestamp(int(seconds), UTC)).total_seconds()
