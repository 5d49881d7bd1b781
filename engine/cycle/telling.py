"""What people say of events that several feeds tell: that two of them are two, or may be one again."""

from __future__ import annotations

from datetime import UTC

from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.staff import Entry
from engine.store import audit, incidents, telling, twins
from engine.store.bookings import Bookings
from engine.store.database import Tx
from engine.store.pairing import Identity, pair
from engine.store.telling import Ruling


def rule(world: World, one: Identity, other: Identity, *, apart: bool, who: str, why: str) -> None:
    """Take two incidents apart for good, or let them be one event again; it holds from now on, and the
    counts follow in the same transaction."""
    at = world.clock().astimezone(UTC).replace(microsecond=0)
    with world.store.lasting() as tx:
        tx.seq()
        for identity in (one, other):
            if not incidents.get(tx, *identity):
                raise UsageError(f"there is no incident {_named(identity)}")
        _sensible(tx, one, other, apart)
        bookings = Bookings(tx, world.ledger)
        twins.rule(tx, bookings, one, other, Ruling(at, apart, who, why))
        bookings.book()
        about = f"{_named(one)} and {_named(other)}"
        what = "events taken apart" if apart else "events may be one"
        audit.add(tx, Entry(at=at, who=who, what=what, via="cli", about=f"{about}: {why}"))


def _sensible(tx: Tx, one: Identity, other: Identity, apart: bool) -> None:
    said = [ruling for both, ruling in telling.rulings(tx, (one, other)) if both == pair(one, other)]
    if apart and other not in telling.event(tx, one):
        raise UsageError(
            f"{_named(one)} and {_named(other)} are not counted as one; `forewarn incidents links` "
            "lists what is"
        )
    if not apart and not (said and said[-1].apart):
        raise UsageError(
            f"nobody has taken {_named(one)} and {_named(other)} apart; what is one event follows from "
            "`same_as` in config/feeds.yaml"
        )


def _named(identity: Identity) -> str:
    return " ".join(identity)
