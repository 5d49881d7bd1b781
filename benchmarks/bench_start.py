"""What a command costs before it does anything, beside importing the libraries it stands on."""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median

from benchmarks.measuring import ROOT

ROUNDS, LIMIT = 7, 4.0
LIBRARIES = "import numpy, pydantic, scipy.special, shapely"
COMMANDS = {
    "the libraries alone": ["-c", LIBRARIES],
    "forewarn --version": ["-m", "engine.cli", "--version"],
    "forewarn rules --help": ["-m", "engine.cli", "rules", "--help"],
    "forewarn rules check": ["-m", "engine.cli", "rules", "check"],
}


def main() -> None:
    """Print the processor time of each; exit with 1 where checking all rules is over its limit."""
    costs: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, arguments in COMMANDS.items():
            costs[name].append(_processor(arguments))
    alone, *_ = medians = [median(times) for times in costs.values()]
    print(f"start: processor time of a process, medians of {ROUNDS}")
    for name, taken in zip(COMMANDS, medians, strict=True):
        print(f"  {name:24} {taken:6.3f} s  {taken / alone:.2f}x")
    print(f"  limit for rules check {LIMIT}x")
    if medians[-1] > LIMIT * alone:
        raise SystemExit(1)


def _processor(arguments: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
