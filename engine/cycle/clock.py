"""The clock is a source too: what lies in its future is void, and a leap forward must be confirmed.

Only a service that lives by the machine's clock asks; the demo's clock, and a moment that somebody names,
are what they are said to be.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from loguru import logger

from engine.cycle import dispatch
from engine.cycle.world import World
from engine.notify.notice import Notice, Trouble
from engine.store import health, judgement, meta, runs, standing, void
from engine.store.database import Tx
from engine.warn.score import scores

#: Two machines' clocks may differ by so much.
SLACK = timedelta(minutes=5)
#: Whoever was away for longer, or was set ahead by more, cannot tell the one from the other alone.
LEAP = timedelta(hours=1)
_LAST, _LEAP, _BEGUN, _BEFORE = "clock/last", "clock/leap", "judge_from", "clock/begun"


def right(world: World, *, sure: bool = False) -> bool:
    """Whether to judge by the clock as it is now; void is then what lies in its future. sure: somebody says
    that it is right."""
    now = world.clock()
    with world.store.begin() as tx:
        if not sure and _leaps(world, tx, now):
            return False
        _mend(world, tx, now)
        meta.put(tx, _LAST, now.isoformat())
        meta.drop(tx, _LEAP)
    return True


def _leaps(world: World, tx: Tx, now: datetime) -> bool:
    """Whether nobody has reported of anything near this moment, and no tick before has confirmed it."""
    last, before = _moment(tx, _LAST), _moment(tx, _LEAP)
    told = [heard.news_at for heard in health.last(tx).values() if heard.news_at]
    if last is None or now - max([last, *told]) <= LEAP:
        return False
    if before is not None and world.settings.cycles.tick / 2 <= now - before <= LEAP:
        return False
    if before is None or not timedelta(0) <= now - before <= LEAP:
        meta.put(tx, _LEAP, now.isoformat())
        detail = (
            f"it was {_said(last)} at the last tick and is {_said(now)} now, and no feed tells of anything so"
            " late: nothing is judged until the next tick says the same, or `--clock-is-right`"
        )
        _tell(world, tx, detail, now)
    return True


def _mend(world: World, tx: Tx, now: datetime) -> None:
    """What is dated later than now is a contradiction: the clock was ahead."""
    found = void.take_back(tx, now + SLACK, now)
    last = _moment(tx, _LAST)
    _begin(tx, now, last)
    if not found:
        return
    if found.runs:
        _score(world, tx)
    ahead = f", by a clock that said {_said(last)}" if last and last > now else ""
    detail = f"dated later than now{ahead}, and void: {found}. They are done again when they are due"
    _tell(world, tx, detail, now)


def _begin(tx: Tx, now: datetime, last: datetime | None) -> None:
    """From when on to judge: from now, where that lies in the future; and from then after all, where the
    clock leaps over it again further than it has run since, for then it was behind in between."""
    begun, before = _moment(tx, _BEGUN), meta.get(tx, _BEFORE)
    if begun is not None and begun > now + SLACK:
        meta.put(tx, _BEGUN, now.isoformat())
        if before is None:
            meta.put(tx, _BEFORE, f"{begun.isoformat()} {now.isoformat()}")
    elif before is not None and last is not None:
        first, since = map(datetime.fromisoformat, before.split())
        if now >= first:
            meta.drop(tx, _BEFORE)
            if now - last > last - since:
                meta.put(tx, _BEGUN, first.isoformat())


def _score(world: World, tx: Tx) -> None:
    """The scores of what stands again."""
    last = runs.last_run(tx)
    if last is not None:
        now = scores(standing.now(tx).values(), world.terms.points)
        judgement.save_scores(tx, last, tuple(now.values()))


def _tell(world: World, tx: Tx, detail: str, now: datetime) -> None:
    logger.warning("the clock: {}", detail)
    dispatch.notify_operators(world, tx, Notice(Trouble.CLOCK, world.owner.partition(":")[0], detail, now))


def _moment(tx: Tx, key: str) -> datetime | None:
    text = meta.get(tx, key)
    return datetime.fromisoformat(text) if text else None


def _said(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
