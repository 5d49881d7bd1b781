"""What a transaction books of each incident: in the ledgers that have met it, and not yet in those that are
still under way, which meet it later with all that was told of it until then."""

from __future__ import annotations

from collections.abc import Collection

from engine.store import backfill, tally
from engine.store.book import Book, Booking
from engine.store.database import Tx
from engine.store.pairing import Identity

_NONE = frozenset[str]()


class Bookings:
    """The bookings of one transaction."""

    def __init__(self, tx: Tx, book: Book) -> None:
        """Opens what the ledger does not keep yet."""
        self.ledger = book
        self._tx = tx
        self._under = backfill.open_(tx, book)
        self._later: dict[Identity, frozenset[str]] = {}
        self._without: dict[frozenset[str], Booking] = {}

    def meet(self, identities: Collection[Identity]) -> None:
        """Look up which ledgers have yet to meet these: before anything of them is booked."""
        if self._under:
            self._later |= backfill.ahead(self._tx, self._under, identities)

    def of(self, identity: Identity) -> Booking:
        """Where an incident that was met is booked."""
        keys = self._later.get(identity, _NONE)
        if keys not in self._without:
            self._without[keys] = Booking(self.ledger)
        return self._without[keys]

    def book(self) -> None:
        """Write all of it."""
        for keys, booking in self._without.items():
            tally.book(self._tx, booking, without=keys)
