"""Messages that wait for their receiver's sake, and at each tick those whose time has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial

from engine.cycle.world import World
from engine.model.message import WAITING, Notification
from engine.notify.digest import digest
from engine.notify.restraint import may_wait, midnight, struck, until
from engine.store import outbox, within
from engine.store.database import Tx


def held(world: World, tx: Tx, notes: Sequence[Notification]) -> list[Notification]:
    """The same, those that their receivers would rather have later put off until then."""
    receivers, zone, sent = world.settings.receivers, world.settings.calendar.zone, Counter[outbox.Address]()
    gone = cache(partial(within.lesser, tx))
    found: list[Notification] = []
    for note in notes:
        receiver = receivers.get(note.receiver)
        if receiver is None or receiver.restraint is None or not may_wait(note):
            found.append(note)
            continue
        to = note.receiver, note.channel
        today = lately = sent[to]
        if receiver.restraint.counts:
            today += gone(to, midnight(note.planned_at, zone))
            lately += gone(to, struck(note.planned_at, zone))
        then = until(receiver.restraint, note.planned_at, today, zone, lately=lately)
        sent[to] += then is None
        found.append(note if then is None else replace(note, within=WAITING, next_at=then))
    return found


def release(world: World, tx: Tx, now: datetime) -> int:
    """Let go what has waited long enough: one by itself, several to one channel as one; how many messages are
    new."""
    due: dict[outbox.Address, list[Notification]] = {}
    for one in within.waited(tx, now):
        due.setdefault((one.receiver, one.channel), []).append(one)
    labels, zone = world.settings.grades.labels, world.settings.calendar.zone
    new = 0
    for waited in due.values():
        whole = [digest(waited, labels, now, zone)] if len(waited) > 1 else []
        within.put(tx, [one.key for one in waited], whole[0].key if whole else "")
        new += outbox.enqueue(tx, whole)
    return new
