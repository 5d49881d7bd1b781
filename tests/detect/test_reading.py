"""Readings in blocks, against the same said once more, cell by cell."""

from __future__ import annotations

import numpy as np
import pytest

from engine.detect.reading import NEVER, Blocks, Readings, greatest, latest

AREAS, PLACES = 3, 5


def made(seed: int, many: int) -> Readings:
    """Readings of five places in three areas, some told late, some told otherwise later."""
    random = np.random.default_rng(seed)
    place = random.integers(PLACES, size=many)
    at, late = random.integers(1000, size=many), random.choice([1, 5, 200], many)
    until = np.where(random.random(many) < 0.3, at + late + 100, NEVER)
    value, ended = random.integers(9, size=many) / 2, np.full(many, NEVER)
    return Readings(AREAS, place % AREAS, place, at, at + late, until, value, ended)


def blocks() -> Blocks:
    """Five cuts a hundred apart, each fifty after its judged block ends, with two blocks before that."""
    moments = np.arange(550, 1050, 100)
    end = moments[:, None] - 50 - np.array([0, 80, 160])
    return Blocks(moments, end - 80, end)


def plainly(readings: Readings, of: Blocks, *, last: bool) -> np.ndarray:
    found = np.full((of.moments.size, AREAS, of.end.shape[1]), np.nan)
    for cut, area, block in np.ndindex(found.shape):
        moment, begin, end = of.moments[cut], of.begin[cut, block], of.end[cut, block]
        by_place: dict[int, list[tuple[int, int, float]]] = {}
        for row in range(readings.at.size):
            known = readings.known[row] < moment <= readings.until[row]
            if known and readings.area[row] == area and begin <= readings.at[row] < end:
                one = (int(readings.at[row]), int(readings.known[row]), float(readings.value[row]))
                by_place.setdefault(int(readings.place[row]), []).append(one)
        values = [max(of)[2] if last else max(one[2] for one in of) for of in by_place.values()]
        found[cut, area, block] = max(values, default=np.nan)
    return found


@pytest.mark.parametrize("many", [0, 1, 8, 60, 400])
@pytest.mark.parametrize("seed", range(4))
def test_each_block_as_known_at_its_cut(seed: int, many: int) -> None:
    readings, of = made(seed, many), blocks()
    np.testing.assert_array_equal(greatest(readings, of), plainly(readings, of, last=False))
    np.testing.assert_array_equal(latest(readings, of), plainly(readings, of, last=True))


def test_no_reading_is_no_zero() -> None:
    columns = (np.array([one]) for one in (0, 0, 450, 460, NEVER))
    zero = Readings(1, *columns, value=np.array([0.0]), ended=np.array([NEVER]))
    of = Blocks(np.array([550]), np.array([[420, 340]]), np.array([[500, 420]]))
    np.testing.assert_array_equal(latest(zero, of), [[[0.0, np.nan]]])
