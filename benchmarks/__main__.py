"""`make bench`, or `python -m benchmarks [names...]`: each in a process of its own, with its own peak."""

from __future__ import annotations

import subprocess
import sys

from engine.model.problem import nearest

BENCHES = {
    "start": "benchmarks.bench_start",
    "check": "benchmarks.bench_check",
    "ingest": "benchmarks.bench_ingest",
    "privacy": "benchmarks.bench_privacy",
    "screening": "benchmarks.bench_screening",
    "places": "benchmarks.bench_places",
    "find": "benchmarks.bench_find",
    "backtest": "benchmarks.bench_backtest",
    "trial": "benchmarks.bench_trial",
    "at_once": "benchmarks.bench_at_once",
    "infer": "benchmarks.bench_infer",
    "duty": "benchmarks.bench_duty",
    "push": "benchmarks.bench_push",
    "console": "benchmarks.bench_console",
    "chance": "benchmarks.bench_chance",
    "ears": "benchmarks.bench_ears",
    "dispersion": "benchmarks.bench_dispersion",
    "farrington": "benchmarks.bench_farrington",
    "cluster": "benchmarks.bench_cluster",
}


def main(names: list[str]) -> int:
    """Run the benches named, or all; 1 where one is over its limit, 2 where there is no such bench."""
    for name in names:
        if name not in BENCHES:
            print(f"there is no bench '{name}'{nearest(name, BENCHES)}", file=sys.stderr)
            return 2
    over = 0
    for name in names or BENCHES:
        over |= subprocess.run([sys.executable, "-m", BENCHES[name]], check=False).returncode != 0
        print(flush=True)
    return over


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
