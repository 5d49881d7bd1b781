"""Which pause of an area cannot be chance."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from engine.cycle.since import Unnamed
from engine.cycle.unnamed import Mute, found
from engine.model.area import Area, AreaTree
from engine.model.text import Text

PARENTS = {"X": None, "A": "X", "B": "X", "A1": "A", "A2": "A"}
LEVELS = {"X": "country", "A": "county", "B": "county", "A1": "town", "A2": "town"}
TREE = AreaTree(("country", "county", "town"), {
    code: Area(code=code, name=Text(code, code), level=LEVELS[code], parent=parent)
    for code, parent in PARENTS.items()
})  # fmt: skip


def told(**towns: list[int]) -> dict[str, np.ndarray]:
    """How often each is named, and those above it."""
    counts = {code: np.zeros(40) for code in PARENTS}
    for code, days in towns.items():
        for above in TREE.lineage(code):
            counts[above] += days
    return {code: days for code, days in counts.items() if days.any()}


USUAL = {"A1": [1] * 40, "A2": [20] * 40, "B": [20] * 40}
CASES = {
    "all goes on": ({}, []),
    "two days of a town of six a day": ({"A1": [6] * 38 + [0] * 2}, [("A1", 38)]),
    "one day": ({"A1": [8] * 39 + [0]}, []),
    "two days of one that is seldom named": ({"A1": [1] * 38 + [0] * 2}, []),
    "thirteen days of one that is seldom named": ({"A1": [1] * 27 + [0] * 13}, [("A1", 27)]),
    "as long as it has been before": ({"A1": ([30] + [0] * 5) * 5 + [30] + [0] * 9}, []),
    "its days vary much": ({"A1": ([40] + [0] * 1) * 18 + [40] + [0] * 3}, []),
    "a feed that tells of nobody any more": ({"A1": [8] * 38 + [0] * 2, "A2": [20] * 38 + [0] * 2,
                                              "B": [20] * 38 + [2] * 2}, []),
    "known for too short a time": ({"A1": [0] * 28 + [8] * 10 + [0] * 2, "A2": [0] * 28 + [20] * 12,
                                    "B": [0] * 28 + [20] * 12}, []),
    "a county with all in it": ({"A1": [1] * 38 + [0] * 2, "A2": [20] * 38 + [0] * 2},
                                [("A", 38), ("X", 38)]),
    "a town that is most of its county": ({"A2": [20] * 38 + [0] * 2}, [("A2", 38), ("A", 38), ("X", 38)]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_telling(case: str) -> None:
    changed, mute = CASES[case]
    assert [(one.area, one.since) for one in found(told(**USUAL | changed), TREE, 40)] == mute


def test_an_area_above_is_meant_alone() -> None:
    own, county, _ = found(told(**USUAL | {"A2": [20] * 38 + [0] * 2}), TREE, 40)
    assert (own.of, county.of) == ("", "A2") and isinstance(own, Mute)
    for one in (own, county):
        name = Unnamed("se-police", one.area, date(2026, 3, 5), one.of).name
        assert Unnamed.of_name(name) == Unnamed("se-police", one.area, date(2026, 3, 5), one.of)
