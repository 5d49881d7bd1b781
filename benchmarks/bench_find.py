"""Find over the whole timeline: every rule at every cut of 945 days, against asking for one cut at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from benchmarks.measuring import END, fresh, peak, seconds
from engine.cycle import collect
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.judge import find
from engine.model.period import CALENDAR, Cycle, Period
from engine.store import fold

DAYS = 945
#: Every so many periods one is judged by itself.
SAMPLE = 45
#: At least so many times as fast as cut by cut.
FASTER = 6


def main() -> None:
    """Print the seconds of each cycle, and how much less a cut costs among all than by itself; exit with 1
    where it is not less by far."""
    with fresh() as world:
        for feed in world.settings.feeds.values():
            collect.poll(replace(world, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)), feed)
        with world.store.begin() as tx:
            fold.fold(tx)
        tree, rules = world.settings.tree, len(world.book.rules)
        print(f"find: {DAYS} days x {len(tree)} areas x {rules} rules")
        together, alone = 0.0, one_by_one(world)
        for cycle in CALENDAR:
            periods = _periods(world, cycle)
            spent = seconds(_find, world, cycle, periods)
            together += spent
            print(f"  {cycle:8} {len(periods):4} periods {spent:7.2f} s")
    faster = f"{alone / together:.1f}x as fast as cut by cut (limit {FASTER}x)"
    print(f"  all at once       {together:9.2f} s   {faster}")
    print(f"  cut by cut        {alone:9.2f} s   (from every {SAMPLE}th period)")
    print(f"  peak memory       {peak()}")
    if alone < FASTER * together:
        raise SystemExit(1)


def one_by_one(world: World, watch: Callable[..., float] = seconds) -> float:
    """What finding at every cut would take, each by itself: from a sample of each cycle's."""
    found = 0.0
    for cycle in CALENDAR:
        periods = _periods(world, cycle)
        sample = periods[SAMPLE // 2 :: SAMPLE] or periods[-1:]
        found += sum(watch(_find, world, cycle, [one]) for one in sample) / len(sample) * len(periods)
    return found


def _periods(world: World, cycle: Cycle) -> list[Period]:
    return list(world.settings.calendar.due(cycle, END - timedelta(days=DAYS), END))


def _find(world: World, cycle: Cycle, periods: list[Period]) -> None:
    rules, cuts = world.book.of(cycle), [period.cut for period in periods]
    with world.store.read() as tx:
        panels = StorePanels(tx, world.settings)
        found = find(rules, panels, cuts, book=world.book)
    assert len(found) == len(periods)


if __name__ == "__main__":
    main()
