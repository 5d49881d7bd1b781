"""The table of docs/statistics.md on near repeats: how often the rung holds where place and time have nothing
to do with each other, and how often it sees that they have. Prints Markdown; takes some minutes.

    python -m benchmarks.near_repeats
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from engine.detect.near_repeat.rung import Params, followed
from engine.model.distance import DEGREE

#: A window of a week after half a year, in a town of ten kilometres by ten.
DAYS, WEEK, TOWN = 189, 7, 0.09
SINCE = DAYS - WEEK
ASKED = Params("400m", 7)
ALPHAS = (0.01, 0.001)
EVENTS = (60, 200, 800)
WORLDS = 10_000

Places = Callable[[np.random.Generator, int], np.ndarray]
Times = Callable[[np.random.Generator, int], np.ndarray]
#: When and where so many events happened.
Events = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]


def anywhere(random: np.random.Generator, many: int) -> np.ndarray:
    return random.random((many, 2)) * TOWN


def hot_spots(random: np.random.Generator, many: int) -> np.ndarray:
    """Half of them around eight places, within 150 m or so."""
    where, spots = anywhere(random, many), anywhere(random, 8)
    near = random.random(many) < 0.5
    around = spots[random.integers(0, 8, many)] + random.normal(0, 150 / DEGREE, (many, 2))
    return np.where(near[:, None], around, where)


def any_day(random: np.random.Generator, many: int) -> np.ndarray:
    return random.integers(0, DAYS, many)


def busy_week(random: np.random.Generator, many: int) -> np.ndarray:
    """Days as unlike each other as real ones (gamma, variance 1), and the judged week three times as busy."""
    weight = random.gamma(1.0, 1.0, DAYS)
    weight[SINCE:] *= 3
    return random.choice(DAYS, many, p=weight / weight.sum())


def apart(
    places: Places, times: Times, random: np.random.Generator, many: int
) -> tuple[np.ndarray, np.ndarray]:
    """When and where, neither of which has to do with the other."""
    return times(random, many), places(random, many)


CALM: dict[str, Events] = {
    "plain": partial(apart, anywhere, any_day),
    "clumped places": partial(apart, hot_spots, any_day),
    "clumped days": partial(apart, anywhere, busy_week),
    "clumped places and days": partial(apart, hot_spots, busy_week),
}


def moving(random: np.random.Generator, many: int) -> tuple[np.ndarray, np.ndarray]:
    """A quarter of the town whose share rises from a quarter to a half within the half-year: that is no near
    repeat, and has place and time depend on each other."""
    days = any_day(random, many)
    there = random.random(many) < 0.25 + 0.25 * days / DAYS
    return days, np.where(there[:, None], 0.5, 1.0) * anywhere(random, many)


def repeated(share: float, random: np.random.Generator, many: int) -> tuple[np.ndarray, np.ndarray]:
    """Clumped places and plain days, of which this share is followed within a week and 200 m."""
    followers = int(many * share / (1 + share))
    days, where = any_day(random, many - followers), hot_spots(random, many - followers)
    source = random.choice(days.size, followers, replace=False)
    after = np.minimum(days[source] + random.integers(0, 8, followers), DAYS - 1)
    angle, far = random.random(followers) * 2 * np.pi, random.random(followers) * 200 / DEGREE
    next_door = where[source] + np.stack([np.cos(angle), np.sin(angle)], axis=1) * far[:, None]
    return np.append(days, after), np.vstack([where, next_door])


def a_run(long: int, random: np.random.Generator, many: int) -> tuple[np.ndarray, np.ndarray]:
    """Clumped places and plain days, and in the judged week so many more within 200 m of one place."""
    days, where = any_day(random, many - long), hot_spots(random, many - long)
    angle, far = random.random(long) * 2 * np.pi, random.random(long) * 200 / DEGREE
    around = anywhere(random, 1) + np.stack([np.cos(angle), np.sin(angle)], axis=1) * far[:, None]
    return np.append(days, random.integers(SINCE, DAYS, long)), np.vstack([where, around])


def chance(random: np.random.Generator, days: np.ndarray, where: np.ndarray) -> float:
    """As judged, with points as they are kept."""
    seed = int(random.integers(1 << 30))
    asked = Params(ASKED.within, ASKED.days, seed=seed)
    return followed(np.asarray(days, np.int64), np.round(where, 3), SINCE, asked).chance


def rates(draw: Events, many: int, worlds: int) -> np.ndarray:
    """How often the rung holds at each alpha, of so many events."""
    random = np.random.default_rng(29)
    found = np.array([chance(random, *draw(random, many)) for _ in range(worlds)])
    return np.array([(found <= alpha).mean() for alpha in ALPHAS])


def row(name: str, draw: Events, fewer: int = 1) -> None:
    cells = []
    for many in EVENTS:
        worlds = WORLDS // fewer // (1 if many < 800 else 5)
        cells.append(" / ".join(f"{100 * one:.2f}" for one in rates(draw, many, worlds)))
    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    print("\n| per cent at an alpha of 0.01 / 0.001 | " + " | ".join(f"{n} incidents" for n in EVENTS) + " |")
    print("|--|" + "--|" * len(EVENTS))
    for name, draw in CALM.items():
        row(name, draw)
    row("a quarter that grows", moving)
    for long in (2, 3, 4, 6):
        row(f"a run of {long}", partial(a_run, long), 10)
    for share in (0.1, 0.4):
        row(f"{share:.0%} followed next door", partial(repeated, share), 10)


if __name__ == "__main__":
    main()
