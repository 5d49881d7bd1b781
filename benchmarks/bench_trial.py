"""What an analyst waits for who tries one rule on three months: a whole process by the command, against one
that imports the same libraries and counts the same incidents with pandas, as who has no backtest would."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import END, ROOT, loaded

DAYS, ROUNDS = 90, 3
#: A rule on places, one whose numbers are completed, one on a nation, one at once: what is slow in one kind
#: is hidden by none.
RULES = (
    "public-safety.fire-cluster", "public-safety.burglary-night", "public-safety.crash-day-nation",
    "public-safety.explosion-shooting",
)  # fmt: skip
#: At most so many times as long, the dearest of them.
LIMIT = 5.0
#: What a sheet would do: counts by place and day, their mean over four weeks, and the days far above it.
_SHEET = """
import sys, sqlite3, numpy, pydantic, scipy.special, shapely, pandas as pd
rows = pd.read_sql("select * from incident", sqlite3.connect(sys.argv[1]))
rows["day"] = pd.to_datetime(rows["occurred_at"], unit="s", utc=True).dt.floor("D")
daily = rows.groupby(["areas", "day"]).size().unstack(fill_value=0).T.asfreq("D", fill_value=0)
before = daily.shift(1).rolling(28)
print(int((daily > before.mean() + 3 * before.std()).tail(90).to_numpy().sum()))
"""


def main() -> int:
    """Print the processor time and the clock of each; 1 where the dearest rule is over the limit."""
    with loaded() as world:
        root = world.settings.root
        plain, _ = _least(["-c", _SHEET, str(root / "data" / "forewarn.db")])
        taken = {id_: _least(_backtest(root, id_)) for id_ in RULES}
    dearest = max(spent for spent, _ in taken.values())
    print(f"trial: one rule over {DAYS} days, with four noise worlds; the least of {ROUNDS} runs")
    for id_, (spent, clock) in taken.items():
        said = f"{spent:6.2f} s of processor time, {clock:6.2f} s by the clock   {spent / plain:.2f}x"
        print(f"  {id_:32} {said}")
    print(f"  {'pandas, counts and a mean':32} {plain:6.2f} s of processor time")
    print(f"  limit {LIMIT:g}x")
    return int(dearest > LIMIT * plain)


def _backtest(root: Path, rule: str) -> list[str]:
    last = END.date() - timedelta(days=1)
    span = ["--from", str(last - timedelta(days=DAYS - 1)), "--to", str(last)]
    return ["-m", "engine.cli", "--root", str(root), "backtest", *span, "--rules", rule, "--format", "json"]


def _least(arguments: Sequence[str]) -> tuple[float, float]:
    """Seconds of processor time, and by the clock, of the best of some runs."""
    found = []
    for _ in range(ROUNDS):
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
        subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((worked, perf_counter() - begin))
    return min(found)


if __name__ == "__main__":
    sys.exit(main())
