"""`python -m benchmarks.linking [--keep]`: how often two tellings of one event are found to be one.

The police's events of a year, and a second source made up of them: it tells some, at other minutes, in other
words and less exactly, and as many others that only it knows. What it tells of which event is known, so that
every link is right or wrong. The table is printed, and kept in docs/truth.md where that is asked for.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.bench_ingest import BATCH, ROOT, read
from engine import app
from engine.model.area import AreaTree
from engine.model.incident import Incident, Precision
from engine.model.same import Alike, SameAs
from engine.model.taxonomy import Taxonomy
from engine.store import incidents, telling
from engine.store.book import Book
from engine.store.database import Store

PAGE = Path(__file__).parents[1] / "docs" / "truth.md"
BEGIN, END = "<!-- written by python -m benchmarks.linking -->\n", "<!-- end of linking -->\n"
YEAR = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
#: Of the events, how many the second source tells; of what it tells, how many it places one level higher, and
#: names by the category above; and by how many minutes it is off, as often more as less.
TOLD, HIGHER, COARSER, MINUTES = 0.6, 0.2, 0.15, 20.0
WITHIN = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=6))
HEADER = """\
| `within` | links | right | precision | recall | seconds | where nothing is declared |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Line:
    """What came of one `within`."""

    within: timedelta
    links: int
    right: int
    wanted: int
    seconds: float
    plain: float

    def __str__(self) -> str:
        length = f"{self.within.total_seconds() / 3600:g} h"
        shares = f"{self.right / self.links:.1%} | {self.right / self.wanted:.1%}"
        seconds = f"{self.seconds:.1f} | {self.plain:.1f}"
        return f"| {length} | {self.links:,} | {self.right:,} | {shares} | {seconds} |"


def events(told: Sequence[Incident], alike: Alike) -> list[Incident]:
    """The year's harms, each in its latest revision, whose time is known to the minute."""
    latest = {one.identity: one for one in sorted(told, key=lambda one: one.known_at)}
    return [
        one for one in latest.values()
        if YEAR[0] <= one.occurred_at < YEAR[1] and not one.withdrawn
        and one.precision is Precision.MINUTE and alike.kin(one.category)
    ]  # fmt: skip


def second(of: Sequence[Incident], tree: AreaTree, taxonomy: Taxonomy) -> Iterator[Incident]:
    """What the other source tells: of an event under its id, of others under ids of its own."""
    rng = random.Random(20250101)
    for one in of:
        if rng.random() < TOLD:
            yield _retold(one, one.source_id, rng, tree, taxonomy)
        elsewhere = rng.choice(of)  # as likely where and what, and on another day
        if rng.random() < TOLD:
            moved = replace(elsewhere, occurred_at=one.occurred_at, known_at=one.known_at)
            yield _retold(moved, f"own-{one.source_id}", rng, tree, taxonomy)


def _retold(one: Incident, id_: str, rng: random.Random, tree: AreaTree, taxonomy: Taxonomy) -> Incident:
    at = one.occurred_at + timedelta(minutes=round(rng.gauss(0, MINUTES)))
    area, kind = one.areas[0], taxonomy[one.category]
    higher, coarser = tree[area].parent, kind.parent
    if rng.random() < HIGHER and higher is not None:
        area = higher
    if rng.random() < COARSER and coarser is not None:
        kind = taxonomy[coarser]
    return Incident(
        feed="other", source_id=id_, occurred_at=at, known_at=max(at, one.known_at) + timedelta(minutes=7),
        areas=(area,), category=kind.code,
    )  # fmt: skip


def load(told: Sequence[Incident], book: Book) -> tuple[float, list[tuple[str, str]]]:
    """The seconds of processor that storing it took, and which ids were linked."""
    with TemporaryDirectory() as folder, closing(Store.open(f"sqlite:///{folder}/s.db")) as store:
        begun = process_time()
        for start in range(0, len(told), BATCH):
            with store.begin() as tx:
                incidents.add(tx, told[start : start + BATCH], book)
        seconds = process_time() - begun
        with store.read() as tx:
            links = [(one[1], other[1]) for one, other, _ in telling.standing(tx)]
    return seconds, links


def lines() -> Iterator[Line]:
    home = app.home(ROOT, date(2026, 1, 1))
    settings, indicators = home.settings, home.book.indicators()
    everything = Alike.of({"other": (SameAs("se-police", WITHIN[0]),)}, settings.taxonomy, settings.tree)
    assert everything is not None
    here = events(read(home), everything)
    there = list(second(here, settings.tree, settings.taxonomy))
    told = sorted((*here, *there), key=lambda one: one.known_at)
    wanted = sum(not one.source_id.startswith("own-") for one in there)
    plain, _ = load(told, Book(settings.tree, indicators, settings.calendar))
    for within in WITHIN:
        alike = Alike.of({"other": (SameAs(here[0].feed, within),)}, settings.taxonomy, settings.tree)
        seconds, links = load(told, Book(settings.tree, indicators, settings.calendar, alike))
        right = sum(one == other for one, other in links)
        yield Line(within, len(links), right, wanted, seconds, plain)


def main() -> None:
    found = list(lines())
    table = HEADER + "".join(f"{line}\n" for line in found)
    print(table)
    if "--keep" in sys.argv:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + BEGIN + "\n" + table + "\n" + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
