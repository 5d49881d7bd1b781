"""Areas that a feed named all the time and names no more, while it goes on to tell of others: nobody knows
whether nothing happens there, or nothing is told of it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from engine.cycle import faults
from engine.cycle.since import Unnamed
from engine.cycle.world import World
from engine.model.area import AreaTree
from engine.model.feed import GRAVE, Feed
from engine.notify.notice import Trouble
from engine.store import faults as kept
from engine.store import known, meta
from engine.store.database import Tx
from engine.store.moment import moment_of

Told = Mapping[str, NDArray[np.float64]]
#: What is usual is looked up so far back.
BACK = 91
#: Of what is usual elsewhere so much must be told meanwhile, for the feed itself to be well.
_ELSEWHERE = 0.5


@dataclass(frozen=True)
class Proof:
    """For so many days it must have been known before it fell mute, for so many times the longest pause
    before it must be so, and for so many days at least, and so unlikely must it be that nothing happened.
    renamed: what it was is told by another name, within what is told of the others."""

    known: int
    pauses: int
    least: int
    chance: float
    renamed: bool = False


#: Where nothing else speaks for it.
ALONE = Proof(known=14, pauses=3, least=2, chance=1e-5)


@dataclass(frozen=True)
class Mute:
    """An area of which nothing is told from the n-th day on; usual: how many reports a day are; of: the area
    that is mute itself, where this is one above it which loses a large part by that."""

    area: str
    since: int
    usual: float
    of: str = ""


def watch(world: World, tx: Tx, feed: Feed, now: datetime) -> None:
    """Tell the operators of such areas when it begins, and when they are named again: once a day."""
    calendar, tree = world.settings.calendar, world.settings.tree
    today = calendar.local_day(now)
    if feed.holds or feed.mapping.gone_after or meta.get(tx, f"unnamed/{feed.id}") == str(today):
        return
    meta.put(tx, f"unnamed/{feed.id}", str(today))
    open_ = (one.name for one in kept.listing(tx, kind=Trouble.UNNAMED))
    still = {name for name in open_ if Unnamed.of_name(name).feed != feed.id}
    first = max(today - timedelta(days=BACK), feed.covers.since)
    told = _told(world, tx, feed, first, today)
    for one in found(told, tree, (today - first).days):
        since = first + timedelta(days=one.since)
        name = Unnamed(feed.id, one.area, since, one.of).name
        still.add(name)
        faults.begin(world, tx, Trouble.UNNAMED, name, _said(one, tree, since), now)
    faults.over(world, tx, Trouble.UNNAMED, still, now)


def _said(one: Mute, tree: AreaTree, since: date) -> str:
    lost = f", without {tree[one.of].name.en}" if one.of else ""
    return (
        f"none of its reports since {since} names {tree[one.of or one.area].name.en}, where {one.usual:.1f} "
        "a day are usual, and it tells of others as before; what is counted in "
        f"{tree[one.area].name.en}{lost} can raise, and nothing lifts it: ask the source"
    )


def _told(world: World, tx: Tx, feed: Feed, first: date, today: date) -> Told:
    """How many reports each area is named by, those below it included, on each day before today."""
    calendar, tree = world.settings.calendar, world.settings.tree
    begins, ends = calendar.midnight(first), calendar.midnight(today)
    told: defaultdict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros((today - first).days))
    for one in known.reported(tx, feed.id, feed.covers.categories, begins, ends):
        if one.until is None:
            day = (calendar.local_day(moment_of(one.occurred_at)) - first).days
            for code in {above for area in one.areas if area in tree for above in tree.lineage(area)}:
                told[code][day] += 1
    return told


def found(told: Told, tree: AreaTree, days: int) -> list[Mute]:
    """Pure. The areas that fell mute before the last of so many days, but for those in one that did; and
    those above them that lose a large part by it."""
    mute = {code: one for code in told if tree[code].parent and (one := _mute(code, told, tree, days))}
    own = [one for one in mute.values() if not set(tree.lineage(one.area)[1:]) & mute.keys()]
    lost: dict[str, list[Mute]] = defaultdict(list)
    for one in own:
        for above in tree.lineage(one.area)[1:]:
            lost[above].append(one)
    torn = (
        Mute(above, min(one.since for one in below), sum(one.usual for one in below), below[0].area)
        for above, below in lost.items()
        if sum(one.usual for one in below) * (before := below[0].since) >= GRAVE * told[above][:before].sum()
    )
    return [*own, *torn]


def _mute(code: str, told: Told, tree: AreaTree, days: int) -> Mute | None:
    own, whole = told[code], told[tree.lineage(code)[-1]]
    since = fell_mute(own, whole, days)
    if since is None:
        return None
    begins = int(np.flatnonzero(whole)[0])
    return Mute(code, since, float(own[begins:since].mean()))


def fell_mute(
    own: NDArray[np.float64], whole: NDArray[np.float64], days: int, proof: Proof = ALONE
) -> int | None:
    """Pure. From which day on nothing of `own` is told, where that is no chance and the rest of the `whole`,
    both (days,), goes on."""
    on = np.flatnonzero(own)
    begins = int(np.flatnonzero(whole)[0])  # before that the feed itself told nothing
    since = int(on[-1]) + 1
    gap, before = days - since, own[begins:since]
    pauses = np.diff(np.concatenate([[begins - 1], on])) - 1
    if before.size < proof.known or gap < max(proof.least, proof.pauses * int(pauses.max())):
        return None
    others = (whole if proof.renamed else whole - own)[begins:since].mean()
    meanwhile = min(1.0, whole[since:].mean() / others) if others else 0.0
    if meanwhile < _ELSEWHERE or _nothing(before, meanwhile) ** gap >= proof.chance:
        return None
    return since


def _nothing(counts: NDArray[np.float64], share: float) -> float:
    """The chance that a day has no report, by the days before and what is told elsewhere: Poisson, or
    gamma-Poisson where they vary more."""
    mean, variance = float(counts.mean()), float(counts.var())
    if variance <= mean:
        return math.exp(-mean * share)
    size = mean * mean / (variance - mean)
    return float((size / (size + mean * share)) ** size)
