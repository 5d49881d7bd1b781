"""A backtest of every rule over the whole timeline, with its noise worlds, on all cores."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import replace

from benchmarks.bench_find import DAYS
from benchmarks.measuring import END, ROOT, fresh, seconds
from engine.cycle import collect

#: By the clock, on two cores (seconds).
LIMIT = 60.0


def main() -> int:
    """Print the seconds of the command and its largest process; 1 where it is over the limit."""
    with fresh() as world:
        for feed in world.settings.feeds.values():
            collect.poll(replace(world, clock=lambda: END), feed)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = seconds(_backtest, str(world.settings.root))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        rules = len(world.book.rules)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"backtest: {DAYS} days x {rules} rules, with the same rules on noise")
    print(f"  by the clock      {spent:9.2f} s   (limit {LIMIT:.0f} s)")
    print(f"  of all processes  {worked:9.2f} s   {worked / spent:.1f} cores at work")
    print(f"  peak memory       {after.ru_maxrss // 1024} MB in the largest process")
    return int(spent > LIMIT)


def _backtest(root: str) -> None:
    command = [sys.executable, "-m", "engine.cli", "--root", root, "backtest"]
    span = ["--from", "2023-06-01", "--to", "2025-12-31", "--format", "json"]
    subprocess.run([*command, *span], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
