"""The ledger as one transaction sees it: what panels are made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Select, Table, bindparam, or_, select, union_all

from engine.errors import StoreError
from engine.model.panel import Deltas
from engine.store.database import Tx
from engine.store.tables import ledger, tally, tally_snapshot
from engine.store.tally import folded_to, known_areas


class TallyReader:
    """Reads within one transaction; what is the same for every indicator is looked up once.

    seq: only what was committed up to this transaction is seen (replay).
    """

    def __init__(self, tx: Tx, seq: int | None = None) -> None:
        self._tx, self._seq = tx, seq

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
        places = {self._areas[code]: place for place, code in enumerate(areas) if code in self._areas}
        position = np.full(max(places, default=0) + 1, -1, np.int64)
        position[list(places)] = list(places.values())
        statement, transactions = self._source
        of = {"ledger": self._ledgers[key], "areas": list(places), "first": first, "last": last, "cut": cut}
        rows = chain.from_iterable(self._tx.conn.execute(statement, of | transactions))
        numbers = np.fromiter(rows, float).reshape(-1, 5).T  # every integer here is exact as a float
        area, day, known_cut, n = numbers[:4].astype(np.int64)
        return Deltas(tuple(areas), position[area], day, known_cut, n, numbers[4])

    @cached_property
    def _ledgers(self) -> dict[str, int]:
        """The ledger each indicator is kept in, or was at the time of transaction `seq`."""
        kept, open_ended = select(ledger.c.indicator, ledger.c.id), ledger.c.until_seq.is_(None)
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
    def _source(self) -> tuple[Any, dict[str, int]]:
        """The snapshot and the raw rows after it; all raw rows where it reaches beyond `seq`."""
        folded, upto = folded_to(self._tx), self._tx.horizon() if self._seq is None else self._seq
        if upto < folded:
            return _RAW, {"after": 0, "upto": upto}
        return _FOLDED, {"after": folded, "upto": upto}


def _rows(table: Table) -> Select[Any]:
    columns = (table.c[name] for name in ("area", "day", "known_cut", "n", "total"))
    return select(*columns).where(
        table.c.ledger == bindparam("ledger"), table.c.area.in_(bindparam("areas", expanding=True)),
        table.c.day.between(bindparam("first"), bindparam("last")), table.c.known_cut <= bindparam("cut"),
    )  # fmt: skip


#: Made once: a screening asks for dozens of panels, and making a statement costs more than most answers.
_RAW = _rows(tally).where(tally.c.seq > bindparam("after"), tally.c.seq <= bindparam("upto"))
_FOLDED = union_all(_rows(tally_snapshot), _RAW)
