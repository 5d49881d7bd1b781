"""`make evaluate`, or `python -m benchmarks.evaluate [names...]`: measure, print, and keep the figures."""

from __future__ import annotations

import json
import sys

from benchmarks.evaluate import page
from benchmarks.evaluate.kit import KITS, SHARED
from benchmarks.evaluate.measure import measure
from engine.model.problem import nearest


def main(names: list[str]) -> int:
    """Measure the kits named, or all, as far as their raw files are there; 1 where learned claims were not
    kept, 2 where there is no such kit."""
    for name in names:
        if name not in KITS:
            print(f"there is no kit '{name}'{nearest(name, KITS)}; known: {', '.join(KITS)}", file=sys.stderr)
            return 2
    found: list[str] = []
    for kit in (KITS[name] for name in names or KITS):
        if not kit.source(SHARED).is_file():
            print(f"{kit.name}: not measured; its raw file {kit.raw} is not under ../shared/data")
            continue
        figures = measure(kit, SHARED)
        kept = json.dumps(figures, ensure_ascii=False, indent=1)
        page.stored(kit).write_text(kept + "\n", encoding="utf-8")
        print(f"{kit.title}, {figures['from']} to {figures['to']}\n\n{page.tables(figures)}\n", flush=True)
        found += page.broken(figures)
    page.DOCUMENT.write_text(page.written(page.DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    for line in found:
        print(f"not kept: {line}", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
