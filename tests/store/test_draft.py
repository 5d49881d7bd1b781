"""What a draft counts in memory is what the ledger would hold, had it been kept."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import numpy as np

from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.store import backfill, draft, incidents
from engine.store.database import Store
from engine.store.tally import Book
from engine.store.tally_reader import TallyReader

FIRST = date(2025, 1, 1).toordinal()


def told(make: Callable[..., Incident]) -> list[Incident]:
    """Late, corrected, withdrawn, and summed."""
    rng, batch = random.Random(1), []
    for number in range(60):
        one = {
            "day": rng.randint(1, 9), "category": rng.choice(["theft", "fire"]),
            "areas": (rng.choice(["A1", "A2", "B1", "A"]),), "measures": {"hectares": rng.random()},
        }  # fmt: skip
        batch.append(make(str(number), late=1, **one))
        if rng.random() < 0.4:
            batch.append(make(str(number), late=30, **one | {"areas": ("B1",)}))
        if rng.random() < 0.2:
            batch.append(make(str(number), late=60, **one, withdrawn=True))
    return batch


def test_a_draft_counts_what_the_ledger_counts(store: Store, book: Book, make: Callable[..., Incident]):
    with store.begin() as tx:
        incidents.add(tx, told(make), book)
    with store.read() as tx:
        counted = draft.count(tx, book, tx.horizon())
        for key in book.indicators:
            for level in book.tree.levels:
                for cut in range(FIRST, FIRST + 14):
                    areas, last = book.tree.at(level), FIRST + 12
                    kept = TallyReader(tx).deltas(key, areas, FIRST, last, cut)
                    made = counted[key].deltas(areas, FIRST, last, cut)
                    for totals in (False, True):
                        grids = [of.grid(FIRST, last, cut, totals=totals) for of in (kept, made)]
                        np.testing.assert_allclose(*grids, rtol=0, atol=1e-12)
        assert counted[next(iter(book.indicators))].n.size


def test_what_came_after_a_transaction_does_not_count(
    store: Store, book: Book, theft: Indicator, make: Callable[..., Incident]
):
    with store.begin() as tx:
        seq = incidents.add(tx, [make("1")], book).seq
    with store.begin() as tx:
        incidents.add(tx, [make("2")], book)
    with store.read() as tx:
        assert draft.count(tx, book, seq)[theft.key].n.sum() == len(book.tree.lineage("A1"))


def test_only_what_the_ledger_does_not_keep_is_lacking(
    store: Store, book: Book, theft: Indicator, hectares: Indicator
):
    fresh = Indicator(frozenset({"theft", "fire"}))
    with store.begin() as tx:
        backfill.ensure(tx, Book(book.tree, {theft.key: theft}, book.calendar))
    with store.read() as tx:
        wanted = {one.key: one for one in (theft, hectares, fresh)}
        found = draft.lacking(tx, Book(book.tree, wanted, book.calendar))
    assert found == {hectares.key: hectares, fresh.key: fresh}
