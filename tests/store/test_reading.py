"""Revisions with the time for which each was known: at every moment they are what was known then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from engine.model.incident import UNGRADED, Incident, Precision
from engine.model.indicator import Indicator
from engine.model.same import Alike, SameAs
from engine.model.taxonomy import Category, Taxonomy
from engine.model.text import Text
from engine.store import incidents, known, reading, telling
from engine.store.book import Book
from engine.store.database import Store, Tx
from engine.store.moment import epoch

Make = Callable[..., Incident]
#: (feed, source id, when, areas, severity, amount)
Fact = tuple[object, ...]
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 8, tzinfo=UTC)
MOMENTS = [BEGIN + timedelta(hours=5) * n for n in range(60)]
EVERY = Indicator(frozenset({"theft", "fire"}))
HECTARES = Indicator(frozenset({"fire"}), measure="hectares", min_severity=1, feeds=frozenset({"b"}))


@pytest.fixture(scope="module")
def tx(book: Book, make: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tx]:
    """Three hundred revisions of two feeds that tell the same events, in twenty transactions."""
    kinds = Taxonomy.of(Category(code, Text(code), None) for code in ("theft", "fire"))
    same = Alike.of({"a": (), "b": (SameAs("a", timedelta(hours=3)),)}, kinds, book.tree)
    random, linking = Random(7), Book(book.tree, {EVERY.key: EVERY}, book.calendar, same)
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('reading') / 'x.db'}")
    for _ in range(20):
        with store.begin() as writing:
            incidents.add(writing, [_told(random, make) for _ in range(15)], linking)
    with store.read() as found:
        yield found
    store.close()


def _told(random: Random, make: Make) -> Incident:
    return make(
        str(random.randrange(25)), feed=random.choice("ab"), day=random.randint(1, 6),
        late=random.choice((1, 2, 30, 90)), category=random.choice(("theft", "fire")),
        areas=random.choice((("A1",), ("A2",), ("A1", "B1"))), severity=random.choice((UNGRADED, 0, 1, 3)),
        measures=random.choice(({}, {"hectares": 2.5}, {"hectares": 7.0})),
        withdrawn=random.random() < 0.1,
        point=random.choice((None, (60.001, 15.2), (60.002, 15.2))),
        precision=Precision.UNKNOWN if random.random() < 0.05 else Precision.MINUTE,
        ended_at=random.choice((None, BEGIN + random.randrange(200) * timedelta(hours=1))),
    )  # fmt: skip


def then(tx: Tx, indicator: Indicator, moment: datetime, seq: int | None) -> set[Fact]:
    """What was known at a moment, asked for at that moment."""
    found = known.matching(tx, indicator, since=BEGIN, until=END, known_before=moment, seq=seq)
    return {
        (
            one.feed, one.source_id, epoch(one.occurred_at), one.areas, one.severity, indicator.amount(one),
            one.point,
        )
        for one in found
    }


@pytest.mark.parametrize("indicator", [EVERY, HECTARES], ids=["every", "hectares"])
@pytest.mark.parametrize("back", [None, 4, 12])
def test_at_every_moment_they_are_what_was_known_then(tx: Tx, indicator: Indicator, back: int | None) -> None:
    seq = None if back is None else tx.horizon() - back
    told = reading.told(tx, indicator, BEGIN, END, seq)
    for moment in MOMENTS:
        at = epoch(moment)
        found = [one for one in told if one.known < at and (one.until is None or at <= one.until)]
        facts = {
            (of.feed, of.source_id, of.occurred, of.areas, of.severity, of.amount, of.point) for of in found
        }
        assert facts == then(tx, indicator, moment, seq)
        assert len(found) == len(facts), "one revision of each at a time"


def test_lasting_ones_are_all_that_had_begun_and_not_ended(tx: Tx) -> None:
    every, day = reading.told(tx, EVERY, BEGIN, END), timedelta(days=1)
    since, until = BEGIN + 3 * day, BEGIN + 4 * day
    found = reading.told(tx, EVERY, since, until, lasting=True)
    begin, end = epoch(since), epoch(until)
    lasting = [one for one in every if one.occurred < end and (one.ended is None or one.ended >= begin)]
    assert sorted(found, key=repr) == sorted(lasting, key=repr)
    assert 0 < len(found) < len(every)


def test_the_story_has_all_kinds_of_trouble(tx: Tx) -> None:
    """Twins, corrections and what is of no day: else the test above would show nothing."""
    told = reading.told(tx, EVERY, BEGIN, END)
    assert telling.any_(tx)
    assert len(told) > len({(one.feed, one.source_id) for one in told}) > 20
    assert 0 < len(reading.told(tx, HECTARES, BEGIN, END)) < len(told)
    assert {one.point for one in told} == {None, (60.001, 15.2), (60.002, 15.2)}
