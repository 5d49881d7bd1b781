"""What operators should know of a source that answers well: what of it is not read, and why."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from engine.cycle.dispatch import notify_operators
from engine.cycle.world import World
from engine.model.feed import Feed
from engine.notify.notice import Notice, Trouble
from engine.store.database import Tx


def tell(
    world: World, tx: Tx, feed: Feed, notes: Sequence[str], lost: Counter[str], now: datetime, before: str
) -> str:
    """Tell the operators what is noted and which values were lost, unless it is what they were told
    `before`; gives what stands for it, to be compared with the next time."""
    mark = _mark(notes, lost)
    if mark and mark != before:
        said = "; ".join([*(world.context.guard.mask(note) for note in notes), *_lost(lost)])
        notify_operators(world, tx, Notice(Trouble.PARTLY, feed.id, said, now))
    return mark


def _lost(lost: Mapping[str, int]) -> list[str]:
    """How many are another thing every time; which they are is what is told once."""
    return [f"{many} incidents are kept without their {name}, which could not be read"
            for name, many in sorted(lost.items())]  # fmt: skip


def _mark(notes: Sequence[str], lost: Mapping[str, int]) -> str:
    told = "\n".join([*notes, *sorted(lost)])
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""
