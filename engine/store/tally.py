"""The append-only ledger of signed counts, as it is written; `TallyReader` reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import repeat
from typing import Any

import numpy as np
from sqlalchemy import Row, func, insert, select, update

from engine.store import twins
from engine.store.book import Book, Booking
from engine.store.database import Tx
from engine.store.history import Facts
from engine.store.moment import plain
from engine.store.revision import FACTS, KEY
from engine.store.tables import area_code, folded, incident, ledger, tally, tally_snapshot
from engine.store.write import accumulate, insert_for, insert_new

__all__ = ["Book", "book", "ensure", "fold", "folded_to", "known_areas"]

#: How many different (group, day, cut) a backfill holds in memory before it writes them.
_FLUSH = 200_000

Progress = Callable[[int, int], None]


def book(tx: Tx, booking: Booking) -> None:
    """Write a batch's counts under this transaction's number."""
    sums = booking.sums()
    used, where = np.unique(sums.cell, return_inverse=True)
    cells = [booking.book.cells[cell] for cell in used]
    kept, areas = _kept(tx), _area_ids(tx, {code for _, code in cells})
    own = np.array([kept[key].id for key, _ in cells], np.int64)[where]
    area = np.array([areas[code] for _, code in cells], np.int64)[where]
    order = np.lexsort((sums.cut, sums.day, area, own))
    columns = (own, area, sums.day, sums.cut, sums.n, sums.total)
    rows = zip(repeat(tx.seq()), *(column[order].tolist() for column in columns), strict=False)
    accumulate(tx, tally, list(rows), "n", "total")


def ensure(tx: Tx, book_: Book, progress: Progress | None = None) -> list[str]:
    """Make the ledger keep exactly the indicators of `book_`; the keys it had to backfill.

    An indicator that is new, or was booked over another area tree or calendar, is counted again from
    every stored revision. One that `book_` does not know is closed: nothing will keep it up to date.
    progress: called with (revisions read, revisions in all).
    """
    seq = tx.seq()  # before anything is read: of two processes that start at once, one finds it done
    kept = _kept(tx)
    current = {key for key, one in kept.items() if one.ground == book_.ground}
    lacking = sorted(set(book_.indicators) - current)
    closing = [one.id for key, one in kept.items() if key in lacking or key not in book_.indicators]
    if closing:
        tx.conn.execute(update(ledger).where(ledger.c.id.in_(closing)).values(until_seq=seq))
    if lacking:
        rows = [{"indicator": key, "ground": book_.ground, "since_seq": seq} for key in lacking]
        tx.conn.execute(insert(ledger), rows)
        indicators = {key: book_.indicators[key] for key in lacking}
        _backfill(tx, Book(book_.tree, indicators, book_.calendar), progress)
    return lacking


def _kept(tx: Tx) -> dict[str, Row[Any]]:
    """The ledgers that are kept up to date, by indicator."""
    rows = tx.conn.execute(select(ledger).where(ledger.c.until_seq.is_(None)))
    return {row.indicator: row for row in rows}


def _backfill(tx: Tx, book_: Book, progress: Progress | None) -> None:
    total = tx.conn.execute(select(func.count()).select_from(incident)).scalar_one()
    booking, of = Booking(book_), ("", "")
    before: Facts | None = None
    for read, (feed, source_id, known_at, *facts) in enumerate(_revisions(tx), start=1):
        if (feed, source_id) != of:
            of, before = (feed, source_id), None
            if len(booking) > _FLUSH:
                book(tx, booking)
                booking = Booking(book_)
        booking.step(feed, 1, known_at, before, after := tuple(facts))
        before = after
        if progress is not None and (read % 10_000 == 0 or read == total):
            progress(read, total)
    twins.book_hidden(tx, booking)
    book(tx, booking)


def _revisions(tx: Tx) -> Iterable[tuple[Any, ...]]:
    """(feed, source id, known_at, *facts) of every revision, each incident's in its own order."""
    columns = [plain(column) for column in (*KEY[:3], *FACTS)]
    statement = select(*columns).order_by(*KEY)
    return tx.conn.execute(statement, execution_options={"yield_per": 10_000})


def _area_ids(tx: Tx, codes: Collection[str]) -> dict[str, int]:
    """The ids of these areas, given out now where an area has none."""
    ids = known_areas(tx)
    lacking = sorted(code for code in codes if code not in ids)
    if lacking:
        insert_new(tx, area_code, [{"code": code} for code in lacking], "code")
        ids = known_areas(tx)
    return ids


def known_areas(tx: Tx) -> dict[str, int]:
    return {code: id_ for id_, code in tx.conn.execute(select(area_code.c.id, area_code.c.code))}


def fold(tx: Tx) -> int:
    """Add what was committed since the last fold to the snapshot; up to which transaction it reaches.

    Call it after bulk loads and now and then: panels read the snapshot by day and everything newer
    from the raw rows.
    """
    upto, done = tx.seq() - 1, folded_to(tx)
    cell = [tally.c[name] for name in ("ledger", "day", "area", "known_cut")]
    sums = select(*cell, func.sum(tally.c.n), func.sum(tally.c.total))
    sums = sums.where(tally.c.seq > done, tally.c.seq <= upto).group_by(*cell).order_by(*cell)
    statement = insert_for(tx, tally_snapshot).from_select([c.name for c in tally_snapshot.c], sums)
    added = {name: tally_snapshot.c[name] + statement.excluded[name] for name in ("n", "total")}
    key = list(tally_snapshot.primary_key)
    tx.conn.execute(statement.on_conflict_do_update(index_elements=key, set_=added))
    tx.conn.execute(update(folded).values(seq=upto))
    return upto


def folded_to(tx: Tx) -> int:
    return int(tx.conn.execute(select(folded.c.seq)).scalar_one())
