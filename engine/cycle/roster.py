"""Who is on duty now: the rotas, with what their calendars say. Those at an address are asked in time, and
what was heard last stands while nothing newer can be heard."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from loguru import logger

from engine.cycle.world import World
from engine.duty import calendar, rota
from engine.errors import FeedError
from engine.model.message import Receiver
from engine.model.rota import Rota, Stretch
from engine.store import meta
from engine.store.database import Tx

#: So much of a calendar at an address is kept, from before the moment it was asked to after it.
BEHIND, AHEAD = timedelta(days=7), timedelta(days=120)


@dataclass(frozen=True)
class Heard:
    """What a calendar at an address said last; `error` says why it could not be asked since."""

    at: datetime
    entries: tuple[Stretch, ...] = ()
    read_at: datetime | None = None
    error: str = ""


def present(world: World, tx: Tx) -> dict[str, Receiver]:
    """The receivers as they are reached now: a rota by those on duty."""
    now = world.clock()
    duty = {
        id_: rota.on_duty(one, now, planned(tx, one, now, now + timedelta(seconds=1)))
        for id_, one in world.settings.rotas.items()
    }
    return rota.present(world.settings.receivers, duty)


def planned(tx: Tx, one: Rota, begins: datetime, ends: datetime) -> Sequence[Stretch]:
    """What a rota's calendar says about the time between two moments."""
    source = one.calendar
    if source is None:
        return ()
    if source.url:
        last = heard(tx, one)
        return last.entries if last else ()
    return calendar.entries(source.content, source.names, one.zone, begins, ends)


def refresh(world: World) -> None:
    """Ask every calendar at an address whose time has come."""
    for one in turn(world):
        ask(world, one)


def turn(world: World) -> list[Rota]:
    """The rotas whose calendar lies at an address and has not been asked for as long as it may be."""
    found = []
    with world.store.read() as tx:
        for one in world.settings.rotas.values():
            if one.calendar is None or not one.calendar.url:
                continue
            last = heard(tx, one)
            if last is None or world.clock() - last.at >= one.calendar.poll:
                found.append(one)
    return found


def ask(world: World, one: Rota) -> None:
    """Ask the calendar of a rota, whose turn it is or not."""
    assert one.calendar is not None
    now, source = world.clock(), one.calendar
    try:
        content = world.fetch(source.url, source.headers)
        entries = calendar.entries(content, source.names, one.zone, now - BEHIND, now + AHEAD)
    except (FeedError, calendar.CalendarError) as error:
        unheard(world, one, str(error))
    else:
        _keep(world, one, Heard(now, tuple(entries), now))


def unheard(world: World, one: Rota, why: str) -> None:
    """There was no answer: what was heard before stands, with the reason."""
    logger.warning("the calendar of the rota {} could not be read: {}", one.id, why)
    with world.store.read() as tx:
        last = heard(tx, one)
    before = replace(last, error=why, at=world.clock()) if last else Heard(world.clock(), error=why)
    _keep(world, one, before)


def heard(tx: Tx, one: Rota) -> Heard | None:
    """What was heard last; None where nobody has asked yet."""
    written = meta.get(tx, _key(one))
    return _read(written) if written else None


def _keep(world: World, one: Rota, found: Heard) -> None:
    with world.store.begin() as tx:
        meta.put(tx, _key(one), _written(found))


def _key(one: Rota) -> str:
    return f"rota/{one.id}"


def _written(found: Heard) -> str:
    """Of a calendar nothing is kept but when which receiver is on duty: no title, no note, no address."""
    return json.dumps({
        "at": _stamp(found.at), "read_at": found.read_at and _stamp(found.read_at), "error": found.error,
        "entries": [[_stamp(one.begins), _stamp(one.ends), *one.team] for one in found.entries],
    })  # fmt: skip


def _read(text: str) -> Heard:
    told = json.loads(text)
    return Heard(
        at=datetime.fromisoformat(told["at"]),
        entries=tuple(
            Stretch(datetime.fromisoformat(begins), datetime.fromisoformat(ends), tuple(team), calendar.CAUSE)
            for begins, ends, *team in told["entries"]
        ),
        read_at=datetime.fromisoformat(told["read_at"]) if told["read_at"] else None,
        error=told["error"],
    )  # fmt: skip


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
