"""A year of an area by week: equal to a plain count, and without a figure where not all was seen."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from engine.cycle import yearly
from engine.cycle.world import World
from engine.model.grade import Domain
from tests.console.conftest import world
from tests.story import county

__all__ = ["world"]


def test_what_was_reported_is_what_the_source_says_and_nothing_where_it_did_not_yet_report(world: World):
    with world.store.read() as tx:
        found = {one.top.code: one.weeks for one in yearly.kinds(world, tx, "T1", world.clock())}
    assert set(found) == {"property", "violence"}
    rows = sorted(county.log(1), key=lambda row: row["known"])
    last = {row["id"]: row for row in rows if datetime.fromisoformat(row["known"]) < world.clock()}
    first, plain = yearly.first_day(world, world.clock()), Counter[int]()
    for row in last.values():
        if row["town"] == "T1" and row["kind"] == "burglary":
            plain[(datetime.fromisoformat(row["at"]).date() - first).days // 7] += 1
    weeks = found["property"]
    since = (world.settings.feeds["log"].covers.since - first) // timedelta(days=7)
    assert set(weeks[: since + 1]) == {None}, "the source reports since 2026 only"
    seen = {at: many for at, many in enumerate(weeks) if many is not None}
    assert seen and seen == {at: float(plain[at]) for at in seen} and any(seen.values())


def test_a_week_has_a_score_where_every_day_of_it_was_judged(world: World):
    with world.store.read() as tx:
        found = yearly.scores(world, tx, "T1", world.clock())
    assert set(found) == set(Domain)
    of = found[Domain.SAFETY]
    assert len(of) == yearly.WEEKS and set(of[:-2]) == {None}, "only nine days were ever judged"
    assert of[-1] is not None and of[-1] > 0 and found[Domain.CYBER][-1] == 0.0
