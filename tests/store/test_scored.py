"""What areas scored day by day: missing is not zero, and a day judged again has its last scores."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from engine.model.grade import Domain
from engine.model.warning import Score
from engine.store import scored, void
from engine.store.database import Store
from tests.store.test_judgement import SCORE, save

DAY, NEXT = date(2025, 3, 1), date(2025, 3, 2)


def kept(store: Store, *days: tuple[int, date, list[Score]]) -> None:
    for run, day, scores in days:
        with store.begin() as tx:
            tx.seq()
            scored.keep(tx, run, day, scores)


def test_a_day_that_was_judged_without_a_score_is_zero_and_another_is_not_there(store: Store) -> None:
    kept(store, (save(store, 1), DAY, []))
    with store.read() as tx:
        assert scored.of(tx, "A", DAY) == {DAY: {}}


def test_a_day_judged_again_has_the_scores_of_the_last_judgement(store: Store) -> None:
    first, second = save(store, 1), save(store, 2)
    other = replace(SCORE, area="B")
    kept(store, (first, DAY, [SCORE, other]))
    kept(store, (second, DAY, [replace(SCORE, value=7.0)]), (second, NEXT, [other]))
    with store.read() as tx:
        assert scored.of(tx, "A", DAY) == {DAY: {Domain.SAFETY: 7.0}, NEXT: {}}
        assert scored.of(tx, "B", NEXT) == {NEXT: {Domain.SAFETY: SCORE.value}}


def test_what_a_clock_that_was_ahead_scored_is_taken_back(store: Store) -> None:
    kept(store, (save(store, 1), DAY, [SCORE]))
    with store.begin() as tx:
        void.take_back(tx, datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
        assert scored.of(tx, "A", DAY) == {}
