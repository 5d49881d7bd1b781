"""What a feed's alerts come to with those that came before: the stored graph of references, kept up."""

from __future__ import annotations

from engine.cycle.world import World
from engine.ingest import chain
from engine.ingest.graph import Graph
from engine.model.feed import Feed, Fetch
from engine.store import chains


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
