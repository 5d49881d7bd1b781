"""Counting what the ledger does not keep yet: in pieces that others can write between, and resumable.

A ledger that is new counts, incident by incident in the order of their keys, what is stored already. How far
it has come is kept with it, and whoever adds or corrects an incident books it only in the ledgers that have
come past it: the others meet it later. A ledger is read from only when it has met all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from sqlalchemy import Row, func, insert, select, tuple_, update

from engine.store import fold, tally, telling
from engine.store.among import pairs
from engine.store.book import Book, Booking
from engine.store.database import Store, Tx
from engine.store.history import Facts
from engine.store.moment import plain
from engine.store.pairing import Identity, hidden
from engine.store.revision import FACTS, KEY
from engine.store.tables import incident, ledger

Progress = Callable[[int, int], None]

#: Before the first incident.
START: Identity = ("", "")
#: How long a piece should hold the lock for writing (seconds), and how many revisions the first one takes.
_HOLD, _FIRST = 0.3, 2_000
#: How many revisions are counted at once where nobody else waits, and how many rows are packed at least.
_MANY, _PACKED = 20_000, 10_000


#: The backfills under way: up to which incident each of these indicators has come.
Under = Mapping[str, Identity]


def open_(tx: Tx, book: Book) -> Under:
    """Let the ledger keep exactly the indicators of `book` from now on; what of them is under way.

    An indicator that is new, or was booked over another area tree or calendar, is opened: `fill` counts what
    is stored, where anything is. One that `book` does not know is closed: nothing keeps it up to date.
    """
    kept = tally.kept(tx)
    current = _current(kept, book)
    lacking = sorted(set(book.indicators) - set(current))
    closing = [row.id for key, row in kept.items() if key in lacking or key not in book.indicators]
    if closing:
        tx.conn.execute(update(ledger).where(ledger.c.id.in_(closing)).values(until_seq=tx.seq()))
    reached = dict(_under(kept, book))
    if lacking:
        begun = START if _any(tx) else None
        own = {"ground": book.ground, "since_seq": tx.seq(), "reached": begun and json.dumps(begun)}
        tx.conn.execute(insert(ledger), [{"indicator": key} | own for key in lacking])
        reached |= {key: begun for key in lacking if begun}
    return reached


def ahead(tx: Tx, under: Under, identities: Collection[Identity]) -> dict[Identity, frozenset[str]]:
    """For each of these incidents the indicators that have yet to meet it, and must not count it before.

    The database compares: it says in which order it goes through them.
    """
    found: dict[Identity, set[str]] = {}
    for reached in set(under.values()):
        asked = pairs(tx, identities).subquery()
        later = select(asked).where(tuple_(asked.c.one, asked.c.other) > reached)
        for row in tx.conn.execute(later):
            waiting = {key for key, own in under.items() if own == reached}
            found.setdefault((row.one, row.other), set()).update(waiting)
    return {identity: frozenset(keys) for identity, keys in found.items()}


def ensure(tx: Tx, book: Book, progress: Progress | None = None) -> list[str]:
    """`open_` and count everything in this one transaction; the keys of what had to be counted.

    progress: called with (revisions read, revisions in all).
    """
    tx.seq()  # before anything is read: of two processes that start at once, one finds it done
    before, done, total = set(ready(tx, book)), 0, _count(tx)
    open_(tx, book)
    while (piece := _Piece.next(tx, book)) is not None:
        done += piece.step(tx, _MANY)
        if progress is not None:
            progress(done, total)
    return sorted(set(book.indicators) - before)


def fill(store: Store, book: Book, progress: Progress | None = None) -> bool:
    """The same in pieces, each a transaction of its own that lets others write soon; whether all is counted.

    It is not where another process keeps other indicators meanwhile. What it had counted is not lost: the
    next call goes on from there.
    """
    with store.read() as tx:
        if complete(tx, book):
            return True
    with store.begin() as tx:
        tx.seq()
        open_(tx, book)
        total = _count(tx)
    done, size = 0, _FIRST
    while counted := _counted(store, book, size):
        done += counted.revisions
        size = _next(size, counted.seconds)
        if progress is not None:
            progress(min(done, total), total)
    if done:
        _fold(store)
    with store.read() as tx:
        return complete(tx, book)


def complete(tx: Tx, book: Book) -> bool:
    """Whether the ledger keeps just these indicators, and has counted them."""
    kept = tally.kept(tx)
    return len(kept) == len(book.indicators) == len(_counted_of(kept, book))


def ready(tx: Tx, book: Book) -> list[str]:
    """The indicators of the book that the ledger keeps, and has counted."""
    return _counted_of(tally.kept(tx), book)


@dataclass(frozen=True)
class _Counted:
    """What one piece came to."""

    revisions: int
    seconds: float


def _counted(store: Store, book: Book, size: int) -> _Counted | None:
    """The next piece, in a transaction of its own; None where nothing is left to count."""
    with store.begin() as tx:
        tx.seq()  # before anything is read: another process may be at the same piece
        begin, piece = monotonic(), _Piece.next(tx, book)
        revisions = 0 if piece is None else piece.step(tx, size)
    return None if piece is None else _Counted(revisions, monotonic() - begin)


def _fold(store: Store) -> None:
    """Pack what was counted, so much at a time that others can write between."""
    size = _PACKED
    while True:
        with store.begin() as tx:
            begin = monotonic()
            if fold.fold(tx, size) == tx.seq() - 1:
                return
        size = max(_PACKED, _next(size, monotonic() - begin))


def _next(size: int, seconds: float) -> int:
    """How much the next piece takes, that one of this size took so long."""
    return max(1, round(size * min(2.0, _HOLD / max(seconds, 1e-3))))


@dataclass(frozen=True)
class _Piece:
    """The indicators that have come equally far, and how far."""

    book: Book
    after: Identity

    @classmethod
    def next(cls, tx: Tx, book: Book) -> _Piece | None:
        """Some that are under way; None where nothing is."""
        under = _under(tally.kept(tx), book)
        if not under:
            return None
        after = min(under.values())
        keys = [key for key, reached in under.items() if reached == after]
        return cls(Book(book.tree, {key: book.indicators[key] for key in keys}, book.calendar), after)

    def step(self, tx: Tx, size: int) -> int:
        """Count the next incidents, at least one and about `size` revisions; how many revisions."""
        rows = _revisions(tx, self.after, size)
        last = (rows[-1][0], rows[-1][1]) if len(rows) > size else None
        if last is not None and last != (rows[0][0], rows[0][1]):
            rows = [row for row in rows if (row[0], row[1]) != last]  # the last one may go on
        elif last is not None:
            rows = _revisions(tx, self.after, None, last)
        tally.book(tx, _booked(tx, self.book, rows))
        reached = json.dumps(rows[-1][:2]) if last is not None else None
        own = ledger.c.indicator.in_(list(self.book.indicators)) & ledger.c.until_seq.is_(None)
        tx.conn.execute(update(ledger).where(own).values(reached=reached, since_seq=tx.seq()))
        return len(rows)


def _booked(tx: Tx, book: Book, rows: Sequence[tuple[Any, ...]]) -> Booking:
    booking, told = Booking(book), dict[Identity, list[tuple[int, Facts]]]()
    for feed, source_id, known_at, *facts in rows:
        revisions = told.setdefault((feed, source_id), [])
        before, after = (revisions[-1][1] if revisions else None), tuple(facts)
        booking.step(feed, 1, known_at, before, after)
        revisions.append((known_at, after))
    for identity, links in telling.steps(tx, told).items() if telling.any_(tx) else ():
        booking.hide(1, identity[0], hidden(told[identity], links))
    return booking


def _revisions(
    tx: Tx, after: Identity, size: int | None, only: Identity | None = None
) -> list[tuple[Any, ...]]:
    """(feed, source id, known_at, *facts) of the revisions of later incidents, each incident's in its own
    order; one more than `size`, to tell whether that is all. only: of this incident alone."""
    identity = tuple_(incident.c.feed, incident.c.source_id)
    wanted = identity > after if only is None else identity == only
    columns = [plain(column) for column in (*KEY[:3], *FACTS)]
    statement = select(*columns).where(wanted).order_by(*KEY)
    found = tx.conn.execute(statement if size is None else statement.limit(size + 1))
    return [tuple(row) for row in found]


def _current(kept: Mapping[str, Row[Any]], book: Book) -> dict[str, Row[Any]]:
    """What of the book's is kept over its ground; what another process has closed is not."""
    return {key: row for key, row in kept.items() if key in book.indicators and row.ground == book.ground}


def _counted_of(kept: Mapping[str, Row[Any]], book: Book) -> list[str]:
    return [key for key, row in _current(kept, book).items() if row.reached is None]


def _under(kept: Mapping[str, Row[Any]], book: Book) -> Under:
    """How far each of the book's that is under way has come."""
    return {key: _reached(row) for key, row in _current(kept, book).items() if row.reached}


def _reached(row: Row[Any]) -> Identity:
    feed, source_id = json.loads(row.reached)
    return feed, source_id


def _any(tx: Tx) -> bool:
    return tx.conn.execute(select(incident.c.feed).limit(1)).first() is not None


def _count(tx: Tx) -> int:
    return int(tx.conn.execute(select(func.count()).select_from(incident)).scalar_one())
