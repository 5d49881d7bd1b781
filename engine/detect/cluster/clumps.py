"""Which cases of one place belong together, as their dates tell: several of one day, or of a few days.

A case either comes by itself, as often as is usual of its place and day, or follows an earlier one of its
place. How many do, and how many days later, is fitted to all cases, each place drawn to what all places tell;
then each case has a chance of following each of those before it, and drawing who follows whom parts the cases
into clumps. Where cases come no more together than chance has it, nearly all are clumps of one.

Source: Zhuang, Ogata and Vere-Jones, Stochastic declustering of space-time earthquake occurrences, Journal of
the American Statistical Association 97 (2002) 369-380; here in days, and within one place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.detect.cluster.scan import Counts, counting
from engine.detect.cluster.zones import Ints
from engine.detect.series import Floats

#: A case follows one of the same day, or of so many days before at most.
_LAGS = 3
#: The share of cases that follow others is drawn to that of all places with the weight of so many cases.
_POOL = 10.0
#: Rounds of the fit.
_ROUNDS = 60
#: One case in so many draws at least is followed on its day, and on each of the next: what happened
#: once is no proof that it never does.
_LEAST = 0.02
#: A day's share is drawn to an even one with the weight of so many cases.
_STEADY = 2.0
#: So often is it drawn who follows whom.
_DRAWS = 20


@dataclass(frozen=True)
class Clumps:
    """place and offset: (N,) of each case, clump by clump, the offset in days since its clump began; first
    and size: (K,) where a clump begins among them, and how many cases it has; start: (K,) the day it began
    on."""

    place: Ints
    offset: Ints
    first: Ints
    size: Ints
    start: Ints


@dataclass(frozen=True)
class Followers:
    """place and day: (N,) of each case, by place and day; before: (L, N) how many earlier cases of each lag
    it may follow, and since: (L, N) the position of the first of these; alone: (N,) the rate at which cases
    come there by themselves; pull: (L, N) the rate at which each earlier case is followed there."""

    place: Ints
    day: Ints
    before: Floats
    since: Ints
    alone: Floats
    pull: Floats

    @classmethod
    def of(cls, table: Ints, usual: Floats) -> Followers:
        """Fitted to a table (P, D) of cases; usual: (P, D) what is usual of places and days, and adds up to
        as many."""
        place, day = (np.repeat(at, table.ravel()) for at in np.indices(table.shape).reshape(2, -1))
        begins = (np.cumsum(table.ravel()) - table.ravel()).reshape(table.shape)
        since, before = np.zeros((2, _LAGS + 1, place.size), np.int64)
        since[0] = begins[place, day]
        before[0] = np.arange(place.size) - since[0]
        for lag in range(1, _LAGS + 1):
            there = day >= lag
            since[lag, there] = begins[place[there], day[there] - lag]
            before[lag, there] = table[place[there], day[there] - lag]
        mean = usual[place, day]
        followed, lags = _fitted(mean, before.astype(float), place, len(table))
        pull = np.maximum(followed * lags[:, None], _LEAST)[:, place]
        return cls(place, day, before.astype(float), since, (1 - followed[place]) * mean, pull)

    def drawn(self, random: np.random.Generator) -> Clumps:
        """Who follows whom, by chance."""
        rates = np.cumsum(self.before * self.pull, axis=0)
        point = random.random(self.place.size) * (self.alone + rates[-1])
        lag = (point[None, :] >= rates).sum(axis=0)
        follows = np.flatnonzero(lag < len(self.pull))
        at = lag[follows], follows
        whom = np.arange(self.place.size)
        whom[follows] = self.since[at] + (random.random(follows.size) * self.before[at]).astype(np.int64)
        while (whom[whom] != whom).any():
            whom = whom[whom]
        order = np.argsort(whom, kind="stable")
        root, first, size = np.unique(whom[order], return_index=True, return_counts=True)
        offset = self.day[order] - self.day[whom[order]]
        return Clumps(self.place[order], offset, first, size, self.day[root])


def _fitted(mean: Floats, before: Floats, place: Ints, places: int) -> tuple[Floats, Floats]:
    """By expectation and maximization, (P,) the share of each place's cases that follow others, and (L,) at
    which lag they do; mean: (N,) what is usual of each case's place and day, before: (L, N)."""
    cases = np.bincount(place, minlength=places)
    some = before.any(axis=0)
    mean, before, place = mean[some], before[:, some], place[some]
    share, lags = np.full(places, 0.5), np.full(len(before), 1 / len(before))
    for _ in range(_ROUNDS):
        near = lags[:, None] * before
        pull = share[place] * near.sum(axis=0)
        following = pull / ((1 - share[place]) * mean + pull)
        own = np.bincount(place, following, minlength=places)
        share = (own + _POOL * own.sum() / cases.sum()) / (cases + _POOL)
        if own.sum() <= 0:
            break
        lags = (near * (following / near.sum(axis=0))).sum(axis=1) / own.sum()
    return share, lags


def by_others(table: Ints) -> Floats:
    """(P, D) what is usual of a place's share and a day's, the day as the other places tell it: a clump must
    not speak for its own day. It adds up to the cases of the table."""
    cases, days = table.sum(), table.shape[1]
    own = table.sum(axis=1, keepdims=True)
    usual = own * (table.sum(axis=0) - table + _STEADY) / ((cases - own) / days + _STEADY)
    return np.asarray(usual * cases / usual.sum(), float)


def shuffled(
    followers: Followers, days: int, of: int, places: int, replicates: int, seed: int
) -> Counts:
    """(P, days, R) cases in each place in the last 1..days of so many days, with the dates shuffled among the
    clumps. A clump that would go on after the last day is cut there, as the one that is going on today is."""
    random = np.random.default_rng(seed)
    counts = counting((places, days, replicates), followers.place.size)
    for part in np.array_split(np.arange(replicates), _DRAWS):
        clumps = followers.drawn(random)
        reach = of - days - int(clumps.offset.max())
        dates = np.sort(clumps.start)
        dates = dates[np.searchsorted(dates, reach):]
        for replicate in part.tolist():
            chosen = random.choice(clumps.size.size, dates.size, replace=False)
            counts[:, :, replicate] = _recent(clumps, chosen, dates, None, days, of, places)
    return counts


def _recent(
    clumps: Clumps, chosen: Ints, dates: Ints, where: Ints | None, days: int, of: int, places: int
) -> Ints:
    """(P, days) cases of the chosen clumps in the last 1..days days, where these begin on `dates`, and at
    `where` if not at their own place."""
    size = clumps.size[chosen]
    ends = np.cumsum(size)
    case = np.arange(ends[-1] if ends.size else 0) + np.repeat(clumps.first[chosen] - ends + size, size)
    age = of - 1 - np.repeat(dates, size) - clumps.offset[case]
    place = clumps.place[case] if where is None else np.repeat(where, size)
    lately = (age >= 0) & (age < days)
    table = np.bincount(place[lately] * days + age[lately], minlength=places * days)
    return np.cumsum(table.reshape(places, days), axis=1)


def scattered(
    followers: Followers, people: Floats, days: int, of: int, replicates: int, seed: int
) -> Counts:
    """The same, where each clump begins on any day and, by the shares `people` (P,), at any place."""
    random = np.random.default_rng(seed)
    counts = counting((people.size, days, replicates), followers.place.size)
    for part in np.array_split(np.arange(replicates), _DRAWS):
        clumps = followers.drawn(random)
        reach = days + int(clumps.offset.max())
        for replicate in part.tolist():
            began = random.integers(0, of, clumps.size.size)
            chosen = np.flatnonzero(began >= of - reach)
            where = random.choice(people.size, chosen.size, p=people)
            counts[:, :, replicate] = _recent(
                clumps, chosen, began[chosen], where, days, of, people.size
            )
    return counts
