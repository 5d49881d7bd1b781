"""The tables of docs/privacy.md, out of the figures that the last run left beside this file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parent / "figures.json"
DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy.md"
#: Of innocent texts of any kind, less than this share may be masked.
LIMIT = 0.001
_START, _END = "<!-- written by benchmarks.privacy -->", "<!-- end of the figures -->"

Figures = dict[str, Any]


def good(figures: Figures) -> bool:
    """Nothing got past, and little is masked in vain, of every kind."""
    shares = [count / figures["strings"] for count in figures["masked"].values()]
    shares += [vain / max(read, 1) for read, vain in figures["real"].values()]
    return not any(figures["passed"].values()) and not figures["through"]["found"] and max(shares) < LIMIT


def tables(figures: Figures) -> str:
    """Three tables in Markdown: what was tried on the guard, innocent texts, real ones."""
    strings, through, passed = figures["strings"], figures["through"], figures["passed"]
    many = len(passed)
    connectors = through["connectors"]
    sent = through["strings"] * many * through["fields"] * len(connectors)
    ways = f"{len(connectors)} connectors ({', '.join(connectors)})"
    each = f"{many} kinds x {through['strings']:,} strings x {through['fields']} fields x {ways}"
    tried = [
        ("the guard", f"{many} kinds x {strings:,} strings = {many * strings:,}", str(sum(passed.values()))),
        ("the whole engine", f"{each} = {sent:,} records", str(through["found"])),
    ]
    vain = [
        (kind, f"{strings:,}", str(count), f"{count / strings:.3%}")
        for kind, count in figures["masked"].items()
    ]
    real = [(f"`{name}`", f"{read:,}", f"{count}", f"{count / max(read, 1):.3%}")
            for name, (read, count) in figures["real"].items()]  # fmt: skip
    return "\n\n".join((
        _table(("tried", "how many", "got past or were found"), tried),
        f"Kinds: {', '.join(passed)}.",
        _table(("generated, identifying nobody", "texts", "masked", "share"), vain),
        _table(("real, identifying nobody", "distinct texts", "masked", "share"), real),
    ))  # fmt: skip


def written(text: str, figures: Figures) -> str:
    """The document with these figures in it."""
    head, _, rest = text.partition(_START)
    return f"{head}{_START}\n\n{tables(figures)}\n\n{_END}{rest.partition(_END)[2]}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
