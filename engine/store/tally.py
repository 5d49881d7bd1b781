"""The append-only ledger of signed counts, as it is written; `TallyReader` reads it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import repeat
from typing import Any

import numpy as np
from sqlalchemy import Row, select

from engine.store.book import Book, Booking
from engine.store.database import Tx
from engine.store.tables import area_code, ledger, tally
from engine.store.write import accumulate, insert_new

__all__ = ["Book", "book", "kept", "known_areas"]


def book(tx: Tx, booking: Booking, without: Collection[str] = ()) -> None:
    """Write a batch's counts under this transaction's number, but for these indicators."""
    sums = booking.sums()
    used, where = np.unique(sums.cell, return_inverse=True)
    cells = [booking.book.cells[cell] for cell in used]
    ledgers, areas = kept(tx), _area_ids(tx, {code for _, code in cells})
    own = np.array([ledgers[key].id for key, _ in cells], np.int64)[where]
    area = np.array([areas[code] for _, code in cells], np.int64)[where]
    order = np.lexsort((sums.cut, sums.day, area, own))
    if without:
        counts = np.array([key not in without for key, _ in cells], bool)[where]
        order = order[counts[order]]
    columns = (own, area, sums.day, sums.cut, sums.n, sums.total)
    rows = zip(repeat(tx.seq()), *(column[order].tolist() for column in columns), strict=False)
    accumulate(tx, tally, list(rows), "n", "total")


def kept(tx: Tx) -> dict[str, Row[Any]]:
    """The ledgers that are kept up to date, by indicator."""
    rows = tx.conn.execute(select(ledger).where(ledger.c.until_seq.is_(None)))
    return {row.indicator: row for row in rows}


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
