"""How well a feed is heard at this moment: asked, answered, fresh, and readable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.cycle import news
from engine.cycle.collect import carries_polls
from engine.cycle.world import World
from engine.model.feed import Feed
from engine.store import health, rejects
from engine.store.database import Tx

#: Rejects of so long ago are history to a monitor.
RECENT = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """One feed: `state` is ok, failing (the last poll brought nothing), blind (silent for longer than it may
    be) or unread (records that nobody could read); `detail` says how many and what to do."""

    state: str
    since: datetime | None = None
    detail: str = ""
    last_poll: datetime | None = None
    last_news: datetime | None = None
    usual_gap: timedelta | None = None


def of(world: World, tx: Tx, feed: Feed) -> Hearing:
    """How the feed is heard now."""
    last, now = health.last(tx).get(feed.id), world.clock()
    if feed.ended(world.settings.calendar.local_day(now)):
        return Hearing(state="ok", detail=f"it ended on {feed.covers.until}")
    if last is None:
        return Hearing(state="blind", detail="never polled")
    archived = carries_polls(feed.options)
    told = last.good_at if archived else last.news_at or last.good_at
    state, since, detail = _judged(feed, last, told, now)
    unread = rejects.unread_since(tx, now - RECENT).get(feed.id)
    if state == "ok" and unread:
        state, since = "unread", unread[1]
        detail = f"{unread[0]} records could not be read; `forewarn feeds rejects {feed.id} --by value`"
    return Hearing(
        state=state, since=since, detail=detail, last_poll=last.at, last_news=told,
        usual_gap=news.usual_gap(health.news_gaps(tx, feed.id)),
    )  # fmt: skip


def _judged(
    feed: Feed, last: health.Heard, told: datetime | None, now: datetime
) -> tuple[str, datetime | None, str]:
    if last.good_at is None or now - last.good_at > feed.max_silence:
        return "blind", last.good_at, last.detail or f"no answer for longer than {feed.max_silence}"
    if told is not None and now - told > feed.fresh_for:
        return "blind", told, "it answers, and brings nothing new; look whether the source is still fed"
    return ("ok", last.good_at, "") if last.ok else ("failing", last.good_at, last.detail)
