"""A backtest of every rule over the whole timeline, with its noise worlds, against judging each of its
periods by itself, as who has no backtest would."""

from __future__ import annotations

import resource
import subprocess
import sys

from benchmarks.bench_find import DAYS, one_by_one
from benchmarks.measuring import ROOT, loaded, processor, seconds

#: The world as it was, and those of noise.
WORLDS = 1 + 4
#: At most this part of the processor time that its periods would take one by one in as many worlds.
LIMIT = 0.5


def main() -> int:
    """Print the processor time of both and the largest process; 1 where the ratio is over the limit."""
    with loaded() as world:
        alone = WORLDS * one_by_one(world, processor)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = seconds(_backtest, str(world.settings.root))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        rules = len(world.book.rules)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"backtest: {DAYS} days x {rules} rules, with the same rules on noise")
    print(f"  of all processes  {worked:9.2f} s   {worked / alone:.2f}x (limit {LIMIT:g}x)")
    print(f"  period by period  {alone:9.2f} s   (found only, from a sample)")
    print(f"  by the clock      {spent:9.2f} s   {worked / spent:.1f} cores at work")
    print(f"  peak memory       {after.ru_maxrss // 1024} MB in the largest process")
    return int(worked > LIMIT * alone)


def _backtest(root: str) -> None:
    command = [sys.executable, "-m", "engine.cli", "--root", root, "backtest"]
    span = ["--from", "2023-06-01", "--to", "2025-12-31", "--format", "json"]
    subprocess.run([*command, *span], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
