"""What indicators that the ledger does not keep would count, added up in memory; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from engine.model.indicator import Indicator
from engine.model.panel import Deltas
from engine.store import backfill, twins
from engine.store.book import Book, Booking
from engine.store.database import Tx
from engine.store.history import Facts
from engine.store.moment import plain
from engine.store.revision import FACTS, KEY
from engine.store.tables import incident


@dataclass(frozen=True)
class Counts:
    """One indicator's rows as the ledger would hold them, areas of every level.

    codes: the areas that `area` refers to; area, day, cut, n: (R,) as in `Deltas`; total: (R,).
    """

    codes: tuple[str, ...]
    area: NDArray[np.int64]
    day: NDArray[np.int64]
    cut: NDArray[np.int64]
    n: NDArray[np.int64]
    total: NDArray[np.float64]

    def deltas(self, areas: Sequence[str], first: int, last: int, cut: int) -> Deltas:
        """The rows of `areas` and of the days `first`..`last` that the cut may see."""
        position = {code: at for at, code in enumerate(areas)}
        places = np.array([position.get(code, -1) for code in self.codes], np.int64)[self.area]
        seen = (places >= 0) & (self.day >= first) & (self.day <= last) & (self.cut <= cut)
        return Deltas(
            tuple(areas), places[seen], self.day[seen], self.cut[seen], self.n[seen], self.total[seen]
        )


def lacking(tx: Tx, book: Book) -> dict[str, Indicator]:
    """The book's indicators that the ledger does not keep over this tree and calendar, by key."""
    known = set(backfill.ready(tx, book))
    return {key: one for key, one in book.indicators.items() if key not in known}


def count(tx: Tx, book: Book, seq: int) -> dict[str, Counts]:
    """Every indicator of the book counted over the stored revisions up to `seq`, by key."""
    booking, of = Booking(book), ("", "")
    before: Facts | None = None
    columns = [plain(column) for column in (*KEY[:3], *FACTS)]
    revisions = select(*columns).where(incident.c.seq <= seq).order_by(*KEY)
    for feed, source_id, known_at, *facts in tx.conn.execute(revisions):
        if (feed, source_id) != of:
            of, before = (feed, source_id), None
        booking.step(feed, 1, known_at, before, after := tuple(facts))
        before = after
    twins.book_hidden(tx, booking, seq)
    return _by_indicator(book, booking)


def _by_indicator(book: Book, booking: Booking) -> dict[str, Counts]:
    sums = booking.sums()
    codes = tuple(sorted({code for _, code in book.cells}))
    position = {code: at for at, code in enumerate(codes)}
    area = np.array([position[code] for _, code in book.cells], np.int64)
    keys = sorted(book.indicators)
    owner = np.array([keys.index(key) for key, _ in book.cells], np.int64)
    found = {}
    for at, key in enumerate(keys):
        own = owner[sums.cell] == at
        found[key] = Counts(
            codes, area[sums.cell[own]], sums.day[own], sums.cut[own], sums.n[own], sums.total[own]
        )
    return found
