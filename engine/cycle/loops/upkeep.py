"""The engine looks at itself: what hangs, is silent, fails or fills up is a fault, told like any other."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta

from engine.cycle import faults
from engine.cycle.faults import Found
from engine.cycle.loops import watch
from engine.cycle.loops.pulse import NAME
from engine.cycle.world import World
from engine.model.text import numbered
from engine.notify.notice import Trouble
from engine.store import health, meta, outbox
from engine.store.database import Tx

#: Messages that are due and that nobody takes for so long are stuck.
STUCK = timedelta(minutes=10)
#: A channel that fails so often in a row fails.
OFTEN = 3
#: What failed longer ago is history.
_BACK = timedelta(days=1)
#: A disk that was nearly full is so until there is so much more room.
_ROOM = 1.25
_STUCK = "stuck since"


def look(world: World, tx: Tx, now: datetime) -> None:
    """Everything that can be seen at a moment."""
    faults.settle(world, tx, Trouble.LATE, _late(tx), now)
    faults.settle(world, tx, Trouble.SILENT, dict(_silent(world, tx, now)), now)
    faults.settle(world, tx, Trouble.CHANNEL, _failing(tx, now), now, but=NAME)
    faults.settle(world, tx, Trouble.OUTBOX, _stuck(tx, now), now)
    _disk(world, tx, now)
    faults.remind(world, tx, now)


def _late(tx: Tx) -> Found:
    said = "since then; the others go on. See `forewarn status`"
    every = (one for late in watch.told(tx).values() for one in late)
    return {f"{one.what} {one.name}": (said, one.since) for one in every}


def _silent(world: World, tx: Tx, now: datetime) -> Iterator[tuple[str, tuple[str, datetime]]]:
    """Feeds that nobody has heard for too long, though nobody said that they are down."""
    heard = health.last(tx)
    for feed in world.settings.feeds.values():
        last = heard.get(feed.id)
        if last is None or last.good_at is None or not last.ok:
            continue
        since = last.good_at + feed.max_silence
        if since < now and not feed.ended(world.settings.calendar.local_day(now)):
            whom = "its source pushes nothing" if feed.pushed else "it is not polled"
            yield feed.id, (f"{whom} for longer than {feed.max_silence}; its topics are blind", since)


def _failing(tx: Tx, now: datetime) -> Found:
    look_at = "what waits is tried again, `forewarn notifications --state failed` shows what was given up"
    return {
        f"{one.receiver} {one.channel}": (
            f"{numbered(one.tries, 'try', 'tries')} failed: {one.error}; {look_at}", one.since
        )
        for one in outbox.failing(tx, now - _BACK, OFTEN)
    }


def _stuck(tx: Tx, now: datetime) -> Found:
    """Messages that lie there since they were seen: what is judged late is planned for long ago."""
    since = datetime.fromisoformat(meta.get(tx, _STUCK) or now.isoformat())
    many = outbox.overdue(tx, now, since)
    if not many:
        meta.drop(tx, _STUCK)
        return {}
    meta.put_new(tx, _STUCK, now.isoformat())
    if now - since < STUCK:
        return {}
    due = numbered(many, "message is", "messages are")
    return {"outbox": (f"{due} due and nobody takes them; is the service well?", since)}


def _disk(world: World, tx: Tx, now: datetime) -> None:
    """Where the database lies, as far as that is this machine's."""
    file, least = world.store.file, world.settings.engine.disk_mb << 20
    if file is None:
        return
    name = socket.gethostname()
    free = shutil.disk_usage(file.parent).free
    if free < least:
        said = (
            f"{free >> 20} MB are free where {file.name} lies, less than disk_mb ({least >> 20}): make room"
        )
        faults.begin(world, tx, Trouble.DISK, name, said, now)
    elif free > _ROOM * least:
        faults.end(world, tx, Trouble.DISK, name, now)
