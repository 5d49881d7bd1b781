"""How counts compare: exact intervals, days that were not seen, and nothing before."""

from __future__ import annotations

import numpy as np
import pytest

from engine.detect import change
from engine.report.ratio import clear, compare, following, part


@pytest.mark.parametrize(("now", "before"), [(10, 5), (1, 30), (7, 7), (0, 4), (200, 260)])
def test_the_interval_is_that_of_the_method_for_rules(now: int, before: int):
    found = change.detect(np.array([[before, now]]), window=1)
    one = compare(now, before, 7, 7)
    assert one.ratio == pytest.approx(found.extra["ratio"][0, 0], abs=1e-4)
    assert one.low == pytest.approx(found.extra["low"][0, 0], abs=1e-4)
    assert one.high == pytest.approx(found.extra["high"][0, 0], abs=1e-3)


def test_days_that_nobody_saw_count_neither_way():
    assert compare(5, 10, 7, 14).ratio == 1
    assert compare(5, 10, 7, 7).ratio == 0.5


@pytest.mark.parametrize(("now", "before", "days"), [(0, 0, 7), (3, 3, 0)])
def test_what_cannot_be_compared_has_no_number(now: int, before: int, days: int):
    one = compare(now, before, days, 7)
    assert (one.ratio, one.low, one.high) == (None, None, None) and not clear(one)


def test_after_nothing_there_is_a_lower_end_and_no_ratio():
    one = compare(6, 0, 7, 7)
    assert one.ratio is None and one.high is None and one.low is not None and one.low > 1 and clear(one)


def test_a_share_has_its_interval():
    assert part(0, 10) == (0, pytest.approx(0.3085, abs=1e-4))
    assert part(10, 10)[1] == 1


def test_what_follows_needs_four_that_were_seen():
    nan = float("nan")
    assert following([3, nan, 4, nan, 5]) is None
    span = following([3, nan, 4, 4, 5])
    assert span is not None and span.mean == 4 and span.low < 4 < span.high
