"""Cases that belong together: who follows whom, how clumps are shuffled, and how often noise in clumps is a
cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.detect.cluster import clumps
from engine.detect.cluster.clumps import Followers
from engine.detect.cluster.scan import Statistic, maxima
from engine.detect.cluster.study import Params, areas
from engine.detect.cluster.zones import zones

QUICK = Params(max_days=7, replicates=99)
PEOPLE = np.geomspace(1e3, 1e5, 20)
MEAN = np.repeat(2.0 * PEOPLE[:, None] / PEOPLE.sum(), 84, axis=1)
Noise = Callable[[np.random.Generator], np.ndarray]


def of_one_day(random: np.random.Generator) -> np.ndarray:
    return random.negative_binomial(MEAN, 0.5)


def over_days(random: np.random.Generator) -> np.ndarray:
    """Three cases at a time, on four days in a row at most."""
    began, cases = random.poisson(MEAN / 3), np.zeros(MEAN.shape, np.int64)
    for place, day in np.repeat(np.argwhere(began), began[began > 0], axis=0):
        days = day + np.append(0, random.integers(0, 4, 2))
        np.add.at(cases[place], days[days < 84], 1)
    return cases


def of_one_place(random: np.random.Generator) -> np.ndarray:
    cases = random.poisson(MEAN)
    cases[random.integers(20)] = 8 * random.poisson(0.05, 84)
    return cases


@pytest.mark.parametrize("noise", [of_one_day, over_days, of_one_place])
def test_clumps_are_a_cluster_no_more_often_than_promised(noise: Noise) -> None:
    """At an alpha of 0.05 in fewer than one scan in ten; apart in more than one in six."""
    worlds = [(noise(random), random.random((20, 2))) for random in map(np.random.default_rng, range(80))]
    reached = {
        how: np.mean([first_chance(areas(*world, replace(QUICK, clumps=how))) <= 0.05 for world in worlds])
        for how in ("together", "apart")
    }
    assert reached["together"] <= 0.1
    assert reached["apart"] > 0.16


def first_chance(scan) -> float:
    return scan.clusters[0].pvalue if scan.clusters else 1.0


def test_a_week_that_has_clumps_in_three_places_at_once_is_a_cluster_all_the_same() -> None:
    random = np.random.default_rng(2)
    table, where = of_one_day(random), random.random((20, 2))
    near = np.argsort(np.sum((where - where[4]) ** 2, axis=1))[:3]
    table[near, -4:] += 3
    first = areas(table, where, QUICK).clusters[0]
    assert set(near.tolist()) <= set(first.places)
    assert first.pvalue == 0.01


def fitted(table: np.ndarray) -> Followers:
    return Followers.of(table, clumps.by_others(table))


def test_drawn_clumps_are_of_one_place_begin_first_and_hold_every_case_once() -> None:
    table = over_days(np.random.default_rng(5))
    followers = fitted(table)
    drawn = followers.drawn(np.random.default_rng(1))
    assert drawn.size.sum() == table.sum() == drawn.place.size
    assert (drawn.size > 1).any() and (drawn.offset >= 0).all()
    again = np.zeros_like(table)
    for first, size, start in zip(drawn.first, drawn.size, drawn.start, strict=True):
        held = slice(first, first + size)
        assert len(set(drawn.place[held].tolist())) == 1
        assert drawn.offset[held].min() == 0
        np.add.at(again, (drawn.place[held], start + drawn.offset[held]), 1)
    np.testing.assert_array_equal(again, table)


def test_cases_apart_are_hardly_ever_joined_and_cases_in_fours_mostly() -> None:
    random = np.random.default_rng(3)
    alone = (random.random((20, 84)) < 0.05).astype(np.int64)
    in_fours = 4 * alone
    sizes = {
        name: fitted(table).drawn(np.random.default_rng(1)).size.mean()
        for name, table in (("alone", alone), ("in fours", in_fours))
    }
    assert sizes["alone"] < 1.1
    assert 3.5 < sizes["in fours"] < 4.6


def test_what_is_usual_of_a_day_is_told_by_the_other_places() -> None:
    table = np.ones((5, 30), np.int64)
    table[2, 10] = 40
    usual = clumps.by_others(table)
    assert usual.sum() == pytest.approx(table.sum())
    np.testing.assert_allclose(usual[2], usual[2, 0])
    assert usual[1, 10] > 5 * usual[1, 9]


def test_a_shuffled_clump_keeps_its_place_and_size() -> None:
    """One place has nothing but six cases of one day: those that a shuffle brings into the last week are many
    at once, where of six apart it is 1.3 on the whole."""
    table = np.zeros((6, 70), np.int64)
    table[:5] = np.random.default_rng(4).random((5, 70)) < 0.3
    table[5, 30] = 6
    counts = clumps.shuffled(fitted(table), 7, 70, 6, 400, 1)
    whole = counts[5, -1]
    assert whole[whole > 0].mean() > 2
    assert whole.max() == 6


def test_the_maxima_of_shuffles_with_days_of_their_own_are_those_of_every_cylinder() -> None:
    random = np.random.default_rng(6)
    where, totals = random.random((14, 2)), random.integers(5, 30, 14)
    cases, made = int(totals.sum()), zones(where, totals, 0.5, "plane")
    counts = np.cumsum(random.poisson(0.5, (14, 6, 150)), axis=1).astype(np.int16)
    recent = counts.sum(axis=0, dtype=np.int64)
    statistic = Statistic.of(made.sizes, recent[:, 0], cases, cases, int(recent.max()), 2)
    found = maxima(counts, made, statistic, recent)
    for one in range(0, 150, 15):
        best = 0.0
        for order, size_of in zip(made.order, made.size_of, strict=True):
            for size in np.flatnonzero(size_of >= 0):
                inside = order[: size + 1]
                for day in range(6):
                    c, m = counts[inside, day, one].sum(), totals[inside].sum() * recent[day, one] / cases
                    if c >= 2 and c > m:
                        ratio = c * np.log(c / m) + (cases - c) * np.log((cases - c) / (cases - m))
                        best = max(best, float(ratio))
        assert found[one] == pytest.approx(best, rel=1e-9)


def test_apart_every_shuffle_has_the_cases_of_each_day_that_there_were() -> None:
    random = np.random.default_rng(8)
    table, where = random.poisson(MEAN), random.random((20, 2))
    once = areas(table, where, replace(QUICK, clumps="apart"))
    together = areas(table, where, QUICK)
    assert once.clusters[0].statistic == together.clusters[0].statistic
    assert not np.array_equal(once.maxima, together.maxima)


def test_another_word_for_clumps_is_refused() -> None:
    with pytest.raises(ValueError, match="clumps"):
        Params(clumps="loose")
