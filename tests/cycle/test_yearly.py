"""A year of an area by week: equal to a plain count, and without a figure where not all was seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from engine.console import scene
from engine.console.pages.area import _quiet
from engine.console.yearbook import Yearbook
from engine.cycle import yearly
from engine.cycle.world import World
from engine.cycle.yearly import Weeks
from engine.model.grade import Domain
from tests.console.conftest import world
from tests.story import county

__all__ = ["world"]


def test_what_was_reported_is_what_the_source_says_and_nothing_where_it_did_not_yet_report(world: World):
    with world.store.read() as tx:
        year = yearly.read(world, tx, world.clock())
        found = {one.top.code: one.weeks for one in yearly.kinds(world, tx, "T1", year)}
    assert set(found) == {"property", "violence"}
    rows = sorted(county.log(1), key=lambda row: row["known"])
    last = {row["id"]: row for row in rows if datetime.fromisoformat(row["known"]) < year.at}
    first, plain = yearly.first_day(world, world.clock()), Counter[int]()
    for row in last.values():
        if row["town"] == "T1" and row["kind"] == "burglary":
            plain[(datetime.fromisoformat(row["at"]).date() - first).days // 7] += 1
    begun, weeks = found["property"].since, found["property"].figures
    since = (world.settings.feeds["log"].covers.since - first) // timedelta(days=7)
    assert begun == world.settings.feeds["log"].covers.since and found["property"].before == since
    assert set(weeks[:since]) == {None}, "the source reports since 2026 only"
    seen = {at: many for at, many in enumerate(weeks) if many is not None}
    assert seen and seen == {at: float(plain[at]) for at in seen} and any(seen.values())


def test_a_week_has_a_score_where_every_day_of_it_was_judged(world: World):
    with world.store.read() as tx:
        found = yearly.scores(tx, "T1", yearly.first_day(world, world.clock()))
    assert set(found) == set(Domain)
    of = found[Domain.SAFETY]
    assert len(of.figures) == yearly.WEEKS and set(of.figures[:-2]) == {None}, "only nine days were judged"
    assert of.before == yearly.WEEKS - 2 and of.since == county.FIRST.date() - timedelta(days=1)
    assert of.figures[-1] is not None and of.figures[-1] > 0 and found[Domain.CYBER].figures[-1] == 0.0
    assert of.figures[-2] is not None, "of the week in which it began, what was judged counts"


def test_a_year_is_read_once_for_all_areas_and_anew_for_another_world(world: World):
    book, seen = Yearbook(), scene.read(world)
    with world.store.read() as tx:
        year = book.of(seen, tx)
        assert book.of(replace(seen, top="T1"), tx) is year
        assert book.of(replace(seen, world=replace(world)), tx) is not year
    county_, towns = (year.below(frozenset(codes)) for codes in ({"C"}, {"T1", "T2", "T3"}))
    assert not county_.any() and towns.sum() == year.many.sum() > 0
    assert not year.below(frozenset()).any()


def test_while_a_year_is_read_anew_the_one_before_is_shown_but_not_for_long(world: World):
    book, seen = Yearbook(), scene.read(world)
    later, much_later = (replace(seen, at=seen.at + timedelta(days=days)) for days in (1, 3))
    with world.store.read() as tx:
        first = book.of(seen, tx)
        book.renew(seen)
        assert book.of(later, tx) is first, "the latest is not read again, and shown until the next is there"
        book.renew(later)
        assert book.of(later, tx).at - first.at == timedelta(days=1)
        assert book.of(much_later, tx).at - first.at == timedelta(days=3)


def test_what_was_never_seen_is_not_told_as_none(world: World):
    with world.store.read() as tx:
        kinds = yearly.kinds(world, tx, "T1", yearly.read(world, tx, world.clock()))
    whole, partly, never = (
        replace(kinds[0], weeks=Weeks(weeks)) for weeks in ((0.0,) * 52, (None, *(0.0,) * 51), (None,) * 52)
    )
    seen = replace(kinds[0], weeks=Weeks((None, *(1.0,) * 51)))
    assert _quiet([whole, partly, never, seen]) == {
        "reported none": [whole], "reported gaps": [partly], "reported unseen": [never],
    }  # fmt: skip
