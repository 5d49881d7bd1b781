"""The scans by inhabitants and among controls, and how far circles reach: exact, and no surer than said."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from engine.detect.cluster import rung as cluster
from engine.detect.cluster.labels import Labels, drawn
from engine.detect.cluster.null import Asked, bernoulli, poisson
from engine.detect.cluster.study import MODELS, Cluster, Params, areas, points
from engine.detect.cluster.zones import zones
from engine.detect.series import Series
from engine.model.rule import Window

PEOPLE = np.array([4, 1, 0, 2, 3, 5, 1, 2, 2.5, 6, 1, 3]) * 1000.0
QUICK = Params(max_days=5, replicates=99)


def town(seed: int = 3, days: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Cases by inhabitants in twelve places, one of which has none."""
    random = np.random.default_rng(seed)
    return random.poisson(PEOPLE[:, None] / 4000, (12, days)), random.random((12, 2)) * 10


def circles(where: np.ndarray, half: int) -> list[tuple[int, np.ndarray, float]]:
    """Every circle: its centre, its places, and its radius."""
    found = []
    for center in range(len(where)):
        away = np.sqrt(np.sum((where - where[center]) ** 2, axis=1))
        order = np.argsort(away, kind="stable")
        found += [(center, order[:size], away[order[size - 1]]) for size in range(1, half + 1)]
    return found


#: Of cylinders: the statistic by its places and days.
Plain = dict[tuple[tuple[int, ...], int], float]


def highest(found: Plain) -> tuple[float, set[tuple[tuple[int, ...], int]]]:
    """The largest statistic, and every cylinder that has it."""
    best = max(found.values(), default=0.0)
    return best, {at for at, value in found.items() if value >= best - 1e-9}


def held_against(found: Plain, first: Cluster) -> tuple[tuple[int, ...], int]:
    """A cluster is one of the highest of a plain search: its places, and how many days it has."""
    value, cylinders = highest(found)
    places, days = tuple(sorted(first.places)), first.last - first.first + 1
    assert first.statistic == pytest.approx(value, rel=1e-9)
    assert (places, days) in cylinders
    return places, days


def by_poisson(
    table: np.ndarray, where: np.ndarray, people: np.ndarray, params: Params, radius: float
) -> Plain:
    """The statistic of every cylinder, straight from the definition."""
    cases, found = table.sum(), {}
    for _, inside, far in circles(where, len(where) // 2):
        share = people[inside].sum() / people.sum()
        if share > 0.5 or share == 0 or far > radius:
            continue
        for days in range(1, params.max_days + 1):
            c, m = table[inside, -days:].sum(), cases * share * days / table.shape[1]
            if c > m and c >= params.min_cases:
                ratio = c * np.log(c / m) + (cases - c) * np.log((cases - c) / (cases - m))
                found[tuple(sorted(inside.tolist())), days] = float(ratio)
    return found


@pytest.mark.parametrize("radius", [np.inf, 4.0, 1.0])
def test_by_inhabitants_the_first_cluster_is_that_of_a_plain_search(radius: float) -> None:
    table, where = town()
    table[3, -3:] += 3
    params = replace(QUICK, model="poisson", max_radius="" if radius == np.inf else f"{radius:g}")
    first = areas(table, where, params, people=PEOPLE).clusters[0]
    places, days = held_against(by_poisson(table, where, PEOPLE, params, radius), first)
    expected = table.sum() * PEOPLE[list(places)].sum() / PEOPLE.sum() * days / 40
    assert first.expected == pytest.approx(expected)


def test_by_inhabitants_every_replicate_has_as_many_cases_as_there_were_by_chance() -> None:
    table, where = town()
    asked = Asked(5, 0.5, np.inf, "plane", 400, 2, 1)
    null = poisson(table, where, asked, PEOPLE)
    again = areas(table, where, replace(QUICK, model="poisson", replicates=400), people=PEOPLE)
    np.testing.assert_array_equal(null.largest, again.maxima)
    plain = [
        highest(by_poisson(replicate, where, PEOPLE, QUICK, np.inf))[0]
        for replicate in _worlds(table.sum(), 300)
    ]
    # The two samples come from one distribution: Kolmogorov's distance at 0.1 %.
    grid = np.sort(np.append(null.largest, plain))
    gap = np.abs(_below(null.largest, grid) - _below(np.array(plain), grid)).max()
    assert gap < 1.95 * np.sqrt(1 / 400 + 1 / 300)


def _worlds(cases: int, many: int):
    random = np.random.default_rng(8)
    for _ in range(many):
        place = random.choice(12, cases, p=PEOPLE / PEOPLE.sum())
        table = np.zeros((12, 40), np.int64)
        np.add.at(table, (place, random.integers(0, 40, cases)), 1)
        yield table


def _below(values: np.ndarray, grid: np.ndarray) -> np.ndarray:
    return np.searchsorted(np.sort(values), grid, "right") / values.size


def by_labels(
    table: np.ndarray, every: np.ndarray, where: np.ndarray, params: Params, radius: float
) -> Plain:
    """The same of cases among all."""
    cases, all_, found = table.sum(), every.sum(), {}

    def entropy(c: float, n: float) -> float:
        return sum(k * np.log(k / n) for k in (c, n - c) if k > 0)

    for _, inside, far in circles(where, len(where) // 2):
        if every[inside].sum() > all_ / 2 or every[inside].sum() == 0 or far > radius:
            continue
        for days in range(1, params.max_days + 1):
            c, n = table[inside, -days:].sum(), every[inside, -days:].sum()
            if n and c / n > cases / all_ and c >= params.min_cases:
                ratio = entropy(c, n) + entropy(cases - c, all_ - n) - entropy(cases, all_)
                found[tuple(sorted(inside.tolist())), days] = float(ratio)
    return found


@pytest.mark.parametrize("radius", [np.inf, 3.0])
def test_among_controls_the_first_cluster_is_that_of_a_plain_search(radius: float) -> None:
    every, where = town()
    table = np.random.default_rng(4).binomial(every, 0.3)
    table[5, -4:] = every[5, -4:]
    params = replace(QUICK, model="bernoulli", max_radius="" if radius == np.inf else f"{radius:g}")
    first = areas(table, where, params, whole=every).clusters[0]
    places, days = held_against(by_labels(table, every, where, params, radius), first)
    among = every[list(places), -days:].sum()
    assert first.expected == pytest.approx(among * table.sum() / every.sum())


def test_the_maxima_among_controls_are_those_of_every_cylinder() -> None:
    every, where = town()
    made = zones(where, every.sum(axis=1), 0.5, "plane")
    labels = Labels.of(60, int(every.sum()), 2)
    counts = drawn(every, 60, 5, 12, 7)
    everybody = np.cumsum(every[:, :-6:-1], axis=1)
    found = labels.maxima(counts, made, everybody)
    for one in range(12):
        daily = np.diff(counts[:, :, one], axis=1, prepend=0)
        table = np.zeros_like(every)
        table[:, :-6:-1] = daily
        table[0, 0] = 60 - daily.sum()  # where they are before does not matter
        padded = np.maximum(every, table)
        assert padded.sum() - every.sum() == max(table[0, 0] - every[0, 0], 0)
        wanted = max(
            float(labels.at(counts[inside, days, one].sum(), everybody[inside, days].sum()))
            for _, inside, _ in circles(where, 6) for days in range(5)
            if 0 < every[inside].sum() <= every.sum() / 2
        )
        assert found[one] == pytest.approx(wanted, rel=1e-9)


def test_as_many_are_drawn_as_there_are_cases_and_no_more_than_there_are() -> None:
    every, _ = town()
    counts = drawn(every, 90, 40, 50, 1)
    assert (counts[:, -1].sum(axis=0) == 90).all()
    assert (counts[:, -1] <= every.sum(axis=1)[:, None]).all()
    assert counts[:, -1].mean(axis=1) == pytest.approx(90 * every.sum(axis=1) / every.sum(), abs=1.5)


def test_a_busy_week_is_a_cluster_by_inhabitants_alone() -> None:
    table, where = town(5)
    table[:, -3:] = np.random.default_rng(9).poisson(PEOPLE[:, None] / 1000, (12, 3))
    whole = table * 4 + np.random.default_rng(1).poisson(1.0, table.shape)
    chance = {
        model: areas(table, where, replace(QUICK, model=model), people=PEOPLE, whole=whole).clusters[0].pvalue
        for model in MODELS
    }
    assert chance["poisson"] == 0.01
    assert min(chance["permutation"], chance["bernoulli"]) >= 0.05


def test_what_doubles_everywhere_is_none_among_controls_that_double_too() -> None:
    every, where = town(6)
    every[4, -4:] = 12
    table = np.random.default_rng(2).binomial(every, 0.4)
    params = replace(QUICK, model="bernoulli")
    assert areas(table, where, params, whole=every).clusters[0].pvalue >= 0.05
    assert areas(table, where, QUICK).clusters[0].pvalue == 0.01


def test_a_radius_keeps_circles_small_and_a_wide_one_changes_nothing() -> None:
    table, where = town()
    table[:, -2:] += 1
    free = areas(table, where, QUICK)
    wide = areas(table, where, replace(QUICK, max_radius="20"))
    assert wide.clusters == free.clusters
    np.testing.assert_array_equal(wide.maxima, free.maxima)
    for radius in (0.5, 2.0):
        for one in areas(table, where, replace(QUICK, max_radius=f"{radius:g}")).clusters:
            far = np.sqrt(np.sum((where[list(one.places)] - where[one.center]) ** 2, axis=1))
            assert far.max() <= radius


def test_a_radius_of_places_on_the_globe_is_a_distance() -> None:
    # A tenth of a degree of latitude is 11.1 km.
    where = np.array([[18.0, 60.0], [18.0, 60.1], [18.0, 60.25], [18.0, 60.5]])
    reach = {
        radius: (zones(where, np.ones(4), 0.99, "degrees", radius).size_of >= 0).sum(axis=1).tolist()
        for radius in (11_000.0, 11_200.0, 17_000.0, 56_000.0)
    }
    assert reach == {11_000.0: [1, 1, 1, 1], 11_200.0: [2, 2, 1, 1], 17_000.0: [2, 3, 2, 1],
                     56_000.0: [3, 3, 3, 3]}  # fmt: skip


def test_a_place_where_nothing_happened_is_a_place() -> None:
    """With its inhabitants fewer cases are usual elsewhere, so that the same cases are more of a cluster."""
    days, where = [1, 5, 20, 38, 38, 39], [[0, 0]] * 2 + [[9, 0], [0, 0], [0, 0], [0, 0]]
    params = Params(max_days=5, replicates=99, model="poisson")
    people = [2000, np.nan, 3000, np.nan, np.nan, np.nan]
    without = points(days, where, params=params, first=0, last=39, people=people)
    with_ = points(
        [*days, 0], [*where, [50, 50]], [1] * 6 + [0], params, first=0, last=39, people=[*people, 5000]
    )
    assert with_.cases == without.cases == 6
    assert len(with_.coordinates) == 3
    assert with_.clusters[0].expected == pytest.approx(without.clusters[0].expected / 2)
    assert with_.clusters[0].statistic > without.clusters[0].statistic


@pytest.mark.parametrize(
    ("params", "given", "says"),
    [
        ({"model": "poisson"}, {}, "needs the population of every place"),
        ({"model": "poisson"}, {"people": [1, np.nan, np.nan]}, "needs the population of every place"),
        ({"model": "poisson"}, {"people": [1, 2, 1]}, "two different populations"),
        ({"model": "bernoulli"}, {}, "give a column 'controls'"),
        ({"max_radius": "5km"}, {}, "in the plane is a number"),
        ({"max_radius": "5", "metric": "degrees"}, {}, "is no distance"),
    ],
)
def test_what_a_model_lacks_is_said(params: dict, given: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        points([0, 20, 39], [[0, 0], [0, 0], [1, 1]], params=replace(QUICK, **params), **given)


@pytest.mark.parametrize("wrong", [{"model": "normal"}, {"max_radius": "far"}, {"max_radius": "0"}])
def test_what_cannot_be_meant_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError):
        Params(**wrong)


def test_more_cases_than_the_whole_are_refused() -> None:
    table, where = town()
    with pytest.raises(ValueError, match="more cases than the whole"):
        areas(table, where, replace(QUICK, model="bernoulli"), whole=table - (table > 2))


# -- in a rung


def series(counts: np.ndarray, where: np.ndarray, people: np.ndarray | None = PEOPLE) -> Series:
    return Series(
        cuts=np.array([700_000]), window=1, gap=0, observed=counts[None, :, -1].astype(float),
        whole=np.ones((1, len(counts)), bool), baseline=counts[None, :, :-1].astype(float), places=where,
        population=people,
    )  # fmt: skip


def test_in_a_rung_areas_without_inhabitants_are_unknown_and_say_so() -> None:
    table, where = town()
    model = cluster.model(series(table, where), replace(QUICK, model="poisson"))
    assert np.flatnonzero(~model.known[0]).tolist() == [2]
    assert model.untold(0, 2) == cluster.NO_PLACE
    assert model.untold(0, 1) == ""
    expected = table.sum() * PEOPLE / PEOPLE.sum() / 40
    np.testing.assert_allclose(np.delete(model.expected[0], 2), np.delete(expected, 2), rtol=0.1)


def test_in_a_rung_one_area_alone_is_unknown_and_says_so() -> None:
    model = cluster.model(series(np.ones((1, 40)), np.array([[18.0, 60.0]])), QUICK)
    assert not model.known.any()
    assert model.untold(0, 0) == cluster.ALONE


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"max_radius": "50"}, "max_radius 50 is no distance: write it as in 50km"),
        ({"alpha": 0.001, "replicates": 99}, "it needs replicates: 999 or more"),
    ],
)
def test_in_a_rung_what_cannot_work_is_said(wrong: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cluster.past(replace(QUICK, **wrong), Window(days=1, baseline=60))


def part_of(cases: np.ndarray, every: np.ndarray, places: np.ndarray) -> Series:
    """A series of one cut, with the whole that its cases are a part of."""
    return replace(series(cases, places, None), whole_of=every[None, :, -1].astype(float),
                   whole_past=every[None].astype(float))  # fmt: skip


def test_in_a_rung_cases_are_compared_with_the_whole_that_the_rule_names() -> None:
    every, where = town()
    cases = np.random.default_rng(4).binomial(every, 0.3).astype(float)
    params = replace(QUICK, model="bernoulli", alpha=0.2)
    model = cluster.model(part_of(cases, every, where), params)
    alone = areas(cases, where, replace(params, metric="degrees"), whole=every.astype(float))
    np.testing.assert_array_equal(model.scans[0].maxima, alone.maxima)
    assert model.scans[0].clusters[0].places == alone.clusters[0].places and model.known.all()
    np.testing.assert_allclose(model.expected[0], every[:, -1] * cases.sum() / every.sum())


def test_in_a_rung_more_of_everything_is_no_cluster_of_a_part() -> None:
    """The last days of a quarter are busy; among them cases are as many as elsewhere, or most."""
    random = np.random.default_rng(8)
    where = np.stack(np.meshgrid(np.arange(4) / 5 + 18, np.arange(4) / 5 + 60), axis=-1).reshape(16, 2)
    mean = np.full((16, 60), 4.0)
    mean[:4, -4:] = 40.0
    every = random.poisson(mean)
    usual = random.binomial(every, 0.25).astype(float)
    unusual = usual.copy()
    unusual[:4, -4:] = random.binomial(every[:4, -4:], 0.6)
    params = replace(QUICK, model="bernoulli", max_share=0.5, alpha=0.05)
    plain = cluster.model(series(usual, where, None), replace(params, model="permutation", clumps="apart"))
    assert set(np.flatnonzero(plain.holds(usual[None, :, -1])[0])) & set(range(4))
    quiet, loud = (cluster.model(part_of(one, every, where), params) for one in (usual, unusual))
    assert quiet.pvalue(usual[None, :, -1]).min() > 0.05
    assert set(np.flatnonzero(loud.holds(unusual[None, :, -1])[0])) & set(range(4))


def test_in_a_rung_without_a_whole_nobody_can_tell_and_it_says_so() -> None:
    cases = np.ones((5, 60))
    model = cluster.model(series(cases, np.random.default_rng(1).random((5, 2))),
                          replace(QUICK, model="bernoulli"))  # fmt: skip
    assert not model.known.any() and model.untold(0, 0) == cluster.NO_WHOLE


def test_in_a_rung_a_whole_told_later_than_its_part_is_never_less() -> None:
    cases, where = np.ones((5, 60)), np.random.default_rng(1).random((5, 2))
    model = cluster.model(part_of(cases, np.zeros((5, 60)), where), replace(QUICK, model="bernoulli"))
    assert model.known.all() and not model.holds(cases[None, :, -1]).any()


# -- as often by chance as it says


@pytest.mark.parametrize("model", MODELS)
def test_one_scan_of_noise_in_twenty_is_below_five_per_cent(model: str) -> None:
    chances = []
    for seed in range(150):
        random = np.random.default_rng(500 + seed)
        every, where = town(50_000 + seed)
        table = random.binomial(every, 0.5) if model == "bernoulli" else every
        params = replace(QUICK, model=model, seed=seed, max_radius="5")
        chances.append(areas(table, where, params, people=PEOPLE, whole=every).clusters[0].pvalue)
    assert np.mean(np.array(chances) <= 0.05) <= 0.10
    assert 0.35 < np.mean(chances) < 0.65


def test_every_way_of_being_a_case_is_as_likely() -> None:
    """Of the ten ways in which two of five may be cases each is drawn as often."""
    every = np.array([[1, 1], [1, 2]])
    counts = drawn(every, 2, 2, 4000, 3)
    last = counts[:, 0, :] * 3 + counts[:, 1, :]
    seen = np.unique(last, axis=1, return_counts=True)[1]
    people = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 1)]
    ways: dict[tuple[int, ...], int] = {}
    for chosen in combinations(people, 2):
        table = np.zeros((2, 2), int)
        for at in chosen:
            table[at] += 1
        of = np.cumsum(table[:, ::-1], axis=1)
        key = tuple((of[:, 0] * 3 + of[:, 1]).tolist())
        ways[key] = ways.get(key, 0) + 1
    assert sorted(seen) == pytest.approx(sorted(400 * n for n in ways.values()), abs=90)


def test_bernoulli_of_a_scan_is_the_one_asked_for() -> None:
    every, where = town()
    table = np.random.default_rng(4).binomial(every, 0.3)
    null = bernoulli(table, where, Asked(5, 0.5, np.inf, "plane", 99, 2, 1), every - table)
    again = areas(table, where, replace(QUICK, model="bernoulli"), whole=every)
    np.testing.assert_array_equal(null.largest, again.maxima)
