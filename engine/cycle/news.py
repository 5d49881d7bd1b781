"""How fresh what a source tells is: an answer that brings nothing new for too long is silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.cycle import faults
from engine.cycle.world import World
from engine.model.feed import Feed
from engine.model.incident import Incident
from engine.notify.notice import Trouble
from engine.store import health
from engine.store.database import Tx
from engine.store.incidents import Added

#: So many gaps are needed before anything is usual.
_ENOUGH = 10
#: A gap so many times the usual one is told.
FAR = 3


def newest(incidents: Sequence[Incident], now: datetime, before: datetime | None) -> datetime | None:
    """The newest own moment of these incidents: when the source says it knew, else when it happened."""
    own = (one.known_at if one.known_at < now else one.occurred_at for one in incidents)
    told = [at for at in (*own, before) if at is not None and at <= now]
    return max(told, default=None)


def told(feed: Feed, added: Added, incidents: Sequence[Incident], now: datetime) -> bool:
    """Whether what was added of these incidents is news: a correction is, and a report of what was or became
    known within the time that the feed may be quiet, or is still to come. What tells only of longer ago says
    nothing of what is now: it may come late, or with a wrong date."""
    since = now - feed.fresh_for
    return added.revised > 0 or any(
        one.source_id in added.first
        and (one.occurred_at >= since or (one.known_at < now and one.known_at >= since))
        for one in incidents
    )


def fresh(
    last: health.Heard | None, newest: datetime | None, news: bool, now: datetime,
    changed_at: datetime | None = None,
) -> datetime:  # fmt: skip
    """How fresh the newest of what a source has told is, as of a good poll at `now`.

    last: the poll before; newest: the newest own moment this poll brought; news: whether it brought any;
    changed_at: when the source says that what it shows was last changed. What a source brings first may be of
    any age.
    """
    if last is None or last.good_at is None:
        told = newest or now
    elif news:
        return now
    else:
        told = max((at for at in (last.news_at, newest) if at is not None), default=last.good_at)
    return min(told, changed_at) if changed_at is not None and changed_at <= now else told


def usual_gap(gaps: Sequence[timedelta]) -> timedelta | None:
    """The gap that nine of ten do not exceed; None where there are too few to say."""
    if len(gaps) < _ENOUGH:
        return None
    return sorted(gaps)[int(0.9 * (len(gaps) - 1))]


def missing(
    world: World, tx: Tx, feed: Feed, news_at: datetime, now: datetime, still: str = ""
) -> None:
    """Tell the operators, once for each silence, of a feed that answers and brings nothing new for far
    longer than is its own habit, or for longer than it may be quiet. still: which of its files bring nothing
    new, while others do."""
    usual, age = usual_gap(health.news_gaps(tx, feed.id)), now - news_at
    blind = age > feed.fresh_for
    if still:
        faults.begin(world, tx, Trouble.QUIET, feed.id, still, news_at)
        return
    if not blind and (usual is None or age <= max(FAR * usual, 2 * feed.poll)):
        faults.end(world, tx, Trouble.QUIET, feed.id, now, "it has news again")
        return
    detail = f"it answers, and its newest news is of {news_at.isoformat(timespec='minutes')}"
    if blind:
        detail += f", longer ago than it may be quiet ({feed.fresh_for})"
    if usual is not None:
        detail += f"; a gap of {usual} is usual"
    detail += "; look whether the source is still fed"
    faults.begin(world, tx, Trouble.QUIET, feed.id, detail, news_at)
