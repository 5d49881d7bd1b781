"""What a feed's first records would become: read, followed and compared as by a poll, and nothing kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from engine.cycle import chains, collect
from engine.cycle.current import Current
from engine.cycle.world import World
from engine.ingest import batch, needs
from engine.model.feed import Account, Broken, Feed
from engine.model.incident import Incident, Reject
from engine.store import incidents

#: A record's place in its source, and what it becomes.
Record = tuple[str, Incident | Reject | None]

_NOTHING = batch.Batch([], [], 0, 0)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The account of the records that were looked at, and what they make."""

    account: Account
    incidents: Sequence[Incident]
    rejects: Sequence[Reject]
    #: How often an incident would be kept without a value that could not be read, by the value's name.
    lost: Mapping[str, int]
    #: What operators should know of the source.
    notes: Sequence[str]
    #: Where each record stands in the source, and what it becomes by itself; None: the mapping skips it.
    each: Sequence[Record]

    @property
    def refusals(self) -> list[tuple[int, Reject]]:
        """How many were refused for one cause, and the first of them; the most frequent first."""
        first: dict[str, Reject] = {}
        for one in self.rejects:
            first.setdefault(one.cause, one)
        counts = Counter(one.cause for one in self.rejects)
        return [(many, first[cause]) for cause, many in counts.most_common()]


def take(world: World, feed: Feed, limit: int) -> Sample:
    """At most so many records of the source, from its beginning. Raises FeedError where it cannot be read."""
    now = world.clock()
    fetch = world.connectors[feed.connector].fetch(feed.options, {})
    fetch = replace(fetch, polls=batch.poll_moments(fetch, feed, world.context))
    notes = needs.check_columns(fetch, feed, world.context.guard)
    with world.store.trial() as tx:
        fetch = chains.followed(world, tx, feed, fetch)
    current = Current(world, feed, fetch, now)
    records = list(islice(current.watched(), limit))
    found = next(batch.batches(records, feed, world.context, now), _NOTHING)
    each = zip([one.place for one in records], batch.each(records, feed, world.context, now), strict=True)
    polls = collect.heard_at(world, feed, fetch, now)
    told = batch.late_batch(found.incidents, polls=polls, max_silence=feed.max_silence)
    with world.store.trial() as tx:
        settled = current.settled(tx, told)
        added = incidents.compare(tx, settled)
    account = fetch.beside + Account(
        read=found.read, new=added.new, unchanged=added.unchanged,
        # Withdrawals that follow from what was read are no records of the source.
        revised=added.revised - (len(settled) - len(told)),
        repeated=found.repeated, skipped=found.skipped, rejected=len(found.rejects),
    )  # fmt: skip
    lost = Counter(found.lost) + Counter(fetch.lost)
    torn = [one for one in records if isinstance(one, Broken) and one.whole]
    half = needs.half(fetch, torn, feed, world.context.guard)
    noted = [*notes, *fetch.notices, *([half] if half else [])]
    return Sample(
        account=account, incidents=settled, rejects=found.rejects, lost=lost, notes=noted, each=list(each)
    )  # fmt: skip
