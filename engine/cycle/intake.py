"""What sources push: read, stored and accounted for, all that waits in one transaction, before anybody is
told that it was taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta

from engine.cycle import chains, collect, depth, news
from engine.cycle.collect import Collected
from engine.cycle.current import Current
from engine.cycle.world import World
from engine.errors import FeedError, StoreError, unexpected
from engine.ingest import batch
from engine.model.feed import Account, Feed, Fetch
from engine.store import health, incidents, rejects
from engine.store.database import Tx

#: So many of the records that were refused are named in the answer.
NAMED = 20
#: What is pushed within so long is noted as one poll, or within a part of what the feed may be silent.
GRAIN, _PART = timedelta(minutes=1), 10


@dataclass(frozen=True, slots=True)
class Post:
    """What a source brought at once; form: of JSON or CAP."""

    feed: str
    form: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of it: committed, or refused with a sentence."""

    account: Account = Account()
    #: Where in it stands what was refused, and why: the first of them.
    rejects: tuple[tuple[str, str], ...] = ()
    refused: str = ""
    #: When what is news in it became known.
    moments: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class _Read:
    """A post as it was read: what came of its records, before anything of it is stored."""

    fetch: Fetch
    found: batch.Batch


def take(world: World, posts: Sequence[Post]) -> list[Taken]:
    """Take what sources brought, each by itself. What is refused stops none of the others."""
    now = world.clock()
    read = [_read(world, post, now) for post in posts]
    taken = [one if isinstance(one, Taken) else None for one in read]
    with world.store.begin() as tx:
        for feed in dict.fromkeys(post.feed for post in posts):
            mine = {
                at: one for at, one in enumerate(read) if posts[at].feed == feed and isinstance(one, _Read)
            }
            done = _store(world, tx, world.settings.feeds[feed], list(mine.values()), now)
            for at, one in zip(mine, done, strict=True):
                taken[at] = one
    return [one for one in taken if one is not None]


def _read(world: World, post: Post, now: datetime) -> _Read | Taken:
    feed = world.settings.feeds[post.feed]
    try:
        fetch: Fetch = world.connectors[feed.connector].take(feed.options, post.form, post.body)
        fetch = chains.follow(world, feed, fetch)
        return _Read(fetch, _joined(list(batch.batches(fetch.records, feed, world.context, now))))
    except StoreError:
        raise
    except FeedError as error:
        return Taken(refused=world.context.guard.mask(str(error)))
    except Exception as error:  # whatever a source brings may stop nothing but itself
        return Taken(refused=unexpected(error))


def _joined(parts: Sequence[batch.Batch]) -> batch.Batch:
    return batch.Batch(
        [one for part in parts for one in part.incidents], [one for part in parts for one in part.rejects],
        sum(part.skipped for part in parts), sum(part.repeated for part in parts),
    )  # fmt: skip


def _store(world: World, tx: Tx, feed: Feed, read: Sequence[_Read], now: datetime) -> list[Taken]:
    """What one feed's source brought, and that it was heard."""
    if not read:
        return []
    begun, last = tx.horizon(), health.last(tx).get(feed.id)
    heard = [last.good_at] if last is not None and last.good_at is not None else [now - timedelta(seconds=1)]
    taken = [_add(world, tx, feed, one, heard, now) for one in read]
    account = Account(*(sum(counts) for counts in zip(*(astuple(one.account) for one in taken), strict=True)))
    changed = account.new + account.revised
    newest = news.newest([one for part in read for one in part.found.incidents], now, None)
    fresh = news.fresh(last, newest, changed, now)
    noted = health.hear(tx, feed.id, now, min(GRAIN, feed.max_silence / _PART), account, fresh)
    total = Collected(feed=feed.id, read=account.read, rejected=account.rejected)
    collect.tell(world, tx, feed, total, begun, now)
    if noted:
        news.missing(world, tx, feed, fresh, now)
        depth.watch(world, tx, feed, now)
    return taken


def _add(world: World, tx: Tx, feed: Feed, read: _Read, heard: Sequence[datetime], now: datetime) -> Taken:
    found, current = read.found, Current(world, feed, read.fetch, now)
    checked = batch.late_batch(found.incidents, polls=heard, max_silence=feed.max_silence)
    settled = current.settled(tx, checked)
    added = incidents.add(tx, settled, world.ledger)
    rejects.add(tx, found.rejects)
    rejects.read_at_last(tx, feed.id, checked, found.rejects, now)
    current.close(tx)
    account = Account(
        found.read + read.fetch.passed, added.new, added.revised - (len(settled) - len(checked)),
        added.unchanged, found.repeated, found.skipped + read.fetch.passed, len(found.rejects),
    )  # fmt: skip
    known = frozenset(one.known_at.replace(microsecond=0) for one in settled)
    return Taken(
        account=account, rejects=tuple((one.place, str(one.reason)) for one in found.rejects[:NAMED]),
        moments=known if added.new + added.revised else frozenset(),
    )  # fmt: skip
