"""Percentile among areas against a plain count of those below, each without itself."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.detect import percentile
from engine.detect.evaluate import climb
from engine.detect.series import Series
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.rule import Rung, Test, Window


def series(values: list[float], whole: list[bool], **more: object) -> Series:
    return Series(
        cuts=np.array([738_000]), window=7, gap=0,
        observed=np.array([values], float), whole=np.array([whole]),
        baseline=np.empty((1, len(values), 0)), **more,  # type: ignore[arg-type]
    )


def held(given: Series, **params: object) -> list[Held]:
    rung = Rung(Grade.BLUE, (Test.of("percentile", **params),))
    return [Held(int(state)) for state in climb([rung], Window(days=7), lambda past: given).held[0, 0]]


@given(
    areas=st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans()), min_size=3, max_size=14),
    above=st.integers(1, 99), among=st.integers(2, 6),
)  # fmt: skip
def test_against_a_plain_count(
    areas: list[tuple[int, bool, bool]], above: int, among: int
) -> None:
    values, whole, judged = (list(of) for of in zip(*areas, strict=True))
    found = held(series(values, whole, judged=np.array(judged)), above=above / 100, among=among)
    for at, value in enumerate(values):
        others = [values[n] for n in range(len(values)) if n != at and whole[n] and judged[n]]
        expected = Held.UNKNOWN
        if not judged[at]:
            expected = Held.NOT
        elif len(others) >= among:
            enough = sum(other < value for other in others) >= Fraction(above, 100) * len(others)
            expected = Held.HELD if enough else Held.NOT if whole[at] else Held.UNKNOWN
        assert found[at] is expected


def test_nobody_stands_above_where_all_count_the_same() -> None:
    assert held(series([3.0] * 12, [True] * 12), above=0.01) == [Held.NOT] * 12


@pytest.mark.parametrize(
    ("people", "leads"), [(1_000.0, Held.NOT), (10.0, Held.HELD), (math.nan, Held.UNKNOWN)]
)
def test_by_inhabitants(people: float, leads: Held) -> None:
    """Three among ten inhabitants are more than nine among a hundred each."""
    population = np.array([*[100.0] * 12, people])
    found = held(series([9.0] * 12 + [3.0], [True] * 13, population=population), above=0.9, by="rate")
    assert found[-1] is leads


def test_what_is_unknown_is_left_out_and_told() -> None:
    given = series([1.0] * 11 + [9.0, 7.0], [*[True] * 12, False])
    model = percentile.model(given, percentile.Params(0.9))
    assert model.facts(0, 0) == {"others": 11.0, "unknown": 1.0}
    assert (model.needed(0, 11), model.needed(0, 0)) == (2.0, 2.0)


@pytest.mark.parametrize("params", [{"above": 0.0}, {"above": 1.0}, {"above": 0.9, "by": "area"},
                                    {"above": 0.9, "among": 1}])  # fmt: skip
def test_what_is_none(params: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=str(list(params)[-1])):
        percentile.Params(**params)  # type: ignore[arg-type]
