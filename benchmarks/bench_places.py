"""Many places: a nation's tree loaded, its counties screened, a new indicator counted.

The screening is held against that of commit 8a8acb5, checked out beside and measured in the same run by the
same program. Where this is no clone that has the commit, the ratio is not told.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measuring import ROOT, processor
from benchmarks.places.probe import LEVELS, nation
from engine.ingest.areas import COLUMNS, load_areas

BEFORE = "8a8acb5"
#: Areas of each level, and incidents.
SIZES = {
    750: ((1, 5, 44, 700, 0), 200_000),
    12_000: ((1, 31, 333, 2_850, 8_785), 800_000),
    44_000: ((1, 31, 333, 2_850, 40_785), 800_000),
}
#: What names of places are made of: characters drawn from all of them now and then spell what no area is for.
NAMED = "东西南北上下大小新老长平安永兴和丰泰宁远高清白青红黄金银石山河江湖海溪泉沙林松柏杨柳桃梅竹花田村塘"
#: Of the processor time of then; MB; processor seconds; seconds by the clock.
RATIO, PEAK, TREE, HOLD = 0.25, 400, 3.0, 1.0


def main() -> None:
    """Print what each size costs; exit with 1 where the largest is over a limit."""
    print("places: 100 daily rules by county over 400 days")
    for name, (sizes, incidents) in SIZES.items():
        tree, now = _tree(sizes), _probed(ROOT, sizes, incidents)
        print(
            f"  {name:6,} areas  {incidents:7,} incidents   tree {tree:5.2f} s"
            f"   screening {now['screening']:5.2f} s   peak {now['peak']:.0f} MB"
            f"   new indicator {now['filling']:5.1f} s, holds {now['hold']:.2f} s"
        )
    then = _then(sizes, incidents)
    ratio = now["screening"] / then["screening"] if then else None
    told = f"{ratio:.2f} of its processor time (limit {RATIO})" if ratio else "not in this clone"
    print(f"  {BEFORE}  {told}; limits: tree {TREE} s, peak {PEAK} MB, hold {HOLD} s")
    if (ratio or 0) > RATIO or now["peak"] > PEAK or tree > TREE or now["hold"] > HOLD:
        raise SystemExit(1)


def _tree(sizes: tuple[int, ...]) -> float:
    """The processor's seconds for reading the table of the areas."""
    with TemporaryDirectory() as folder:
        table = Path(folder) / "areas.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            for at, area in enumerate(nation(sizes)):
                zh = "".join(NAMED[(at * step) % len(NAMED)] for step in (1, 7, 31)) + "镇"
                rows.writerow((area.code, area.code, zh, area.level, area.parent, area.population, "", ""))
        return processor(load_areas, table, None, LEVELS)


def _probed(root: Path, sizes: tuple[int, ...], incidents: int) -> dict[str, float]:
    """What each step costs, in a process of its own: what one leaves behind is not the next one's."""
    probe, found = ROOT / "benchmarks" / "places" / "probe.py", dict[str, float]()
    with TemporaryDirectory() as folder:
        for step in ("load", "screen", "fill"):
            asked = [str(probe), step, folder, ",".join(map(str, sizes)), str(incidents)]
            told = subprocess.run(
                [sys.executable, *asked], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=True,
                capture_output=True, text=True,
            )  # fmt: skip
            found |= json.loads(told.stdout)
    return found


def _then(sizes: tuple[int, ...], incidents: int) -> dict[str, float] | None:
    packed = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        return None
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")
        return _probed(Path(folder), sizes, incidents)


if __name__ == "__main__":
    main()
