"""Scenes of incidents that lie near each other, and just not near enough."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import cos, hypot, radians

from engine.detect.near_repeat import rung as near_repeat
from engine.model.distance import DEGREE, written_metres
from engine.model.rule import Rule
from engine.rulebook.mutate.scene import (
    AT,
    DAY,
    GRID,
    Scene,
    reports,
    tests_of,
    thresholds,
    with_incidents,
)

#: Where pairs are placed and how far from one to the next (in degrees), and the step of a distance in metres.
_PLACE, _NEXT, _STEP = (20.0, 20.0), 0.5, 100
#: From this place on nothing lies near another.
_ALONE = 20


def pairs(rule: Rule) -> Iterator[Scene]:
    """Pairs just nearer and just farther than the distance asked for, and than a step to either side; as many
    days apart as may be, and a day to either side; more and fewer of them, in a busier and a quieter place,
    with as many more far off as a count asks for."""
    assert rule.indicator is not None
    category, severity = min(rule.indicator.categories), rule.indicator.min_severity
    last, fill = AT - DAY, max(thresholds(rule), default=0)
    for asked in tests_of(rule, near_repeat.ID):
        steps = [_apart(asked.far + _STEP * n, asked.far + _STEP * (n + 1)) for n in (-2, -1, 0, 1)]
        for every, pairs, days in product((28, 7, 2, 1), (1, 2, 3, 5), (0, 1, -1)):
            for north, east in filter(None, steps):
                given = [_at(reports("A", category, last, 1, severity), _ALONE + n) for n in range(fill)]
                for n in range(pairs):
                    earlier = last - max(asked.days + days, 0) * DAY
                    given += [_at(reports("A", category, last, 1, severity), n),
                              _at(reports("A", category, earlier, 1, severity), n, north, east)]  # fmt: skip
                pace = {"area": "A", "each": f"1 per {every}d", "apart": written_metres(3 * asked.far)}
                yield with_incidents(given, [pace])


def _at(some: Scene, number: int, north: int = 0, east: int = 0) -> Scene:
    """The same at a place of its own, some thousandths of a degree from its middle."""
    latitude = _PLACE[0] + number * _NEXT + north * GRID
    return {**some, "point": [round(latitude, 3), round(_PLACE[1] + east * GRID, 3)]}


def _apart(more: float, most: float) -> tuple[int, int] | None:
    """Two steps of the grid on which points are kept, to the north and to the east, that lie so many metres
    apart; None where none do."""
    if most <= 0:
        return None
    step, reach = DEGREE * GRID, int(most / (DEGREE * GRID * cos(radians(_PLACE[0])))) + 1
    found = {
        (north, east): hypot(north * step, east * step * cos(radians(_PLACE[0])))
        for north in range(reach) for east in range(reach)
    }
    fits = {at: far for at, far in found.items() if more < far <= most}
    return min(fits, key=lambda at: abs(fits[at] - (more + most) / 2)) if fits else None
