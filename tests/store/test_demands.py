"""Measures as they were asked for: each once, as it read then, and void with the run that asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.model.demand import Demand
from engine.model.grade import Grade
from engine.model.rule import Measure
from engine.model.text import Text
from engine.store import demands, judgement, void
from engine.store.database import Store
from tests.store.test_judgement import WARNING, save

PATROL = Measure("patrol", Text("Patrol", "巡逻"), "police", timedelta(hours=6), Grade.YELLOW)
ASKED = Demand(
    warning=WARNING.id, measure=PATROL, grade=Grade.ORANGE, at=datetime(2025, 3, 2, tzinfo=UTC), outlives=True
)
TALKS = replace(ASKED, measure=replace(PATROL, code="talks"), at=datetime(2025, 3, 1, tzinfo=UTC))


def test_what_was_asked_stays_as_it_read_then(store: Store) -> None:
    run = save(store, 1, warnings=(WARNING,))
    with store.begin() as tx:
        tx.seq()
        demands.add(tx, run, [ASKED, TALKS])
        demands.add(tx, None, [replace(ASKED, measure=replace(PATROL, department="health"))])
        assert demands.of(tx, {WARNING.id, "other"}) == [TALKS, ASKED]
        assert demands.known(tx, {WARNING.id}) == {ASKED.id, TALKS.id}
        assert demands.known(tx, {"other"}) == set()


def test_what_a_clock_that_was_ahead_asked_is_taken_back(store: Store) -> None:
    run = save(store, 1, warnings=(WARNING,))
    with store.begin() as tx:
        tx.seq()
        demands.add(tx, run, [ASKED])
        demands.add(tx, None, [TALKS])
        assert judgement.warning(tx, WARNING.id) is not None
        void.take_back(tx, datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
        assert demands.of(tx, {WARNING.id}) == [TALKS], "what was asked between runs was asked"
