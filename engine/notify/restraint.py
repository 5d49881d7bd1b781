"""Until when a message waits for its receiver's sake: its quiet hours, its digest, its budget for the day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta, tzinfo

from engine.model.grade import Grade
from engine.model.message import Notification
from engine.model.restraint import Restraint
from engine.notify.areas import FORMAT as AREAS
from engine.notify.audience import ASKS
from engine.notify.payload import FORMAT as SINGLE

_DAY = timedelta(days=1)


def may_wait(note: Notification) -> bool:
    """Whether it is about nothing grave, in its beginning or its end, and nobody is waited for."""
    payload = json.loads(note.payload)
    if note.within or payload.get("format") not in (SINGLE, AREAS) or payload.get("exercise"):
        return False
    changes = [one["change"] for one in payload.get("areas", [payload])]
    return all(one["step"] not in ASKS and _grade(one) < Grade.ORANGE for one in changes)


def _grade(change: dict[str, str]) -> Grade:
    return max(Grade.named(change["before"]), Grade.named(change["after"]))


def until(restraint: Restraint, at: datetime, sent: int, zone: tzinfo) -> datetime | None:
    """The moment at which it may go; None: at once. sent: how many have gone by themselves today."""
    local = at.astimezone(zone)
    moment = local
    if restraint.digest:
        moment = next(_following(local, restraint.digest))
    elif restraint.budget is not None and sent >= restraint.budget:
        moment = _at(local + _DAY, time())
    if restraint.quiet is not None:
        moment = _awake(moment, *restraint.quiet)
    return None if moment <= local else moment.astimezone(at.tzinfo)


def _following(local: datetime, times: tuple[time, ...]) -> Iterator[datetime]:
    """The moments of these times of day after one, in their order."""
    for day in (local, local + _DAY):
        yield from (found for one in sorted(times) if (found := _at(day, one)) > local)


def _awake(local: datetime, begins: time, ends: time) -> datetime:
    """The same moment, or the end of the quiet hours that it falls into."""
    now, over_midnight = local.time().replace(tzinfo=None), begins >= ends
    inside = now >= begins or now < ends if over_midnight else begins <= now < ends
    if not inside:
        return local
    return _at(local + _DAY if over_midnight and now >= begins else local, ends)


def _at(day: datetime, clock: time) -> datetime:
    return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
