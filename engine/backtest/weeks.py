"""Which real days stand for those of a world by chance: weeks of the same time of the year."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Bools

#: Days are drawn in blocks of a week, from so many days around the same time of the year ...
WEEK, SEASON, YEAR = 7, 45, 365
#: ... where there are so many weeks to draw from.
ENOUGH = 4


def drawn_days(
    calm: Bools, seen: Bools, count: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """(count,) for each day of a world, which ends where the span does, the real day (a position in the
    span) that stands for it.

    Weeks are drawn that begin on the same weekday, within `SEASON` days of the same time of any year, heard
    on every day and calm; where there are fewer than `ENOUGH` of those, any that were heard; and in a span
    too short for them, any seven days, its end followed by its beginning. From the last week backwards, so
    that a world does not depend on how far anybody looks back.
    """
    days, weeks = len(seen), -(-count // WEEK)
    taken = np.empty((weeks, WEEK), np.int64)
    starts, near = _weeks(days, weeks)
    pools = [near & _whole(mask, starts) for mask in (calm, seen)]
    enough = [pool.sum(axis=1) >= ENOUGH for pool in pools]
    for week in range(weeks):
        found = next((pool for pool, many in zip(pools, enough, strict=True) if many[week]), None)
        if found is None:
            heard = np.flatnonzero(seen) if seen.any() else np.arange(days)
            taken[week] = heard[(random.integers(len(heard)) + np.arange(WEEK)) % len(heard)]
        else:
            pool = starts[found[week]]
            taken[week] = pool[random.integers(len(pool))] + np.arange(WEEK)
    return taken[::-1].ravel()[-count:]


@lru_cache(maxsize=8)
def _weeks(days: int, weeks: int) -> tuple[NDArray[np.int64], Bools]:
    """(S,) where whole weeks begin in a span of so many days, and (weeks, S) which of them are of the same
    time of the year as each week that is drawn, the last one first: the same for every area."""
    starts = np.arange(days % WEEK, max(days - WEEK + 1, 0), WEEK)
    targets = days - WEEK * np.arange(1, weeks + 1)
    return starts, _apart(starts[None, :], targets[:, None]) <= SEASON


def _whole(mask: Bools, starts: NDArray[np.int64]) -> Bools:
    so_far = np.concatenate([[0], np.cumsum(mask)])
    return np.asarray(so_far[starts + WEEK] - so_far[starts] == WEEK, bool)


def _apart(starts: NDArray[np.int64], target: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many days of the year lie between."""
    apart = np.abs(starts - target) % YEAR
    return np.asarray(np.minimum(apart, YEAR - apart), np.int64)
