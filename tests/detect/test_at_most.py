"""At most so many, where somebody was looking at all of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.detect import at_most
from engine.detect.evaluate import climb
from engine.detect.series import Series
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.rule import Rung, Test, Window

SEEN = Series(
    cuts=np.array([700_000]), window=1, gap=0, observed=np.array([[0.0, 1.0, 2.0, 0.1 + 0.2]]),
    whole=np.ones((1, 4), bool), baseline=np.zeros((1, 4, 0)), unmonitored=np.zeros((1, 4), bool),
)  # fmt: skip
NOT, HELD, UNKNOWN = int(Held.NOT), int(Held.HELD), int(Held.UNKNOWN)


def held(series: Series, most: float) -> list[int]:
    rung = Rung(Grade.BLUE, (Test.of("at_most", most=most),))
    return climb([rung], Window(), lambda past: series).held[0, 0].tolist()


@pytest.mark.parametrize(
    ("most", "expected"),
    [(0, [HELD, NOT, NOT, NOT]), (0.3, [HELD, NOT, NOT, HELD]), (1, [HELD, HELD, NOT, HELD])],
)
def test_up_to_its_number(most: float, expected: list[int]) -> None:
    assert held(SEEN, most) == expected


def test_a_lower_bound_and_nobody_looking_are_unknown_never_few() -> None:
    torn = replace(SEEN, whole=np.array([[False, False, True, True]]))
    assert held(torn, 1)[:2] == [UNKNOWN, UNKNOWN]
    nobody = replace(SEEN, unmonitored=np.array([[True, False, False, False]]))
    assert held(nobody, 1)[:2] == [UNKNOWN, HELD]


@pytest.mark.parametrize("most", [-1, float("inf"), float("nan")])
def test_a_number_that_is_none_is_refused(most: float) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        at_most.Params(most)
