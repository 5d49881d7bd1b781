from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from engine.backtest.history import Span
from engine.backtest.noise import Noise, Work, mean_openings, openings
from engine.backtest.shard import selected
from engine.backtest.weeks import SEASON, YEAR, drawn_days
from engine.cycle.panels import StorePanels
from engine.cycle.source import LedgerSource
from engine.cycle.world import World
from engine.model.panel import Deltas

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
    told = panels.deltas(burglary, "town", first, last)
    real = told.grid(first, last - 1, last).mean(axis=1)
    drawn = noise(panels, county_span).deltas(burglary, "town", first - 3000, last)
    assert drawn.grid(first - 3000, last - 1, last).mean(axis=1) == pytest.approx(real, abs=0.06)
    assert {*(drawn.cut - drawn.day)} <= {*(told.cut - told.day)} and real.min() > 0.2


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


def test_what_was_grave_for_an_hour_is_so_in_noise(
    world: World, panels: StorePanels, county_span: Span, monkeypatch: pytest.MonkeyPatch
):
    """A fire to which forty vehicles went is one of four when it is over: who asks what became of it finds
    a world in which nothing is ever grave."""
    rule, hour, plain = world.book.rules["county.explosion"], timedelta(hours=1), panels.revisions
    monkeypatch.setattr(panels, "revisions", lambda *a: [(one, one.known_at + hour) for one, _ in plain(*a)])
    made = noise(panels, county_span)
    since, until = county_span.since - timedelta(days=400), county_span.until
    told = made.revisions(rule.indicator, since, until)
    assert told and all(overtaken - one.known_at == hour for one, overtaken in told)
    assert not made.incidents(rule.indicator, since, until, until + 2 * hour), "nothing of it stands"
    first, overtaken = told[0]
    assert first in made.incidents(rule.indicator, since, until, overtaken)
    assert set(made.moments([rule])) >= {at for one, over in told for at in (one.known_at, over)}


def test_what_came_and_went_between_two_cuts_is_told_in_noise(
    world: World, panels: StorePanels, county_span: Span, monkeypatch: pytest.MonkeyPatch
):
    """No count ever holds it; a rule that judges at once saw it."""
    rule = world.book.rules["county.explosion"]
    monkeypatch.setattr(panels, "deltas", lambda indicator, level, *_: Deltas.empty(panels.tree.at(level)))
    since, until = county_span.since - timedelta(days=400), county_span.until
    made = noise(panels, county_span)
    assert made.revisions(rule.indicator, since, until) and made.moments([rule])
    assert not made.deltas(rule.indicator, "town", since.toordinal(), until.toordinal()).n.size


def test_noise_is_told_as_late_as_the_real_incident_was(world: World, panels: StorePanels, county_span: Span):
    rule = world.book.rules["county.explosion"]
    real = panels.revisions(rule.indicator, county_span.since, county_span.until)
    late = {one.known_at - one.occurred_at for one, _ in real}
    since = county_span.since - timedelta(days=400)
    made = noise(panels, county_span).revisions(rule.indicator, since, county_span.until)
    assert made and {one.known_at - one.occurred_at for one, _ in made} <= late


def test_each_replicate_is_another_noise_and_always_the_same(
    world: World, panels: StorePanels, county_span: Span
):
    burglary = world.book.rules[SURGE].indicator
    first, last = county_span.first.toordinal() - 50, county_span.last.toordinal()

    def drawn(replicate: int) -> list[float]:
        deltas = noise(panels, county_span, replicate).deltas(burglary, "town", first, last)
        return deltas.grid(first, last - 1, last).ravel().tolist()

    assert drawn(0) == drawn(0) != drawn(1)


def drawn(calm: np.ndarray, seen: np.ndarray, count: int, seed: int = 1) -> np.ndarray:
    return drawn_days(calm, seen, count, np.random.default_rng(seed))


def test_weeks_keep_their_weekdays_and_their_season():
    """Two years and a half, a world of as many days: every day is another of the same weekday and season."""
    every = np.ones(900, bool)
    taken = drawn(every, every, 900)
    apart = np.abs(taken - np.arange(900)) % YEAR
    assert ((taken - np.arange(900)) % 7 == 0).all()
    assert np.minimum(apart, YEAR - apart).max() <= SEASON + 7
    assert len(set(taken.tolist())) > 400, "not one week again and again"
    assert np.abs(taken - np.arange(900)).max() > 300, "other years are drawn from as well"


def test_bursts_within_a_week_stay_and_longer_ones_are_gone():
    random = np.random.default_rng(2)
    counts = random.poisson(0.2, 700).astype(float)
    for start in random.integers(0, 693, 12):
        counts[start : start + 4] += 3  # four days of disorder
    worlds = [counts[drawn(np.ones(700, bool), np.ones(700, bool), 700, seed)] for seed in range(20)]
    most = np.mean([world.max() for world in worlds])
    assert most == pytest.approx(counts.max(), abs=0.6)
    assert np.mean([world.mean() for world in worlds]) == pytest.approx(counts.mean(), rel=0.1)

    def after(days: np.ndarray) -> float:
        return float(np.corrcoef(days[:-1], days[1:])[0, 1])

    poisson_ = [after(random.poisson(counts.mean(), 700)) for _ in range(20)]
    clumped = np.mean([after(world) for world in worlds])
    assert np.mean(poisson_) < 0.1 < 0.3 < clumped < after(counts)


def test_weeks_of_an_event_are_not_drawn_from_where_there_are_others():
    every, calm = np.ones(400, bool), np.ones(400, bool)
    calm[200:230] = False
    taken = drawn(calm, every, 400)
    assert not set(range(200, 230)) & set(taken.tolist())
    assert set(drawn(np.zeros(400, bool), every, 400).tolist()) & set(range(200, 230)), "war is all there is"


def test_unheard_days_are_never_drawn():
    seen = np.ones(300, bool)
    seen[40:60] = False
    assert not set(range(40, 60)) & set(drawn(seen, seen, 300).tolist())


@pytest.mark.parametrize("days", [1, 5, 10, 20])
def test_a_span_too_short_for_weeks_is_drawn_from_all_round(days: int):
    every = np.ones(days, bool)
    taken = drawn(every, every, 7000)
    assert np.bincount(taken, minlength=days) == pytest.approx(np.full(days, 7000 / days), rel=0.25)


def test_a_world_of_sums_keeps_its_tail(world: World, panels: StorePanels, county_span: Span):
    """Each drawn day has the sum of the real day that it is, not its count times a mean."""
    burglary, made = world.book.rules[SURGE].indicator, noise(panels, county_span, history=90)
    first, last = county_span.first.toordinal(), county_span.last.toordinal() + 1
    real = panels.deltas(burglary, "town", first, last)
    grids = [real.grid(first, last - 1, last, totals=totals) for totals in (False, True)]
    pairs = {
        (real.areas[area], grids[0][area, day], grids[1][area, day])
        for area, day in np.ndindex(grids[0].shape)
    }  # fmt: skip
    found = made.deltas(burglary, "town", first - 90, last)
    # Of the last days not all is told yet.
    told = [found.grid(first - 90, first - 1, last, totals=totals) for totals in (False, True)]
    assert {(real.areas[a], told[0][a, d], told[1][a, d]) for a, d in np.ndindex(told[0].shape)} <= pairs


def test_what_was_counted_and_then_taken_back_is_counted_in_noise_and_then_taken_back(
    world: World, panels: StorePanels, county_span: Span, monkeypatch: pytest.MonkeyPatch
):
    """Vehicles at a fire are many on its morning and none the day after: what remains of them is nothing."""
    burglary, plain = world.book.rules[SURGE].indicator, panels.deltas

    def taken_back(*asked: object) -> Deltas:
        told = plain(*asked)
        joined = (np.concatenate(pair) for pair in (
            (told.area, told.area), (told.day, told.day), (told.cut, told.cut + 1), (told.n, -told.n),
            (told.total, -told.total),
        ))  # fmt: skip
        return Deltas(told.areas, *joined)

    monkeypatch.setattr(panels, "deltas", taken_back)
    made, first = noise(panels, county_span, history=90), county_span.first.toordinal() - 60
    last = first + 40
    for level in ("town", "county"):
        told = made.deltas(burglary, level, first, last)
        assert told.grid(first, last - 1, last).sum() == told.grid(last - 9, last - 1, last).sum()
        mornings = [told.grid(day, day, day + 1).sum() for day in range(first, last)]
        assert sum(mornings) > 0 and told.grid(first, last - 30, last).sum() == 0


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
