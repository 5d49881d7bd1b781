"""Folding: what was booked, row by row in the order of commit, packed into the blocks that panels read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, takewhile

import numpy as np
from sqlalchemy import func, select, update

from engine.store.block import ROW, SPAN, Rows, merged, unpacked
from engine.store.database import Tx
from engine.store.tables import folded, tally, tally_block
from engine.store.write import upsert

#: So many rows are packed at a time: more would take memory, fewer would write the same blocks more often.
_MANY = 1_000_000

_BOOKED = np.dtype([("ledger", "<i4"), *ROW.descr])


def fold(tx: Tx, most: int | None = None) -> int:
    """Pack what was committed since the last fold; up to which transaction it reaches.

    Call it after bulk loads and now and then: panels read the blocks in bulk and everything newer from the
    raw rows. most: stop after the transaction with which so many rows are packed.
    """
    done, packed = folded_to(tx), 0
    for upto, rows in _steps(tx, done, min(most or _MANY, _MANY)):
        _pack(tx, done, upto)
        done, packed = upto, packed + rows
        if most is not None and packed >= most:
            break
    else:
        done = tx.seq() - 1
    tx.conn.execute(update(folded).values(seq=done))
    return done


def folded_to(tx: Tx) -> int:
    return int(tx.conn.execute(select(folded.c.seq)).scalar_one())


def _steps(tx: Tx, done: int, many: int) -> Iterator[tuple[int, int]]:
    """(up to which transaction, how many rows) of each step: whole transactions, of about `many` rows."""
    counted = select(tally.c.seq, func.count()).where(tally.c.seq > done, tally.c.seq < tx.seq())
    waiting = tx.conn.execute(counted.group_by(tally.c.seq).order_by(tally.c.seq)).all()
    while waiting:
        sums = accumulate(rows for _, rows in waiting)
        size = min(1 + sum(1 for _ in takewhile(lambda total: total < many, sums)), len(waiting))
        yield waiting[size - 1][0], sum(rows for _, rows in waiting[:size])
        waiting = waiting[size:]


def _pack(tx: Tx, after: int, upto: int) -> None:
    """Add the rows of these transactions to their blocks."""
    columns = (tally.c[name] for name in ("ledger", "area", "day", "known_cut", "n", "total"))
    booked = select(*columns).where(tally.c.seq > after, tally.c.seq <= upto)
    rows = np.fromiter(map(tuple, tx.conn.execute(booked)), _BOOKED)
    span = rows["day"] // SPAN
    order = np.lexsort((span, rows["ledger"]))
    rows, span = rows[order], span[order]
    begins = np.flatnonzero(np.diff(rows["ledger"], prepend=-1) | np.diff(span, prepend=-1))
    packed = []
    for own in np.split(np.arange(rows.size), begins[1:]):
        key = int(rows["ledger"][own[0]]), int(span[own[0]])
        fresh = rows[own][list(ROW.names or ())].astype(ROW)
        block = merged(_block(tx, *key), fresh)
        packed.append({"ledger": key[0], "span": key[1], "rows": block.tobytes()})
    upsert(tx, tally_block, packed)


def _block(tx: Tx, ledger: int, span: int) -> Rows:
    own = (tally_block.c.ledger == ledger) & (tally_block.c.span == span)
    return unpacked(tx.conn.execute(select(tally_block.c.rows).where(own)).scalars())
