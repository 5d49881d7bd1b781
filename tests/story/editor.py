"""Somebody who never stops editing: run as a process of its own, against a folder that is being served.

Every set it leaves is whole, and no state in between is: it breaks one file before it touches the
others and mends it last. Usage: editor.py ROOT VARIANTS, where VARIANTS holds one folder of rules each.
"""

from __future__ import annotations

import itertools
import shutil
import sys
import time
from pathlib import Path

BROKEN = ("id: [", "id: county.nothing\ngrades: {}\n", "", "rules:\n  - id: county.burglary-su")
BREATH = 0.002
REST = 0.15


def main(root: Path, variants: Path) -> None:
    sets = sorted(variants.iterdir())
    for number in itertools.count(1):
        # Now and then what is broken is mended only later.
        edit(root / "rules", sets[number % len(sets)], BROKEN[number % len(BROKEN)], number % 3 == 0)
        time.sleep(REST if number % 3 else BREATH)


def edit(rules: Path, wanted: Path, broken: str, late: bool) -> None:
    first, *others = sorted(path.name for path in wanted.iterdir())
    (rules / first).write_text(broken, encoding="utf-8")
    time.sleep(REST if late else BREATH)
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
    main(Path(sys.argv[1]), Path(sys.argv[2]))
