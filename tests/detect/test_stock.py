"""What is open at moments, against the same counted one by one."""

from __future__ import annotations

import numpy as np
import pytest

from engine.detect.reading import NEVER, Readings
from engine.detect.stock import open_at

AREAS = 3


@pytest.mark.parametrize("older", [0, 70])
@pytest.mark.parametrize("many", [0, 1, 40, 500])
def test_opened_and_not_closed_as_known_then(many: int, older: int) -> None:
    random = np.random.default_rng(many)
    at, area = random.integers(1000, size=many), random.integers(AREAS, size=many)
    known = at + random.choice([1, 90, 400], many)
    until = np.where(random.random(many) < 0.3, known + 150, NEVER)
    ended = np.where(random.random(many) < 0.6, at + random.integers(600, size=many), NEVER)
    records = Readings(AREAS, area, area, at, known, until, np.ones(many), ended)
    moments = np.arange(300, 1400, 100)
    when = moments[:, None] - 50 - np.array([0, 100, 333])
    found = open_at(records, moments, when, older)
    for cut, place, block in np.ndindex(found.shape):
        then, moment = when[cut, block], moments[cut]
        is_open = (at + older < then) & (ended > then)
        assert found[cut, place, block] == np.sum(
            is_open & (known < moment) & (moment <= until) & (area == place)
        )
