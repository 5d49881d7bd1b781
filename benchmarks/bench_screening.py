"""One daily screening with 1x and 20x the incidents: its cost should follow areas and days, not incidents.

The further incidents lie in the same areas on the same days. Each copy is reported with the delay of
another incident drawn at random, so that the ledger meets as many different delays as twenty real
feeds would bring.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from statistics import median

from benchmarks.measuring import END, fresh, peak, seconds
from engine.cycle import run as running
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.ingest import batch
from engine.judge import find
from engine.model.incident import Incident
from engine.model.period import Cycle
from engine.store import health, incidents, runs, tally

FEED, BATCH, DAYS, LIMIT = "se-police", 20_000, 7, 1.5


@dataclass(frozen=True)
class Screening:
    """Medians over the days screened, in seconds."""

    incidents: int
    find: float
    whole: float
    findings: int


def main() -> None:
    """Print the cost of one screening at both sizes; exit with 1 where the ratio is over its limit."""
    once, twenty = (_screen(times) for times in (1, 20))
    print(f"screening: one day, {DAYS} days' median")
    for times, one in ((1, once), (20, twenty)):
        print(
            f"  {times:2}x {one.incidents:9,} revisions"
            f"   find {one.find:6.3f} s  {one.find / once.find:.2f}x"
            f"   whole run {one.whole:6.3f} s  {one.whole / once.whole:.2f}x   {one.findings} findings"
        )
    print(f"  limit {LIMIT}x for either; peak memory {peak()}")
    if twenty.find > LIMIT * once.find or twenty.whole > LIMIT * once.whole:
        raise SystemExit(1)


def _screen(times: int) -> Screening:
    with fresh() as world:
        told = _ingest(world, times)
        calendar = world.settings.calendar
        periods = list(calendar.due(Cycle.DAILY, END - timedelta(days=DAYS + 1), END))
        running.prepare(world, periods[0].due_at - timedelta(seconds=1))
        running.judge(world, periods[0])  # the first day opens what has been open for long
        finds, wholes = [], []
        for period in periods[1:]:
            finds.append(seconds(_find, world, period.cut))
            wholes.append(seconds(running.judge, world, period))
        with world.store.read() as tx:
            findings = sum(run.findings for run in runs.listing(tx, len(wholes)))
    return Screening(told, median(finds), median(wholes), findings // len(wholes))


def _find(world: World, cut: date) -> None:
    with world.store.read() as tx:
        panels = StorePanels(tx, world.settings)
        find(world.book.of(Cycle.DAILY), panels, [cut], book=world.book, correlate=world.correlate)


def _ingest(world: World, times: int) -> int:
    feed = world.settings.feeds[FEED]
    fetch = world.connectors[feed.connector].fetch(feed.options, {})
    real = [one for one in batch.read(fetch.records, feed, world.context, END) if isinstance(one, Incident)]
    real.sort(key=lambda one: (one.identity, one.known_at))
    with world.store.begin() as tx:
        health.record(tx, FEED, fetch.polls, known_at=END)
    for copy in range(times):
        told = real if copy == 0 else list(_copies(real, copy))
        for start in range(0, len(told), BATCH):
            with world.store.begin() as tx:
                incidents.add(tx, told[start : start + BATCH], world.ledger)
    with world.store.begin() as tx:
        tally.fold(tx)
    return len(real) * times


def _copies(real: list[Incident], copy: int) -> Iterator[Incident]:
    """Every incident once more, all its revisions shifted so that the first comes with another's delay."""
    random = Random(copy)
    firsts = [one for at, one in enumerate(real) if at == 0 or real[at - 1].identity != one.identity]
    delays = [one.known_at - one.occurred_at for one in firsts]
    shift, of = timedelta(), None
    for one in real:
        if one.identity != of:
            of = one.identity
            shift = one.occurred_at + random.choice(delays) - one.known_at
        known_at = min(one.known_at + shift, END)
        yield replace(one, source_id=f"{copy}-{one.source_id}", known_at=known_at)


if __name__ == "__main__":
    main()
