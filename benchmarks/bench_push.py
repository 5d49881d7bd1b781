"""From POST to the webhook: a grave incident among many that are pushed, against the same among few.

A source posts incidents one by one at a steady pace, as they come, whether or not the last is answered.
Every so often one is grave and opens a warning in a town that has none; the time runs from before its POST
until the receiver has the message. At both paces as many warnings a second are opened, so that only what is
pushed beside them differs.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from time import perf_counter, sleep

from benchmarks.push_county import TOWNS, Sink, Source, served, sink

#: Incidents a second, and for how many seconds.
FEW, MANY, SECONDS = 10, 200, float(os.environ.get("PUSH_SECONDS", "20"))
#: Warnings opened a second.
GRAVE = 5
#: The worst of a hundred may take so long (seconds) among many, and so many times as long as among few.
LIMIT, RATIO = 0.25, 4.0
#: The machine may be shared: the best of so many runs counts.
RUNS = int(os.environ.get("PUSH_RUNS", "3"))


def main() -> None:
    """Print how long it takes at both paces; exit with 1 where many incidents delay it by far."""
    print(f"push: POST to webhook, {GRAVE} warnings a second, {SECONDS:g} s, SQLite, the best of {RUNS}")
    few = min((_run(FEW) for _ in range(RUNS)), key=lambda took: _at(took, 0.99))
    many = min((_run(MANY) for _ in range(RUNS)), key=lambda took: _at(took, 0.99))
    for pace, took in ((FEW, few), (MANY, many)):
        half, worst = (f"{1000 * _at(took, share):5.0f} ms" for share in (0.5, 0.99))
        print(f"  {pace:4} a second    p50 {half}   p99 {worst}   ({len(took)} warnings)")
    slower, worst = _at(many, 0.99) / _at(few, 0.99), _at(many, 0.99)
    print(f"  {slower:.1f}x as long among many (limit {RATIO:g}x, or {1000 * LIMIT:.0f} ms)")
    if worst > LIMIT and slower > RATIO:
        raise SystemExit(1)


def _at(took: list[float], share: float) -> float:
    """So many of them took no longer."""
    return took[min(int(share * len(took)), len(took) - 1)]


def _run(pace: int) -> list[float]:
    """The seconds that each warning took."""
    with sink() as told, served(told.url) as source:
        _push(source, pace, 3, told, range(TOWNS - 3 * GRAVE, TOWNS))
        begun = _push(source, pace, SECONDS, told, range(TOWNS))
        return sorted(told.arrived[town] - at for town, at in begun.items())


def _push(source: Source, pace: int, seconds: float, told: Sink, towns: range) -> dict[str, float]:
    """Push for so many seconds, then wait for every message; when each grave incident was posted."""
    begun: dict[str, float] = {}
    grave, numbers = iter(towns), count()
    start = perf_counter()
    with ThreadPoolExecutor(32) as pool:
        done = []
        for number in range(int(pace * seconds)):
            late = start + number / pace - perf_counter()
            if late > 0:
                sleep(late)
            if number % (pace // GRAVE) == 0:
                town = f"T{next(grave)}"
                begun[town] = perf_counter()
                done.append(pool.submit(_post, source, f"{town}-{next(numbers)}", town, "grave"))
            else:
                done.append(pool.submit(_post, source, f"{start}-{number}", f"T{number % TOWNS}", "minor"))
        for one in done:
            one.result()
    for _ in range(3000):
        if begun.keys() <= told.arrived.keys():
            return begun
        sleep(0.01)
    raise SystemExit(f"{len(begun.keys() - told.arrived.keys())} of {len(begun)} messages never came")


def _post(source: Source, id_: str, town: str, kind: str) -> None:
    at = datetime.now(UTC).isoformat()
    status, said = source.post(json.dumps({"id": id_, "at": at, "town": town, "kind": kind}))
    if status != 202:
        raise SystemExit(f"{status}: {said!r}")


if __name__ == "__main__":
    main()
