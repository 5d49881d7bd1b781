"""A measure that is suddenly told in another unit: kilograms for tonnes, a share for a percentage."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from engine.cycle import faults
from engine.cycle.unread import Scaled
from engine.cycle.world import World
from engine.model.feed import Feed
from engine.model.text import numbered
from engine.notify.notice import Trouble
from engine.store import faults as kept
from engine.store import known
from engine.store.database import Tx

#: So many of the latest values in a row must lie beyond nearly all of those before, of which so many are
#: known at least; so many are looked at.
_NEW, _OLD, _MOST = 6, 20, 500
#: The share of the earlier values beyond which they lie, and how many times as large or small they are.
_BEYOND, _TIMES = 0.05, 8.0


@dataclass(frozen=True)
class Step:
    """The latest values are so many times what was usual; many: how many of them."""

    many: int
    times: float
    usual: float


def watch(world: World, tx: Tx, feed: Feed, now: datetime) -> None:
    """Tell the operators of a measure by which rules count when its scale changes, and when it is as before
    or as usual as what was before."""
    still = {
        one.name for one in kept.listing(tx, kind=Trouble.SCALE) if Scaled.of_name(one.name).feed != feed.id
    }
    for measure, rule in _read(world, feed):
        told = known.values(tx, feed.id, measure, _MOST)
        step = found([value for _, value in told])
        if step is not None:
            first = world.settings.calendar.local_day(min(at for at, _ in told[: step.many]))
            name = _name(tx, feed, measure, first)
            still.add(name)
            faults.begin(world, tx, Trouble.SCALE, name, _said(measure, step, rule), now)
    faults.over(world, tx, Trouble.SCALE, still, now)


def _name(tx: Tx, feed: Feed, measure: str, first: date) -> str:
    """One that is open goes on under its own name, whatever was told since of days before."""
    open_ = (Scaled.of_name(one.name) for one in kept.listing(tx, kind=Trouble.SCALE))
    mine = (one for one in open_ if (one.feed, one.measure) == (feed.id, measure))
    return next(mine, Scaled(feed.id, measure, first)).name


def _said(measure: str, step: Step, rule: str) -> str:
    return (
        f"the last {numbered(step.many, 'report')} tell {_times(step.times)} the {measure} that were usual "
        f"({step.usual:g}), by which {rule} counts; look whether the source changed the unit, and mend "
        f"`{measure}` in its mapping"
    )


def _times(times: float) -> str:
    return f"{numbered(round(times), 'time')}" if times > 1 else f"one {1 / times:,.0f}th of"


def _read(world: World, feed: Feed) -> Iterator[tuple[str, str]]:
    """The measures that judged rules read of a feed, each with the first such rule."""
    first: dict[str, str] = {}
    for rule in world.book.rules.values():
        for one in rule.indicators if rule.judged else ():
            if one.measure != "incidents" and feed.fills(one):
                first.setdefault(one.measure, rule.id)
    yield from first.items()


def found(values: Sequence[float]) -> Step | None:
    """Pure. values: the latest first. Zeros have no scale, and say nothing."""
    logs = [math.log10(abs(value)) for value in values if value]
    if len(logs) < _NEW + _OLD:
        return None
    many = _NEW
    for side in (1, -1):
        new, old = sorted(side * one for one in logs[:many]), sorted(side * one for one in logs[many:])
        bound = old[math.ceil((1 - _BEYOND) * len(old)) - 1]
        if new[0] > bound and median(new) - median(old) >= math.log10(_TIMES):
            told = next((n for n, one in enumerate(logs) if side * one <= bound), len(logs))
            apart = median(logs[:told]) - median(logs[many:])
            return Step(told, 10**apart, 10 ** median(logs[many:]))
    return None
