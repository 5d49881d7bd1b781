"""What a feed's alerts come to with those that came before: the stored graph of references, kept up."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from datetime import datetime, timedelta

from engine.cycle import publish
from engine.cycle.world import World
from engine.ingest import chain
from engine.ingest.graph import Graph
from engine.model.alert import Alert
from engine.model.feed import Feed, Fetch
from engine.notify.cap.document import ORIGIN
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
    with world.store.begin() as tx:
        return followed(world, tx, feed, fetch)


def followed(world: World, tx: Tx, feed: Feed, fetch: Fetch) -> Fetch:
    """The same within a transaction."""
    fetch = _ours_left_out(fetch, publish.senders(world.settings.receivers))
    if not fetch.alerts:
        return fetch
    names, called = chain.names(fetch.alerts), chain.identifiers(fetch.alerts, world.context.guard)
    graph = Graph(chains.touched(tx, feed.id, names, called))
    told = chain.followed(fetch, feed, world.context, graph)
    chains.put(tx, feed.id, graph.changed.values(), graph.gone)
    return told


def _ours_left_out(fetch: Fetch, senders: Set[str]) -> Fetch:
    """What others tell back of our own warnings is no news: it would raise what it came from."""
    theirs = tuple(one for one in fetch.alerts if not _echoes(one, senders))
    if len(theirs) == len(fetch.alerts):
        return fetch
    said = "the source tells our own CAP messages back; they are not taken as news"
    ours = len(fetch.alerts) - len(theirs)
    return replace(fetch, alerts=theirs, passed=fetch.passed + ours, notices=[*fetch.notices, said])


def _echoes(alert: Alert, senders: Set[str]) -> bool:
    """Sent by us, or sent on by somebody under a name of their own, with what we put into it."""
    origins = {
        origin for info in alert.infos for origin in info.fields.get("parameter", {}).get(ORIGIN, ())
    }  # fmt: skip
    return alert.head.get("sender") in senders or not origins.isdisjoint(senders)
