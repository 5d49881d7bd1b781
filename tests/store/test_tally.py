"""The ledger: what it holds as of any cut equals what the incidents known then say."""

from __future__ import annotations

import random
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import StoreError
from engine.model.area import Area, AreaTree
from engine.model.incident import Incident, Precision
from engine.model.indicator import Indicator
from engine.model.panel import Deltas
from engine.model.period import Calendar
from engine.model.text import Text
from engine.store import backfill, fold, incidents
from engine.store.database import Store, Tx
from engine.store.tally import Book
from engine.store.tally_reader import TallyReader

Make = Callable[..., Incident]

DAY = date(2025, 1, 1).toordinal()
LAST = DAY + 20
FIRST = datetime(2025, 1, 1, 12, tzinfo=UTC)


def grid(tx: Tx, book: Book, indicator: Indicator, cut: int, seq: int | None = None) -> NDArray[np.float64]:
    """(areas, days) of the ledger at the cut, over all areas of the tree."""
    areas = [area.code for area in book.tree]
    found = TallyReader(tx, seq).deltas(indicator.key, areas, DAY, LAST, cut)
    return found.grid(DAY, LAST, cut, totals=indicator.measure != "incidents")


def counted(
    records: Iterable[Incident], book: Book, indicator: Indicator, cut: int
) -> NDArray[np.float64]:
    """The same from the plain records: the latest of each incident known before the cut."""
    known = [r for r in records if r.known_at < book.calendar.cut_at(date.fromordinal(cut))]
    latest = {r.identity: r for r in sorted(known, key=lambda r: r.known_at)}
    areas = [area.code for area in book.tree]
    expected = np.zeros((len(areas), LAST - DAY + 1))
    for one in latest.values():
        if one.withdrawn or one.precision is Precision.UNKNOWN or not indicator.matches(one):
            continue
        day = book.calendar.local_day(one.occurred_at).toordinal()
        for code in {above for area in one.areas for above in book.tree.lineage(area)}:
            expected[areas.index(code), day - DAY] += indicator.amount(one)
    return expected


def add(store: Store, book: Book, batch: Sequence[Incident]) -> None:
    with store.begin() as tx:
        incidents.add(tx, batch, book)


def agree(store: Store, book: Book, records: Sequence[Incident]) -> None:
    """Fail unless ledger and records agree on every indicator at every cut."""
    areas = [area.code for area in book.tree]
    with store.read() as tx:
        for indicator in book.indicators.values():
            rows = TallyReader(tx).deltas(indicator.key, areas, DAY, LAST, LAST + 1)
            for cut in range(DAY, LAST + 2):
                found = rows.grid(DAY, LAST, cut, totals=indicator.measure != "incidents")
                np.testing.assert_array_equal(found, counted(records, book, indicator, cut))
            middle = counted(records, book, indicator, DAY + 4)
            np.testing.assert_array_equal(grid(tx, book, indicator, DAY + 4), middle)


VARIANTS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["theft", "fire", "other"]),
        "areas": st.sampled_from([("A1",), ("A2",), ("B1",), ("A",), ("A1", "A2"), ("A1", "B")]),
        "day": st.integers(1, 4),
        "withdrawn": st.sampled_from([False, False, False, True]),
        "precision": st.sampled_from([Precision.MINUTE, Precision.DAY, Precision.UNKNOWN]),
        "measures": st.sampled_from([{}, {"hectares": 2.0}, {"hectares": 0.5}]),
    }
)
RECORDS = st.lists(
    st.tuples(st.sampled_from(["1", "2"]), st.integers(0, 300), VARIANTS),
    min_size=1, max_size=12, unique_by=lambda record: record[:2],
)  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the tables in it, to be copied for every example."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    Store.open(f"sqlite:///{path}").close()
    return path


@settings(max_examples=100, deadline=None)
@given(records=RECORDS, repeated=st.lists(st.integers(0, 300), max_size=4), data=st.data())
def test_the_ledger_is_the_panel_of_what_was_known(
    records: list[tuple[str, int, dict[str, object]]], repeated: list[int], data: st.DataObject,
    book: Book, make: Make, empty: Path,
) -> None:  # fmt: skip
    """Whatever the revisions, in whatever order and batches they arrive, folded or not."""
    told = [
        make(id_, **variant, known_at=FIRST + timedelta(hours=hours)) for id_, hours, variant in records
    ]
    taken = {(one.source_id, one.known_at) for one in told}
    for hours in repeated[: len(told)]:
        again = replace(told[hours % len(told)], known_at=FIRST + timedelta(hours=hours, minutes=30))
        if (again.source_id, again.known_at) not in taken:
            told.append(again)
            taken.add((again.source_id, again.known_at))
    arriving = data.draw(st.permutations(told))
    path = shutil.copy(empty, tempfile.mkdtemp(dir=empty.parent))
    with closing(Store.open(f"sqlite:///{path}", migrate=False)) as store:
        while arriving:
            size = data.draw(st.integers(1, len(arriving)))
            add(store, book, arriving[:size])
            arriving = arriving[size:]
            if data.draw(st.booleans()):
                with store.begin() as tx:
                    fold.fold(tx)
        agree(store, book, told)


def _random_history(make: Make, seed: int) -> list[Incident]:
    chance = random.Random(seed)
    return [
        make(
            str(number), day=chance.randint(1, 8), areas=(chance.choice(["A1", "A2", "B1", "B"]),),
            category=chance.choice(["theft", "fire"]), measures={"hectares": chance.randint(1, 9) / 2},
            withdrawn=chance.random() < 0.1, known_at=FIRST + timedelta(minutes=known),
        )
        for number in range(40) for known in chance.sample(range(12_000), chance.randint(1, 4))
    ]  # fmt: skip


def test_it_is_so_on_both_databases(store: Store, book: Book, make: Make) -> None:
    told = _random_history(make, 1)
    arriving = random.Random(2).sample(told, len(told))
    for start in range(0, len(arriving), 17):
        add(store, book, arriving[start : start + 17])
        if start % 3 == 0:
            with store.begin() as tx:
                fold.fold(tx)
    agree(store, book, told)


def test_a_replay_sees_the_ledger_of_its_transaction(
    store: Store, book: Book, make: Make, theft: Indicator
) -> None:
    """Before, at and after the snapshot's transaction alike."""
    told = _random_history(make, 3)
    batches = [told[start : start + 20] for start in range(0, len(told), 20)]
    for batch in batches[:3]:
        add(store, book, batch)
    with store.begin() as tx:
        assert fold.fold(tx) == 3
    for batch in batches[3:]:
        add(store, book, batch)
    seen = [0]
    with store.read() as tx:
        for seq, batch in zip((1, 2, 3, *range(5, 5 + len(batches) - 3)), batches, strict=True):
            seen.append(seen[-1] + len(batch))
            expected = counted(told[: seen[-1]], book, theft, LAST)
            np.testing.assert_array_equal(grid(tx, book, theft, LAST, seq), expected)


def test_folding_moves_nothing_and_happens_once(store: Store, book: Book, make: Make) -> None:
    told = _random_history(make, 4)
    add(store, book, told[:50])
    add(store, book, told[50:])
    for _ in range(2):
        with store.begin() as tx:
            fold.fold(tx)
        agree(store, book, told)


def test_two_batches_in_one_transaction_book_both(store: Store, book: Book, make: Make) -> None:
    batch = [make("1"), make("2")]
    with store.begin() as tx:
        incidents.add(tx, batch[:1], book)
        incidents.add(tx, batch[1:], book)
    agree(store, book, batch)


@pytest.mark.parametrize("at_once", [200_000, 5, 1])
def test_a_new_indicator_is_backfilledfrom_every_stored_revision(
    store: Store, book: Book, make: Make, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "_MANY", at_once)
    told = _random_history(make, 5)
    add(store, Book(book.tree, {}, book.calendar), told)
    progress: list[tuple[int, int]] = []
    with store.begin() as tx:
        keys = backfill.ensure(tx, book, lambda done, total: progress.append((done, total)))
        assert keys == sorted(book.indicators)
        assert backfill.ensure(tx, book) == []
    assert progress[-1][0] == progress[-1][1] > 0
    agree(store, book, told)


@pytest.mark.parametrize("at_once", [1, 7])
def test_what_arrives_while_an_indicator_is_being_counted_counts_once(
    store: Store, book: Book, make: Make, theft: Indicator, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New incidents and corrections, of what was counted already and of what was not, folded between."""
    monkeypatch.setattr(backfill, "_FIRST", at_once)
    monkeypatch.setattr(backfill, "_HOLD", 0.0)
    told = _random_history(make, 11)
    random.Random(12).shuffle(told)
    first = Book(book.tree, {theft.key: theft}, book.calendar)
    add(store, first, told[:40])
    waiting = [told[start : start + 5] for start in range(40, len(told), 5)]

    def interrupt(done: int, total: int) -> None:
        with store.read() as tx, pytest.raises(StoreError, match="does not keep"):
            TallyReader(tx).deltas(next(iter(set(book.indicators) - {theft.key})), ["A"], DAY, LAST, LAST)
        if waiting:
            add(store, book, waiting.pop())
            with store.begin() as tx:
                fold.fold(tx)

    assert backfill.fill(store, book, lambda done, total: done < total and interrupt(done, total))
    for batch in waiting:
        add(store, book, batch)
    agree(store, book, told)


def test_a_backfill_goes_on_where_it_was_left(
    store: Store, book: Book, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "_FIRST", 10)
    monkeypatch.setattr(backfill, "_HOLD", 0.0)
    told = _random_history(make, 13)
    add(store, Book(book.tree, {}, book.calendar), told)
    pieces: list[int] = []

    def stop(done: int, total: int) -> None:
        pieces.append(done)
        if len(pieces) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backfill.fill(store, book, stop)
    with store.read() as tx:
        assert not backfill.complete(tx, book)
    left: list[int] = []
    assert backfill.fill(store, book, lambda done, total: left.append(total - done))
    assert left[-1] == pieces[-1]  # nothing was counted twice
    agree(store, book, told)


def test_a_backfill_ends_where_another_process_keeps_other_indicators(
    store: Store, book: Book, make: Make, theft: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "_FIRST", 10)
    add(store, Book(book.tree, {}, book.calendar), _random_history(make, 14))
    other = Book(book.tree, {theft.key: theft}, book.calendar)

    def take_over(done: int, total: int) -> None:
        with store.begin() as tx:
            backfill.ensure(tx, other)

    assert not backfill.fill(store, book, take_over)
    assert backfill.fill(store, other)


def side_by_side(*jobs: Callable[[], object]) -> None:
    """Start every job at the same moment, each in a thread of its own."""
    ready = threading.Barrier(len(jobs))

    def start(job: Callable[[], object]) -> None:
        ready.wait()
        job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(start, job) for job in jobs]:
            done.result()


def test_processes_that_start_together_count_a_new_indicator_once(
    store: Store, book: Book, make: Make
) -> None:
    told = _random_history(make, 8)
    add(store, Book(book.tree, {}, book.calendar), told)

    backfilled: list[str] = []

    def ensure() -> None:
        with store.begin() as tx:
            backfilled.extend(backfill.ensure(tx, book))

    side_by_side(ensure, ensure, ensure, ensure)
    assert sorted(backfilled) == sorted(book.indicators)
    agree(store, book, told)


def test_processes_that_load_the_same_side_by_side_book_it_once(
    store: Store, book: Book, make: Make
) -> None:
    told = _random_history(make, 9)

    def load(seed: int) -> Callable[[], None]:
        starts = list(range(0, len(told), 10))
        random.Random(seed).shuffle(starts)

        def run() -> None:
            for start in starts:
                add(store, book, told[start : start + 10])

        return run

    side_by_side(load(1), load(2), load(3))
    agree(store, book, told)


def test_an_indicator_that_was_dropped_for_a_while_is_backfilledanew(
    store: Store, book: Book, make: Make, theft: Indicator
) -> None:
    told = _random_history(make, 6)
    for some, indicators in ((told[:40], book.indicators), (told[40:80], {}), (told[80:], book.indicators)):
        add(store, Book(book.tree, indicators, book.calendar), some)
    assert backfill.fill(store, book)
    agree(store, book, told)


def test_another_area_tree_is_backfilledanew_and_the_old_stays_for_replays(
    store: Store, book: Book, make: Make, theft: Indicator
) -> None:
    told = _random_history(make, 7)
    add(store, book, told)
    moved = [replace(area, parent="B") if area.code == "A2" else area for area in book.tree]
    other = Book(AreaTree.of(book.tree.levels, moved), book.indicators, book.calendar)
    with store.begin() as tx:
        assert backfill.ensure(tx, other) == sorted(book.indicators)
    agree(store, other, told)
    with store.read() as tx:
        np.testing.assert_array_equal(grid(tx, book, theft, LAST, seq=1), counted(told, book, theft, LAST))


def test_an_area_that_left_the_tree_counts_nowhere(store: Store, book: Book, make: Make) -> None:
    add(store, book, [make("1", areas=("GONE",)), make("2", areas=("GONE", "A1"))])
    agree(store, book, [make("2")])


@pytest.mark.parametrize("seq", [None, 1])
def test_an_indicator_that_is_not_kept_is_an_error_not_a_zero(
    store: Store, book: Book, make: Make, seq: int | None
) -> None:
    add(store, book, [make()])
    with store.read() as tx, pytest.raises(StoreError, match="does not keep the indicator unheard"):
        TallyReader(tx, seq).deltas("unheard", ["A"], DAY, LAST, LAST)


def test_rows_refer_to_the_areas_in_the_order_given(
    store: Store, book: Book, make: Make, theft: Indicator
) -> None:
    add(store, book, [make("1"), make("2", areas=("B1",))])
    with store.read() as tx:
        reader = TallyReader(tx)
        found = reader.deltas(theft.key, ["B", "NEW", "A"], DAY, LAST, LAST)
        nothing = reader.deltas(theft.key, ["A2"], DAY, LAST, LAST)
    assert found.areas == ("B", "NEW", "A")
    assert sorted(zip(found.area, found.day, found.n, strict=True)) == [(0, DAY, 1), (2, DAY, 1)]
    assert isinstance(nothing, Deltas)
    assert nothing.n.size == 0


def test_days_and_cuts_are_the_calendars(book: Book) -> None:
    """Every hour of a year, both changes of the clocks included."""
    begin = datetime(2025, 1, 1, tzinfo=UTC)
    for hours in range(24 * 365):
        moment = begin + timedelta(hours=hours)
        seconds = int(moment.timestamp())
        assert book.day(seconds) == book.calendar.local_day(moment).toordinal()
        assert book.cut(seconds) == book.calendar.cut_after(moment).toordinal()


def test_a_cut_sees_nothing_known_at_its_very_moment(tree: AreaTree, theft: Indicator) -> None:
    book = Book(tree, {theft.key: theft}, Calendar())
    at_cut = int(datetime(2025, 1, 2, 8, tzinfo=UTC).timestamp())
    assert book.cut(at_cut - 1) == DAY + 1
    assert book.cut(at_cut) == DAY + 2


def test_indicators_by_feed_and_severity_count_only_theirs(make: Make, calendar: Calendar) -> None:
    tree = AreaTree.of(("country",), [Area("SE", Text("SE"), "country")])
    grave = Indicator(frozenset({"theft"}), min_severity=2)
    other = Indicator(frozenset({"theft"}), feeds=frozenset({"customs"}))
    book = Book(tree, {"a": grave, "b": other}, calendar)
    store = Store.open("sqlite://")
    told = [
        make("1", areas=("SE",), severity=2), make("2", areas=("SE",), severity=1),
        make("3", areas=("SE",), feed="customs"),
    ]  # fmt: skip
    add(store, book, told)
    agree(store, book, told)
    with store.read() as tx:
        assert grid(tx, book, grave, LAST).sum() == grid(tx, book, other, LAST).sum() == 1
    store.close()
