"""One event told by several feeds: kept up with every batch, and read as it was known.

An incident that is counted as another is told like any, and counted nowhere: what the ledger holds of it is
taken off again, signed and dated as everything in it. Nothing is ever edited: a step that turns out to be
another is written again by a later transaction.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select

from engine.model.same import Alike
from engine.store import meta
from engine.store.among import among
from engine.store.book import Book, Booking
from engine.store.bookings import Bookings
from engine.store.database import Tx
from engine.store.history import Facts
from engine.store.moment import epoch, moment_of, plain
from engine.store.pairing import (
    Identity,
    Nearby,
    Pair,
    Revisions,
    Rulings,
    Steps,
    hidden,
    linked,
    pair,
    span,
)
from engine.store.revision import FACTS, KEY
from engine.store.tables import incident, twin, twin_ruling
from engine.store.telling import Ruling, by_feed, event, rulings, steps
from engine.store.write import upsert

#: So many stretches of time are asked for in one statement.
_TOGETHER = 50
_DAY = 86_400
_KEY = "same as"
Told = dict[Identity, list[tuple[int, Facts]]]


def settle(
    tx: Tx, bookings: Bookings, before: Mapping[Identity, Revisions], since: float | None = None
) -> None:
    """Judge anew what is one event among these incidents and those around them, and book what follows.
    before: what was told of each before this transaction told more; since: from when on it may be another
    (None: from what it told more)."""
    alike = bookings.ledger.alike
    told, own, pairs = (
        _around(tx, alike, before) if alike is not None else (_told(tx, before), {*before}, set())
    )
    was, now = steps(tx, own), dict[Identity, list[tuple[int, Identity | None]]]()
    if alike is not None and pairs:
        since = _differs(before, told) if since is None else since
        now = linked(alike, told, pairs, _rulings(tx, told), was, since)
    rows: list[dict[str, Any]] = []
    bookings.meet(own)
    for identity in sorted(own & (now.keys() | was.keys())):
        fresh, old, revisions = now.get(identity, []), was.get(identity, []), told[identity]
        if fresh or old:
            booking = bookings.of(identity)
            booking.hide(-1, identity[0], hidden(before.get(identity, revisions), old))
            booking.hide(1, identity[0], hidden(revisions, fresh))
            rows += _rows(tx, identity, old, fresh)
    upsert(tx, twin, rows)


def _differs(before: Mapping[Identity, Revisions], told: Told) -> float:
    """The first moment of which more is told than before."""
    fresh = (set(told.get(identity, ())) - set(old) for identity, old in before.items())
    return min((known_at for revisions in fresh for known_at, _ in revisions), default=math.inf)


def link_anew(tx: Tx, book: Book) -> None:
    """Judge all that is stored anew where what is declared to be one event has changed."""
    key = book.alike.key if book.alike is not None else ""
    if (meta.get(tx, _KEY) or "") == key:
        return
    feeds = sorted(book.alike.partners) if book.alike is not None else []
    told = select(incident.c.feed, incident.c.source_id).where(incident.c.feed.in_(feeds)).distinct()
    once = select(twin.c.feed, twin.c.source_id).distinct()
    identities = {tuple(row) for statement in (told, once) for row in tx.conn.execute(statement)}
    bookings = Bookings(tx, book)
    settle(tx, bookings, _told(tx, identities), -math.inf)
    bookings.book()
    meta.put(tx, _KEY, key)


def rule(tx: Tx, bookings: Bookings, one: Identity, other: Identity, said: Ruling) -> None:
    """Keep what somebody says of two incidents, and judge them anew."""
    first, second = pair(one, other)
    row = {
        "at": said.at, "feed": first[0], "source_id": first[1], "other_feed": second[0],
        "other_id": second[1], "apart": said.apart, "by": said.by, "why": said.why, "seq": tx.seq(),
    }  # fmt: skip
    tx.conn.execute(insert(twin_ruling).values(row))
    settle(tx, bookings, _told(tx, event(tx, one) | event(tx, other)), epoch(said.at))


def book_hidden(tx: Tx, booking: Booking, seq: int | None = None) -> None:
    """Take what is counted as another off a booking of everything that was told."""
    once = select(twin.c.feed, twin.c.source_id).distinct()
    identities = [tuple(row) for row in tx.conn.execute(once)]
    links, told = steps(tx, identities, seq=seq), _told(tx, identities, seq)
    for identity, revisions in told.items():
        booking.hide(1, identity[0], hidden(revisions, links.get(identity, [])))


def _around(tx: Tx, alike: Alike, seeds: Collection[Identity]) -> tuple[Told, set[Identity], set[Pair]]:
    """What was told of these and of those around them; the ones among them whose events they may decide; and
    which of all of them may be pairs."""
    told: Told = _told(tx, [identity for identity in seeds if identity[0] not in alike.partners])
    own, pairs = set(seeds), set[Pair]()
    fresh = own - told.keys()
    for hop in range(2 * alike.hops):
        if not fresh:
            break
        own |= fresh if hop <= alike.hops else set()
        more = _told(tx, fresh)
        told |= more
        near = Nearby(alike, _tellings(tx, alike, more))
        found = {
            pair(identity, other) for identity, revisions in more.items() for _, facts in revisions
            for other in near.of(identity, facts)
        }  # fmt: skip
        pairs |= found
        fresh = {identity for both in found for identity in both} - told.keys()
    return told, own, {both for both in pairs if both[0] in told and both[1] in told}


def _tellings(tx: Tx, alike: Alike, told: Told) -> Iterator[tuple[Identity, Facts]]:
    """What the feeds that may tell the same have told of the times around these."""
    every = [facts for revisions in told.values() for _, facts in revisions]
    kinds = sorted({code for category in {facts[4] for facts in every} for code in alike.kin(category)})
    feeds = sorted({other for feed in {feed for feed, _ in told} for other in alike.partners[feed]})
    stretches = list(_stretches(sorted(map(span, every)), alike.reach))
    columns = [plain(column) for column in (*KEY[:2], *FACTS)]
    at = incident.c.occurred_at
    for first in range(0, len(stretches), _TOGETHER):
        within: list[ColumnElement[bool]] = [
            and_(incident.c.category.in_(kinds), at >= moment_of(begins), at <= moment_of(ends))
            for begins, ends in stretches[first : first + _TOGETHER]
        ]
        statement = select(*columns).where(or_(*within), incident.c.feed.in_(feeds))
        for feed, source_id, *facts in tx.conn.execute(statement):
            yield (feed, source_id), tuple(facts)


def _stretches(spans: Sequence[tuple[int, int]], reach: int) -> Iterator[tuple[int, int]]:
    """The times in which others may tell of the same, those that touch joined."""
    open_: tuple[int, int] | None = None
    for begins, ends in spans:
        first, last = begins - reach - _DAY, ends + reach
        if open_ is not None and first <= open_[1]:
            open_ = (open_[0], max(open_[1], last))
            continue
        if open_ is not None:
            yield open_
        open_ = (first, last)
    if open_ is not None:
        yield open_


def _told(tx: Tx, identities: Iterable[Identity], seq: int | None = None) -> Told:
    columns = [plain(column) for column in (*KEY[1:], *FACTS)]
    told: Told = {}
    for feed, ids in by_feed(identities).items():
        statement = select(*columns).where(incident.c.feed == feed, incident.c.source_id.in_(among(tx, ids)))
        if seq is not None:
            statement = statement.where(incident.c.seq <= seq)
        for source_id, known_at, _, *facts in tx.conn.execute(statement.order_by(*KEY)):
            told.setdefault((feed, source_id), []).append((known_at, tuple(facts)))
    return told


def _rulings(tx: Tx, identities: Collection[Identity]) -> Rulings:
    found: dict[Pair, list[tuple[int, bool]]] = {}
    for both, said in rulings(tx, identities):
        found.setdefault(both, []).append((epoch(said.at), said.apart))
    return found


def _rows(tx: Tx, identity: Identity, old: Steps, new: Steps) -> Iterator[dict[str, Any]]:
    """What to write so that the steps are the new ones, whatever was written before."""
    written, wanted = dict(old), dict(new)
    stands = is_ = None
    for at in sorted({*written, *wanted}):
        stands, is_ = wanted.get(at, stands), written.get(at, is_)
        if stands != is_:
            feed, source_id = stands or ("", "")
            yield {
                "feed": identity[0], "source_id": identity[1], "known_at": moment_of(at), "seq": tx.seq(),
                "as_feed": feed, "as_id": source_id,
            }  # fmt: skip
            is_ = stands
