"""Incidents with their revisions: adding a batch, and looking them up by their ids."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import (
    Select,
    delete,
    func,
    select,
    tuple_,
)

from engine.model.incident import Incident
from engine.store import twins
from engine.store.among import among
from engine.store.book import Book
from engine.store.bookings import Bookings
from engine.store.database import Tx
from engine.store.history import Entry, Facts, History
from engine.store.moment import epoch, moment_of, plain
from engine.store.pairing import Identity, Revisions
from engine.store.revision import FACTS, KEY, facts_of, incident_of
from engine.store.tables import incident, sighting
from engine.store.write import append, upsert

#: By incident: when each record of it was known, what it says, and of which batch it is.
Told = dict[Identity, list[tuple[int, Facts, int]]]


@dataclass(frozen=True, slots=True)
class Added:
    """What a batch held: first revisions, further revisions and repetitions; and its transaction."""

    new: int
    revised: int
    unchanged: int
    seq: int
    #: The source ids of the first revisions, where they were added.
    first: frozenset[str] = frozenset()


def compare(tx: Tx, batch: Sequence[Incident]) -> Added:
    """What adding a batch would come to."""
    told = _told([batch])
    stored = _histories(tx, told)
    revisions = 0
    for identity, records in told.items():
        history = stored.get(identity) or History([])
        in_order = sorted(records, key=itemgetter(0))
        revisions += sum(history.tell(known_at, facts) for known_at, facts, _ in in_order)
    new = len(told) - len(stored)
    return Added(new, revisions - new, len(batch) - revisions, tx.horizon())


def add(tx: Tx, batch: Sequence[Incident], book: Book) -> Added:
    """Store what is new in a batch and book it in the ledger, all in this one transaction.

    Revisions stand in the order of `known_at`, whatever order they arrive in; the numbers they carry
    are ignored. Facts equal to those in force at `known_at` are no revision, and the same record
    again is nothing at all.
    """
    return add_each(tx, [batch], book)[0]


def add_each(tx: Tx, batches: Sequence[Sequence[Incident]], book: Book) -> list[Added]:
    """The same for several batches, all together, and what came of each."""
    seq = tx.seq()
    bookings = Bookings(tx, book)
    told, linking = _told(batches), book.alike.partners if book.alike is not None else {}
    bookings.meet(told)
    stored = _histories(tx, told)
    changed, rows = {}, []
    new, revisions = Counter[int](), Counter[int]()
    began = [set[str]() for _ in batches]
    before: dict[Identity, Revisions] = {}
    for identity in sorted(told):
        records, booking = told[identity], bookings.of(identity)
        if len(records) == 1 and identity not in stored:
            # Nearly all of a first load: one record of which nothing was known.
            ((known_at, facts, of),) = records
            new[of] += 1
            began[of].add(identity[1])
            booking.step(identity[0], 1, known_at, None, facts)
            rows.append((*identity, known_at, 0, *facts, seq))
            if identity[0] in linking:
                before[identity] = ()
            continue
        history = changed[identity] = stored.get(identity) or History([])
        for known_at, facts, of in sorted(records, key=itemgetter(0)):
            first = not history.entries
            if history.tell(known_at, facts):
                (new if first else revisions)[of] += 1
                if first:
                    began[of].add(identity[1])
        for step in history.steps():
            booking.step(identity[0], *step)
        fresh = history.fresh()
        rows += [(*identity, *revision, seq) for revision in fresh]
        if fresh and identity[0] in linking:
            before[identity] = [(entry.known_at, entry.facts) for entry in history.told]
    append(tx, incident, rows)
    _write_sightings(tx, changed, book)
    if before:
        twins.settle(tx, bookings, before)
    bookings.book()
    return [
        Added(new[of], revisions[of], len(batch) - new[of] - revisions[of], seq, frozenset(began[of]))
        for of, batch in enumerate(batches)
    ]


def _told(batches: Iterable[Iterable[Incident]]) -> Told:
    told: Told = {}
    for of, batch in enumerate(batches):
        for fact in batch:
            record = epoch(fact.known_at), facts_of(fact), of
            told.setdefault((fact.feed, fact.source_id), []).append(record)
    return told


def _histories(tx: Tx, identities: Iterable[Identity]) -> dict[Identity, History]:
    """What is stored of these incidents."""
    by_feed: dict[str, list[str]] = {}
    for feed, source_id in identities:
        by_feed.setdefault(feed, []).append(source_id)
    entries: dict[Identity, list[Entry]] = {}
    for feed, source_ids in by_feed.items():
        _read(tx, feed, among(tx, source_ids), entries)
    return {identity: History(found) for identity, found in entries.items()}


def _read(tx: Tx, feed: str, wanted: Select[Any], entries: dict[Identity, list[Entry]]) -> None:
    """Add the stored entries of one feed's incidents, each list in the order of its moments."""
    revisions = select(*(plain(column) for column in (*KEY[1:], *FACTS))).order_by(*KEY)
    for source_id, known_at, nth, *facts in tx.conn.execute(
        revisions.where(incident.c.feed == feed, incident.c.source_id.in_(wanted))
    ):
        entry = Entry(known_at, tuple(facts), nth, stored=True)
        entries.setdefault((feed, source_id), []).append(entry)
    if not entries:
        return
    sightings = select(sighting.c.source_id, plain(sighting.c.known_at)).order_by(sighting.c.known_at)
    for source_id, known_at in tx.conn.execute(
        sightings.where(sighting.c.feed == feed, sighting.c.source_id.in_(wanted))
    ):
        own = entries[feed, source_id]
        place = bisect_right(own, known_at, key=attrgetter("known_at"))
        own.insert(place, Entry(known_at, own[place - 1].facts, stored=True, sighting=True))


def _write_sightings(tx: Tx, changed: dict[Identity, History], book: Book) -> None:
    """Keep each cut's last sighting; one that has become a revision goes."""
    gone = [(*identity, moment_of(at)) for identity, history in changed.items() for at in history.gone]
    if gone:
        key = tuple_(sighting.c.feed, sighting.c.source_id, sighting.c.known_at)
        tx.conn.execute(delete(sighting).where(key.in_(gone)))
    rows = []
    for (feed, source_id), history in changed.items():
        if not history.sighted:
            continue
        last = {book.cut(entry.known_at): entry for entry in history.entries if entry.sighting}
        rows += [
            {"feed": feed, "source_id": source_id, "known_cut": cut, "known_at": moment_of(entry.known_at)}
            for cut, entry in last.items() if not entry.stored
        ]  # fmt: skip
    upsert(tx, sighting, rows)


def get(tx: Tx, feed: str, source_id: str) -> list[Incident]:
    """Every revision of one incident, oldest first; empty where there is no such incident."""
    statement = select(*(plain(column) for column in (*KEY, *FACTS))).order_by(*KEY)
    rows = tx.conn.execute(statement.where(incident.c.feed == feed, incident.c.source_id == source_id))
    return [
        incident_of(feed, source_id, known_at, tuple(facts), revision)
        for revision, (_, _, known_at, _, *facts) in enumerate(rows, start=1)
    ]


def latest(tx: Tx, feed: str, source_ids: Collection[str]) -> dict[str, Incident]:
    """The last revision of each of these incidents that there is, by id."""
    statement = select(*(plain(column) for column in (*KEY, *FACTS))).order_by(*KEY)
    mine = incident.c.source_id.in_(among(tx, sorted(source_ids)))
    rows = tx.conn.execute(statement.where(incident.c.feed == feed, mine)).all()
    numbers = Counter(row.source_id for row in rows)
    last = {source_id: (known_at, facts) for _, source_id, known_at, _, *facts in rows}
    return {
        source_id: incident_of(feed, source_id, known_at, tuple(facts), numbers[source_id])
        for source_id, (known_at, facts) in last.items()
    }


def order(tx: Tx, feed: str, source_ids: Collection[str]) -> dict[str, int]:
    """The transaction in which each of these incidents was first stored, for those that are."""
    statement = select(incident.c.source_id, func.min(incident.c.seq).label("first")).where(
        incident.c.feed == feed, incident.c.source_id.in_(among(tx, sorted(source_ids)))
    ).group_by(incident.c.source_id)  # fmt: skip
    return {row.source_id: row.first for row in tx.conn.execute(statement)}


def count(tx: Tx) -> int:
    """How many incidents are stored, each counted once."""
    identities = select(incident.c.feed, incident.c.source_id).distinct().subquery()
    return int(tx.conn.execute(select(func.count()).select_from(identities)).scalar_one())


def feeds(tx: Tx) -> list[str]:
    """Of which feeds there are any, by name; each is found by the one before, without reading the others."""
    found: list[str] = []
    after = select(func.min(incident.c.feed))
    while (name := tx.conn.execute(after).scalar_one()) is not None:
        found.append(name)
        after = select(func.min(incident.c.feed)).where(incident.c.feed > name)
    return found


def extent(tx: Tx, feed: str) -> tuple[datetime, datetime, frozenset[str]]:
    """When the first and the last of a feed's incidents occurred, and of which categories they are."""
    at = incident.c.occurred_at
    ends = (func.min(at, type_=at.type), func.max(at, type_=at.type))
    own = (incident.c.feed == feed) & (incident.c.category != "")
    first, last = tx.conn.execute(select(*ends).where(incident.c.feed == feed)).one()
    categories = tx.conn.execute(select(incident.c.category).where(own).distinct()).scalars()
    return first, last, frozenset(categories)
