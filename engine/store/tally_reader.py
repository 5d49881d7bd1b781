"""The ledger as one transaction sees it: what panels are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, or_, select

from engine.errors import StoreError
from engine.model.panel import Deltas
from engine.store.block import ROW, SPAN, Rows, rows_of, unpacked
from engine.store.database import Tx
from engine.store.fold import folded_to
from engine.store.tables import ledger, tally, tally_block
from engine.store.tally import known_areas


class TallyReader:
    """Reads within one transaction; what is the same for every indicator is looked up once.

    seq: only what was committed up to this transaction is seen (replay).
    """

    def __init__(self, tx: Tx, seq: int | None = None) -> None:
        self._tx, self._seq = tx, seq
        self._held: _Held | None = None
        self._found: dict[tuple[str, ...], NDArray[np.int32]] = {}

    def deltas(self, key: str, areas: Sequence[str], first: int, last: int, cut: int) -> Deltas:
        """One indicator's rows of the days `first`..`last` that the cut `cut` may see.

        areas: the order that the rows' `area` refers to. Raises StoreError for an indicator that the
        ledger does not keep; `tally.ensure` makes it.
        """
        if key not in self._ledgers:
            raise StoreError(
                f"the ledger does not keep the indicator {key}"
                + (": start the engine once with these rules, it counts them" if self._seq is None
                   else f" at transaction {self._seq}: this run cannot be read again")
            )  # fmt: skip
        held = self._rows(self._ledgers[key], first, last)
        place = self._places(tuple(areas))[held.area]
        own = np.flatnonzero((place >= 0) & held.within(first, last, cut))
        columns = (place, held.day, held.cut, held.n)
        area, day, known_cut, n = (column[own].astype(np.int64) for column in columns)
        return Deltas(tuple(areas), area, day, known_cut, n, held.total[own])

    def _rows(self, ledger_: int, first: int, last: int) -> _Held:
        """The rows of every area and of these days, and of some more: one rule asks for level after level."""
        if self._held is None or not self._held.serves(ledger_, first, last):
            after, upto = self._source
            of = {"ledger": ledger_, "first": first // SPAN, "last": last // SPAN}
            blocks = self._tx.conn.execute(_BLOCKS, of).scalars() if after else ()
            of = {"ledger": ledger_, "first": first, "last": last, "after": after, "upto": upto}
            fresh = rows_of(map(tuple, self._tx.conn.execute(_RAW, of)))
            self._held = _Held.of(ledger_, first, last, np.concatenate([unpacked(blocks), fresh]))
        return self._held

    def _places(self, areas: tuple[str, ...]) -> NDArray[np.int32]:
        """Where among these areas each area of the ledger stands, by its id; -1 where it is none of them."""
        if areas not in self._found:
            position = np.full(max(self._areas.values(), default=0) + 1, -1, np.int32)
            for place, code in enumerate(areas):
                if code in self._areas:
                    position[self._areas[code]] = place
            self._found[areas] = position
        return self._found[areas]

    @cached_property
    def _ledgers(self) -> dict[str, int]:
        """The ledger each indicator is kept in, or was at the time of transaction `seq`."""
        counted, open_ended = ledger.c.reached.is_(None), ledger.c.until_seq.is_(None)
        kept = select(ledger.c.indicator, ledger.c.id).where(counted)
        if self._seq is None:
            kept = kept.where(open_ended)
        else:
            later = or_(open_ended, ledger.c.until_seq > self._seq)
            kept = kept.where(ledger.c.since_seq <= self._seq, later)
        return {row.indicator: row.id for row in self._tx.conn.execute(kept)}

    @cached_property
    def _areas(self) -> dict[str, int]:
        return known_areas(self._tx)

    @cached_property
    def _source(self) -> tuple[int, int]:
        """After and up to which transaction raw rows are read: after 0, where the blocks reach beyond `seq`
        and cannot be read."""
        folded, upto = folded_to(self._tx), self._tx.horizon() if self._seq is None else self._seq
        return (folded if folded <= upto else 0), upto


@dataclass(frozen=True)
class _Held:
    """What was read last, column by column."""

    ledger: int
    first: int
    last: int
    area: NDArray[np.int32]
    day: NDArray[np.int32]
    cut: NDArray[np.int32]
    n: NDArray[np.int32]
    total: NDArray[np.float64]

    @classmethod
    def of(cls, ledger: int, first: int, last: int, rows: Rows) -> _Held:
        """Of the rows those of the days `first`..`last`."""
        own = np.flatnonzero((rows["day"] >= first) & (rows["day"] <= last))
        return cls(ledger, first, last, *(rows[name][own] for name in ROW.names or ()))

    def serves(self, ledger: int, first: int, last: int) -> bool:
        return ledger == self.ledger and self.first <= first and last <= self.last

    def within(self, first: int, last: int, cut: int) -> NDArray[np.bool_]:
        """Which rows are of these days, and may be seen by the cut; most often all are."""
        inside = np.ones(1, bool)
        if first > self.first:
            inside = inside & (self.day >= first)
        if last < self.last:
            inside = inside & (self.day <= last)
        return inside & (self.cut <= cut) if cut < self.latest else inside

    @cached_property
    def latest(self) -> int:
        """The last of the cuts that rows wait for."""
        return int(self.cut.max(initial=0))


#: Made once: a screening asks for dozens of panels, and making a statement costs more than most answers.
_RAW = select(*(tally.c[name] for name in ("area", "day", "known_cut", "n", "total"))).where(
    tally.c.ledger == bindparam("ledger"), tally.c.day.between(bindparam("first"), bindparam("last")),
    tally.c.seq > bindparam("after"), tally.c.seq <= bindparam("upto"),
)  # fmt: skip
_BLOCKS = select(tally_block.c.rows).where(
    tally_block.c.ledger == bindparam("ledger"),
    tally_block.c.span.between(bindparam("first"), bindparam("last")),
)  # fmt: skip
