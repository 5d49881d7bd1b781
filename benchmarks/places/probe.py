"""One generated nation, loaded, screened once, or asked for a new indicator; prints what it cost as JSON.

It imports only names that commit 8a8acb5 knew already, so that the same file measures both: run with the
root of another checkout as the current folder, it measures that one.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from itertools import count, islice
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

from engine.cycle.panels import StorePanels
from engine.judge import find
from engine.model.area import Area, AreaTree
from engine.model.feed import Covers, Feed, Subject
from engine.model.grade import Domain, Grade
from engine.model.incident import Incident, Precision
from engine.model.indicator import Indicator
from engine.model.period import Calendar, Cycle
from engine.model.rule import Rule, RuleBook, Rung, Test, Window
from engine.model.text import Text
from engine.store import health, incidents, tally
from engine.store.database import Store, Tx
from engine.store.tally import Book


def _since(name: str) -> Any:
    """A part of the store that there was not yet then."""
    return import_module(f"engine.store.{name}") if find_spec(f"engine.store.{name}") else None


backfill = _since("backfill")
fold = (_since("fold") or tally).fold

LEVELS = ("nation", "province", "prefecture", "county", "township")
CUT, DAYS, BATCH, RULES, KINDS = date(2026, 1, 1), 400, 20_000, 100, 50
MOMENT = datetime(2026, 1, 1, 7, tzinfo=UTC)

#: What the rules ask, one after the other.
ASKED: tuple[tuple[Window, tuple[Test, ...]], ...] = (
    (Window(days=7, baseline=54, gap=7), (Test.of("rare", alpha=0.003), Test.of("at_least", count=3))),
    (Window(days=7, baseline=54), (Test.of("ears"), Test.of("at_least", count=3))),
    (Window(days=28, baseline=13), (Test.of("rare", alpha=0.0003),)),
    (Window(days=1, baseline=182, gap=7), (Test.of("rare", alpha=0.0003), Test.of("at_least", count=2))),
)


@dataclass(frozen=True)
class Ground:
    """What panels need of the settings."""

    feeds: dict[str, Feed]
    tree: AreaTree
    calendar: Calendar


def nation(sizes: tuple[int, ...]) -> AreaTree:
    """So many areas of every level, each below one of the level above in turn."""
    areas: list[Area] = []
    above: list[str] = []
    for level, size in zip(LEVELS, sizes, strict=False):
        codes = [f"{level}-{at:05}" for at in range(size)]
        for at, code in enumerate(codes):
            parent = above[at * len(above) // size] if above else None
            areas.append(Area(code, Text(code), level, parent, population=20_000 + at % 977 * 500))
        above = codes
    return AreaTree.of(LEVELS, areas)


def rules() -> list[Rule]:
    """Rules by county, two on every kind of incident."""
    found = []
    for number in range(RULES):
        window, tests = ASKED[number % len(ASKED)]
        found.append(Rule(
            id=f"rule-{number:03}", title=Text("Rule"), domain=Domain.SAFETY, topic=f"topic-{number:03}",
            cycle=Cycle.DAILY, level="county", window=window, rungs=(Rung(Grade.YELLOW, tests),),
            indicator=Indicator(frozenset({f"kind{number % KINDS:02}"})), hash=f"{number:03}",
        ))  # fmt: skip
    return found


def reports(counties: tuple[str, ...], size: int) -> Iterator[Incident]:
    """Incidents of all kinds in all counties, known within the hours after."""
    random = Random(12)
    for number in range(size):
        at = MOMENT - timedelta(minutes=random.randrange(DAYS * 1440))
        yield Incident(
            feed="log", source_id=f"{number:07}", occurred_at=at, precision=Precision.MINUTE,
            known_at=min(at + timedelta(minutes=random.randrange(1, 2000)), MOMENT),
            areas=(random.choice(counties),), category=f"kind{random.randrange(KINDS):02}", severity=1,
        )  # fmt: skip


def ground(tree: AreaTree) -> Ground:
    """One feed that covers all of it."""
    covers = Covers(
        areas=tree.at("nation"), categories=frozenset(f"kind{kind:02}" for kind in range(KINDS)),
        since=CUT - timedelta(days=DAYS),
    )  # fmt: skip
    feed = Feed(
        id="log", title=Text("Log"), connector="csv", subject=Subject.INCIDENT, options=None, mapping=None,
        covers=covers, poll=timedelta(hours=1), max_silence=timedelta(days=2),
    )  # fmt: skip
    return Ground({"log": feed}, tree, Calendar())


def load(store: Store, on: Ground, book: Book, size: int) -> None:
    """Bring in all reports, and the polls that brought them."""
    told = reports(on.tree.at("county"), size)
    for _ in count():
        batch = list(islice(told, BATCH))
        if not batch:
            break
        with store.begin() as tx:
            incidents.add(tx, batch, book)
    with store.begin() as tx:
        hours = [MOMENT - timedelta(hours=hour) for hour in range(DAYS * 24)]
        health.record(tx, "log", hours, known_at=MOMENT)
        fold(tx)


def main(step: str, folder: Path, sizes: tuple[int, ...], size: int) -> None:
    """Print what one step costs: the processor's seconds, the screening's own peak (MB), and the longest that
    others had to wait."""
    on, asked = ground(nation(sizes)), rules()
    book = Book(on.tree, {one.indicator.key: one.indicator for one in asked if one.indicator}, on.calendar)
    with closing(Timed.open(f"sqlite:///{folder}/places.db")) as store:
        if step == "load":
            told = {"loading": _processor(load, store, on, book, size)}
        elif step == "screen":
            told = _screened(store, on, asked)
        else:
            told = _filled(store, book)
    print(json.dumps(told))


def _screened(store: Store, on: Ground, asked: list[Rule]) -> dict[str, float]:
    import_module("scipy.special")  # whoever imports it when: it is no part of a screening
    fresh_peak()
    book, told = RuleBook({one.id: one for one in asked}), []

    def screen() -> None:
        with store.read() as tx:
            (found,) = find(asked, StorePanels(tx, on), [CUT], book=book)
            told.extend(found.outcomes)

    taken = _processor(screen)
    return {"screening": taken, "findings": len(told), "peak": peak()}


class Timed(Store):
    """Remembers how long its longest writing transaction took, by the clock."""

    longest = 0.0

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        with super().begin() as tx:
            begin = perf_counter()
            yield tx
        self.longest = max(self.longest, perf_counter() - begin)


def _filled(store: Timed, book: Book) -> dict[str, float]:
    """A new indicator, of everything that happened: seconds, and the longest that others had to wait."""
    if not backfill:
        return {}
    everything = Indicator(frozenset(f"kind{kind:02}" for kind in range(KINDS)))
    more = Book(book.tree, {**book.indicators, everything.key: everything}, book.calendar)
    taken = _processor(backfill.fill, store, more)
    return {"filling": taken, "hold": store.longest}


def fresh_peak() -> None:
    """Let the system count the largest resident size from here on, where it can."""
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")


def peak() -> float:
    """The largest resident size since then (MB)."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _processor(work: Callable[..., Any], *arguments: Any) -> float:
    begin = process_time()
    work(*arguments)
    return process_time() - begin


if __name__ == "__main__":
    step_, folder_, sizes_, size_ = sys.argv[1:]
    main(step_, Path(folder_), tuple(int(part) for part in sizes_.split(",")), int(size_))
