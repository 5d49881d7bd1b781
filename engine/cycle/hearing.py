"""How well a feed is heard at this moment: asked, answered, fresh, and readable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from engine.cycle import depth, news, standstill, unsaid
from engine.cycle.collect import carries_polls
from engine.cycle.world import World
from engine.model.feed import Feed
from engine.model.period import Calendar
from engine.model.text import numbered
from engine.store import health, rejects
from engine.store.database import Tx

#: Rejects of so long ago are history to a monitor.
RECENT = timedelta(days=7)
_MEND = "mend the source or its entry in config/feeds.yaml"

#: Whom to ask about silence: the service where it should poll, the source where it should push.
_ASK = {False: "is the service running?", True: "ask the source; an empty list is a sign of life, too"}
_ASK_PEOPLE = "ask those who report; where there may be nothing for longer, say so by `max_silence`"

#: How a feed is heard; whoever shows it has a word for each.
State = Literal["ok", "failing", "blind", "stalled", "unread", "shallow", "unsaid"]
#: (state, since when, what and what to do)
Trouble = tuple[State, datetime | None, str]
FINE: Trouble = "ok", None, ""


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """One feed: `state` is ok, failing (the last poll brought nothing), blind (silent for longer than it may
    be), stalled (some of its files are written no more, while others are), unread (records that nobody could
    read), shallow (reports that are placed less deep than is judged) or unsaid (reports that do not say by
    what they are counted); `detail` says how many and what to do."""

    state: State
    since: datetime | None = None
    detail: str = ""
    last_poll: datetime | None = None
    last_news: datetime | None = None
    usual_gap: timedelta | None = None


def of(world: World, tx: Tx, feed: Feed) -> Hearing:
    """How the feed is heard now, and whether its reports are placed as deep and say as much as is judged."""
    now = world.clock()
    found = heard(tx, feed, world.settings.calendar, now)
    if found.state == "ok" and found.last_poll is not None:
        for fall in depth.falls(world, tx, feed, now):
            return replace(found, state="shallow", since=fall.since, detail=str(fall))
        for gap in unsaid.gaps(world, tx, feed, now):
            return replace(found, state="unsaid", since=gap.since, detail=str(gap))
    return found


def heard(tx: Tx, feed: Feed, calendar: Calendar, now: datetime) -> Hearing:
    """How the feed is heard at a moment, as far as can be said without the areas and the rules."""
    last = health.last(tx).get(feed.id)
    if feed.ended(calendar.local_day(now)):
        return Hearing(state="ok", detail=f"it ended on {feed.covers.until}")
    if last is None:
        return Hearing(state="blind", detail=_never(feed))
    archived = carries_polls(feed.options)
    told = last.good_at if archived else last.news_at or last.good_at
    state, since, detail = (
        _heard(tx, feed, last, told, now) or _stalled(tx, feed, now) or _read(tx, feed, now) or FINE
    )
    return Hearing(
        state=state, since=since, detail=detail, last_poll=last.at,
        last_news=told if archived else last.news_at,  # an answer without a record is none
        usual_gap=news.usual_gap(health.news_gaps(tx, feed.id)),
    )  # fmt: skip


def _never(feed: Feed) -> str:
    if feed.filled_in:
        return f"nothing was reported yet; people need a link: `forewarn links form {feed.id}`"
    if feed.pushed:
        return f"nothing was pushed yet; its source needs a token: `forewarn token add NAME --feed {feed.id}`"
    return f"never polled; `forewarn feeds poll {feed.id}` does it now"


def _stalled(tx: Tx, feed: Feed, now: datetime) -> Trouble | None:
    """Which of its files are written no more, while others are."""
    found = standstill.still(standstill.kept(tx, feed), feed, now)
    if not found:
        return None
    _, many = health.after(tx, feed.id, found[0].since, ok=True)
    return "stalled", found[0].since, (
        f"{numbered(many, 'poll')} answered since; {standstill.said(found, feed)}"
    )  # fmt: skip


def _read(tx: Tx, feed: Feed, now: datetime) -> Trouble | None:
    """What of a feed that answers is not read."""
    unread = rejects.unread_since(tx, now - RECENT).get(feed.id)
    if unread:
        many, begun = unread
        look = f"`forewarn feeds rejects {feed.id} --by value` says what of them; mend the mapping, then"
        records = numbered(many, "record")
        return "unread", begun, f"{records} could not be read; {look} `forewarn feeds reread {feed.id}`"
    return None


def _heard(tx: Tx, feed: Feed, last: health.Heard, told: datetime | None, now: datetime) -> Trouble | None:
    """Whether the feed is asked, answers, and has anything new to tell."""
    silent = last.good_at is None or now - last.good_at > feed.max_silence
    if not last.ok:
        begun, many = health.after(tx, feed.id, last.good_at, ok=False)
        polls = numbered(many, "poll")
        said = f"{polls} in a row failed: {last.detail}; {_MEND}; it is polled again by itself"
        if feed.pushed:
            said = f"what its source pushes is refused: {last.detail}; {_MEND}"
        return "blind" if silent else "failing", last.good_at or begun, said
    if silent:
        what = "heard" if feed.pushed else "polled"
        ask = _ASK_PEOPLE if feed.filled_in else _ASK[feed.pushed]
        said = f"not {what} for longer than {feed.max_silence}; {ask}"
        return "blind", last.good_at, said
    if told is not None and now - told > feed.fresh_for:
        if stalled := _stalled(tx, feed, now):
            return "blind", told, stalled[-1]
        if feed.pushed:
            said = "its source pushes, and nothing of it is new; ask"
        elif any(one.new for one in health.latest_held(tx, feed.id, last.at)):
            said = "what it brings is old; ask the source"
        else:
            _, many = health.after(tx, feed.id, told, ok=True)
            said = f"{numbered(many, 'poll')} answered and brought nothing new; ask the source"
        return "blind", told, f"{said} whether it is still fed, and if it is only quiet say so by `quiet`"
    return None
