"""What happens anyway, against a plain count of what was known on each morning."""

from __future__ import annotations

import numpy as np
import pytest

from engine.chance.climatology import SEASON, STRENGTH, climatology


def plain(event: np.ndarray, known: np.ndarray, ahead: int, day: int) -> list[float]:
    """Every horizon that is over by the morning of the day, a year ago counting half."""
    told, came = np.zeros(len(event)), np.zeros(len(event))
    for begin in range(day - ahead + 1):
        weight = 0.5 ** ((day - ahead - begin) / 365)
        told += weight * known[:, begin]
        came += weight * (known & event)[:, begin]
    base = (came.sum() + 0.5) / (told.sum() + 1.0)
    return ((came + STRENGTH * ahead * base) / (told + STRENGTH * ahead)).tolist()


@pytest.mark.parametrize("ahead", [1, 7, 28])
def test_each_place_has_its_own_past_drawn_toward_all(ahead: int):
    random = np.random.default_rng(ahead)
    event = random.random((3, 300)) < np.array([[0.01], [0.1], [0.5]])
    known = random.random((3, 300)) < 0.9
    found = climatology(event, known, np.full(3, ahead), 100)
    assert found.shape == (3, 200)
    for day in (100, 150, 299):
        assert found[:, day - 100] == pytest.approx(plain(event, known, ahead, day))


def test_what_becomes_known_later_changes_nothing():
    random = np.random.default_rng(3)
    event, known = random.random((2, 900)) < 0.1, np.ones((2, 900), bool)
    changed = event.copy()
    changed[:, 800 - 7 + 1 :] ^= True
    before, after = (climatology(one, known, np.array([7, 7]), 0) for one in (event, changed))
    assert (before[:, :801] == after[:, :801]).all() and (before[:, 801:] != after[:, 801:]).any()


def test_a_season_is_known_after_two_years():
    event = np.zeros((4, 4 * 365), bool)
    for year in range(4):
        event[:, 365 * year + 180 : 365 * year + 180 + SEASON] = True
    found = climatology(event, np.ones_like(event), np.ones(4, int), 0)
    summer, winter = found[0, 3 * 365 + 180], found[0, 3 * 365 + 20]
    assert summer > 3 * winter and found[0, 365 + 180] < 0.2
