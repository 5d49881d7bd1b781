"""Feeds to incidents: poll what is due, keep what is bad with its reason, let nothing else stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from typing import Any

from loguru import logger

from engine.cycle import dispatch
from engine.cycle.world import World
from engine.errors import FeedError, StoreError
from engine.ingest import batch
from engine.model.feed import Feed, Fetch
from engine.model.incident import Incident, Reject
from engine.notify.notice import Notice, Trouble
from engine.store import cursors, health, incidents, rejects

#: Records normalised and committed together.
BATCH = 5000
#: Feeds whose sources are asked side by side.
ASKED_AT_ONCE = 8
#: A report that only says when it was made is set against the polls of this long.
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What one poll of one feed came to."""

    feed: str
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0
    #: Incidents that came in bulk after a silence and book on no day.
    late: int = 0
    error: str = ""


def poll_due(world: World) -> list[Collected]:
    """Poll every feed whose turn it is, to the nearest tick. They are asked side by side, so that one
    that answers slowly keeps no other waiting; one that is down is marked, and the others go on."""
    now, slack = world.clock(), world.settings.cycles.tick / 2
    with world.store.read() as tx:
        heard = health.last(tx)
    turn = [
        feed for feed in world.settings.feeds.values()
        if feed.id not in heard or now - heard[feed.id].at >= feed.poll - slack
    ]  # fmt: skip
    with ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="fetch") as pool:
        asked = {pool.submit(_fetch, world, feed): feed for feed in turn}
        collected = []
        for answer in as_completed(asked):
            if world.stopped():
                pool.shutdown(cancel_futures=True)
                break
            collected.append(_settle(world, asked[answer], answer.result))
    return collected


def poll(world: World, feed: Feed, *, anew: bool = False) -> Collected:
    """One poll of one feed, due or not. `anew` forgets what was read before."""
    return _settle(world, feed, lambda: _fetch(world, feed, anew=anew))


def _fetch(world: World, feed: Feed, *, anew: bool = False) -> tuple[Fetch, datetime]:
    """What the source answers, and when it did."""
    with world.store.read() as tx:
        cursor = {} if anew else cursors.get(tx, feed.id)
    return world.connectors[feed.connector].fetch(feed.options, cursor), world.clock()


def _settle(world: World, feed: Feed, answer: Callable[[], tuple[Fetch, datetime]]) -> Collected:
    """Store what one poll brought, or mark the feed as down."""
    try:
        return _take(world, feed, *answer())
    except StoreError:
        raise
    except FeedError as error:
        said = str(error)
    except Exception as error:  # whatever a source brings may stop nothing but itself
        said = _unexpected(error)
    logger.warning("feed {} is down: {}", feed.id, said)
    now = world.clock()
    with world.store.begin() as tx:
        last = health.last(tx).get(feed.id)
        health.record(tx, feed.id, [now], ok=False, detail=said, known_at=now)
        if last is None or last.ok:
            detail = f"{said}; its topics go blind where it stays silent for longer than {feed.max_silence}"
            dispatch.notify_operators(world, tx, Notice(Trouble.DOWN, feed.id, detail, now))
    return Collected(feed=feed.id, error=said)


def _unexpected(error: Exception) -> str:
    """Where it broke, without the error's own words: they may quote a record that no guard has seen."""
    at = extract_tb(error.__traceback__)[-1]
    where = f"{Path(at.filename).name}:{at.lineno}"
    return f"{type(error).__name__} in {where}, which is a mistake of ours; please report it"


def _take(world: World, feed: Feed, fetch: Fetch, now: datetime) -> Collected:
    """Everything a poll brought is stored before the cursor moves on, so that a crash between the two
    only reads the same again."""
    total = Collected(feed=feed.id)
    if not fetch.unchanged:
        with world.store.read() as tx:
            heard = health.good_polls(tx, feed.id, now - REMEMBERED)
        polls = sorted({*heard, *(fetch.polls or [now])})
        for done, (found, bad) in enumerate(_read(world, feed, fetch, now), 1):
            checked = batch.late_batch(found, polls=polls, max_silence=feed.max_silence)
            total = _store(world, total, found, checked, bad)
            world.progress(feed.id, done * BATCH, 0)
            if world.stopped():
                return total  # the cursor stays: the next start reads the rest, and the same again
    if total.rejected and not total.new + total.revised + total.unchanged:
        raise FeedError(
            f"not one of {total.rejected} records could be read; `forewarn feeds rejects {feed.id}` says why"
        )
    with world.store.begin() as tx:
        if total.late:
            detail = f"{total.late} incidents came after a silence without saying when; they count on no day"
            dispatch.notify_operators(world, tx, Notice(Trouble.LATE_BATCH, feed.id, detail, now))
        last = health.last(tx).get(feed.id)
        if last is not None and not last.ok:
            dispatch.notify_operators(world, tx, Notice(Trouble.BACK, feed.id, "it answers again", now))
        if fetch.polls or not _carries_polls(feed.options):
            health.record(tx, feed.id, fetch.polls or [now], known_at=now)
        cursors.put(tx, feed.id, fetch.cursor)
    return total


def _carries_polls(options: Any) -> bool:
    """A historical extract says itself when its source was heard; reading the file again is no poll."""
    return getattr(options, "polls", None) is not None


def _read(
    world: World, feed: Feed, fetch: Fetch, now: datetime
) -> Iterator[tuple[list[Incident], list[Reject]]]:
    found: Iterable[Incident | Reject] = batch.read(fetch.records, feed, world.context, now)
    good: list[Incident] = []
    bad: list[Reject] = []
    for one in found:
        if isinstance(one, Reject):
            bad.append(one)
        else:
            good.append(one)
        if len(good) + len(bad) >= BATCH:
            yield good, bad
            good, bad = [], []
    if good or bad:
        yield good, bad


def _store(
    world: World, total: Collected, found: list[Incident], checked: list[Incident], bad: list[Reject]
) -> Collected:
    with world.store.begin() as tx:
        added = incidents.add(tx, checked, world.ledger)
        rejects.add(tx, bad)
    late = sum(a.precision is not b.precision for a, b in zip(found, checked, strict=True))
    late = min(late, added.new)  # what a feed repeats is late only once
    return Collected(
        feed=total.feed, new=total.new + added.new, revised=total.revised + added.revised,
        unchanged=total.unchanged + added.unchanged, rejected=total.rejected + len(bad),
        late=total.late + late,
    )  # fmt: skip
