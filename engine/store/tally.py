"""The append-only ledger of signed counts that panels are read from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, Select, Table, func, insert, or_, select, update

from engine.errors import StoreError
from engine.model.panel import Deltas
from engine.store.book import Book, Booking
from engine.store.database import Tx
from engine.store.history import Facts
from engine.store.moment import plain
from engine.store.revision import FACTS, KEY
from engine.store.tables import area_code, folded, incident, ledger, tally, tally_snapshot
from engine.store.write import accumulate, insert_for, insert_new

__all__ = ["Book", "book", "deltas", "ensure", "fold"]

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
    book(tx, booking)


def _revisions(tx: Tx) -> Iterable[tuple[Any, ...]]:
    """(feed, source id, known_at, *facts) of every revision, each incident's in its own order."""
    columns = [plain(column) for column in (*KEY[:3], *FACTS)]
    statement = select(*columns).order_by(*KEY)
    return tx.conn.execute(statement, execution_options={"yield_per": 10_000})


def _area_ids(tx: Tx, codes: Collection[str]) -> dict[str, int]:
    """The ids of these areas, given out now where an area has none."""
    ids = _known_areas(tx)
    lacking = sorted(code for code in codes if code not in ids)
    if lacking:
        insert_new(tx, area_code, [{"code": code} for code in lacking], "code")
        ids = _known_areas(tx)
    return ids


def _known_areas(tx: Tx) -> dict[str, int]:
    return {code: id_ for id_, code in tx.conn.execute(select(area_code.c.id, area_code.c.code))}


def deltas(
    tx: Tx, keys: Collection[str], areas: Sequence[str], first: int, last: int, cut: int,
    seq: int | None = None,
) -> dict[str, Deltas]:  # fmt: skip
    """Each indicator's rows of the days `first`..`last` that the cut `cut` may see.

    areas: the order that the rows' `area` refers to. seq: only what was committed up to this
    transaction (replay); an older one than the snapshot's reads the raw rows.
    Raises StoreError for an indicator that the ledger does not keep; `ensure` makes it.
    """
    ledgers = _ledgers(tx, keys, seq)
    ids = _known_areas(tx)
    position = np.full(max(ids.values(), default=0) + 1, -1, np.int64)
    for place, code in enumerate(areas):
        if code in ids:
            position[ids[code]] = place
    wanted = [ids[code] for code in areas if code in ids]
    rows = _rows(tx, list(ledgers.values()), wanted, (first, last, cut), seq)
    found = {}
    for key in keys:
        own = rows[:, rows[0] == ledgers[key]]
        area, day, known_cut, n = own[1:5].astype(np.int64)
        found[key] = Deltas(tuple(areas), position[area], day, known_cut, n, own[5])
    return found


def _ledgers(tx: Tx, keys: Collection[str], seq: int | None) -> dict[str, int]:
    """The ledger each indicator was kept in, now or at the time of transaction `seq`."""
    statement = select(ledger.c.indicator, ledger.c.id).where(ledger.c.indicator.in_(list(keys)))
    open_ended = ledger.c.until_seq.is_(None)
    if seq is None:
        statement = statement.where(open_ended)
    else:
        statement = statement.where(ledger.c.since_seq <= seq, or_(open_ended, ledger.c.until_seq > seq))
    found = {row.indicator: row.id for row in tx.conn.execute(statement)}
    lacking = sorted(set(keys) - set(found))
    if lacking:
        raise StoreError(
            f"the ledger does not keep the indicators {', '.join(lacking)}"
            + (": start the engine once with these rules, it counts them" if seq is None
               else f" at transaction {seq}: this run cannot be read again")
        )  # fmt: skip
    return found


def _rows(
    tx: Tx, ledgers: Sequence[int], areas: Sequence[int], span: tuple[int, int, int], seq: int | None
) -> NDArray[np.float64]:
    """(6, R) of ledger, area, day, cut, n, total. Every integer here is exact as a float."""
    snapshot_seq = _folded(tx)
    if seq is not None and seq < snapshot_seq:
        parts = [_part(tally, ledgers, areas, span).where(tally.c.seq <= seq)]
    else:
        newer = _part(tally, ledgers, areas, span).where(tally.c.seq > snapshot_seq)
        parts = [
            _part(tally_snapshot, ledgers, areas, span),
            newer if seq is None else newer.where(tally.c.seq <= seq),
        ]
    rows = chain.from_iterable(tx.conn.execute(part) for part in parts)
    return np.fromiter(chain.from_iterable(rows), float).reshape(-1, 6).T


def _part(
    table: Table, ledgers: Sequence[int], areas: Sequence[int], span: tuple[int, int, int]
) -> Select[Any]:
    first, last, cut = span
    columns = (table.c[name] for name in ("ledger", "area", "day", "known_cut", "n", "total"))
    return select(*columns).where(
        table.c.ledger.in_(ledgers), table.c.area.in_(areas), table.c.day.between(first, last),
        table.c.known_cut <= cut,
    )  # fmt: skip


def fold(tx: Tx) -> int:
    """Add what was committed since the last fold to the snapshot; up to which transaction it reaches.

    Call it after bulk loads and now and then: panels read the snapshot by day and everything newer
    from the raw rows.
    """
    upto, done = tx.seq() - 1, _folded(tx)
    cell = [tally.c[name] for name in ("ledger", "day", "area", "known_cut")]
    sums = select(*cell, func.sum(tally.c.n), func.sum(tally.c.total))
    sums = sums.where(tally.c.seq > done, tally.c.seq <= upto).group_by(*cell).order_by(*cell)
    statement = insert_for(tx, tally_snapshot).from_select([c.name for c in tally_snapshot.c], sums)
    added = {name: tally_snapshot.c[name] + statement.excluded[name] for name in ("n", "total")}
    key = list(tally_snapshot.primary_key)
    tx.conn.execute(statement.on_conflict_do_update(index_elements=key, set_=added))
    tx.conn.execute(update(folded).values(seq=upto))
    return upto


def _folded(tx: Tx) -> int:
    return int(tx.conn.execute(select(folded.c.seq)).scalar_one())
