"""Near repeats keep what they promise: at most twice the alpha where place and time have nothing to do with
each other, however clumped both are; and they see what they are for. docs/statistics.md publishes more."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pytest

from benchmarks.near_repeats import CALM, a_run, rates

WORLDS = 500


@cache
def held(kind: str, many: int) -> tuple[float, float]:
    found = rates(CALM[kind], many, WORLDS)
    return float(found[0]), float(found[1])


@pytest.mark.parametrize("kind", sorted(CALM))
def test_no_more_false_alarms_than_twice_its_alpha(kind: str) -> None:
    one_in_a_hundred, one_in_a_thousand = held(kind, 200)
    assert one_in_a_hundred <= 0.02
    # Of 500 worlds half a one is due: up to three are no more than chance.
    assert one_in_a_thousand <= 3 / WORLDS
    assert one_in_a_thousand <= one_in_a_hundred


def test_a_run_next_door_is_seen_and_the_longer_the_surer() -> None:
    seen = [rates(partial(a_run, long), 200, 100)[0] for long in (2, 4, 6)]
    assert (np.diff(seen) > 0).all()
    assert seen[-1] > 0.8
