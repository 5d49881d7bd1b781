"""Forecasts that cost nothing, beside a rule's, on the same places and units of time.

One forecast and one outcome for each place and unit (a day, or an ISO week). Stricter than the
backtest's own table: every unit counts, the one after an event too. A warning that stands at any hour
of a day is that day's forecast of yes; of a week, one that stands on its Wednesday.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.backtest.match import Marks, Track
from engine.detect.series import Bools, Floats
from engine.model.grade import RUNGS

Row = dict[str, float | int | str | None]

#: The day by which a week is told: its judgement is made on its Monday morning.
_WEDNESDAY = 2


@dataclass(frozen=True)
class Grid:
    """(P, U) of places and units: the grades in force, and whether there was an event.

    The first unit is no forecast; it is what persistence and climatology begin with.
    """

    grades: NDArray[np.int8]
    event: Bools

    @classmethod
    def of(cls, track: Track, marks: Marks, days: int) -> Grid:
        """days: the length of a unit, 1 or 7; the track begins on the first day of one."""
        told = slice(_WEDNESDAY if days > 1 else 0, None, days)
        return cls(track.grades[:, told], marks.event[:, told])


def compare(grid: Grid, claims: Floats) -> list[Row]:
    """The rule from each of its grades up, then what needs no rule.

    claims: (5,) the chance that each grade claims, from none to red. *always* warns everywhere and
    claims the base rate; *persistence* says what was in the unit before; *fitted persistence* warns
    alike and claims how often an event followed on an event, or on none; *climatology* claims each
    place's own share of units with an event so far, and warns where that lies above the mean of all
    places. The base rate and what the fit needs are known only afterwards: that is in their favour.
    """
    event, before = grid.event[:, 1:], grid.event[:, :-1]
    so_far = np.cumsum(before, axis=1) / np.arange(1, grid.event.shape[1])
    frequent = so_far > so_far.mean(axis=0, keepdims=True)
    base_rate = np.full(event.shape, event.mean())
    return [
        *_graded(grid.grades[:, 1:], claims, event),
        {"forecast": "always", **_score(np.ones_like(event), base_rate, event)},
        {"forecast": "persistence", **_score(before, before.astype(float), event)},
        {"forecast": "fitted persistence", **_score(before, _followed(before, event), event)},
        {"forecast": "climatology", **_score(frequent, so_far, event)},
    ]


def _graded(grades: NDArray[np.int8], claims: Floats, event: Bools) -> Iterator[Row]:
    """A row for each grade that was given; what lies below it claims nothing."""
    for grade in RUNGS:
        if (grades == int(grade)).any():
            warned = grades >= int(grade)
            score = _score(warned, np.where(warned, claims[grades], 0.0), event)
            yield {"forecast": f"{grade.word} up", **score}


def _followed(before: Bools, event: Bools) -> Floats:
    """(P, U) the share of units with an event among those with the same unit before."""
    shares = [float(event[before == was].mean()) if (before == was).any() else 0.0 for was in (False, True)]
    return np.where(before, shares[1], shares[0])


def _score(warned: Bools, chance: Floats, event: Bools) -> Row:
    """skill: of the Brier score, against always claiming the base rate."""
    hits, misses = int((warned & event).sum()), int((~warned & event).sum())
    false_alarms = int((warned & ~event).sum())
    brier, rate = float(((chance - event) ** 2).mean()), float(event.mean())
    return {
        "units": event.size, "hits": hits, "misses": misses, "false_alarms": false_alarms,
        "pod": _share(hits, hits + misses), "far": _share(false_alarms, hits + false_alarms),
        "csi": _share(hits, hits + misses + false_alarms), "brier": brier,
        "skill": 1 - brier / (rate * (1 - rate)) if 0 < rate < 1 else None,
    }  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
