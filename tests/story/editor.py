"""Somebody who never stops editing: run as a process of its own, against a folder that is being served.

Every set it leaves is whole, and no state in between is: it breaks one file before it touches the
others and mends it last. Usage: editor.py ROOT VARIANTS REST, where VARIANTS holds one folder of rules
each and the file REST says how long (seconds) to rest after an edit: readers slower than that never get
through.
"""

from __future__ import annotations

import itertools
import shutil
import sys
import time
from pathlib import Path

BROKEN = ("id: [", "id: county.nothing\ngrades: {}\n", "", "rules:\n  - id: county.burglary-su")
BREATH = 0.002


def tell(rest: Path, seconds: float) -> None:
    """Change how long it rests while it is at work."""
    fresh = rest.with_suffix(".fresh")
    fresh.write_text(str(seconds), encoding="utf-8")
    fresh.replace(rest)


def main(root: Path, variants: Path, told: Path) -> None:
    sets = sorted(variants.iterdir())
    for number in itertools.count(1):
        rest = float(told.read_text(encoding="utf-8"))
        # Now and then what is broken is mended only later.
        pause = BREATH if number % 3 else rest
        edit(root / "rules", sets[number % len(sets)], BROKEN[number % len(BROKEN)], pause)
        time.sleep(rest if number % 3 else BREATH)


def edit(rules: Path, wanted: Path, broken: str, pause: float) -> None:
    first, *others = sorted(path.name for path in wanted.iterdir())
    (rules / first).write_text(broken, encoding="utf-8")
    time.sleep(pause)
    for name in others:
        (rules / name).unlink()
        time.sleep(BREATH)
        shutil.copyfile(wanted / name, rules / name)
        time.sleep(BREATH)
    text = (wanted / first).read_text(encoding="utf-8")
    with (rules / first).open("w", encoding="utf-8") as file:
        file.write(text[: len(text) // 100])
        file.flush()
        time.sleep(BREATH)
        file.write(text[len(text) // 100 :])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
