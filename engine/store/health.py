"""The polls of each feed, as they are noted and told; `listening` reads what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import ColumnElement, and_, func, select, update

from engine.model.feed import Account
from engine.store.database import Tx
from engine.store.tables import ACCOUNT, feed_poll, feed_stretch
from engine.store.write import insert_new, upsert

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


def hear(
    tx: Tx, feed: str, at: datetime, grain: timedelta, account: Account, news_at: datetime | None = None,
    *, refused: str = "",
) -> None:  # fmt: skip
    """Note that a source told of itself; refused: why nothing of it could be taken. What it tells within
    `grain` is one: a source may tell of something many times a second."""
    seq, now = tx.seq(), at.replace(microsecond=0)
    latest = tx.conn.execute(
        select(feed_poll.c.at, feed_poll.c.ok).where(feed_poll.c.feed == feed)
        .order_by(feed_poll.c.at.desc()).limit(1)
    ).first()  # fmt: skip
    if latest is None or (latest.at < now and (latest.ok == bool(refused) or latest.at <= at - grain)):
        record(
            tx, feed, [at], ok=not refused, detail=refused, known_at=at, news_at=news_at, account=account
        )
        return
    if refused and latest.ok:
        return  # of one second the good stands: whoever brought the rest has been told
    more = {name: feed_poll.c[name] + many for name, many in asdict(account).items() if many}
    said = {"detail": refused} if refused else {"news_at": news_at}
    mended = {} if latest.ok or refused else {"ok": True, "detail": "", "seq": seq}
    ours = feed_poll.c.feed == feed, feed_poll.c.at == latest.at
    tx.conn.execute(update(feed_poll).where(*ours).values(**more, **said, **mended))


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


def last_pushed(tx: Tx, feed: str) -> Heard | None:
    """The same of one feed that is pushed, every good poll of which says how fresh it is: found without a
    look at those before."""
    polls = select(feed_poll).where(feed_poll.c.feed == feed).order_by(feed_poll.c.at.desc()).limit(1)
    one, good = tx.conn.execute(polls).first(), tx.conn.execute(polls.where(feed_poll.c.ok)).first()
    told = (good.at, good.news_at) if good else (None, None)
    return Heard(one.at, one.ok, one.detail, *told) if one else None


def news_gaps(tx: Tx, feed: str, most: int = 100) -> list[timedelta]:
    """How far apart the latest polls that brought something were, the latest first."""
    brought = feed_poll.c.archive | (feed_poll.c.new + feed_poll.c.revised > 0)
    statement = select(feed_poll.c.at).where(feed_poll.c.feed == feed, feed_poll.c.ok, brought)
    at = list(tx.conn.execute(statement.order_by(feed_poll.c.at.desc()).limit(most + 1)).scalars())
    return [later - earlier for later, earlier in pairwise(at)]


@dataclass(frozen=True, slots=True)
class Held:
    """How many answers of a feed held records, since when, and how many the least of them did; empty: whether
    one was noted as without any."""

    answers: int
    fewest: int
    since: datetime
    empty: bool


def held(tx: Tx, feed: str, since: datetime, noted: str) -> Held:
    """What the good answers from a moment on held; noted: how one without a record is."""
    full = feed_poll.c.read > 0
    statement = select(
        func.count().filter(full), func.min(feed_poll.c.read).filter(full),
        func.min(feed_poll.c.at, type_=feed_poll.c.at.type).filter(full),
        func.count().filter(feed_poll.c.detail == noted),
    )  # fmt: skip
    many, fewest, first, empty = tx.conn.execute(statement.where(*_live(feed, since))).one()
    return Held(many, fewest or 0, first or since, empty > 0)


def latest_held(tx: Tx, feed: str, since: datetime, most: int = 50) -> list[Account]:
    """What became of the records of the latest answers that held any, the latest first."""
    statement = select(*(feed_poll.c[name] for name in ACCOUNT)).where(
        *_live(feed, since), feed_poll.c.read > 0
    )
    rows = tx.conn.execute(statement.order_by(feed_poll.c.at.desc()).limit(most))
    return [Account(*(many or 0 for many in row)) for row in rows]


def _live(feed: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    polls = feed_poll.c
    return polls.feed == feed, polls.ok, ~polls.archive, polls.at >= since


def accounts(tx: Tx) -> dict[str, Account]:
    """What became of all records each feed ever brought."""
    sums = [func.sum(feed_poll.c[name]) for name in ACCOUNT]
    rows = tx.conn.execute(select(feed_poll.c.feed, *sums).group_by(feed_poll.c.feed))
    return {feed: Account(*(int(many or 0) for many in of)) for feed, *of in rows}


def answered(tx: Tx, feed: str) -> bool:
    """Whether the feed has ever answered, or stated a history."""
    asked = select(feed_poll.c.feed).where(feed_poll.c.feed == feed, feed_poll.c.ok).limit(1)
    told = select(feed_stretch.c.feed).where(feed_stretch.c.feed == feed).limit(1)
    return any(tx.conn.execute(one).first() is not None for one in (asked, told))


def last_good(tx: Tx, feed: str) -> datetime | None:
    """When the feed last answered."""
    good = select(func.max(feed_poll.c.at)).where(feed_poll.c.feed == feed, feed_poll.c.ok)
    at: datetime | None = tx.conn.execute(good).scalar_one()
    return at


def after(tx: Tx, feed: str, moment: datetime | None, *, ok: bool) -> tuple[datetime | None, int]:
    """(the first of them, how many) of the polls after a moment, or of all, that went so."""
    polls = (feed_poll.c.feed == feed) & (feed_poll.c.ok == ok)
    if moment is not None:
        polls &= feed_poll.c.at > moment
    first = func.min(feed_poll.c.at, type_=feed_poll.c.at.type)
    begun, many = tx.conn.execute(select(first, func.count()).where(polls)).one()
    return begun, many


def good_polls(tx: Tx, feed: str, since: datetime) -> list[datetime]:
    """When the feed answered from `since` on, ascending."""
    at = feed_poll.c.at
    statement = select(at).where(feed_poll.c.feed == feed, feed_poll.c.ok, at >= since).order_by(at)
    return list(tx.conn.execute(statement).scalars())
