"""The rung of near repeats: which pairs it counts, how likely chance makes them, what leaves it open."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import asin, cos, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.detect.evaluate import climb
from engine.detect.near_repeat import rung as near_repeat
from engine.detect.near_repeat.knox import TooManyPairs
from engine.detect.near_repeat.rung import NONE, Params, Repeats, followed
from engine.detect.series import Past, Series
from engine.model.finding import Held
from engine.model.grade import Grade
from engine.model.rule import Rung, Test, Window

#: A thousandth of a degree of latitude is 111 m; at the equator one of longitude too.
STEP = 0.001


def plainly(days: list[int], where: list[tuple[float, float]], since: int, far: float, apart: int) -> int:
    """Pair by pair, by the haversine."""
    pairs = 0
    for one in range(len(days)):
        for other in range(one):
            (east, north), (east2, north2) = where[one], where[other]
            chord = sin(radians(north - north2) / 2) ** 2
            chord += cos(radians(north)) * cos(radians(north2)) * sin(radians(east - east2) / 2) ** 2
            near = 2 * 6_371_008.8 * asin(sqrt(chord)) <= far
            soon = abs(days[one] - days[other]) <= apart
            pairs += near and soon and max(days[one], days[other]) >= since
    return pairs


def judged(days: list[int], where: list[tuple[float, float]], since: int, **more: object) -> object:
    params = Params(**{"within": "300m", "days": 3, **more})  # type: ignore[arg-type]
    return followed(np.array(days), np.array(where), since, params)


SPOTS = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda at: (at[0] * STEP, at[1] * STEP))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), SPOTS), min_size=2, max_size=14))
def test_it_counts_the_pairs_that_a_plain_count_counts(events: list[tuple[int, tuple[float, float]]]) -> None:
    days, where = [day for day, _ in events], [at for _, at in events]
    found = judged(days, where, 14)
    assert found.pairs == plainly(days, where, 14, 300, 3)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), SPOTS), min_size=3, max_size=6))
def test_what_is_expected_and_the_chance_are_those_of_every_order(
    events: list[tuple[int, tuple[float, float]]]
) -> None:
    days, where = [day for day, _ in events], [at for _, at in events]
    found = judged(days, where, 5, replicates=4999)
    every = [plainly(list(order), where, 5, 300, 3) for order in permutations(days)]
    if max(days) >= 5:
        assert found.expected == pytest.approx(np.mean(every))
        exact = np.mean(np.array(every) >= found.pairs)
        # Twenty shuffles that reach it say how likely it is to within a quarter; all of them, better.
        assert found.chance == pytest.approx(exact, rel=0.9, abs=0.02)
    else:
        assert found == NONE


def test_only_a_pair_that_ends_in_the_window_counts() -> None:
    where = [(0.0, 0.0), (0.0, STEP), (0.0, 0.5), (0.0, 0.9)]
    assert judged([7, 10, 0, 30], where, 10).pairs == 1
    assert judged([7, 10, 0, 30], where, 11).pairs == 0
    assert judged([6, 10, 0, 30], where, 10).pairs == 0
    assert judged([10, 10, 0, 30], where, 10).pairs == 1


def test_a_pair_on_the_very_distance_counts() -> None:
    where = [(0.0, 0.0), (0.0, STEP)]
    metres = 6_371_008.8 * radians(STEP)
    assert judged([10, 10], where, 10, within=f"{metres + 0.01:.2f}m").pairs == 1
    assert judged([10, 10], where, 10, within=f"{metres - 0.01:.2f}m").pairs == 0


def test_the_same_incidents_have_the_same_chance_whatever_their_order() -> None:
    days, where = [40, 41, 3, 17, 29], [(0.0, 0.0), (0.0, STEP), (0.0, 0.2), (0.0, 0.4), (0.0, 0.6)]
    first = judged(days, where, 38, seed=5)
    assert judged(days, where, 38, seed=5) == first
    assert judged(days[::-1], where[::-1], 38, seed=5).pairs == first.pairs


def test_a_crowd_is_no_reason_to_shuffle_for_hours() -> None:
    where = np.zeros((2_100, 2))
    with pytest.raises(TooManyPairs):
        followed(np.arange(2_100), where, 2_000, Params("300m", 3))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"within": "3 miles"}, "is no distance"),
        ({"within": "0m"}, "is no distance"),
        ({"within": "200km"}, "a distance up to 100km"),
        ({"within": "300m", "days": -1}, "days must lie"),
        ({"within": "300m", "alpha": 0.001, "replicates": 99}, "it needs replicates: 999 or more"),
    ],
)
def test_what_cannot_be_meant(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Params(**wrong)  # type: ignore[arg-type]


# -- what is unknown


def held(chance: float, *, sure: bool = True, whole: bool = True, known: int = 10, **more: object) -> Held:
    """One area at one cut, of a week after ten known (or fewer) of its baseline."""
    baseline = np.full((1, 1, 10), np.nan)
    baseline[0, 0, 10 - known :] = 1.0
    one = np.ones((1, 1))
    repeats = Repeats(
        pairs=3 * one, expected=0.5 * one, chance=chance * one, incidents=8 * one, precise=6 * one,
        sure=np.array([[sure]]), crowded=np.zeros((1, 1), bool),
    )  # fmt: skip
    params = Params("400m", 7)
    series = Series(
        cuts=np.array([739_000]), window=7, gap=0, observed=5 * one, whole=np.array([[whole]]),
        baseline=baseline, context={params.asked: replace(repeats, **more)},
    )  # fmt: skip
    rung = Rung(Grade.BLUE, (Test.of("near_repeat", within="400m", days=7),))
    (trace,) = climb([rung], Window(days=7, baseline=10), lambda past: series).traces(0, 0)
    return trace.signals[0]


def test_a_lower_bound_holds_and_never_fails() -> None:
    assert held(0.004).held is Held.HELD
    assert held(0.2).held is Held.NOT
    for doubt in ({"sure": False}, {"whole": False}, {"known": 2}):
        assert held(0.2, **doubt).held is Held.UNKNOWN
        assert held(0.004, **doubt).held is Held.HELD


def test_it_says_what_it_saw_and_why_it_cannot_tell() -> None:
    found = held(0.004)
    assert found.pvalue == 0.004
    assert dict(found.facts) == {
        "alpha": 0.01, "pairs": 3.0, "pairs_expected": 0.5, "within": "400m", "days": 7.0,
        "incidents": 8.0, "with_points": 6.0,
    }  # fmt: skip
    assert held(0.2, sure=False).facts["note"] == (
        "2 of 8 incidents without a point as exact as 400m asks for"
    )
    crowded = held(1.0, sure=False, crowded=np.ones((1, 1), bool))
    assert crowded.facts["note"] == near_repeat.CROWDED


def test_without_anybody_who_looked_nobody_can_tell() -> None:
    one = np.ones((1, 1))
    series = Series(
        cuts=np.array([739_000]), window=7, gap=0, observed=one, whole=one > 0, baseline=np.ones((1, 1, 9))
    )
    model = near_repeat.model(series, Params("400m", 7))
    assert not model.known.any() and not model.holds(one).any()
    assert model.untold(0, 0) == near_repeat.UNASKED


def test_it_needs_a_past_four_times_as_long_as_two_may_lie_apart() -> None:
    assert near_repeat.past(Params("400m", 7), Window(days=7, baseline=3, gap=2)) == Past(3, 2)
    with pytest.raises(ValueError, match="days 7 needs a window and a baseline of 28 days or more together"):
        near_repeat.past(Params("400m", 7), Window(days=7, baseline=2))
