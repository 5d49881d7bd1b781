from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scipy.stats import poisson

from engine.backtest.chance import Noise, Work, mean_openings, openings
from engine.backtest.history import Span
from engine.backtest.shard import selected
from engine.cycle.panels import StorePanels
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.judge import find
from engine.model.indicator import Indicator
from engine.model.panel import Watch

SURGE, SEVERAL = "county.burglary-surge", "county.several-towns"


@pytest.fixture
def panels(world: World):
    with world.store.read() as tx:
        yield StorePanels(tx, world.settings)


def noise(panels: StorePanels, span: Span, replicate: int = 0, history: int = 3000) -> Noise:
    return Noise(panels, span, history, replicate)


def test_noise_has_each_areas_own_rate(world: World, panels: StorePanels, county_span: Span):
    burglary = world.book.rules[SURGE].indicator
    first, last = county_span.first.toordinal(), county_span.last.toordinal() + 1
    real = panels.deltas(burglary, "town", first, last).grid(first, last - 1, last).mean(axis=1)
    drawn = noise(panels, county_span).deltas(burglary, "town", first - 3000, last)
    assert drawn.grid(first - 3000, last - 1, last).mean(axis=1) == pytest.approx(real, abs=0.06)
    assert (drawn.cut == drawn.day + 1).all() and real.min() > 0.2


def test_noise_below_adds_up_to_the_noise_above(world: World, panels: StorePanels, county_span: Span):
    burglary, made = world.book.rules[SURGE].indicator, noise(panels, county_span)
    first, last = county_span.first.toordinal() - 100, county_span.last.toordinal()
    towns = made.deltas(burglary, "town", first, last).grid(first, last - 1, last)
    whole = made.deltas(burglary, "county", first, last).grid(first, last - 1, last)
    assert (towns.sum(axis=0) <= whole[0]).all() and towns.sum() > 0


def test_the_incidents_of_noise_are_its_counts(world: World, panels: StorePanels, county_span: Span):
    rule = world.book.rules["county.explosion"]
    made = noise(panels, county_span)
    since, until = county_span.since - timedelta(days=400), county_span.until
    found = made.incidents(rule.indicator, since, until, until)
    first, last = since.date().toordinal(), until.date().toordinal()
    assert len(found) == made.deltas(rule.indicator, "county", first, last).n.sum() > 0
    assert all(since <= one.occurred_at < until and rule.indicator.matches(one) for one in found)
    assert set(made.moments([rule])) >= {one.known_at for one in found}


def test_each_replicate_is_another_noise_and_always_the_same(
    world: World, panels: StorePanels, county_span: Span
):
    burglary = world.book.rules[SURGE].indicator
    first, last = county_span.first.toordinal() - 50, county_span.last.toordinal()

    def drawn(replicate: int) -> list[float]:
        deltas = noise(panels, county_span, replicate).deltas(burglary, "town", first, last)
        return deltas.grid(first, last - 1, last).ravel().tolist()

    assert drawn(0) == drawn(0) != drawn(1)


class Heard(Noise):
    """Noise in a county whose feed was heard long before it had one."""

    def watch(self, indicator: Indicator, level: str, first: int, cut: int) -> Watch:
        return Watch.always(len(self.tree.at(level)))


def test_a_threshold_is_crossed_as_often_as_poisson_says(
    world: World, panels: StorePanels, county_span: Span
):
    """`at_least: 3` in three days, town by town, over three thousand days of noise."""
    rule, made = world.book.rules[SURGE], Heard(panels, county_span, 3000, 0)
    first = county_span.first - timedelta(days=2990)
    found = find([rule], made, [first + timedelta(days=n) for n in range(0, 2990, 3)])
    begin, end = first.toordinal() - 3, county_span.first.toordinal()
    rates = made.deltas(rule.indicator, "town", begin, end).grid(begin, end - 1, end).mean(axis=1)
    for town, rate in zip(("T1", "T2", "T3"), rates, strict=True):
        held = sum(any(one.area == town and one.held[0] == 1 for one in at.outcomes) for at in found)
        assert held / len(found) == pytest.approx(poisson(3 * rate).sf(2), abs=0.04)


def test_the_mean_over_replicates(world: World, county_span: Span):
    book = selected(world.book, [])
    work = Work(LedgerSource.of(world), world.book, book, county_span, world.terms)
    told: list[tuple[int, int]] = []
    alone = mean_openings(work, 2, None, lambda *done: told.append(done))
    single = [openings(work, replicate) for replicate in range(2)]
    assert alone == {rule: np.mean([one[rule] for one in single]) for rule in book.rules}
    assert set(alone) == set(world.book.rules) and alone[SURGE] > 0 and told == [(1, 2), (2, 2)]
    assert mean_openings(work, 0) == {}


def test_a_correlation_alone_has_its_chance_too(world: World, county_span: Span):
    book = selected(world.book, [SEVERAL])
    work = Work(LedgerSource.of(world), world.book, book, county_span, world.terms)
    assert set(mean_openings(work, 1)) == {SEVERAL}




def test_noise_does_not_depend_on_how_far_any_rule_looks_back(
    world: World, panels: StorePanels, county_span: Span
):
    rule = world.book.rules["county.explosion"]
    first, last = county_span.first.toordinal() - 50, county_span.last.toordinal()
    near, far = (noise(panels, county_span, history=days) for days in (60, 400))
    for level in ("town", "county"):
        drawn = (one.deltas(rule.indicator, level, first, last) for one in (near, far))
        grids = [deltas.grid(first, last - 1, last) for deltas in drawn]
        assert (grids[0] == grids[1]).all() and grids[0].any()
    since = county_span.since - timedelta(days=50)
    told = [one.incidents(rule.indicator, since, county_span.until, county_span.until) for one in (near, far)]
    assert told[0] == told[1] != []
