"""Ingest of the bundled Swedish revisions, as ratios to the same rows written by a bare executemany.

The store's part runs from incidents in memory to committed tables, revisions, ledger and repetitions
included; the whole way adds reading the file, normalising, the privacy guard and the gazetteer.
"""

from __future__ import annotations

import gc
import resource
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from connectors import CONNECTORS
from engine import app
from engine.ingest import batch
from engine.model.incident import Incident
from engine.store import incidents
from engine.store.database import Store
from engine.store.tables import incident, sighting, tally
from engine.store.tally import Book

#: At least so many times the speed of an executemany into the same tables, and into one without any key.
SAME, BARE = 0.3, 0.08
ROOT = Path(__file__).resolve().parent.parent
FEED, BATCH, RUNS = "se-police", 5_000, 5
NOW = datetime(2026, 1, 1, tzinfo=UTC)

Tables = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True)
class Times:
    """Seconds of one round: our store, the same tables, one table without any key."""

    ours: float
    same: float
    bare: float
    #: The largest resident size until our store was done (MB).
    peak: int


def read(home: app.Home) -> list[Incident]:
    """The bundled file as the feed's connector and mapping read it."""
    feed = home.settings.feeds[FEED]
    records = CONNECTORS[feed.connector].fetch(feed.options, {}).records
    found = batch.read(records, feed, home.settings.ingest, NOW)
    return [one for one in found if isinstance(one, Incident)]


def ours(path: Path, told: Sequence[Incident], book: Book) -> float:
    """Seconds to store everything in batches, each a transaction of its own."""
    with closing(Store.open(f"sqlite:///{path}")) as store:
        begin = perf_counter()
        for start in range(0, len(told), BATCH):
            with store.begin() as tx:
                incidents.add(tx, told[start : start + BATCH], book)
        return perf_counter() - begin


def contents(path: Path) -> Tables:
    """Every row that `ours` wrote, in the order of the keys."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table.name: connection.execute(f"SELECT * FROM {table.name}").fetchall()
            for table in (incident, sighting, tally)
        }


def plainly(path: Path, tables: Tables) -> float:
    """Seconds to write rows into tables that are there, one executemany each, in one transaction."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")
        begin = perf_counter()
        connection.execute("BEGIN")
        for name, rows in tables.items():
            places = ",".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {name} VALUES ({places})", rows)
        connection.execute("COMMIT")
        return perf_counter() - begin


def round_(folder: Path, told: Sequence[Incident], book: Book) -> tuple[Times, Tables]:
    """One round on new files, so that all three meet the same machine."""
    seconds = ours(folder / "ours.db", told, book)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    written = contents(folder / "ours.db")
    Store.open(f"sqlite:///{folder}/same.db").close()
    same = plainly(folder / "same.db", written)
    with closing(sqlite3.connect(folder / "bare.db")) as connection:
        connection.execute(f"CREATE TABLE incident ({','.join(incident.c.keys())})")
    bare = plainly(folder / "bare.db", {"incident": written["incident"]})
    return Times(seconds, same, bare, peak), written


def main() -> None:
    """Print the ratios, larger is better, and the peak of memory; exit with 1 where one is below its
    floor."""
    home = app.home(ROOT, date(2026, 1, 1))
    begin = perf_counter()
    told = read(home)
    reading = perf_counter() - begin
    book = Book(home.settings.tree, home.book.indicators(), home.settings.calendar)
    gc.collect()
    gc.freeze()  # the input is no part of what is measured
    rounds = []
    for _ in range(RUNS):
        with TemporaryDirectory() as folder:
            times, written = round_(Path(folder), told, book)
        rounds.append(times)
    store, same, bare = (median(getattr(one, name) for one in rounds) for name in ("ours", "same", "bare"))
    rows = ", ".join(f"{len(of):,} {name}" for name, of in written.items())
    print(f"ingest: {len(told):,} revisions, {len(home.book.indicators())} indicators: {rows}")
    print(f"  store, committed     {store:7.3f} s   {len(told) / store:,.0f} revisions/s")
    print(f"  same tables          {same:7.3f} s   ratio {same / store:.2f}   (floor {SAME})")
    print(f"  one bare table       {bare:7.3f} s   ratio {bare / store:.2f}   (floor {BARE})")
    whole = reading + store
    print(f"  whole way from file  {whole:7.3f} s   ratios {same / whole:.2f} and {bare / whole:.3f}")
    print(f"  peak memory          {rounds[0].peak} MB")
    if same < SAME * store or bare < BARE * store:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
