"""`python -m benchmarks.realsets [--data FOLDER] [words...]`: load each set whose name holds the words
twice and hold it against a plain count. The table is printed, and kept where no set is left out or differs.
Exit 1 where a count differs or a set is missing."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.evaluate.kit import SHARED
from benchmarks.realsets import load, parts, plain
from benchmarks.realsets.sets import SETS, Set

PAGE = Path(__file__).parents[2] / "docs" / "truth.md"
BEGIN, END = "<!-- written by python -m benchmarks.realsets -->\n", "<!-- end -->\n"
HEADER = """\
| set | read as | records | incidents | of a file | history, then live |
|---|---|---|---|---|---|
"""
FORMS = {"csv": "CSV", "json": "JSON", "geojson": "GeoJSON", "rss": "RSS", "cap": "CAP in Atom"}


@dataclass(frozen=True)
class Line:
    """What became of one set; troubles: everything that is not as the plain count has it."""

    name: str
    form: str
    read: int
    incidents: int
    troubles: dict[str, list[str]]

    def __str__(self) -> str:
        said = (("differs" if found else "equal") for found in self.troubles.values())
        return f"| {self.name} | {self.form} | {self.read:,} | {self.incidents:,} | {' | '.join(said)} |"


def compare(of: Set, folder: Path) -> Line:
    """Load a set both ways."""
    paths = of.paths(folder)
    counted = plain.count(of, paths)
    ways = {"file": False, "history, then live": True}
    troubles = {name: _loaded(of, paths, counted, live=live) for name, live in ways.items()}
    form = of.packed or FORMS[of.connector]
    return Line(of.name, form, counted.read, counted.incidents, troubles)


def _loaded(of: Set, paths: Iterable[Path], counted: plain.Counted, *, live: bool) -> list[str]:
    """What differs where all is a history; or where a half is, and the feed then tells all of it."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        (root / "live").mkdir()
        (root / "half").mkdir()
        whole = [parts.written(of, path, root / "live", half=False) for path in paths]
        pattern = whole[0].name if len(whole) == 1 else f"*{whole[0].suffix}"
        codes = load.settle(of, counted, root, f"live/{pattern}")
        if live:
            half = [parts.written(of, path, root / "half", half=True) for path in paths]
            accounts = [*load.ingest(root, counted, *half), *load.poll(root)]
        else:
            accounts = load.ingest(root, counted, *whole)
        found = load.counts(root, codes)
        return [*_accounts(accounts, counted, live), *_differences(counted.counts, found)]


def _accounts(rows: list[dict[str, object]], counted: plain.Counted, live: bool) -> Iterable[str]:
    """What the accounts say that they should not."""
    for row in rows:
        if row["error"] or row["rejected"]:
            yield f"{row['error'] or row['rejected']} (error or rejected)"
    read = rows[-1]["read"] if live else sum(int(str(row["read"])) for row in rows)
    if read != counted.read:
        yield f"{read} records read of {counted.read}"


def _differences(right: plain.Counts, found: plain.Counts) -> Iterable[str]:
    for key in sorted({*right, *found}):
        if right[key] != found[key]:
            yield f"{key[0] or 'the country'} on {key[1]}: {found[key]} where {right[key]} is right"


def main(arguments: list[str]) -> int:
    """The table of the sets."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realsets")
    parser.add_argument("words", nargs="*")
    parser.add_argument("--data", type=Path, default=SHARED)
    given = parser.parse_args(arguments)
    words, folder = given.words, given.data
    chosen = [one for one in SETS if all(word.casefold() in one.name.casefold() for word in words)]
    lines, bad = [], False
    print(HEADER, end="")
    for of in chosen:
        if not of.paths(folder):
            print(f"{of.name}: {of.files} is not under {folder}", file=sys.stderr)
            bad = True
            continue
        line = compare(of, folder)
        print(line, flush=True)
        lines.append(f"{line}\n")
        for way, troubles in line.troubles.items():
            bad = bad or bool(troubles)
            for trouble in troubles[:10]:
                print(f"    {way}: {trouble}", file=sys.stderr)
    if not words and not bad:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        PAGE.write_text(f"{before}{BEGIN}\n{HEADER}{''.join(lines)}\n{END}{after}", encoding="utf-8")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
