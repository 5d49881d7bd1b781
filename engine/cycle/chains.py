"""What a feed's alerts come to with those that came before: the stored graph of references, kept up."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.cycle.world import World
from engine.ingest import chain
from engine.ingest.graph import Graph
from engine.model.feed import Feed, Fetch
from engine.store import chains
from engine.store.database import Tx

#: A source may list what was over for so long; a chain without its graph is read like a new one.
KEPT = timedelta(days=400)


def forget(tx: Tx, now: datetime) -> None:
    """Forget the chains that have long been over; their incidents stay."""
    chains.forget(tx, now - KEPT)


def follow(world: World, feed: Feed, fetch: Fetch) -> Fetch:
    """The fetch with the records of its alerts, and of what they take back. The graph is kept first: read
    again, the same alerts come to the same records."""
    if not fetch.alerts:
        return fetch
    names, called = chain.names(fetch.alerts), chain.identifiers(fetch.alerts, world.context.guard)
    with world.store.begin() as tx:
        graph = Graph(chains.touched(tx, feed.id, names, called))
        followed = chain.followed(fetch, feed, world.context, graph)
        chains.put(tx, feed.id, graph.changed.values(), graph.gone)
    return followed
