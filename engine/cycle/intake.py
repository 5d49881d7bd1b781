"""What sources push: read, stored and accounted for, all that waits in one transaction, before anybody is
told that it was taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, groupby, pairwise

from engine.cycle import ceased, chains, collect, news, pushed
from engine.cycle.current import Current
from engine.cycle.pushed import Untold
from engine.cycle.world import World
from engine.errors import FeedError, StoreError, unexpected
from engine.ingest import batch
from engine.model.feed import Account, Feed, Fetch
from engine.model.incident import Incident, Precision
from engine.store import health, incidents, rejects
from engine.store.database import Tx
from engine.store.incidents import Added

#: So many of the records that were refused are named in the answer.
NAMED = 20
#: What is pushed within so long is noted as one poll, or within a part of what the feed may be silent.
GRAIN, _PART = timedelta(minutes=1), 10


@dataclass(frozen=True, slots=True)
class Post:
    """What a source brought at once; form: of JSON or CAP; wrong: why it was not even brought whole."""

    feed: str
    form: str = ""
    body: bytes = field(default=b"", repr=False)
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of it: committed, or refused with a sentence."""

    account: Account = Account()
    #: Where in it stands what was refused, and why: the first of them.
    rejects: tuple[tuple[str, str], ...] = ()
    #: How often an incident was kept without a value that could not be read, by the value's name; how many
    #: came in bulk after a silence and count on no day.
    lost: Mapping[str, int] = field(default_factory=dict)
    late: int = 0
    #: Whether anything of it is news.
    news: bool = False
    refused: str = ""
    #: When what is news in it, and may call for judgement at once, became known.
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
    taken: dict[int, Taken] = {at: one for at, one in enumerate(read) if isinstance(one, Taken)}
    with world.store.lasting() as tx:
        for feed in dict.fromkeys(post.feed for post in posts):
            mine = {
                at: one for at, one in enumerate(read) if posts[at].feed == feed and isinstance(one, _Read)
            }
            done = _store(world, tx, world.settings.feeds[feed], list(mine.values()), now)
            taken |= zip(mine, done, strict=True)
            refused = [taken[at].refused for at, post in enumerate(posts) if post.feed == feed]
            _hear(tx, world.settings.feeds[feed], refused, now)
    return [taken[at] for at in range(len(posts))]


def _read(world: World, post: Post, now: datetime) -> _Read | Taken:
    feed = world.settings.feeds[post.feed]
    if post.wrong:
        return Taken(refused=post.wrong)
    try:
        fetch: Fetch = world.connectors[feed.connector].take(feed.options, post.form, post.body)
        fetch = chains.follow(world, feed, fetch)
        return _Read(fetch, _joined(list(batch.batches(fetch.records, feed, world.context, now)), fetch))
    except StoreError:
        raise
    except FeedError as error:
        return Taken(refused=world.context.guard.mask(str(error)))
    except Exception as error:  # whatever a source brings may stop nothing but itself
        return Taken(refused=unexpected(error))


def _joined(parts: Sequence[batch.Batch], fetch: Fetch) -> batch.Batch:
    lost = sum((Counter(part.lost) for part in parts), Counter(fetch.lost))
    return batch.Batch(
        [one for part in parts for one in part.incidents], [one for part in parts for one in part.rejects],
        sum(part.skipped for part in parts), sum(part.repeated for part in parts), dict(lost),
        {id_: value for part in parts for id_, value in part.strays.items()},
    )  # fmt: skip


def _store(world: World, tx: Tx, feed: Feed, read: Sequence[_Read], now: datetime) -> list[Taken]:
    """What one feed's source brought, that it was heard, and what of it operators should hear of."""
    if not read:
        return []
    found = [one for part in read for one in part.found.incidents]
    heard, last = _heard(tx, feed, found, now), health.last_pushed(tx, feed.id)
    taken = [one for part in _together(feed, read) for one in _add(world, tx, feed, part, heard, now)]
    account = sum((one.account for one in taken), Account())
    fresh = news.fresh(last, news.newest(found, now, None), any(one.news for one in taken), now)
    health.hear(tx, feed.id, now, _grain(feed), account, fresh)
    pushed.note(tx, feed, Untold(
        since=tx.seq(), rejected=account.rejected, late=sum(one.late for one in taken),
        lost=dict(sum((Counter(one.lost) for one in taken), Counter())),
        notes=[world.context.guard.mask(note) for one in read for note in one.fetch.notices],
    ))  # fmt: skip
    return taken


def _hear(tx: Tx, feed: Feed, refused: Sequence[str], now: datetime) -> None:
    """Note what was refused whole: the feed fails where that is the last of what its source brought."""
    if any(refused):
        pushed.note(tx, feed, Untold(since=tx.seq(), refused=sum(map(bool, refused))))
    if refused[-1]:
        health.hear(tx, feed.id, now, _grain(feed), Account(), refused=refused[-1])


def _grain(feed: Feed) -> timedelta:
    return min(GRAIN, feed.max_silence / _PART)


def _heard(tx: Tx, feed: Feed, found: Sequence[Incident], now: datetime) -> list[datetime]:
    """When the source was heard before these became known. Only a report without a moment of its own asks;
    what comes first of all comes when it happens."""
    told = [one.known_at for one in found if one.precision is Precision.REPORTED]
    if not told:
        return []
    since = max(min(told) - feed.max_silence - _grain(feed), now - collect.REMEMBERED)
    heard = health.good_polls(tx, feed.id, since)
    return heard if heard or health.last_good(tx, feed.id) else [now - timedelta(seconds=1)]


def _together(feed: Feed, read: Sequence[_Read]) -> Iterator[list[_Read]]:
    """The posts in their order, by itself what can be read only after what came before it. The others are
    stored together: that takes a third of the time."""
    for alone, part in groupby(
        read, lambda one: bool(feed.mapping.aliases or one.fetch.alerts or one.found.rejects)
    ):
        posts = list(part)
        yield from ([one] for one in posts) if alone else [posts]


def _add(
    world: World, tx: Tx, feed: Feed, read: Sequence[_Read], heard: Sequence[datetime], now: datetime
) -> list[Taken]:
    found = [one for post in read for one in post.found.incidents]
    refused = [one for post in read for one in post.found.rejects]
    current = Current(world, feed, read[0].fetch, now)
    checked = batch.late_batch(found, polls=heard, max_silence=feed.max_silence)
    settled = _parted(current.settled(tx, checked), read)
    added = incidents.add_each(tx, settled, world.ledger)
    first = frozenset(id_ for one in added for id_ in one.first)
    strays = {id_: value for post in read for id_, value in post.found.strays.items()}
    ceased.note(world, tx, feed, strays, (one for one in checked if one.source_id in first))
    rejects.add(tx, refused)
    rejects.read_at_last(tx, feed.id, checked, refused, now)
    current.close(tx)
    each = zip(read, _parted(checked, read), settled, added, strict=True)
    return [_told(world, feed, *one, now) for one in each]


def _parted(incidents: list[Incident], read: Sequence[_Read]) -> list[list[Incident]]:
    """Those of each post; of one that is stored by itself also what follows from it."""
    ends = [*accumulate(len(post.found.incidents) for post in read[:-1]), len(incidents)]
    return [incidents[begin:end] for begin, end in pairwise([0, *ends])]


def _told(
    world: World, feed: Feed, read: _Read, checked: list[Incident], settled: list[Incident], added: Added,
    now: datetime,
) -> Taken:  # fmt: skip
    """What became of one post."""
    found = read.found
    late = sum(a.precision is not b.precision for a, b in zip(found.incidents, checked, strict=True))
    account = read.fetch.beside + Account(
        found.read, added.new, added.revised - (len(settled) - len(checked)), added.unchanged, found.repeated,
        found.skipped, len(found.rejects),
    )  # fmt: skip
    known = frozenset(one.known_at.replace(microsecond=0) for one in settled)
    return Taken(
        account=account, rejects=tuple((one.place, str(one.reason)) for one in found.rejects[:NAMED]),
        lost=found.lost, late=min(late, added.new),  # what a source repeats is late only once
        news=news.told(feed, added, settled, now),
        moments=known if added.revised or (added.new and _urgent(world, feed, settled)) else frozenset(),
    )  # fmt: skip


def _urgent(world: World, feed: Feed, told: Sequence[Incident]) -> bool:
    """Whether what is new may call for judgement at once: by its kind, or because another feed's incident may
    be the same."""
    alike, urgent = world.ledger.alike, world.book.urgent
    return (alike is not None and feed.id in alike.partners) or any(one.category in urgent for one in told)
