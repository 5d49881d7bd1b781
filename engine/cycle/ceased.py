"""Categories of which a feed told all the time and tells no more, while it goes on to tell of others: its
source may call them otherwise, and the mapping's last resort take that for something else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.cycle import faults
from engine.cycle.since import Ceased
from engine.cycle.unnamed import ALONE, BACK, Proof, fell_mute
from engine.cycle.unread import MENDED, USUAL, usually
from engine.cycle.world import World
from engine.model.feed import Feed
from engine.model.incident import Incident
from engine.notify.notice import Trouble
from engine.store import faults as kept
from engine.store import known, meta
from engine.store.database import Tx
from engine.store.moment import moment_of

Told = Mapping[str, NDArray[np.float64]]
#: What is asked where something new is told in its place, which by itself speaks for it.
_BACKED = Proof(known=7, pauses=1, least=1, chance=1e-2, renamed=True)
#: Of what is usual so much must be told in its place, and of a last resort's category so many standard
#: deviations (Poisson) more than usual.
_INSTEAD, _DEVIATIONS = 0.5, 1.5
#: Where the values are noted that only a last resort takes; so many of a feed: more are a free text.
_STRAYS, _MOST = "strays/{}", 200
#: So many of them are named.
_NAMED = 5


@dataclass(frozen=True)
class Stray:
    """A value that only the last resort takes: of how many incidents, the first of them on which day."""

    value: str
    first: date
    many: int


@dataclass(frozen=True)
class End:
    """A category of which nothing is told from the n-th day on; usual: how many reports a day are."""

    category: str
    since: int
    usual: float


def note(
    world: World, tx: Tx, feed: Feed, strays: Mapping[str, str], added: Iterable[Incident]
) -> None:
    """Note the values of what was added that only the mapping's last resort takes. strays: by their id."""
    news = [one for one in added if one.source_id in strays]
    if not news:
        return
    known_ = {one.value: one for one in _strays(tx, feed)}
    for one in news:
        value, day = strays[one.source_id], world.settings.calendar.local_day(one.occurred_at)
        before = known_.get(value)
        if before is not None:
            known_[value] = replace(before, first=min(before.first, day), many=before.many + 1)
        elif len(known_) < _MOST:
            known_[value] = Stray(value, day, 1)
    rows = [[one.value, str(one.first), one.many] for one in known_.values()]
    meta.put(tx, _STRAYS.format(feed.id), json.dumps(rows, ensure_ascii=False))


def _strays(tx: Tx, feed: Feed) -> list[Stray]:
    rows = json.loads(meta.get(tx, _STRAYS.format(feed.id)) or "[]")
    return [Stray(value, date.fromisoformat(first), many) for value, first, many in rows]


def watch(world: World, tx: Tx, feed: Feed, now: datetime) -> None:
    """Tell the operators of such categories when it begins, and when they are told of again: once a day."""
    calendar = world.settings.calendar
    today = calendar.local_day(now)
    if feed.holds or feed.mapping.gone_after or meta.get(tx, f"ceased/{feed.id}") == str(today):
        return
    meta.put(tx, f"ceased/{feed.id}", str(today))
    first = max(today - timedelta(days=BACK), feed.covers.since)
    resorts = feed.mapping.resorts  # without one, what is called otherwise is a reject, and told as such
    told = _told(world, tx, feed, first, today, resorts) if resorts else {}
    strays = _strays(tx, feed)
    begun = min((int(np.flatnonzero(counts)[0]) for counts in told.values()), default=0)
    first += timedelta(days=begun)  # before that the feed itself told nothing
    told = {code: counts[begun:] for code, counts in told.items()}
    still = set[str]()
    news = [((stray.first - first).days, stray.many) for stray in strays]
    for one in found(told, resorts, news, (today - first).days):
        since = first + timedelta(days=one.since)
        name = Ceased(feed.id, one.category, since).name
        usual = {code: float(counts[: one.since].mean()) for code, counts in told.items()}
        meta.put(tx, USUAL.format(name), json.dumps(usual))
        still.add(name)
        instead = [stray for stray in strays if stray.first >= since]
        faults.begin(world, tx, Trouble.CEASED, name, _said(feed, one, since, instead), now)
    for fault in kept.listing(tx, kind=Trouble.CEASED):
        gone = Ceased.of_name(fault.name)
        if gone.feed != feed.id:
            still.add(fault.name)
        elif fault.name not in still and _again(tx, gone, told, first):
            meta.put(tx, MENDED.format(fault.id), gone.name)
    faults.over(world, tx, Trouble.CEASED, still, now)


def _again(tx: Tx, gone: Ceased, told: Told, first: date) -> bool:
    """Whether of the days since it ceased so much is told by now as is usual: they were read anew."""
    usual = usually(tx, gone).get(gone.category, 0.0)
    since = told[gone.category][max(0, (gone.since - first).days) :] if gone.category in told else np.zeros(0)
    return bool(since.size and since.mean() >= _INSTEAD * usual)


def _said(feed: Feed, one: End, since: date, instead: Sequence[Stray]) -> str:
    most = sorted(instead, key=lambda stray: -stray.many)[:_NAMED]
    named = ", ".join(f"{stray.value!r} ({stray.many})" for stray in most)
    new = f"; its mapping does not name {named}" if named else ""
    return (
        f"none of its reports since {since} is of {one.category}, where {one.usual:.1f} a day are usual, and "
        f"it tells of others as before{new}; what is counted of {one.category} can raise, and nothing lifts "
        f"it: ask the source, mend `category` in its mapping, then `forewarn feeds reread {feed.id}`"
    )


def _told(world: World, tx: Tx, feed: Feed, first: date, today: date, resorts: frozenset[str]) -> Told:
    """How many reports there are of each category on each day before today."""
    calendar = world.settings.calendar
    begins, ends = calendar.midnight(first), calendar.midnight(today)
    told: defaultdict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros((today - first).days))
    for one in known.reported(tx, feed.id, feed.covers.categories | resorts, begins, ends):
        if one.until is None:
            told[one.category][(calendar.local_day(moment_of(one.occurred_at)) - first).days] += 1
    return told


def found(told: Told, resorts: frozenset[str], strays: Sequence[tuple[int, int]], days: int) -> list[End]:
    """Pure. The categories that ceased before the last of so many days. told: (days,) each, from the first on
    which any is; resorts: those of what the mapping knows no name for; strays: on which day each unknown
    value was first told, and of how many."""
    whole = np.sum(list(told.values()), axis=0) if told else np.zeros(days)
    ends = list[End]()
    for category, own in told.items():
        since = fell_mute(own, whole, days, ALONE)
        if since is None:
            since = fell_mute(own, whole, days, _BACKED)
            if since is None or not _instead(category, since, told, resorts, strays, days):
                continue
        ends.append(End(category, since, float(own[:since].mean())))
    return ends


def _instead(
    category: str, since: int, told: Told, resorts: frozenset[str], strays: Sequence[tuple[int, int]],
    days: int,
) -> bool:
    """Whether as much as half of it is told otherwise since: by a value never told before, or as more of what
    the mapping knows no name for."""
    gap, expected = days - since, float(told[category][:since].mean()) * (days - since)
    if sum(many for first, many in strays if first >= since) >= max(2.0, _INSTEAD * expected):
        return True
    for resort in resorts & told.keys() - {category}:
        usual = float(told[resort][:since].mean()) * gap
        more = float(told[resort][since:].sum()) - usual
        if more >= max(_INSTEAD * expected, _DEVIATIONS * np.sqrt(max(usual, 1.0))):
            return True
    return False
