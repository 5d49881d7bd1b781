"""Whether what a rule counts comes again, against a plain count; nothing that the rule has seen counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from benchmarks.packs.recurrence import asks_for, ground, recurrences
from engine.backtest.history import Span
from engine.backtest.run import Backtest
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.model.grade import Grade
from engine.model.period import Cycle
from engine.model.rule import Rule, Rung, Test, Window


def counting(untold: Backtest) -> list[Rule]:
    return [rule for rule in untold.book.rules.values() if rule.indicator is not None]


@pytest.mark.parametrize(("least", "window", "horizon", "expected"), [
    ([Test.of("at_least", count=3)], 7, 7, 3), ([Test.of("at_least", count=3)], 7, 28, 3),
    ([Test.of("at_least", count=6)], 28, 7, 2), ([Test.of("at_least", count=6)], 28, 1, 1),
    ([Test.of("new", at_least=2)], 7, 7, 2), ([Test.of("rare", alpha=0.01)], 7, 7, 1),
])  # fmt: skip
def test_as_many_again_are_what_the_least_grade_asks_for(
    untold: Backtest, least: list[Test], window: int, horizon: int, expected: int
) -> None:
    rungs = (Rung(Grade.ORANGE, (Test.of("at_least", count=50),)), Rung(Grade.BLUE, tuple(least)))
    rule = replace(counting(untold)[0], rungs=rungs, window=Window(days=window),
                   horizon=timedelta(days=horizon))  # fmt: skip
    assert asks_for(rule) == expected


def test_what_came_is_what_a_plain_count_says(world: World, untold: Backtest, county_span: Span) -> None:
    """For every rule, area and day: so many incidents in the days of the horizon, and none before it."""
    tree = world.settings.tree
    with LedgerSource.of(world).open() as (panels, _):
        for rule in counting(untold):
            assert rule.indicator is not None
            made = ground(rule, untold.history, county_span, panels)
            wait = 2 if rule.cycle is Cycle.IMMEDIATE else 0
            begin = county_span.calendar.midnight(county_span.first)
            until = begin + timedelta(days=county_span.days + wait + rule.ahead)
            told = panels.incidents(rule.indicator, begin, until, until)
            days = [(tree.lineage(one.areas[0]), county_span.calendar.local_day(one.occurred_at))
                    for one in told]  # fmt: skip
            for place, (area, _) in enumerate(made.track.places):
                mine = [(day - county_span.first).days for above, day in days if area in above]
                for day in range(county_span.days):
                    ahead = [at for at in mine if day + wait <= at < day + wait + rule.ahead]
                    assert made.event[place, day] == (len(ahead) >= asks_for(rule)), (rule.id, area, day)
            assert made.event.any() and not made.event.all()


def test_nothing_counts_whose_horizon_nobody_has_heard_the_end_of(
    world: World, untold: Backtest, county_span: Span
) -> None:
    with LedgerSource.of(world).open() as (panels, _):
        for rule in counting(untold):
            made = ground(rule, untold.history, county_span, panels)
            assert not (made.marks.known & ~made.event)[:, -1].any(), "the last day's horizon lies ahead"
            # A horizon is known only when it is over, to the rule's rivals as well.
            wait = 2 if rule.cycle is Cycle.IMMEDIATE else 0
            assert made.delay + 1 == rule.ahead + wait
            assert not (made.early & made.late).any()
            assert (made.track.ahead == 1).all() and made.under_way.shape == made.known.shape


def test_every_rule_that_counts_stands_beside_its_rivals(
    world: World, untold: Backtest, county_span: Span
) -> None:
    with LedgerSource.of(world).open() as (panels, _):
        rows = list(recurrences(untold.book, untold.history, county_span, panels))
    assert {row["rule"] for row in rows} == {rule.id for rule in counting(untold)}
    assert {row["rival"] for row in rows} >= {"climatology", "persistence", "EWMA"}
    assert all(np.isfinite(row["brier_rule"]) for row in rows if row["judgements"])
