"""What is wrong with the engine itself: told to the operators when it begins and when it has ended, once
each, and once a day until somebody says that they know."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime, timedelta

from engine.cycle.dispatch import notify_operators
from engine.cycle.world import World
from engine.errors import UsageError
from engine.model.fault import Fault
from engine.model.staff import Entry
from engine.notify.notice import HAPPENED, Notice, Trouble
from engine.store import audit, faults
from engine.store.database import Tx

#: Of a state that is looked at: what there is to say, and since when, by the name of what is in it.
Found = Mapping[str, tuple[str, datetime]]
#: Nobody knows of it for so long: it is told again.
REMINDED = timedelta(days=1)
#: Nobody need hurry.
_ONCE = frozenset({
    Trouble.FLAPPING, Trouble.QUIET, Trouble.UNSAID, Trouble.UNNAMED, Trouble.SCALE, Trouble.CEASED
})  # fmt: skip


def begin(
    world: World, tx: Tx, trouble: Trouble, name: str, detail: str, at: datetime, owner: str = ""
) -> None:
    """It is so, since a moment. What was told is not told again, also where it was well in between. owner:
    the department whose it is, beside the operators."""
    fault = faults.last(tx, trouble, name)
    if fault is not None and fault.open:
        if fault.detail != detail or fault.well_at is not None:
            faults.change(tx, fault.id, detail=detail, well_at=None)
    elif fault is not None and fault.returns(at):
        faults.change(tx, fault.id, detail=detail, ended_at=None, well_at=None, again=fault.again + 1)
    else:
        faults.add(tx, trouble, name, detail, at)
        notify_operators(world, tx, Notice(trouble, name, detail, at, owner))


def end(world: World, tx: Tx, trouble: Trouble, name: str, at: datetime, said: str = "") -> None:
    """It is well, at a moment; what comes and goes is over when it has been well for a while."""
    fault = faults.last(tx, trouble, name)
    if fault is None or not fault.open:
        return
    if not fault.ends(at):
        if fault.well_at is None:
            faults.change(tx, fault.id, well_at=at)
        return
    faults.change(tx, fault.id, ended_at=at)
    back = Trouble.BACK if trouble is Trouble.DOWN else Trouble.OVER
    detail = said or f"{trouble} since {fault.since.isoformat(timespec='minutes')}, and well again"
    notify_operators(world, tx, Notice(back, name, detail, at))


def settle(world: World, tx: Tx, trouble: Trouble, found: Found, now: datetime, but: str = "") -> None:
    """Everything that is so now, and what of the rest has ended; but: what somebody else looks at."""
    for name, (detail, since) in found.items():
        begin(world, tx, trouble, name, detail, since)
    over(world, tx, trouble, {*found, but}, now)


def over(world: World, tx: Tx, trouble: Trouble, still: Set[str], now: datetime) -> None:
    """Whatever of this kind is open, and is so no more, has ended. still: the names of what is."""
    for fault in faults.listing(tx, kind=trouble):
        if fault.name not in still:
            end(world, tx, trouble, fault.name, now)


def remind(world: World, tx: Tx, now: datetime) -> None:
    """Once a day, what is still so and nobody has said that they know."""
    for fault in faults.listing(tx):
        days = (now - fault.since) // REMINDED
        if days and not fault.read_by and fault.kind not in _ONCE:
            at = fault.since + days * REMINDED
            detail = f"since {fault.since.isoformat(timespec='minutes')}: {fault.detail}. {_known(fault)}"
            notify_operators(world, tx, Notice(Trouble(fault.kind), fault.name, detail, at))


def acknowledge(tx: Tx, id_: int, by: str, at: datetime, via: str) -> Fault:
    """Somebody knows; what has happened is over with that. Raises UsageError where it is not open."""
    fault = next((one for one in faults.listing(tx) if one.id == id_), None)
    if fault is None:
        raise UsageError(f"no fault {id_} is open; `forewarn faults list`")
    over = at if fault.kind in HAPPENED else None
    faults.change(tx, id_, read_by=by, read_at=at, ended_at=over)
    audit.add(
        tx, Entry(at=at, who=by, what="fault acknowledged", via=via, about=f"{fault.kind} {fault.name}")
    )
    return fault


def _known(fault: Fault) -> str:
    return f"Say that you know: `forewarn faults acknowledge {fault.id} --who NAME`"
