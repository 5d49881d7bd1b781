"""A measure that is suddenly told in another unit: kilograms for tonnes, a share for a percentage."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from engine.cycle import faults
from engine.cycle.since import Scaled
from engine.cycle.unread import MENDED, counted_by
from engine.cycle.world import World
from engine.model.fault import Fault
from engine.model.feed import Feed
from engine.model.text import numbered
from engine.notify.notice import Trouble
from engine.store import faults as kept
from engine.store import known, meta
from engine.store.database import Tx

#: So many of the latest values in a row must lie beyond nearly all of those before, of which so many are
#: known at least; so many are looked at.
_NEW, _OLD, _MOST = 6, 20, 500
#: The share of the earlier values beyond which they lie, and how many times as large or small they are.
_BEYOND, _TIMES = 0.05, 8.0
#: Where it is noted how many times what was usual it was when it began.
_STEP = "step/{}"
#: Where no more of what was told since a step are unlike those before it, they were mended.
_MENDED = 0.25


@dataclass(frozen=True)
class Step:
    """The latest values are so many times what was usual; many: how many of them."""

    many: int
    times: float
    usual: float


def watch(world: World, tx: Tx, feed: Feed, now: datetime) -> None:
    """Tell the operators of a measure by which rules count when its scale changes, and when what is told of
    it is again as it was before, or its mapping says that it varies so."""
    open_ = {one.name: one for one in kept.listing(tx, kind=Trouble.SCALE)}
    still = {name for name in open_ if Scaled.of_name(name).feed != feed.id}
    for measure, rule in _read(world, feed):
        found = _open(world, tx, feed, measure, open_) or _begun(world, tx, feed, measure)
        if found is not None:
            one, step = found
            still.add(one.name)
            keys = dict.fromkeys((measure, *(["severity"] if measure == feed.mapping.grading else [])))
            faults.begin(world, tx, Trouble.SCALE, one.name, _said(list(keys), step, rule), now)
    faults.over(world, tx, Trouble.SCALE, still, now)


def _begun(world: World, tx: Tx, feed: Feed, measure: str) -> tuple[Scaled, Step] | None:
    """A step among the latest values."""
    told = known.values(tx, feed.id, measure, _MOST)
    step = None if feed.mapping.varies(measure) else found([value for _, value in told])
    if step is None:
        return None
    first = world.settings.calendar.local_day(min(at for at, _ in told[: step.many]))
    one = Scaled(feed.id, measure, first)
    meta.put(tx, _STEP.format(one.name), repr(step.times))
    return one, step


def _open(
    world: World, tx: Tx, feed: Feed, measure: str, open_: Mapping[str, Fault]
) -> tuple[Scaled, Step] | None:
    """The step that was told of, as long as it lasts; where it does not, noted is whether what was told since
    may be trusted after all."""
    for name, fault in open_.items():
        one, key = Scaled.of_name(name), MENDED.format(fault.id)
        if (one.feed, one.measure) == (feed.id, measure):
            day = world.settings.calendar.midnight(one.since)
            new, old = (
                [value for _, value in known.values(tx, feed.id, measure, _MOST, since=since, before=before)]
                for since, before in ((day, None), (None, day))
            )
            times = float(meta.get(tx, _STEP.format(name)) or _TIMES)
            step = None if feed.mapping.varies(measure) else lasting(new, old, times)
            if step is not None:
                meta.drop(tx, key)
                return one, step
            if feed.mapping.varies(measure) or mended(new, old, times):
                meta.put(tx, key, one.name)
    return None


def _said(keys: Sequence[str], step: Step, rule: str) -> str:
    """keys: the measure, and what else of the mapping is reckoned from the same number."""
    mend = ", ".join(f"`{key}`" for key in keys)
    return (
        f"the last {numbered(step.many, 'report')} tell {_times(step.times)} the {keys[0]} that were usual "
        f"({step.usual:g}), by which {rule} counts; nothing rises or is lifted by it: look whether the "
        f"source changed the unit, and mend {mend} in its mapping (`times`, or `varies` where it may)"
    )


def _times(times: float) -> str:
    return f"{numbered(round(times), 'time')}" if times > 1 else f"one {1 / times:,.0f}th of"


def _read(world: World, feed: Feed) -> Iterator[tuple[str, str]]:
    """The measures that judged rules read of a feed, or ask how severe it was by, each with the first such
    rule."""
    first: dict[str, str] = {}
    for rule in world.book.rules.values():
        for one in rule.indicators if rule.judged else ():
            if feed.fills(one):
                for measure in counted_by(feed, one):
                    first.setdefault(measure, rule.id)
    yield from first.items()


def found(values: Sequence[float]) -> Step | None:
    """Pure. values: the latest first."""
    logs = _logs(values)
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


def lasting(new: Sequence[float], old: Sequence[float], times: float) -> Step | None:
    """Pure. new: what was told since a step to so many times what was told before it (old), the latest first.
    None where the latest are again nearer to those."""
    logs, before = _logs(new), _logs(old)
    if not logs or not before or not _stepped(median(logs[:_NEW]) - median(before), times):
        return None
    return Step(len(logs), 10 ** (median(logs) - median(before)), 10 ** median(before))


def mended(new: Sequence[float], old: Sequence[float], times: float) -> bool:
    """Pure. Whether nearly all that was told since a step is as what was told before it: its mapping was
    mended, and all read anew."""
    logs, before = _logs(new), sorted(_logs(old))
    if not before:
        return False
    edge = int(_BEYOND * len(before))
    low, high, usual = before[edge], before[-1 - edge], median(before)
    unlike = sum(not low <= one <= high and _stepped(one - usual, times) for one in logs)
    return unlike <= _MENDED * len(logs)


def _logs(values: Sequence[float]) -> list[float]:
    """Zeros have no scale."""
    return [math.log10(abs(value)) for value in values if value]


def _stepped(log: float, times: float) -> bool:
    """Whether what is so much beyond the usual is nearer to a step to so many times."""
    step = math.log10(times)
    return abs(log) >= abs(step) / 2 and (log > 0) == (step > 0)
