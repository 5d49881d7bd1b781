"""Try every attempt, and write the figures of docs/charter.md and docs/privacy.md:
`python -m benchmarks.redteam`."""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from benchmarks.redteam.attempt import DATA, Files, apply, base, problems
from engine.charter import terms
from engine.charter.codebook import CODEBOOKS

_DOCS = Path(__file__).parents[2] / "docs"
#: The pages, and the sections of each that are written here.
DOCUMENTS = {_DOCS / "charter.md": ("figures", "codebooks"), _DOCS / "privacy.md": ("figures",)}
PARTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


class Tried(NamedTuple):
    """One entry and the names of the problems that refuse it; none: it is taken."""

    entry: Mapping[str, Any]
    names: frozenset[str]


def attempts() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The parts of attempts.yaml, in their order."""
    written: Mapping[str, Sequence[Mapping[str, Any]]] = yaml.safe_load(_text("attempts.yaml"))
    return written


def honest() -> Sequence[Mapping[str, Any]]:
    """The entries of honest.yaml."""
    written: Sequence[Mapping[str, Any]] = yaml.safe_load(_text("honest.yaml"))
    return written


def tried(entries: Sequence[Mapping[str, Any]], files: Files) -> Iterator[Tried]:
    """What becomes of each entry."""
    with tempfile.TemporaryDirectory() as folder:
        for entry in entries:
            found = problems(Path(folder) / "root", apply(files, entry))
            yield Tried(entry, frozenset(problem.name for problem in found))


def figures(parts: Mapping[str, Sequence[Tried]], taken: Sequence[Tried]) -> str:
    """The table of docs/charter.md, and the counts below it."""
    with (DATA / "measured.csv").open(encoding="utf-8") as table:
        before = {row["part"]: row for row in csv.DictReader(table)}
    lines = [
        "| part of attempts.yaml | attempts | refused before this code | at the first measurement | now |",
        "|---|---|---|---|---|",
    ]
    for part, results in parts.items():
        of, row = len(results), before[part]
        old = _share(int(row["before"]), of) if row["before"] else "not measured"
        now = sum(1 for result in results if result.names)
        lines.append(f"| {part} | {of} | {old} | {_share(int(row['at_first']), of)} | {_share(now, of)} |")
    names = Counter(name for results in parts.values() for result in results for name in result.names)
    said = ", ".join(f"`{name}` {number}" for name, number in names.most_common())
    refused = [result for result in taken if result.names]
    meanings = sorted(path.name.removesuffix(".txt") for path in terms.FOLDER.iterdir())
    words = sum(1 for meaning in meanings for _ in terms.written(meaning))
    return "\n".join([
        *lines, "",
        f"What refused them now: {said}.", "",
        (
            f"Of {len(taken)} honest entries {len(refused)} are refused. The charter knows {words:,} terms in"
            f" {len(meanings)} lists."
        ),
    ])  # fmt: skip


def codebooks() -> str:
    """The table of event codebooks."""
    lines = ["| codebook | known by | codes of harm begin with |", "|---|---|---|"]
    for name, book in CODEBOOKS.items():
        known = ", ".join(sorted(book.names))
        lines.append(f"| {name} | {known} | {', '.join(book.harms) or 'none'} |")
    return "\n".join(lines)


def written(text: str, **sections: str) -> str:
    """The page with each section between its two marks as given."""
    for name, section in sections.items():
        start, end = f"<!-- {name}: written by benchmarks.redteam -->", f"<!-- end of {name} -->"
        head, _, rest = text.partition(start)
        text = f"{head}{start}\n\n{section}\n\n{end}{rest.partition(end)[2]}"
    return text


def _text(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")


def _share(number: int, of: int) -> str:
    return f"{number} ({number / of:.1%})"


def main() -> int:
    files = base()
    parts = {part: list(tried(entries, files)) for part, entries in attempts().items()}
    taken = list(tried(honest(), files))
    sections = {"figures": figures(parts, taken), "codebooks": codebooks()}
    for document, names in DOCUMENTS.items():
        page = written(document.read_text(encoding="utf-8"), **{name: sections[name] for name in names})
        document.write_text(page, encoding="utf-8")
    wrong = [(result.entry["tries"], "taken") for one in parts.values() for result in one if not result.names]
    wrong += [(result.entry["writes"], "refused") for result in taken if result.names]
    for what, how in wrong:
        print(f"{how}: {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
