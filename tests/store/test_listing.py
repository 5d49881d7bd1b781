"""Ids that are one, ids that are two, and what is missing from a list, on every database."""

from __future__ import annotations

from engine.store import incidents, listing
from engine.store.book import Book
from engine.store.database import Store
from tests.store.conftest import Make


def test_every_id_leads_to_what_it_is_stored_under(store: Store) -> None:
    with store.begin() as tx:
        listing.name(tx, "f", {"a": "a", "b": "a", "c": "c"})
        listing.name(tx, "g", {"a": "z"})
        listing.put(tx, "f", {"a": 0, "c": 1})
    with store.begin() as tx:
        listing.rename(tx, "f", "c", "a")
    with store.read() as tx:
        assert listing.aliases(tx, "f", ["a", "b", "c", "d"]) == {"a": "a", "b": "a", "c": "a"}
        assert listing.aliases(tx, "g", ["a"]) == {"a": "z"}
        assert listing.missed(tx, "f") == {"a": 0}


def test_an_id_given_again_leads_to_all_its_incidents(store: Store) -> None:
    with store.begin() as tx:
        for _ in range(2):
            listing.reuse(tx, "f", [("7", "7@2026-01-02"), ("7", "7@2025-01-02")])
    with store.read() as tx:
        assert listing.reused(tx, "f", ["7", "8"]) == {"7": ["7@2025-01-02", "7@2026-01-02"]}
        assert listing.reused(tx, "g", ["7"]) == {}


def test_what_is_missing_is_counted_and_forgotten(store: Store) -> None:
    with store.begin() as tx:
        listing.put(tx, "f", {"a": 0, "b": 0})
        listing.put(tx, "f", {"b": 2, "c": 0})
        listing.put(tx, "f", {})
        listing.forget(tx, "f", ["c"])
    with store.read() as tx:
        assert listing.missed(tx, "f") == {"a": 0, "b": 2} and listing.missed(tx, "g") == {}


def test_the_last_revision_and_the_order_of_incidents(store: Store, book: Book, make: Make) -> None:
    for batch in ([make("b")], [make("a"), make("b", severity=2, late=2)], [make("a", severity=1, late=0.5)]):
        with store.begin() as tx:
            incidents.add(tx, batch, book)
    with store.read() as tx:
        last = incidents.latest(tx, "police", ["a", "b", "c"])
        assert {id_: (one.severity, one.revision) for id_, one in last.items()} == {"a": (0, 2), "b": (2, 2)}
        assert last["b"] == incidents.get(tx, "police", "b")[-1]
        assert incidents.order(tx, "police", ["a", "b", "c"]) == {"b": 1, "a": 2}
