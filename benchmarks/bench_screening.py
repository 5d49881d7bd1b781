"""One daily screening with 1x and 20x the incidents: its cost should follow areas and days, not incidents.

The further incidents lie in the same areas on the same days. Each copy is reported with the delay of
another incident drawn at random, so that the ledger meets as many different delays as twenty real
feeds would bring.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random
from statistics import median

from benchmarks.measuring import END, fresh, peak, processor
from engine.cycle import combine
from engine.cycle import run as running
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.ingest import batch
from engine.judge import find
from engine.model.incident import Incident
from engine.model.period import Cycle, Period
from engine.store import fold, health, incidents, runs

FEED, BATCH, DAYS, LIMIT = "se-police", 20_000, 7, 1.5


def main() -> None:
    """Print the cost of one screening at both sizes; exit with 1 where judging is over its limit.

    The whole run also concludes and writes what was found, which is more where more happened. What counts
    is the processor's time: on a machine that does something else as well, the clock runs on.
    """
    with fresh() as small, fresh() as large:
        told = {1: _ingest(small, 1), 20: _ingest(large, 20)}
        costs = _screen({1: small, 20: large})
        findings = {times: _findings(world) for times, world in ((1, small), (20, large))}
    print(f"screening: one day over {DAYS} days, medians")
    for times, (found, whole) in costs.items():
        print(
            f"  {times:2}x {told[times]:9,} revisions   find {found:6.3f} s  {found / costs[1][0]:.2f}x"
            f"   whole run {whole:6.3f} s  {whole / costs[1][1]:.2f}x   {findings[times]} findings a day"
        )
    print(f"  limit for find {LIMIT}x; peak memory {peak()}")
    if costs[20][0] > LIMIT * costs[1][0]:
        raise SystemExit(1)


def _screen(worlds: dict[int, World]) -> dict[int, tuple[float, float]]:
    """The medians of find and of the whole run, by size; each day is screened at one size after the other."""
    taken: dict[int, list[tuple[float, float]]] = {times: [] for times in worlds}
    calendar = worlds[1].settings.calendar
    for day, period in enumerate(calendar.due(Cycle.DAILY, END - timedelta(days=DAYS + 1), END)):
        for times, world in worlds.items():
            if day == 0:  # it opens what has been open for long
                running.prepare(world, period.due_at - timedelta(seconds=1))
                running.judge(world, period)
                continue
            found = processor(_find, world, period)
            taken[times].append((found, processor(running.judge, world, period)))
    return {
        times: (median(found for found, _ in days), median(whole for _, whole in days))
        for times, days in taken.items()
    }


def _findings(world: World) -> int:
    with world.store.read() as tx:
        return sum(run.findings for run in runs.listing(tx, DAYS)) // DAYS


def _find(world: World, period: Period) -> None:
    rules = world.book.of(period.cycle)
    with world.store.read() as tx:
        (found,) = find(rules, StorePanels(tx, world.settings), [period.cut], book=world.book)
        combine.correlator(world, tx, rules, period).step(rules, period, found)


def _ingest(world: World, times: int) -> int:
    feed = world.settings.feeds[FEED]
    fetch = world.connectors[feed.connector].fetch(feed.options, {})
    real = [one for one in batch.read(fetch.records, feed, world.context, END) if isinstance(one, Incident)]
    real.sort(key=lambda one: (one.identity, one.known_at))
    with world.store.begin() as tx:
        health.record(tx, FEED, fetch.polls, known_at=END, archive=True)
    for copy in range(times):
        told = real if copy == 0 else list(_copies(real, copy))
        for start in range(0, len(told), BATCH):
            with world.store.begin() as tx:
                incidents.add(tx, told[start : start + BATCH], world.ledger)
    with world.store.begin() as tx:
        fold.fold(tx)
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
