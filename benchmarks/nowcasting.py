"""The tables on `nowcast` in docs/statistics.md: how often its 90 % intervals hold the truth while reporting
keeps its speed, and after it got faster or slower. Prints Markdown; takes some minutes.

    python -m benchmarks.nowcasting
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.detect.nowcast import completeness, nowcast
from engine.model.panel import Deltas

#: The day after the last one, how many days there are, of how many areas, and how many are told of.
CUT, DAYS, AREAS, TOLD = 730_000, 250, 5, 7
#: What is not told after so many days comes then.
_LATEST = 12
AGO = (2, 3, 5, 7, 10, 14, 20, 30, 60)
RUNS = 100


class Stream(NamedTuple):
    """Reports: so many a day and area, so many at a time; which share of what is left waits another day,
    before reporting changes its speed and after."""

    called: str
    mean: float
    clump: int
    late: float
    later: float


STEADY = tuple(
    Stream(f"{share:.0%} late, {called}", mean, clump, share, share)
    for called, mean, clump in (("15 cases a day", 15, 1), ("three at a time", 5, 3), ("2 cases a day", 2, 1))
    for share in (0.3, 0.6)
)
CHANGED = tuple(
    Stream(f"to {how}, {called}", mean, clump, *shares)
    for called, mean, clump in (("15 cases a day", 15, 1), ("three at a time", 5, 3), ("2 cases a day", 2, 1))
    for how, shares in (("faster", (0.6, 0.3)), ("slower", (0.3, 0.6)), ("much slower", (0.4, 0.75)))
)


def reports(seed: int, stream: Stream, ago: int) -> tuple[Deltas, np.ndarray]:
    """A ledger that goes on after CUT, whose reporting changed so many days before it; and the final counts
    (AREAS, DAYS)."""
    random = np.random.default_rng(seed)
    final = random.poisson(stream.mean, (AREAS, DAYS))
    area, back = (values.repeat(final.ravel()) for values in np.divmod(np.arange(AREAS * DAYS), DAYS))
    day, delay, waits = CUT - DAYS + back, np.full(back.size, _LATEST), np.ones(back.size, bool)
    for days in range(_LATEST):
        share = np.where(day + days >= CUT - ago, stream.later, stream.late)
        comes = waits & (random.random(day.size) > share)
        delay[comes], waits = days, waits & ~comes
    n = np.full(day.size, stream.clump, np.int64)
    names = tuple(map(str, range(AREAS)))
    return Deltas(names, area, day, day + 1 + delay, n, n.astype(float)), stream.clump * final


def held(stream: Stream, ago: int, runs: int = RUNS) -> tuple[float, float]:
    """The share of the intervals of the last days that hold the truth (NaN: nothing was told), and the share
    that was told."""
    hits, known = [], []
    for seed in range(runs):
        deltas, final = reports(seed, stream, ago)
        now = nowcast(deltas.grid(CUT - TOLD, CUT - 1, CUT), completeness(deltas, CUT))
        truth = final[:, -TOLD:]
        hits.append(((now.low <= truth) & (truth <= now.high))[now.known])
        known.append(now.known.mean())
    told = np.concatenate(hits)
    return float(told.mean()) if told.size else np.nan, float(np.mean(known))


def _cell(of: tuple[float, float]) -> str:
    return "-" if np.isnan(of[0]) else f"{100 * of[0]:.0f} ({100 * of[1]:.0f})"


def main() -> None:
    print("| steady | |\n|--|--|")
    for stream in STEADY:
        print(f"| {stream.called} | {_cell(held(stream, AGO[-1]))} |", flush=True)
    print(f"\n| changed so many days ago | {' | '.join(map(str, AGO))} |")
    print("|--" * (len(AGO) + 1) + "|")
    for stream in CHANGED:
        cells = " | ".join(_cell(held(stream, ago)) for ago in AGO)
        print(f"| {stream.called} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
