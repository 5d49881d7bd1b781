"""Days of which too many reports could not be read: which cells they may belong to, and as known when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cycle.panels import StorePanels
from engine.detect import alert
from engine.judge.context import in_force
from engine.model.feed import Subject, too_many
from engine.model.finding import Held
from engine.model.incident import Incident, Precision, Reject
from engine.model.indicator import Indicator
from engine.model.times import Times
from engine.store import backfill, health, incidents, rejects
from engine.store.book import Book
from engine.store.database import Store
from tests.cycle.test_panels import TREE, Ground, ground

DAY = date(2025, 6, 10)
CUT = DAY.toordinal() + 1
MORNING = datetime(2025, 6, 10, 9, tzinfo=UTC)
FIRE, THEFT = Indicator(frozenset({"fire"})), Indicator(frozenset({"theft"}))
GROUND = ground(date(2025, 6, 1))


def told(number: int, area: str = "A1", **more: object) -> list[Incident]:
    """So many fires on the day, known an hour later."""
    plain = Incident(
        feed="log", source_id="", occurred_at=MORNING, known_at=MORNING + timedelta(hours=1), areas=(area,),
        category="fire",
    )  # fmt: skip
    return [replace(plain, **{"source_id": f"{area}{one}", **more}) for one in range(number)]


def bad(number: int, **more: object) -> list[Reject]:
    """So many reports of the day that could not be read, seen at once."""
    plain = Reject(
        feed="log", seen_at=MORNING, place="line 1", reason="no such area", record="", kind="place",
        day=DAY.toordinal(),
    )  # fmt: skip
    return [replace(plain, **{"record": f"{more} {one}", **more}) for one in range(number)]


def panels(
    store: Store, reports: Sequence[Incident], refused: Sequence[Reject], on: Ground = GROUND
) -> None:
    book = Book(on.tree, {"fire": FIRE, "theft": THEFT}, on.calendar)
    with store.begin() as tx:
        backfill.ensure(tx, book)
        incidents.add(tx, reports, book)
        rejects.add(tx, refused)
        heard = [MORNING + timedelta(hours=6 * n) for n in range(-40, 20)]
        for feed in on.feeds:
            health.record(tx, feed, heard, known_at=heard[-1])


def lost(
    store: Store, level: str = "town", *, counts: Indicator = FIRE, cut: int = CUT, seq: int | None = None,
    on: Ground = GROUND,
) -> set[str]:  # fmt: skip
    """The areas of which the day is lost, as known at a cut."""
    with store.read() as tx:
        found = StorePanels(tx, on, seq).watch(counts, level, CUT - 3, cut).lost(CUT - 1, CUT - 1, cut)
    return {code for code, missing in zip(TREE.at(level), found[:, 0], strict=True) if missing}


EVERYWHERE = {"A1", "A2", "B1", "B2"}


@pytest.mark.parametrize(
    ("good", "unread", "doubtful"),
    [(9, 0, False), (0, 1, True), (3, 1, True), (4, 1, False), (90, 2, False), (97, 3, True), (147, 3, False),
     (400, 9, True), (441, 9, False)],
)  # fmt: skip
def test_too_many_unread_reports_cast_doubt_on_the_whole_day(
    store: Store, good: int, unread: int, doubtful: bool
) -> None:
    """More than two in a hundred and three at least; or a quarter of all, however few."""
    panels(store, told(good), bad(unread))
    assert lost(store) == (EVERYWHERE if doubtful else set())
    assert lost(store, "country") == ({"X"} if doubtful else set())


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 30))
def test_the_share_is_compared_exactly(unread: int, more: int, percent: int) -> None:
    of = unread + more
    exact = Fraction(unread, of) > Fraction(percent, 100)
    expected = unread > 0 and (4 * unread >= of or (unread >= 3 and exact))
    assert too_many(unread, of, percent / 100) == expected


def test_a_feed_may_tolerate_more(store: Store) -> None:
    lenient = Ground({"log": replace(GROUND.feeds["log"], tolerate=0.1)})
    panels(store, told(36), bad(4), lenient)
    assert lost(store, on=lenient) == set()
    assert lost(store) == EVERYWHERE


def test_a_report_with_an_area_is_one_of_that_area_of_those_above_and_of_those_below(store: Store) -> None:
    panels(store, [*told(1, "A1"), *told(30, "B1")], bad(1, area="A1"))
    assert lost(store) == {"A1"}
    assert lost(store, "county") == {"A"}, "half of what is told of it"
    assert lost(store, "country") == set()


def test_a_county_that_cannot_be_read_hides_its_towns_and_no_others(store: Store) -> None:
    panels(store, [*told(9, "A1"), *told(9, "B1")], bad(3, area="A"))
    assert lost(store) == {"A1", "A2"}
    assert lost(store, "county") == {"A"}


def test_reports_of_anywhere_and_of_one_town_add_up_there(store: Store) -> None:
    panels(store, told(97, "B1"), [*bad(2), *bad(1, area="B1")])
    assert lost(store) == {"B1"}


def test_a_report_of_a_known_kind_is_none_of_another(store: Store) -> None:
    panels(store, told(1), bad(3, category="fire"))
    assert lost(store, counts=FIRE) == EVERYWHERE
    assert lost(store, counts=THEFT) == set()


def test_what_does_not_say_its_hour_may_be_of_the_night(store: Store) -> None:
    """Where too much of what may be of those hours does not: a day on which they are none says nothing."""
    zone, weekday = str(GROUND.calendar.zone), DAY.weekday()
    night = replace(FIRE, times=Times(zone, 22 * 60, 6 * 60))
    (vague,) = told(1, "A1", precision=Precision.DAY)
    panels(store, [replace(vague, source_id="vague"), *told(2, "A1"), *told(9, "B1")], [])
    assert lost(store) == set()
    assert lost(store, counts=night) == {"A1"}
    assert lost(store, "county", counts=night) == {"A"}
    assert lost(store, "country", counts=night) == set()
    others = frozenset(range(7)) - {weekday, (weekday - 1) % 7}
    assert lost(store, counts=replace(FIRE, times=Times(zone, 22 * 60, 6 * 60, others))) == set()
    assert lost(store, counts=replace(FIRE, times=Times(zone, weekdays=frozenset({weekday})))) == set()


def test_an_area_that_left_the_tree_may_be_any(store: Store) -> None:
    panels(store, told(1), bad(3, area="gone"))
    assert lost(store) == EVERYWHERE


def test_a_feed_casts_doubt_only_where_it_reports(store: Store) -> None:
    panels(store, told(1), bad(3, feed="brigade"))
    assert lost(store) == {"A1", "A2"}
    assert lost(store, counts=THEFT) == set()


def test_of_days_before_the_feed_reports_nothing_is_lost(store: Store) -> None:
    late = replace(GROUND.feeds["log"].covers, since=DAY + timedelta(days=1))
    on = Ground({"log": replace(GROUND.feeds["log"], covers=late)})
    panels(store, told(1), bad(3), on)
    assert lost(store, on=on) == set()


def test_each_cut_knows_what_was_refused_read_and_told_by_then(store: Store) -> None:
    """Two refused after the first cut; more is told before the third; one is read before the fourth."""
    night, later = MORNING + timedelta(days=1), MORNING + timedelta(days=2, hours=2)
    panels(store, [*told(2), *told(4, "A2", known_at=later)], bad(2, seen_at=night))
    with store.begin() as tx:
        rejects.settle(tx, [one.id for one in rejects.listing(tx)][:1], MORNING + timedelta(days=3))
    assert [lost(store, cut=CUT + n) == EVERYWHERE for n in range(5)] == [False, True, True, False, False]


def test_a_correction_moves_a_report_to_its_own_day(store: Store) -> None:
    moved = told(8, occurred_at=MORNING - timedelta(days=1), known_at=MORNING + timedelta(days=1, hours=12))
    panels(store, [*told(8), *moved], bad(2))
    assert lost(store, cut=CUT) == set(), "two of ten"
    assert lost(store, cut=CUT + 1) == EVERYWHERE, "two of two"


def test_a_withdrawn_report_is_none(store: Store) -> None:
    gone = told(8, withdrawn=True, known_at=MORNING + timedelta(days=1, hours=12))
    panels(store, [*told(8), *gone], bad(2))
    assert (lost(store, cut=CUT), lost(store, cut=CUT + 1)) == (set(), EVERYWHERE)


def test_a_replay_sees_what_was_committed_by_then(store: Store) -> None:
    panels(store, told(1), [])
    with store.begin() as tx:
        before = tx.horizon()
        rejects.add(tx, bad(3))
    with store.begin() as tx:
        refused = tx.horizon()
        rejects.settle(tx, [one.id for one in rejects.listing(tx)], MORNING)
    found = [lost(store, seq=seq) for seq in (before, refused, None)]
    assert found == [set(), EVERYWHERE, set()]


def test_older_days_asked_for_later_are_read_too(store: Store) -> None:
    panels(store, told(1), bad(3))
    with store.read() as tx:
        of = StorePanels(tx, GROUND)
        assert not of.watch(FIRE, "town", CUT, CUT + 2).lost(CUT, CUT + 1, CUT + 2).any()
        assert of.watch(FIRE, "town", CUT - 3, CUT + 2).lost(CUT - 1, CUT - 1, CUT + 2).all()


@pytest.mark.parametrize(
    ("on", "ahead", "nobody_knows"), [(-2, "0h", False), (-1, "0h", True), (0, "0h", True), (1, "0h", False),
                                      (1, "24h", True), (2, "24h", False)],
)  # fmt: skip
def test_an_alert_of_this_morning_that_could_not_be_read_may_be_in_force(
    store: Store, on: int, ahead: str, nobody_knows: bool
) -> None:
    """At the cut of a day also what was told of that day, and of those asked ahead for, is looked at."""
    dawn = datetime(2025, 6, 10, 1, tzinfo=UTC)
    hazards = Ground({id_: replace(feed, subject=Subject.HAZARD) for id_, feed in GROUND.feeds.items()})
    panels(store, [], bad(3, seen_at=dawn, day=DAY.toordinal() + on), hazards)
    with store.read() as tx:
        asked = alert.Params("fire", ahead=ahead)
        found = in_force(asked, StorePanels(tx, hazards), "town", [DAY])
    assert set(found.held.ravel().tolist()) == {int(Held.UNKNOWN if nobody_knows else Held.NOT)}
