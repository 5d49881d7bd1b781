"""The installation's secret: made once, kept over restarts, another elsewhere; the ids of before follow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from engine.guard.guard import Guard
from engine.model.incident import Incident
from engine.store import incidents
from engine.store.database import Store
from engine.store.identity import keyed
from engine.store.tally import Book

Make = Callable[..., Incident]
GUARD = Guard()


def test_the_secret_stays_and_is_each_installations_own(tmp_path: Path) -> None:
    texts = {}
    for name in ("one", "one", "other"):
        store = Store.open(f"sqlite:///{tmp_path}/{name}.db")
        texts.setdefault(name, set()).add(keyed(store, GUARD).key("13912345678"))
        store.close()
    assert len(texts["one"]) == len(texts["other"]) == 1
    assert texts["one"] != texts["other"]


def test_ids_kept_before_there_was_a_secret_are_what_the_next_poll_makes_them(
    store: Store, book: Book, make: Make
) -> None:
    digest = "~" + hashlib.blake2b(b"13912345678", digest_size=12).hexdigest()
    told = [make(digest), make("Bridge Street fire"), make("R7")]
    again = [make(one.source_id, late=48) for one in told]  # repetitions, each a sighting
    with store.begin() as tx:
        incidents.add(tx, told, book)
        incidents.add(tx, again, book)
    guard = keyed(store, GUARD)
    now = [guard.key("13912345678"), guard.key("Bridge Street fire"), "R7"]
    assert keyed(store, GUARD).key("13912345678") == now[0]
    with store.begin() as tx:
        assert incidents.count(tx) == 3
        assert all(len(incidents.get(tx, "police", id_)) == 1 for id_ in now)
        added = incidents.add(tx, [make(id_, late=72) for id_ in now], book)
        assert (added.new, added.revised, added.unchanged) == (0, 0, 3)
