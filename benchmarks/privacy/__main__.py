"""`python -m benchmarks.privacy`: measure the guard anew and write the figures into docs/privacy.md."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import Any

from benchmarks.privacy import innocents, kinds, page
from benchmarks.privacy.leak import holds, leaks
from benchmarks.privacy.root import FIELDS, WRITERS
from engine.guard.guard import Guard


def measure(strings: int, through: int, seed: int) -> dict[str, Any]:
    """Strings of each kind past the guard alone, and through every connector; then what it masks in vain."""
    guard = Guard()
    passed = {
        kind: sum(holds(guard.mask(text), secret) for text, secret in kinds.made(kind, strings, seed))
        for kind in kinds.KINDS
    }
    found = list(leaks(through, seed))
    for leak in found[:20]:
        print(f"{leak.kind} in {leak.field}: {leak.secret!r} stands in {leak.where}: {leak.around!r}")
    masked = {
        kind: sum(guard.mask(text) != text for text in innocents.made(kind, strings, seed))
        for kind in innocents.INNOCENTS
    }
    real, vain = Counter(), Counter()
    for name, text in innocents.real():
        real[name] += 1
        vain[name] += guard.mask(text) != text
    return {
        "strings": strings, "passed": passed,
        "through": {
            "strings": through, "fields": len(FIELDS), "connectors": sorted(WRITERS), "found": len(found),
        },
        "masked": masked, "real": {name: [real[name], vain[name]] for name in real},
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Write figures and page; 1 where something got past, or more is masked in vain than is allowed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.privacy", description=__doc__)
    parser.add_argument("--strings", type=int, default=5_000, help="of each kind past the guard alone")
    parser.add_argument("--through", type=int, default=100, help="of each kind in each field, each connector")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    figures = measure(asked.strings, asked.through, asked.seed)
    page.FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = page.written(page.DOCUMENT.read_text(encoding="utf-8"), figures)
    page.DOCUMENT.write_text(text, encoding="utf-8")
    print(page.tables(figures))
    return int(not page.good(figures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
