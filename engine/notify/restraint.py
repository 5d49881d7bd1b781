"""Until when a message waits for its receiver's sake: its quiet hours, digest, and budget."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

from engine.model.grade import Grade
from engine.model.message import Notification
from engine.model.restraint import Restraint
from engine.notify.areas import FORMAT as AREAS
from engine.notify.audience import ASKS
from engine.notify.payload import FORMAT as SINGLE

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def may_wait(note: Notification) -> bool:
    """Whether it is about nothing grave, in its beginning or its end, and nobody is waited for."""
    payload = json.loads(note.payload)
    if note.within or payload.get("format") not in (SINGLE, AREAS) or payload.get("exercise"):
        return False
    changes = [one["change"] for one in payload.get("areas", [payload])]
    return all(one["step"] not in ASKS and _grade(one) < Grade.ORANGE for one in changes)


def _grade(change: dict[str, str]) -> Grade:
    return max(Grade.named(change["before"]), Grade.named(change["after"]))


def until(
    restraint: Restraint, at: datetime, today: int, zone: tzinfo, *, lately: int = 0
) -> datetime | None:
    """The moment at which it may go; None: at once. today, lately: how many have gone by themselves since
    midnight and since the hour struck."""
    local = at.astimezone(zone)
    moment = local
    if restraint.digest:
        moment = next(_following(local, restraint.digest))
    elif restraint.budget is not None and today >= restraint.budget:
        moment = _at(local + _DAY, time())
    elif restraint.hourly is not None and lately >= restraint.hourly:
        moment = (struck(at, zone) + _HOUR).astimezone(zone)
    if restraint.quiet is not None:
        moment = _awake(moment, *restraint.quiet)
    # By the clocks of the place, what comes later may read earlier: in the hour that comes twice.
    then = moment.astimezone(UTC)
    return None if then <= at else then.astimezone(at.tzinfo)


def struck(at: datetime, zone: tzinfo) -> datetime:
    """When the clocks of the place struck the hour last."""
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def midnight(at: datetime, zone: tzinfo) -> datetime:
    """When the day of the place began: where its midnight comes twice, the first time."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


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
