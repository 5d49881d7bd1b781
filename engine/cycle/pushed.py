"""What operators should hear of sources that push: told with the tick and not with each piece, so that what
comes in a hundred pieces is one thing to hear of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.cycle import ceased, depth, faults, news, remarks, scale, unnamed, unsaid
from engine.cycle.world import World
from engine.model.feed import Feed
from engine.model.text import numbered
from engine.notify.notice import Trouble
from engine.store import cursors, health
from engine.store.database import Tx

#: What is kept where a feed that is polled keeps its cursor: what is not told yet, of which day the last of
#: each kind was that is told, and how fresh the feed was when its places were looked at.
_UNTOLD, _TOLD, _LOOKED = "untold", "told", "looked"
_REFUSED = "refused"
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Untold:
    """What came since the operators were told, from a transaction on."""

    since: int
    rejected: int = 0
    late: int = 0
    #: Posts of which nothing could be taken.
    refused: int = 0
    lost: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.rejected or self.late or self.refused or self.lost or self.notes)

    def __add__(self, more: Untold) -> Untold:
        return Untold(
            since=min(self.since, more.since), rejected=self.rejected + more.rejected,
            late=self.late + more.late, refused=self.refused + more.refused,
            lost=dict(Counter(self.lost) + Counter(more.lost)),
            notes=[*dict.fromkeys([*self.notes, *more.notes])],
        )  # fmt: skip


def note(tx: Tx, feed: Feed, more: Untold) -> None:
    """Keep what is to be told."""
    if more:
        kept = cursors.get(tx, feed.id)
        before = _of(kept)
        _put(tx, feed, kept, untold=asdict(before + more if before else more))


def tell(world: World, tx: Tx, now: datetime) -> None:
    """Tell the operators what came of each feed that is pushed since they were told the last time."""
    heard = health.last(tx)
    for feed in world.settings.feeds.values():
        if feed.pushed and feed.id in heard:
            tx.seq()  # nobody notes meanwhile
            _tell(world, tx, feed, heard[feed.id], now)


def _tell(world: World, tx: Tx, feed: Feed, last: health.Heard, now: datetime) -> None:
    kept = cursors.get(tx, feed.id)
    if untold := _of(kept):
        kept = _put(tx, feed, kept, untold={}, told=_told(world, tx, feed, untold, kept, now))
    if not last.ok:
        blind = f"its topics go blind where it stays silent for longer than {feed.max_silence}"
        detail = f"what it pushes is refused: {last.detail}; {blind}"
        faults.begin(world, tx, Trouble.DOWN, feed.id, detail, last.at)
        return
    faults.end(world, tx, Trouble.DOWN, feed.id, now, "what it pushes is taken again")
    if last.news_at is not None and last.good_at is not None:
        news.missing(world, tx, feed, last.news_at, last.good_at)
        if (fresh := last.news_at.isoformat()) != kept.get(_LOOKED):
            depth.watch(world, tx, feed, now)
            unsaid.watch(world, tx, feed, now)
            unnamed.watch(world, tx, feed, now)
            ceased.watch(world, tx, feed, now)
            scale.watch(world, tx, feed, now)
            cursors.put(tx, feed.id, {**kept, _LOOKED: fresh})


def _told(
    world: World, tx: Tx, feed: Feed, untold: Untold, kept: Mapping[str, str], now: datetime
) -> dict[str, str]:
    """Tell it, and give what is told by now: what was told is told again where it stayed away for a day."""
    remarks.late(world, tx, feed, untold.late, now)
    if untold.rejected:
        remarks.unknown(world, tx, feed, str(untold.rejected), untold.since, now)
    day = world.settings.calendar.local_day(now)
    told = {what: at for what, at in json.loads(kept.get(_TOLD, "{}")).items() if at >= str(day - _DAY)}
    notes = [note for note in untold.notes if note not in told]
    if untold.refused and _REFUSED not in told:
        posts = f"{numbered(untold.refused, 'post')} {'was' if untold.refused == 1 else 'were'}"
        notes.append(f"{posts} refused whole; the source was told why")
    lost = Counter({name: many for name, many in untold.lost.items() if name not in told})
    remarks.tell(world, tx, feed, notes, lost, now, "")
    again = [*untold.notes, *untold.lost, *([_REFUSED] if untold.refused else [])]
    return told | dict.fromkeys(again, str(day))


def _of(kept: Mapping[str, str]) -> Untold | None:
    found = json.loads(kept.get(_UNTOLD, "{}"))
    return Untold(**found) if found else None


def _put(tx: Tx, feed: Feed, kept: Mapping[str, str], **said: Mapping[str, Any]) -> dict[str, str]:
    now = {**kept, **{name: json.dumps(one, ensure_ascii=False) for name, one in said.items()}}
    cursors.put(tx, feed.id, now)
    return now
