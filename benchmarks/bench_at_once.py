"""A rule that judges at once over 1,380 days, with its noise worlds, against judging each of its moments
from the store by itself, as the service does when something comes."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from time import perf_counter

from benchmarks.measuring import END, loaded, peak, processor
from engine.backtest.history import Span
from engine.backtest.noise import REPLICATES
from engine.backtest.shard import selected
from engine.cycle.draft import moments
from engine.cycle.measuring import lived_again
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.judge import find_immediate

RULE, DAYS = "public-safety.explosion-shooting", 1_380
#: Every so many moments one is judged by itself.
SAMPLE = 20
#: At most this part of the processor time that its moments would take one by one in as many worlds.
LIMIT = 0.5


def main() -> int:
    """Print the processor time of both; 1 where the ratio is over the limit."""
    with loaded() as world:
        last = END.date() - timedelta(days=1)
        span = Span(last - timedelta(days=DAYS - 1), last, world.settings.calendar)
        told = moments(world, [selected(world.book, [RULE])], span.begin, span.until)
        one_by_one = processor(_judge, world, told[SAMPLE // 2 :: SAMPLE]) * SAMPLE * (1 + REPLICATES)
        begin = perf_counter()
        spent = processor(lived_again, world, [RULE], span, None)
        clock = perf_counter() - begin
    print(f"at once: {RULE} over {DAYS:,} days, {len(told):,} moments, with {REPLICATES} noise worlds")
    print(f"  backtest             {spent:7.2f} s   {spent / one_by_one:.2f}x (limit {LIMIT:g}x)")
    print(f"  moment by moment     {one_by_one:7.2f} s   (found only, from every {SAMPLE}th)")
    print(f"  by the clock         {clock:7.2f} s")
    print(f"  peak memory          {peak()}")
    return int(spent > LIMIT * one_by_one)


def _judge(world: World, told: list[datetime]) -> None:
    rule = world.book.rules[RULE]
    for moment in told:
        with world.store.read() as tx:
            find_immediate([rule], StorePanels(tx, world.settings), moment)


if __name__ == "__main__":
    sys.exit(main())
