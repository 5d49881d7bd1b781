"""Feeds to incidents: poll what is due, keep what is bad with its reason, let nothing else stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from loguru import logger

from engine.cycle import (
    ceased,
    chains,
    depth,
    emptied,
    faults,
    news,
    reader,
    remarks,
    scale,
    standstill,
    unnamed,
    unsaid,
)
from engine.cycle.current import Current
from engine.cycle.world import World
from engine.errors import FeedError, StoreError, unexpected
from engine.ingest import batch, needs
from engine.model.feed import Account, Broken, Feed, Fetch, Record
from engine.model.incident import Incident
from engine.model.text import numbered
from engine.notify.notice import Trouble
from engine.store import cursors, health, incidents, rejects
from engine.store.database import Tx

#: Feeds whose sources are asked side by side.
ASKED_AT_ONCE = 8
#: A report that only says when it was made is set against the polls of this long.
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What one poll of one feed came to."""

    feed: str
    #: read = new + revised + unchanged + repeated + skipped + rejected.
    read: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    repeated: int = 0
    skipped: int = 0
    rejected: int = 0
    #: Incidents that came in bulk after a silence and book on no day.
    late: int = 0
    #: Incidents withdrawn because the source lists them no more.
    gone: int = 0
    #: Whether anything of it is news.
    news: bool = False
    error: str = ""

    @property
    def account(self) -> Account:
        return Account(
            self.read, self.new, self.revised, self.unchanged, self.repeated, self.skipped, self.rejected
        )


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How somebody wants a feed to be read, other than by its turn."""

    #: Forget what was read before.
    anew: bool = False
    #: A file beside the live feed: neither where the feed goes on nor whether it is down is touched by it.
    beside: bool = False
    #: The stretch over which the feed was heard, as who brings its history states.
    observed: tuple[datetime, datetime] | None = None
    #: Only what occurred from then on; the rest is skipped.
    since: datetime | None = None


TURN = Asked()


def poll_due(world: World) -> list[Collected]:
    """Poll every feed whose turn it is. They are asked side by side, so that one that answers slowly keeps
    no other waiting; one that is down is marked, and the others go on."""
    with ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="fetch") as pool:
        asked = {pool.submit(_fetch, world, feed): feed for feed in turn(world)}
        collected = []
        for answer in as_completed(asked):
            if world.stopped():
                pool.shutdown(cancel_futures=True)
                break
            collected.append(_settle(world, asked[answer], answer.result))
    return collected


def turn(world: World) -> list[Feed]:
    """The feeds whose turn it is, to the nearest tick."""
    now, slack = world.clock(), world.settings.cycles.tick / 2
    with world.store.read() as tx:
        heard = health.last(tx)
    return [
        feed for feed in world.settings.feeds.values()
        if not feed.pushed and (feed.id not in heard or now - heard[feed.id].at >= feed.poll - slack)
        and not feed.ended(world.settings.calendar.local_day(now - feed.max_silence))
    ]  # fmt: skip


def poll(world: World, feed: Feed, asked: Asked = TURN) -> Collected:
    """One poll of one feed, due or not."""
    return _settle(world, feed, lambda: _fetch(world, feed, asked), asked)


def begin_again(tx: Tx, feed: Feed) -> None:
    """Let the next poll read everything that the source has, as after a mended mapping."""
    kept = cursors.get(tx, feed.id)
    cursors.put(tx, feed.id, {name: value for name, value in kept.items() if name == reader.TOLD})
    standstill.forget(tx, feed)


def _fetch(world: World, feed: Feed, asked: Asked = TURN) -> tuple[Fetch, datetime]:
    """What the source answers, and when it did. A mapping that was mended reads everything anew."""
    with world.store.read() as tx:
        cursor = {} if asked.anew else reader.unsigned(cursors.get(tx, feed.id), world, feed)
    return world.connectors[feed.connector].fetch(feed.options, cursor), world.clock()


def _settle(
    world: World, feed: Feed, answer: Callable[[], tuple[Fetch, datetime]], asked: Asked = TURN
) -> Collected:
    """Store what one poll brought, or mark the feed as down."""
    try:
        return _take(world, feed, *answer(), asked)
    except StoreError:
        raise
    except FeedError as error:
        said = str(error)
    except MemoryError:
        said = "what it brings takes too much memory; lower max_mb, or raise memory_mb in engine.yaml"
    except Exception as error:  # whatever a source brings may stop nothing but itself
        said = unexpected(error)
    return _failed(world, feed, said, asked, Collected(feed=feed.id))


def _failed(world: World, feed: Feed, said: str, asked: Asked, total: Collected) -> Collected:
    if asked.beside:
        return replace(total, error=said)
    down(world, feed, said, total.account)
    return replace(total, error=said)


def down(world: World, feed: Feed, said: str, account: Account = health.NOTHING) -> None:
    """Mark the feed as down, and tell the operators when it begins to be."""
    logger.warning("feed {} is down: {}", feed.id, said)
    now = world.clock()
    with world.store.begin() as tx:
        health.record(tx, feed.id, [now], ok=False, detail=said, known_at=now, account=account)
        detail = f"{said}; its topics go blind where it stays silent for longer than {feed.max_silence}"
        faults.begin(world, tx, Trouble.DOWN, feed.id, detail, now)


def _take(world: World, feed: Feed, fetch: Fetch, now: datetime, asked: Asked) -> Collected:
    """Everything a poll brought is stored before the cursor moves on, so that a crash between the two
    only reads the same again."""
    newest, lost, torn = None, Counter[str](), list[Broken]()
    fetch = replace(fetch, polls=batch.poll_moments(fetch, feed, world.context))
    notes = needs.check_columns(fetch, feed, world.context.guard)
    fetch = chains.follow(world, feed, fetch)
    total = Collected(feed=feed.id, **asdict(fetch.beside))
    lost.update(fetch.lost)
    current = Current(world, feed, fetch, now)
    with world.store.read() as tx:
        begun, told = tx.horizon(), cursors.get(tx, feed.id).get(reader.TOLD, "")
    if not fetch.unchanged:
        polls, records = heard_at(world, feed, fetch, now, asked), _noted(current.watched(), torn)
        for done, found in enumerate(batch.batches(records, feed, world.context, now), 1):
            found = _from(asked.since, found)
            checked = batch.late_batch(found.incidents, polls=polls, max_silence=feed.max_silence)
            total = _store(world, feed, total, current, found, checked, now)
            newest = news.newest(found.incidents, now, newest)
            lost.update(found.lost)
            world.progress(feed.id, done * found.read, 0)
            if world.stopped():
                return total  # the cursor stays: the next start reads the rest, and the same again
    files = standstill.NONE
    if not asked.beside:
        files = standstill.noted(world, feed, fetch, now, anew=asked.anew)
    if total.rejected and not total.new + total.revised + total.unchanged + fetch.kept:
        said = f"not one of {numbered(total.rejected, 'record')} could be read"
        return _failed(world, feed, f"{said}; `forewarn feeds rejects {feed.id}` says why", asked, total)
    empty = not (fetch.unchanged or total.read or fetch.kept or asked.beside or carries_polls(feed.options))
    if empty:
        with world.store.read() as tx:
            said = emptied.said(tx, feed, now)
        if said:
            return _failed(world, feed, said, asked, total)  # the same: the cursor stays
    half = needs.half(fetch, torn, feed, world.context.guard)
    if said := standstill.gone(files, feed, now) or half or current.mixed():
        return _failed(world, feed, said, asked, total)  # the cursor stays: all is read again
    with world.store.begin() as tx:
        _tell(world, tx, feed, total, begun, now)
        if asked.observed:
            health.state(tx, feed.id, *asked.observed, known_at=now)
        elif fetch.polls:
            health.record(tx, feed.id, fetch.polls[:-1], known_at=now, archive=True)
            health.record(tx, feed.id, fetch.polls[-1:], known_at=now, archive=True, account=total.account)
        elif not carries_polls(feed.options):
            last = health.last(tx).get(feed.id)
            fresh = news.fresh(last, newest, total.news, now, fetch.changed_at)
            fresh = min(fresh, standstill.oldest(files, feed) or fresh)
            if asked.since is None:
                remarks.skipped(world, tx, feed, total.account, now)
            noted = emptied.NOTED if empty else ""
            health.record(
                tx, feed.id, [now], detail=noted, known_at=now, news_at=fresh, account=total.account
            )
            still = standstill.still(files, feed, now)
            news.missing(world, tx, feed, fresh, now, standstill.said(still, feed) if still else "")
            unnamed.watch(world, tx, feed, now)
            ceased.watch(world, tx, feed, now)
            if total.new + total.revised:
                depth.watch(world, tx, feed, now)
                unsaid.watch(world, tx, feed, now)
                scale.watch(world, tx, feed, now)
        if not fetch.unchanged:
            told = remarks.tell(world, tx, feed, [*notes, *fetch.notices], lost, now, told)
        if not asked.beside:
            cursors.put(tx, feed.id, reader.signed(fetch.cursor, world, feed, told))
        return replace(total, gone=current.close(tx))


def heard_at(world: World, feed: Feed, fetch: Fetch, now: datetime, asked: Asked = TURN) -> list[datetime]:
    """The moments at which the source was heard, those before this poll too."""
    if asked.observed:
        # Somebody says that the feed was heard all the time: nothing of it came late.
        begins, ends = asked.observed
        steps = int((ends - begins) / feed.max_silence) + 1
        return [*(begins + feed.max_silence * step for step in range(steps)), ends]
    with world.store.read() as tx:
        heard = health.good_polls(tx, feed.id, now - REMEMBERED)
    return sorted({*heard, *(fetch.polls or [now])})


def _noted(records: Iterable[Record | Broken], torn: list[Broken]) -> Iterator[Record | Broken]:
    """The records; what is a whole document that could not be read is noted on the way."""
    for one in records:
        if isinstance(one, Broken) and one.whole:
            torn.append(one)
        yield one


def _from(since: datetime | None, found: batch.Batch) -> batch.Batch:
    if since is None:
        return found
    wanted = [one for one in found.incidents if one.occurred_at >= since]
    return replace(found, incidents=wanted, skipped=found.skipped + len(found.incidents) - len(wanted))


def _tell(world: World, tx: Tx, feed: Feed, total: Collected, begun: int, now: datetime) -> None:
    """What operators should hear of a poll that went well."""
    remarks.late(world, tx, feed, total.late, now)
    faults.end(world, tx, Trouble.DOWN, feed.id, now, "it answers again")
    if total.rejected:
        remarks.unknown(world, tx, feed, f"{total.rejected} of {total.read}", begun + 1, now)


def carries_polls(options: Any) -> bool:
    """A historical extract says itself when its source was heard; reading the file again is no poll."""
    return getattr(options, "polls", None) is not None


def _store(
    world: World, feed: Feed, total: Collected, current: Current, found: batch.Batch,
    checked: list[Incident], now: datetime,
) -> Collected:  # fmt: skip
    with world.store.begin() as tx:
        settled = current.settled(tx, checked)
        added = incidents.add(tx, settled, world.ledger)
        ceased.note(world, tx, feed, found.strays, (one for one in settled if one.source_id in added.first))
        rejects.add(tx, found.rejects)
        rejects.read_at_last(tx, feed.id, checked, found.rejects, world.clock())
    late = sum(a.precision is not b.precision for a, b in zip(found.incidents, checked, strict=True))
    # Withdrawals that follow from what was read are no records of the poll.
    followed = len(settled) - len(checked)
    late = min(late, added.new)  # what a feed repeats is late only once
    return Collected(
        feed=feed.id, read=total.read + found.read, new=total.new + added.new,
        revised=total.revised + added.revised - followed, unchanged=total.unchanged + added.unchanged,
        repeated=total.repeated + found.repeated, skipped=total.skipped + found.skipped,
        rejected=total.rejected + len(found.rejects), late=total.late + late,
        news=total.news or news.told(feed, added, settled, now),
    )  # fmt: skip
