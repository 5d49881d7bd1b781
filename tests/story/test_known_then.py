"""What was known then: the ledger as of any past cut against a plain count over the source file.

The plain side knows nothing of ledgers: it reads the file through the feed's mapping and, for every cut,
keeps the last record of each incident known before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import app
from engine.cycle.panels import StorePanels
from engine.cycle.world import World
from engine.detect.measure import measure
from engine.detect.series import Past
from engine.ingest import batch
from engine.model.incident import Incident
from engine.model.indicator import Indicator
from engine.model.panel import DataState, Watch
from engine.model.period import Cycle
from engine.model.rule import Window
from engine.store import backfill, fold
from engine.store.book import Book
from tests.story.conftest import END, copy

FIRST, LAST = date(2023, 3, 27).toordinal(), date(2026, 1, 1).toordinal()
LEVELS = ("country", "county", "municipality")


@dataclass
class Source:
    """Every record of the police file, by incident and by when it became known."""

    world: World
    records: list[Incident]
    _hits: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    _places: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=dict)

    @cached_property
    def known(self) -> NDArray[np.float64]:
        return np.array([one.known_at.timestamp() for one in self.records])

    @cached_property
    def day(self) -> NDArray[np.int64]:
        calendar = self.world.settings.calendar
        return np.array([calendar.local_day(one.occurred_at).toordinal() for one in self.records])

    @cached_property
    def same(self) -> NDArray[np.bool_]:
        """Whether the next record is of the same incident."""
        pairs = zip(self.records, self.records[1:], strict=False)
        return np.array([*(a.identity == b.identity for a, b in pairs), False])

    def count(self, indicator: Indicator, level: str, first: int, cut: int) -> NDArray[np.float64]:
        """(areas, days first..cut - 1) of what the records known strictly before the cut say."""
        moment = self.world.settings.calendar.cut_at(date.fromordinal(cut)).timestamp()
        seen = self.known < moment
        latest = seen & ~(np.append(seen[1:], False) & self.same)
        wanted = latest & self._matching(indicator) & (self.day >= first) & (self.day < cut)
        record, area = self._placed(level)
        kept = wanted[record]
        grid = np.zeros((len(self.world.settings.tree.at(level)), cut - first))
        np.add.at(grid, (area[kept], self.day[record[kept]] - first), 1)
        return grid

    def _matching(self, indicator: Indicator) -> NDArray[np.bool_]:
        if indicator.key not in self._hits:
            hits = [indicator.matches(one) and not one.withdrawn for one in self.records]
            self._hits[indicator.key] = np.array(hits)
        return self._hits[indicator.key]

    def _placed(self, level: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(record, area) pairs: an incident counts once in each area of the level that holds it."""
        if level not in self._places:
            tree = self.world.settings.tree
            position = {code: at for at, code in enumerate(tree.at(level))}
            pairs = [
                (record, position[code])
                for record, one in enumerate(self.records)
                for code in {tree.ancestor_at(area, level) for area in one.areas}
                if code is not None
            ]
            record, area = np.array(pairs, np.int64).T
            self._places[level] = record, area
        return self._places[level]


@pytest.fixture(scope="module")
def worlds(ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, World]]:
    """The store as it was ingested, and a copy whose ledger was folded into its snapshot."""
    folder = tmp_path_factory.mktemp("known-then")
    with ExitStack() as stack:
        opened = {
            name: stack.enter_context(app.world(copy(ingested, folder / name), clock=lambda: END))
            for name in ("ingested", "folded")
        }
        with opened["folded"].store.begin() as tx:
            fold.fold(tx)
        yield opened


@pytest.fixture(scope="module")
def source(worlds: dict[str, World]) -> Source:
    world = worlds["ingested"]
    feed = world.settings.feeds["se-police"]
    fetch = world.connectors[feed.connector].fetch(feed.options, {})
    read = batch.read(fetch.records, feed, world.context, END)
    records = [one for one in read if isinstance(one, Incident)]
    assert len(records) > 70_000
    return Source(world, sorted(records, key=lambda one: (one.identity, one.known_at)))


def police(world: World) -> list[Indicator]:
    """The indicators that the police feed fills, in a fixed order."""
    covered = world.settings.feeds["se-police"].covers.categories
    found = [one for one in world.book.indicators().values() if one.categories & covered]
    return sorted(found, key=lambda one: one.key)


CUTS = st.integers(FIRST + 1, LAST)
EXAMPLES = settings(max_examples=120)


@pytest.mark.parametrize("state", ["ingested", "folded"])
@EXAMPLES
@given(data=st.data(), cut=CUTS, days=st.integers(1, 400), level=st.sampled_from(LEVELS))
def test_a_panel_holds_what_was_known_at_its_cut(
    state: str, data: st.DataObject, cut: int, days: int, level: str, worlds: dict[str, World], source: Source
) -> None:
    world = worlds[state]
    indicator = data.draw(st.sampled_from(police(world)))
    first = max(FIRST, cut - days)
    with world.store.read() as tx:
        deltas = StorePanels(tx, world.settings).deltas(indicator, level, first, cut)
    np.testing.assert_array_equal(
        deltas.grid(first, cut - 1, cut), source.count(indicator, level, first, cut)
    )


@EXAMPLES
@given(
    data=st.data(), cuts=st.lists(CUTS, min_size=1, max_size=6, unique=True), days=st.integers(1, 28),
    blocks=st.integers(0, 8), gap=st.integers(0, 7), level=st.sampled_from(LEVELS),
)  # fmt: skip
def test_the_series_of_many_cuts_are_each_what_was_known_at_its_own(
    data: st.DataObject, cuts: list[int], days: int, blocks: int, gap: int, level: str,
    worlds: dict[str, World], source: Source,
) -> None:  # fmt: skip
    """Measured together in one go, as backtests do, though each cut sees another past."""
    world, cuts = worlds["folded"], sorted(cuts)
    indicator = data.draw(st.sampled_from(police(world)))
    reach = days * (blocks + 1) + gap
    with world.store.read() as tx:
        deltas = StorePanels(tx, world.settings).deltas(indicator, level, cuts[0] - reach, cuts[-1])
    watch = Watch.always(len(deltas.areas))
    series = measure(deltas, watch, np.array(cuts), Window(days=days), Past(blocks, gap))
    for at, cut in enumerate(cuts):
        grid = source.count(indicator, level, cut - reach, cut)
        np.testing.assert_array_equal(series.observed[at], grid[:, reach - days :].sum(axis=1))
        earlier = grid[:, : days * blocks].reshape(len(deltas.areas), blocks, days).sum(axis=2)
        np.testing.assert_array_equal(series.baseline[at], earlier)


def test_an_indicator_of_another_taxonomy_is_counted_again_as_it_was_known(
    ingested: Path, tmp_path: Path, source: Source
) -> None:
    """Two categories that were counted apart become one; every past cut follows."""
    with app.world(copy(ingested, tmp_path / "again"), clock=lambda: END) as world:
        kept = [Indicator(one.categories | other.categories) for one, other in _pairs(police(world))]
        with world.store.begin() as tx:
            indicators = {one.key: one for one in kept}
            backfill.ensure(tx, Book(world.settings.tree, indicators, world.settings.calendar))
        with world.store.read() as tx:
            panels = StorePanels(tx, world.settings)
            for indicator in kept:
                for cut in range(FIRST + 9, LAST, 97):
                    found = panels.deltas(indicator, "county", FIRST, cut).grid(FIRST, cut - 1, cut)
                    np.testing.assert_array_equal(found, source.count(indicator, "county", FIRST, cut))


def _pairs(indicators: list[Indicator]) -> list[tuple[Indicator, Indicator]]:
    return [(indicators[0], indicators[1]), (indicators[2], indicators[-1])]


# --- where nobody was listening ----------------------------------------------------------------


def states(world: World, category: str, first: date, last: date, cut: date) -> list[DataState]:
    """The nation's data states of the days first..last, as known at the cut."""
    indicator = next(one for one in world.book.indicators().values() if category in one.categories)
    begin, end = first.toordinal(), cut.toordinal()
    with world.store.read() as tx:
        panels = StorePanels(tx, world.settings)
        counts = panels.deltas(indicator, "country", begin, end).grid(begin, end - 1, end)
        found = panels.watch(indicator, "country", begin, end).states(begin, end, counts)
    return [DataState(int(state)) for state in found[0, : last.toordinal() - begin + 1]]


def failed(world: World, category: str, first: date, last: date, cut: date) -> list[date]:
    found = states(world, category, first, last, cut)
    return [first + timedelta(days=n) for n, one in enumerate(found) if one is DataState.LOWER_BOUND]


def span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


#: The days of which at least half was lost: the catalogue fell silent, and was heard again, at two
#: o'clock in the afternoon.
SILENCES = {
    "police 2023": ("property.theft", date(2023, 10, 19), date(2023, 10, 24)),
    "police 2025": ("property.theft", date(2025, 5, 16), date(2025, 5, 19)),
    "catalogue 2024": ("vulnerability.exploited", date(2023, 10, 26), date(2024, 6, 21)),
}


@pytest.mark.parametrize("silence", sorted(SILENCES))
def test_a_silence_shows_as_source_failure_and_nothing_around_it_does(
    silence: str, worlds: dict[str, World]
) -> None:
    category, first, last = SILENCES[silence]
    around = timedelta(days=10)
    cut = last + around + timedelta(days=1)
    assert failed(worlds["folded"], category, first - around, last + around, cut) == span(first, last)


@pytest.mark.parametrize("silence", sorted(SILENCES))
def test_while_it_lasts_the_days_since_the_last_poll_are_not_taken_for_quiet(
    silence: str, worlds: dict[str, World]
) -> None:
    category, first, last = SILENCES[silence]
    for cut in span(first + timedelta(days=5), last)[:40]:
        yesterday = cut - timedelta(days=1)
        assert failed(worlds["folded"], category, first, yesterday, cut) == span(first, yesterday)


def test_every_month_the_catalogue_was_dead_is_blind_throughout(worlds: dict[str, World]) -> None:
    months = [date(2023, 11, 1), *(date(2024, month, 1) for month in range(1, 6))]
    calendar = worlds["folded"].settings.calendar
    for month in months:
        end = calendar.period(Cycle.MONTHLY, month).cut
        days = span(month, end - timedelta(days=1))
        assert failed(worlds["folded"], "vulnerability.exploited", month, days[-1], end) == days


def test_a_quiet_day_in_a_municipality_is_a_zero_not_a_failure(
    worlds: dict[str, World], source: Source
) -> None:
    """Outside the silences nobody calls a zero unknown, nor an unknown a zero."""
    world, day = worlds["folded"], date(2025, 3, 5)
    indicator = police(world)[0]
    begin, end = day.toordinal(), day.toordinal() + 1
    with world.store.read() as tx:
        panels = StorePanels(tx, world.settings)
        counts = panels.deltas(indicator, "municipality", begin, end).grid(begin, begin, end)
        found = panels.watch(indicator, "municipality", begin, end).states(begin, end, counts)
    expected = np.where(source.count(indicator, "municipality", begin, end) > 0, 0, 1)
    np.testing.assert_array_equal(found, expected)
