"""One event told by several feeds is counted once, in whatever order it is told, as it was known then."""

from __future__ import annotations

import random
import shutil
import tempfile
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.incident import Incident, Precision
from engine.model.indicator import Indicator
from engine.model.same import Alike, SameAs
from engine.model.taxonomy import Category, Taxonomy
from engine.model.text import Text
from engine.store import backfill, draft, incidents, known, telling, twins
from engine.store.book import Book
from engine.store.database import Store, Tx
from engine.store.tables import twin
from engine.store.tally_reader import TallyReader

Make = Callable[..., Incident]
FIRST = datetime(2025, 1, 1, 12, tzinfo=UTC)
DAY = date(2025, 1, 1).toordinal()
CUTS = range(DAY, DAY + 8)
THEFT = Indicator(frozenset({"theft", "theft.shop", "theft.home"}))
HOURS = timedelta(hours=2)
#: Alike but for two, as weeks are where clocks change.
STRETCHES = [FIRST + timedelta(hours=hours) for hours in (-24, 0, 1, 2, 4, 5, 6, 192)]
TAXONOMY = Taxonomy.of(
    Category(code, Text(code), None, parent=code.rpartition(".")[0] or None)
    for code in ("theft", "theft.shop", "theft.home", "fire")
)


@pytest.fixture(scope="module")
def linking(book: Book) -> Book:
    """Of three feeds, b tells what a tells, and c what either does."""
    same = {"a": (), "b": (SameAs("a", HOURS),), "c": (SameAs("a", HOURS), SameAs("b", HOURS, 2.0))}
    alike = Alike.of(same, TAXONOMY, book.tree)
    return Book(book.tree, {THEFT.key: THEFT}, book.calendar, alike)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.db"
    Store.open(f"sqlite:///{path}").close()
    return path


def add(store: Store, book: Book, *batch: Incident) -> None:
    with store.begin() as tx:
        incidents.add(tx, batch, book)


def standing(records: Sequence[Incident], before: datetime) -> list[Incident]:
    """The latest of each incident, those taken back left out."""
    known = sorted((one for one in records if one.known_at < before), key=lambda one: one.known_at)
    return [one for one in {one.identity: one for one in known}.values() if not one.withdrawn]


def alike(one: Incident, other: Incident, book: Book) -> bool:
    """Said once more, and plainly."""
    if "a" not in (one.feed, other.feed) and {one.feed, other.feed} != {"b", "c"}:
        return False
    near = abs(one.occurred_at - other.occurred_at) <= HOURS
    kin = one.category == other.category or "theft" in (one.category, other.category)
    kin = kin and one.category.startswith("theft") == other.category.startswith("theft")
    (here,), (there,) = one.areas, other.areas
    placed = here in book.tree.lineage(there) or there in book.tree.lineage(here)
    if {one.feed, other.feed} == {"b", "c"} and one.point and other.point:
        placed = one.point == other.point
    return near and kin and placed


def events(known: Sequence[Incident], book: Book) -> Iterator[list[Incident]]:
    """What is known, event by event: the next pair is always the nearest that may still be made."""
    of = {one.identity: [one] for one in known}
    for feed in "bc":
        while True:
            pairs = [
                (abs(one.occurred_at - other.occurred_at), other.feed, other.identity, one.identity)
                for one in known for other in known
                if one.feed == feed and other.feed < feed and len(of[one.identity]) == 1
                and all(two.feed != feed for two in of[other.identity]) and alike(one, other, book)
            ]  # fmt: skip
            if not pairs:
                break
            *_, other, one = min(pairs)
            event = [*of[other], *of[one]]
            of |= {told.identity: event for told in event}
    yield from {id(event): event for event in of.values()}.values()


def counting(records: Sequence[Incident], before: datetime, book: Book) -> set[tuple[str, str]]:
    depth = {one.identity: len(book.tree.lineage(one.areas[0])) for one in records}
    return {
        min(event, key=lambda one: (-len(book.tree.lineage(one.areas[0])), one.feed)).identity
        for event in events(standing(records, before), book)
    } & depth.keys()


def sums(tx: Tx, book: Book, seq: int | None = None) -> list[list[list[int]]]:
    """(cut, area, day) of what the ledger holds."""
    areas = [area.code for area in book.tree]
    rows = TallyReader(tx, seq).deltas(THEFT.key, areas, DAY, CUTS[-1], CUTS[-1])
    return [rows.grid(DAY, CUTS[-1], cut, totals=False).tolist() for cut in CUTS]


def plain(records: Sequence[Incident], book: Book) -> list[list[list[int]]]:
    """The same from the records."""
    areas = [area.code for area in book.tree]
    found = []
    for cut in CUTS:
        grid = [[0] * len(CUTS) for _ in areas]
        before = book.calendar.cut_at(date.fromordinal(cut))
        counted = counting(records, before, book)
        for one in standing(records, before):
            if one.identity in counted and THEFT.matches(one):
                day = book.calendar.local_day(one.occurred_at).toordinal()
                for code in book.tree.lineage(one.areas[0]):
                    grid[areas.index(code)][day - DAY] += 1
        found.append(grid)
    return found


def agree(store: Store, book: Book, records: Sequence[Incident]) -> None:
    wanted = plain(records, book)
    with store.read() as tx:
        assert sums(tx, book) == wanted
        drafted = draft.count(tx, book, tx.horizon())[THEFT.key]
        rows = drafted.deltas([area.code for area in book.tree], DAY, CUTS[-1], CUTS[-1])
        assert [rows.grid(DAY, CUTS[-1], cut, totals=False).tolist() for cut in CUTS] == wanted
        for cut in CUTS:
            before = book.calendar.cut_at(date.fromordinal(cut))
            since = FIRST - timedelta(days=1)
            found = known.matching(
                tx, THEFT, since=since, until=since + timedelta(days=9), known_before=before
            )
            counted = counting(records, before, book)
            assert {one.identity for one in found} == {
                one.identity for one in standing(records, before)
                if one.identity in counted and THEFT.matches(one)
            }  # fmt: skip
            tallied = known.tallied(tx, THEFT.categories, STRETCHES, before)
            assert Counter({tuple(what): many for *what, many in tallied}) == Counter(
                (bisect(STRETCHES, one.occurred_at) - 1, "|".join(one.areas), one.category) for one in found
            )


TOLD = st.tuples(
    st.sampled_from("abc"), st.sampled_from("123"),
    st.integers(0, 40),  # hours after the first at which it became known
    st.sampled_from([0, 0, 30, 60, 100, 150, 240, 400]),  # minutes after the first at which it happened
    st.sampled_from(["A1", "A1", "A2", "A", "B1", "SE"]),
    st.sampled_from(["theft", "theft", "theft.shop", "theft.home", "fire"]),
    st.sampled_from([False, False, False, True]),
    st.sampled_from([None, None, (59.0, 18.0), (59.5, 18.0)]),
)  # fmt: skip


def incident(told: tuple[object, ...]) -> Incident:
    feed, id_, known, happened, area, category, withdrawn, point = told
    return Incident(
        feed=feed, source_id=id_, known_at=FIRST + timedelta(hours=known),  # type: ignore[arg-type]
        occurred_at=FIRST + timedelta(minutes=happened), areas=(area,), category=category,  # type: ignore[arg-type]
        withdrawn=withdrawn, point=point,  # type: ignore[arg-type]
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    told=st.lists(TOLD, min_size=2, max_size=12, unique_by=lambda one: one[:3]),
    seed=st.integers(0, 1000), size=st.integers(1, 6),
)  # fmt: skip
def test_the_order_of_arrival_decides_nothing(
    told: list[tuple[object, ...]], seed: int, size: int, linking: Book, empty: Path
) -> None:
    records = [incident(one) for one in told]
    random.Random(seed).shuffle(records)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{shutil.copy(empty, Path(folder) / 's.db')}"
        with closing(Store.open(url)) as store:
            for start in range(0, len(records), size):
                add(store, linking, *records[start : start + size])
            agree(store, linking, records)
            with store.begin() as tx:  # the same once more, for an indicator that is booked later
                before = sums(tx, linking)
                backfill.ensure(tx, Book(linking.tree, {}, linking.calendar))
                backfill.ensure(tx, linking)
                assert sums(tx, linking) == before


@settings(max_examples=15, deadline=None)
@given(
    told=st.lists(TOLD, min_size=4, max_size=12, unique_by=lambda one: one[:3]),
    half=st.integers(1, 10), pieces=st.integers(1, 4),
)  # fmt: skip
def test_what_is_told_while_a_ledger_is_under_way_is_linked_all_the_same(
    told: list[tuple[object, ...]], half: int, pieces: int, linking: Book, empty: Path
) -> None:
    records, done = [incident(one) for one in told], []

    def stop(revisions: int, _: int) -> None:
        done.append(revisions)
        if len(done) == pieces:
            raise InterruptedError

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(backfill, "_FIRST", 1)
        patch.setattr(backfill, "_HOLD", 0.0)
        url = f"sqlite:///{shutil.copy(empty, Path(folder) / 's.db')}"
        with closing(Store.open(url)) as store:
            add(store, Book(linking.tree, {}, linking.calendar, linking.alike), *records[:half])
            with suppress(InterruptedError):
                backfill.fill(store, linking, stop)
            add(store, linking, *records[half:])
            assert backfill.fill(store, linking)
            agree(store, linking, records)


def total(store: Store, book: Book, cut: int = CUTS[-1], seq: int | None = None) -> int:
    """What the whole country counts at a cut."""
    with store.read() as tx:
        return int(sum(sums(tx, book, seq)[cut - DAY][0]))


def test_a_poll_that_tells_the_same_again_changes_nothing(store: Store, linking: Book, make: Make) -> None:
    pair = [make("1", feed="a"), make("9", feed="b")]
    add(store, linking, *pair)
    for hours in (1, 2):
        with store.begin() as tx:
            again = [replace(one, known_at=one.known_at + timedelta(hours=hours)) for one in pair]
            assert incidents.add(tx, again, linking).unchanged == 2
    with store.read() as tx:
        assert len(tx.conn.execute(twin.select()).all()) == 1
    assert total(store, linking) == 1


def test_what_is_linked_is_linked_from_when_it_was_known(store: Store, linking: Book, make: Make) -> None:
    """The second feed tells it two days later; before that, one; and then again one, by the deeper."""
    add(store, linking, make("1", feed="a", areas=("A",)))
    add(store, linking, make("9", feed="b", areas=("A1",), late=48))
    noon = FIRST + timedelta(hours=24)
    with store.read() as tx:
        found = [
            [(one.identity, one.also) for one in known.matching(
                tx, THEFT, since=FIRST, until=noon, known_before=before)]
            for before in (noon, noon + timedelta(days=3))
        ]  # fmt: skip
    assert found == [[(("a", "1"), ())], [(("b", "9"), (("a", "1"),))]]
    assert (total(store, linking, DAY + 1), total(store, linking)) == (1, 1)


def test_a_twin_that_is_taken_back_frees_the_other_and_is_news_then(
    store: Store, linking: Book, make: Make
) -> None:
    first = make("1", feed="a")
    add(store, linking, first, make("9", feed="b"))
    later = first.known_at + timedelta(days=1)
    add(store, linking, replace(first, withdrawn=True, known_at=later))
    with store.read() as tx:
        (one,) = known.matching(
            tx, THEFT, since=FIRST, until=later, known_before=later + timedelta(days=1)
        )
        assert later in known.moments(tx, THEFT.categories, FIRST, later)
    assert (one.identity, one.known_at, one.also) == (("b", "9"), later, ())
    assert total(store, linking, seq=1) == total(store, linking) == 1


def test_two_here_and_one_there_are_two(store: Store, linking: Book, make: Make) -> None:
    add(store, linking, make("1", feed="a"), make("2", feed="a"), make("9", feed="b"))
    assert total(store, linking) == 2


@pytest.mark.parametrize(
    ("other", "n"),
    [
        pytest.param({}, 1, id="the same"),
        pytest.param({"areas": ("SE",)}, 1, id="in an area above"),
        pytest.param({"areas": ("A2",)}, 2, id="in another area"),
        pytest.param({"category": "fire"}, 1, id="of another kind, which is counted elsewhere"),
        pytest.param({"occurred_at": FIRST + timedelta(hours=2)}, 1, id="just within"),
        pytest.param({"occurred_at": FIRST + timedelta(hours=2, seconds=1)}, 2, id="just beyond"),
        pytest.param(
            {"occurred_at": FIRST.replace(hour=0), "precision": Precision.DAY}, 1, id="known to the day"
        ),
        pytest.param({"precision": Precision.UNKNOWN}, 1, id="what books on no day hides nothing"),
        pytest.param({"feed": "elsewhere"}, 2, id="of a feed that nobody names"),
    ],
)
def test_what_is_one_event(store: Store, linking: Book, make: Make, other: dict[str, object], n: int) -> None:
    add(store, linking, make("1", feed="a"), make("9", **{"feed": "b"} | other))
    assert total(store, linking) == n


def test_where_points_are_given_their_distance_decides(store: Store, linking: Book, make: Make) -> None:
    near, far = {"point": (59.0, 18.0), "feed": "b"}, {"feed": "c", "point": (59.01, 18.0)}
    add(store, linking, make("1", **near, areas=("A1",)), make("2", **far, areas=("A2",)))
    assert total(store, linking) == 1
    add(store, linking, make("3", **near), make("4", **far | {"point": (59.1, 18.0)}))
    assert total(store, linking) == 3


def test_a_declaration_that_is_changed_judges_all_that_is_stored(
    store: Store, linking: Book, make: Make
) -> None:
    plainly = Book(linking.tree, linking.indicators, linking.calendar)
    add(store, plainly, make("1", feed="a"), make("9", feed="b"))
    counts = [total(store, plainly)]
    for book in (linking, linking, plainly):
        with store.begin() as tx:
            twins.link_anew(tx, book)
        counts.append(total(store, book))
    assert counts == [2, 1, 1, 2]
    assert total(store, linking, seq=1) == 2


def test_a_long_row_of_incidents_is_looked_at_only_around_what_is_new(
    store: Store, linking: Book, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One every ninety minutes from either feed for three weeks: each may be of one event with its
    neighbours, and so on."""
    row = [
        make(f"{feed}{n}", feed=feed, occurred_at=at, known_at=at + timedelta(minutes=5))
        for n in range(170) for feed, minutes in (("a", 0), ("b", 40))
        for at in [FIRST + timedelta(hours=3 * n, minutes=minutes)]
    ]  # fmt: skip
    add(store, linking, *row[:-1])
    read: list[int] = []
    looked = twins._told

    def look(tx: Tx, some: Iterable[tuple[str, str]], seq: int | None = None) -> twins.Told:
        found = looked(tx, some, seq)
        read.append(len(found))
        return found

    monkeypatch.setattr(twins, "_told", look)
    add(store, linking, row[-1])
    assert sum(read) < 60
    with store.read() as tx:
        links = {one[1:]: other for (_, one), (_, other), _ in telling.standing(tx)}
    assert links == {str(n): f"a{n}" for n in range(170)}


def test_where_nobody_declares_anything_nothing_is_looked_for(
    store: Store, linking: Book, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(twins, "settle", None)
    plainly = Book(linking.tree, linking.indicators, linking.calendar)
    add(store, plainly, make("1", feed="a"), make("9", feed="b"))
    add(store, linking, make("1", feed="another"))
