"""The made-up county, its duty log ingested once; and short ways to write down spells and spans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine import app
from engine.backtest.history import Span, Spell
from engine.backtest.match import Against
from engine.backtest.run import Backtest, backtest
from engine.backtest.warm import warmed
from engine.cycle import collect
from engine.cycle import run as running
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.ingest import truth
from engine.model.area import Area, AreaTree
from engine.model.grade import Grade
from engine.model.period import Calendar
from engine.model.text import Text
from engine.store import known
from tests.story import county

CALENDAR = Calendar()
#: Day 0 of every made-up history.
ZERO = date(2026, 3, 2)
SPAN = Span(ZERO, ZERO + timedelta(days=9), CALENDAR)
TREE = AreaTree.of(
    ("county", "town"),
    [
        Area("C", Text("County"), "county"),
        *(Area(code, Text(code), "town", "C") for code in ("T1", "T2")),
    ],
)


def at(day: float) -> datetime:
    """So many days after the cut that opens day 0."""
    return CALENDAR.cut_at(ZERO) + timedelta(days=day)


def spell(
    area: str, opened: float, closed: float | None, grade: Grade = Grade.BLUE, topic: str = "t"
) -> Spell:
    """A warning from one day's cut to another's."""
    return Spell((area, topic), ((at(opened), grade),), None if closed is None else at(closed))


@pytest.fixture(scope="session")
def county_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's folder, every line of its log ingested and nothing judged."""
    root = county.build(tmp_path_factory.mktemp("county"))
    with app.world(root, clock=lambda: county.END) as world:
        running.prepare_ledger(world)
        collected = collect.poll(world, world.settings.feeds["log"])
        assert not collected.error and collected.new > 30
    return root


@pytest.fixture
def world(county_root: Path) -> Iterator[World]:
    with app.world(county_root, clock=lambda: county.END) as opened:
        yield opened


@pytest.fixture(scope="session")
def county_span() -> Span:
    first = county.FIRST.date()
    return Span(first, first + timedelta(days=county.DAYS), Calendar())


def moments_of(world: World, span: Span) -> list[datetime]:
    """When an explosion of the log became known."""
    with world.store.read() as tx:
        return list(known.moments(tx, {"violence.explosion"}, warmed(span, world.book).begin, span.until))


def tried(world: World, span: Span, against: Against | None) -> Backtest:
    """The county's backtest; `against`: with truth, chance is estimated as well."""
    settings = world.settings
    return backtest(
        world.book, LedgerSource.of(world), settings.tree, settings.topics, span, terms=world.terms,
        moments=moments_of(world, span), against=against, replicates=1 if against else 0,
    )  # fmt: skip


TRUTH = """area,topic,start,end,label,onset
T2,burglary,2026-03-05,2026-03-08,a gang at work,yes
T3,burglary,2026-03-05,2026-03-06,another,
C,burglary,2026-03-01,2026-03-31,none,
"""


@pytest.fixture(scope="session")
def done(county_root: Path, county_span: Span, tmp_path_factory: pytest.TempPathFactory) -> Backtest:
    """The county lived through once more, and measured."""
    path = tmp_path_factory.mktemp("truth") / "truth.csv"
    path.write_text(TRUTH, encoding="utf-8")
    with app.world(county_root, clock=lambda: county.END) as world:
        tree, domains = world.settings.tree, world.settings.domains
        return tried(world, county_span, Against(truth.read(path, tree, domains), tree, domains))


@pytest.fixture(scope="session")
def untold(county_root: Path, county_span: Span) -> Backtest:
    """The same, with nobody to say what really happened."""
    with app.world(county_root, clock=lambda: county.END) as world:
        return tried(world, county_span, None)
