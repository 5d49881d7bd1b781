"""The space-time permutation scan: what it finds, how exactly, how often by chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.detect.cluster import rung as cluster
from engine.detect.cluster.scan import Statistic, maxima
from engine.detect.cluster.study import Params, areas, points
from engine.detect.cluster.zones import zones
from engine.detect.series import Series
from engine.model.rule import Window

QUICK = Params(max_days=7, replicates=99)


def background(places: int, days: int, mean: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts (places, days) with busy places and busy days, and coordinates."""
    random = np.random.default_rng(seed)
    rate = mean * random.gamma(2, 0.5, (places, 1)) * (1 + (np.arange(days) % 7 == 2))
    return random.poisson(rate).astype(float), random.random((places, 2))


def with_cluster(seed: int = 4) -> tuple[np.ndarray, np.ndarray, list[int]]:
    counts, where = background(60, 120, 0.3, seed)
    near = np.argsort(np.sum((where - where[7]) ** 2, axis=1))[:4]
    counts[near, -4:] += 2
    return counts, where, sorted(near.tolist())


def test_a_planted_cluster_is_named_with_its_areas_and_days() -> None:
    counts, where, near = with_cluster()
    first = areas(counts, where, Params(max_days=10), first=1000).clusters[0]
    assert sorted(first.places) == near
    assert (first.first, first.last) == (1116, 1119)
    assert first.observed == counts[near, -4:].sum() > 3 * first.expected
    assert first.pvalue == 0.001
    assert first.recurrence == 1000
    assert first.rank == 1


def test_events_and_areas_are_the_same_scan() -> None:
    counts, where, _ = with_cluster()
    place, day = np.nonzero(counts)
    scan = points(day, where[place], counts[place, day], QUICK, first=0, last=119)
    other = areas(counts, where, QUICK).clusters[0]
    first = scan.clusters[0]
    assert (first.statistic, first.pvalue, first.observed) == (other.statistic, other.pvalue, other.observed)
    np.testing.assert_array_equal(
        np.sort(scan.coordinates[list(first.places)], axis=0), np.sort(where[list(other.places)], axis=0)
    )


def test_the_same_seed_gives_the_same_answer_and_another_seed_other_shuffles() -> None:
    counts, where, _ = with_cluster()
    once, again = areas(counts, where, QUICK), areas(counts, where, QUICK)
    other = areas(counts, where, Params(max_days=7, replicates=99, seed=2))
    assert once.clusters == again.clusters
    np.testing.assert_array_equal(once.maxima, again.maxima)
    assert other.clusters[0].statistic == once.clusters[0].statistic
    assert not np.array_equal(other.maxima, once.maxima)


def test_neither_a_busy_place_nor_a_busy_day_is_a_cluster() -> None:
    random = np.random.default_rng(3)
    busy_place, busy_day = np.ones((40, 1)), np.ones(100)
    busy_place[5], busy_day[-1] = 20, 10
    counts = random.poisson(0.5 * busy_place * busy_day).astype(float)
    assert areas(counts, random.random((40, 2)), QUICK).clusters[0].pvalue > 0.05


def test_secondary_clusters_share_no_place_and_get_less_unlikely() -> None:
    counts, where = background(60, 120, 0.3, 8)
    corners = [np.argsort(np.sum((where - corner) ** 2, axis=1))[:3] for corner in ([0, 0], [1, 1])]
    counts[corners[0], -3:] += 3
    counts[corners[1], -6:] += 2
    found = areas(counts, where, QUICK).clusters
    named = [place for one in found for place in one.places]
    assert {frozenset(one.places) for one in found[:2]} == {frozenset(c.tolist()) for c in corners}
    assert found[0].pvalue == found[1].pvalue == 0.01
    assert len(named) == len(set(named))
    assert [one.statistic for one in found] == sorted((one.statistic for one in found), reverse=True)
    assert [one.rank for one in found] == list(range(1, len(found) + 1))


def brute(counts: np.ndarray, coordinates: np.ndarray, totals: np.ndarray, days: np.ndarray) -> float:
    """The largest statistic of one table (P, D) of cumulated counts, straight from the definition."""
    cases, best = totals.sum(), 0.0
    half = len(counts) // 2
    for center in coordinates:
        order = np.argsort(np.sum((coordinates - center) ** 2, axis=1), kind="stable")
        for size in range(1, half + 1):
            inside = order[:size]
            if totals[inside].sum() > cases / 2:
                continue
            for duration in range(counts.shape[1]):
                c, m = counts[inside, duration].sum(), totals[inside].sum() * days[duration] / cases
                if c >= 2 and c > m:
                    rest = (cases - c) * np.log((cases - c) / (cases - m)) if c < cases else 0.0
                    best = max(best, c * np.log(c / m) + rest)
    return best


def test_the_pruned_maxima_are_those_of_every_cylinder() -> None:
    random = np.random.default_rng(5)
    where = random.random((17, 2))
    totals = random.integers(0, 30, 17)
    made = zones(where, totals, 0.5, "plane")
    daily = random.poisson(0.4, (17, 6, 200)) * (totals > 0)[:, None, None]
    # Every shuffle has the same number of cases a day; here only their sum over the places matters.
    days = np.cumsum(np.full(6, 9))
    held = np.minimum(np.cumsum(daily, axis=1), days[-1]).astype(np.int16)
    statistic = Statistic.of(made.sizes, days, int(totals.sum()), int(totals.sum()), int(days[-1]), 2)
    held = np.minimum(held, 3).astype(np.int16)
    found = maxima(held, made, statistic)
    wanted = [brute(held[:, :, one], where, totals, days) for one in range(0, 200, 10)]
    np.testing.assert_allclose(found[::10], wanted, rtol=1e-9)


def test_one_null_scan_in_twenty_is_below_five_per_cent() -> None:
    chances = []
    for seed in range(150):
        counts, where = background(20, 60, 0.4, 1000 + seed)
        found = areas(counts, where, Params(max_days=7, replicates=99, seed=seed)).clusters
        chances.append(found[0].pvalue)
    assert np.mean(np.array(chances) <= 0.05) <= 0.10
    assert 0.35 < np.mean(chances) < 0.65


def test_distance_on_the_globe_joins_places_across_the_date_line() -> None:
    counts, _ = background(12, 60, 0.5, 2)
    where = np.stack([np.linspace(-170, 100, 12), np.zeros(12)], axis=1)
    where[11] = [179.5, 0]
    counts[[0, 11], -3:] += 5
    globe = areas(counts, where, Params(max_days=7, replicates=99, metric="degrees")).clusters[0]
    assert set(globe.places) == {0, 11}


def test_unknown_counts_leave_out_the_area_or_the_day() -> None:
    counts, where, near = with_cluster()
    blind = next(area for area in range(60) if area not in near)
    counts[blind, -1] = np.nan
    counts[(blind + 1) % 60, 20] = np.nan
    scan = areas(counts, where, Params(max_days=7, replicates=99), first=500)
    assert scan.left_out == (blind,)
    assert sorted(scan.clusters[0].places) == near
    assert (scan.clusters[0].first, scan.clusters[0].last) == (616, 619)


def test_no_recent_case_is_no_cluster() -> None:
    counts, where = background(10, 60, 0.5, 1)
    counts[:, -7:] = 0
    assert areas(counts, where, QUICK).clusters == ()
    assert areas(np.zeros((10, 60)), where, QUICK).clusters == ()


@pytest.mark.parametrize(
    ("counts", "where", "message"),
    [
        (np.ones((1, 60)), np.zeros((1, 2)), "compares places"),
        (np.ones((3, 10)), np.zeros((3, 2)), "needs 14 days"),
        (-np.ones((3, 60)), np.zeros((3, 2)), "negative"),
        (np.full((3, 60), 0.5), np.zeros((3, 2)), "whole"),
        (np.ones((3, 60)), np.zeros((2, 2)), "3 areas"),
        (np.ones((3, 60)), np.full((3, 2), np.nan), "finite"),
        (np.full((3, 60), np.nan), np.zeros((3, 2)), "compares places"),
        (np.full((3, 60), 1e6), np.zeros((3, 2)), "at most"),
    ],
)
def test_bad_input_is_refused_with_a_reason(counts: np.ndarray, where: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        areas(counts, where, QUICK)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_days", 0), ("max_share", 1), ("replicates", 5), ("min_cases", 0), ("metric", "miles"),
        ("alpha", 0),
    ],
)
def test_a_parameter_out_of_range_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        Params(**{name: value})


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=60)
)
def test_any_events_give_clusters_that_add_up_or_a_reason(events: list[tuple[int, int, int]]) -> None:
    days, x, y = np.array(events).T
    params = Params(max_days=5, replicates=19)
    try:
        scan = points(days, np.stack([x, y], axis=1), params=params, first=0, last=40)
    except ValueError as refused:
        assert "compares places" in str(refused)
        return
    assert scan.cases == len(events)
    for one in scan.clusters:
        inside = scan.coordinates[list(one.places)]
        held = [(x, y) in map(tuple, inside) and one.first <= day <= one.last for day, x, y in events]
        assert one.observed == sum(held) > one.expected > 0
        assert 0 < one.pvalue <= 1


def series(counts: np.ndarray, where: np.ndarray) -> Series:
    return Series(
        cuts=np.array([700_000]), window=1, gap=0, observed=counts[None, :, -1], whole=np.ones((1, 60), bool),
        baseline=counts[None, :, :-1], places=where,
    )  # fmt: skip


def test_in_a_rung_the_areas_of_a_cluster_hold() -> None:
    counts, where, near = with_cluster()
    where = where / 10
    cells = series(counts, where)
    model = cluster.model(cells, Params(max_days=7, replicates=199))
    assert np.flatnonzero(model.holds(cells.observed)[0]).tolist() == near
    assert model.known.all()
    assert np.isfinite(model.expected).all()
    facts = model.facts(0, near[0])
    assert facts["from"] == "1917-07-11"
    assert sorted(facts["areas"].split()) == sorted(map(str, near))
    assert model.cluster(0, near[0]).last == 699_999
    outside = next(area for area in range(60) if model.cluster(0, area) is None)
    assert model.facts(0, outside)["cluster"] == "none"
    assert model.pvalue(cells.observed)[0, outside] == 1


def test_in_a_rung_an_area_without_coordinates_is_unknown() -> None:
    counts, where, near = with_cluster()
    where = where / 10
    where[[0, 30]] = np.nan
    model = cluster.model(series(counts, where), QUICK)
    assert np.flatnonzero(~model.known[0]).tolist() == [0, 30]
    assert model.holds(counts[None, :, -1])[0, [area for area in near if area not in (0, 30)]].all()


@pytest.mark.parametrize(
    "even, odd",
    [(slice(115, 116), slice(115, 116)), (slice(0, 61), slice(0, 61)), (slice(0, 55), slice(55, 110))],
    ids=["silent lately", "begins late", "never known together"],
)
def test_in_a_rung_nobody_can_tell_while_too_little_is_known_to_compare(even: slice, odd: slice) -> None:
    counts, where, _ = with_cluster()
    counts[::2, even] = counts[1::2, odd] = np.nan
    cells = series(counts, where / 10)
    model = cluster.model(cells, Params(max_days=10, replicates=19))
    assert not model.known.any() and not model.holds(cells.observed).any()
    assert model.facts(0, 0)["cluster"] == "none"


def test_in_a_rung_a_place_whose_feed_was_silent_on_the_last_day_is_left_out() -> None:
    counts, where, near = with_cluster()
    cells = series(counts, where / 10)
    whole = cells.whole.copy()
    whole[0, near[0]] = False
    model = cluster.model(replace(cells, whole=whole), QUICK)
    assert np.flatnonzero(~model.known[0]).tolist() == [near[0]]
    assert not model.holds(cells.observed)[0, near[0]]


def test_in_a_rung_areas_that_nobody_located_are_unknown() -> None:
    counts, where, _ = with_cluster()
    model = cluster.model(series(counts, np.full(where.shape, np.nan)), QUICK)
    assert not model.known.any()


def test_in_a_rung_reports_are_scanned_and_not_what_they_are_expected_to_become() -> None:
    counts, where, _ = with_cluster()
    cells = series(counts, where / 10)
    better = replace(cells, observed=cells.observed * 1.3, reported=cells.observed)
    scans = [cluster.model(one, QUICK).scans[0] for one in (cells, better)]
    assert scans[0].clusters == scans[1].clusters


def test_a_rung_needs_one_day_windows_and_a_long_baseline() -> None:
    assert cluster.past(QUICK, Window(days=1, baseline=90)).blocks == 90
    with pytest.raises(ValueError, match="window of 1 day"):
        cluster.past(QUICK, Window(days=7, baseline=90))
    with pytest.raises(ValueError, match="baseline of at least 13"):
        cluster.past(QUICK, Window(days=1, baseline=10))
