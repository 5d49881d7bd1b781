"""The tables of docs/statistics.md on scans: how often the most unlikely cluster of noise reaches an alpha,
and how often a planted one is named. Prints Markdown; takes some minutes.

    python -m benchmarks.scans
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from engine.detect.cluster.study import Params, Scan, areas

PLACES, DAYS, WORLDS = 20, 84, 500
#: Inhabitants from a thousand to a hundred thousand; so many cases a day in all.
PEOPLE = np.geomspace(1e3, 1e5, PLACES)
PACE = 2.0
ASKED = Params(max_days=7, max_share=0.5, replicates=199)
ALPHAS = (0.05, 0.01, 0.001)

Noise = Callable[[np.random.Generator, np.ndarray], np.ndarray]


def plain(random: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    return random.poisson(mean)


def busy(mean: np.ndarray) -> np.ndarray:
    """Two weekdays thrice as busy as others, and the last week twice as busy as the rest, all over."""
    usual = np.where(np.arange(DAYS) % 7 < 2, 3.0, 1.0) * np.where(np.arange(DAYS) >= DAYS - 7, 2.0, 1.0)
    return mean * usual / usual.mean()


def busy_days(random: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    return random.poisson(busy(mean))


def busy_places(random: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Places that have more or less than their inhabitants would (gamma, variance 1/2), on all days alike."""
    return random.poisson(mean * random.gamma(2, 0.5, (PLACES, 1)))


def clumps(random: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Cases that come two at a time on the whole: each place and day by itself."""
    size = mean
    return random.negative_binomial(size, 0.5)


def large_clumps(random: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Five at a time on the whole."""
    return random.negative_binomial(mean / 4, 0.2)


def clumps_of_busy_days(random: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    return random.negative_binomial(busy(mean), 0.5)


def over_days(random: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Three cases at a time (geometric), the first and others up to three days later."""
    began = random.poisson(mean / 3)
    cases = np.zeros_like(began)
    for place, day in np.repeat(np.argwhere(began), began[began > 0], axis=0):
        later = random.integers(0, 4, random.geometric(1 / 3) - 1)
        days = day + np.append(0, later)
        np.add.at(cases[place], days[days < cases.shape[1]], 1)
    return cases


def one_bursts(random: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """One place has eight cases at a time, every twenty days, the others what is usual."""
    cases = random.poisson(mean)
    cases[random.integers(PLACES)] = 8 * random.poisson(0.05, mean.shape[1])
    return cases


NOISES: dict[str, Noise] = {
    "plain": plain, "busy days": busy_days, "busy places": busy_places, "cases in clumps": clumps,
    "large clumps": large_clumps, "clumps, busy days": clumps_of_busy_days,
    "clumps over four days": over_days,
    "bursts of one place": one_bursts,
}  # fmt: skip
MODELS: dict[str, Params] = {
    "permutation": replace(ASKED, replicates=999),
    "permutation, clumps apart": replace(ASKED, clumps="apart"),
    "permutation, max_radius": replace(ASKED, max_radius="0.3"),
    "poisson": replace(ASKED, model="poisson"),
    "poisson, clumps apart": replace(ASKED, model="poisson", clumps="apart"),
    "bernoulli": replace(ASKED, model="bernoulli"),
}


#: What each model is tried on: busy places are what the scan of inhabitants alone would take for a cluster.
TRIED: dict[str, tuple[str, ...]] = {
    "permutation": tuple(NOISES),
    "permutation, clumps apart": ("plain", "cases in clumps", "clumps over four days"),
    "permutation, max_radius": ("plain", "cases in clumps"),
    "poisson": ("plain", "busy days", "busy places", "cases in clumps"),
    "poisson, clumps apart": ("plain", "cases in clumps"),
    "bernoulli": ("plain", "busy days", "cases in clumps"),
}


def scan(random: np.random.Generator, params: Params, cases: np.ndarray, where: np.ndarray) -> Scan:
    """By inhabitants, or among as many controls as there are cases, by the same noise."""
    whole = None
    if params.model == "bernoulli":
        whole, cases = cases, random.binomial(cases, 0.5)
    seeded = replace(params, seed=int(random.integers(1 << 30)))
    return areas(cases, where, seeded, people=PEOPLE, whole=whole)


def rates(params: Params, noise: Noise, worlds: int = WORLDS) -> list[float]:
    """How often the first cluster of noise reaches each alpha."""
    random = np.random.default_rng(31)
    mean = np.repeat(PACE * PEOPLE[:, None] / PEOPLE.sum(), DAYS, axis=1)
    mean = mean * (2 if params.model == "bernoulli" else 1)
    found = []
    for _ in range(worlds):
        clusters = scan(random, params, noise(random, mean), random.random((PLACES, 2))).clusters
        found.append(clusters[0].pvalue if clusters else 1.0)
    return [float((np.array(found) <= alpha).mean()) for alpha in ALPHAS]


def seen(params: Params, more: float, worlds: int = 100) -> float:
    """How often a cluster at 0.01 holds a place where there were, as at its two neighbours, `more` cases a
    day than usual for four days."""
    random = np.random.default_rng(37)
    mean = np.repeat(PACE * PEOPLE[:, None] / PEOPLE.sum(), DAYS, axis=1)
    named = 0
    for _ in range(worlds):
        where, middle = random.random((PLACES, 2)), int(random.integers(PLACES))
        cases = random.poisson(mean)
        near = np.argsort(np.sum((where - where[middle]) ** 2, axis=1))[:3]
        extra = random.poisson(more, (3, 4))
        if params.model == "bernoulli":
            controls = random.poisson(mean)
            cases[near, -4:] += extra
            seeded = replace(params, seed=int(random.integers(1 << 30)))
            found = areas(cases, where, seeded, whole=cases + controls)
        else:
            cases[near, -4:] += extra
            found = scan(random, params, cases, where)
        named += any(one.pvalue <= 0.01 and middle in one.places for one in found.clusters)
    return named / worlds


def _rows() -> Iterator[str]:
    for model, names in TRIED.items():
        for name in names:
            params = MODELS[model]
            told = [alpha * (params.replicates + 1) >= 1 for alpha in ALPHAS]
            found = zip(rates(params, NOISES[name]), told, strict=True)
            cells = [f"{100 * one:.1f}" if reached else "-" for one, reached in found]
            yield f"| {model} | {name} | " + " | ".join(cells) + " |"


def main() -> None:
    print("\n| model | noise | 0.05 | 0.01 | 0.001 |\n|--|--|--|--|--|")
    for row in _rows():
        print(row, flush=True)
    print("\n| model | one more | two more |\n|--|--|--|")
    for model, params in MODELS.items():
        cells = " | ".join(f"{100 * seen(params, more):.0f}" for more in (1.0, 2.0))
        print(f"| {model} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
