"""Which step in the values of a measure is another scale."""

from __future__ import annotations

import pytest

from engine.cycle.scale import found, lasting, mended

USUAL = [float(1 + n * 7 % 20) for n in range(60)]
CASES = {
    "as before": (USUAL[:10], False),
    "kilograms for tonnes": ([1000 * one for one in USUAL[:6]], True),
    "a share for a percentage": ([one / 100 for one in USUAL[:9]], True),
    "the other sign, a thousandfold": ([-1000 * one for one in USUAL[:6]], True),
    "five of them, and then one as before": ([*(1000 * one for one in USUAL[:5]), 4.0], False),
    "three times as much": ([3 * one for one in USUAL[:10]], False),
    "one that is huge": ([9e6], False),
    "zeros say nothing": ([0.0] * 8, False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_only_a_step_of_all_is_one(case: str) -> None:
    new, step = CASES[case]
    assert (found([*new, *USUAL]) is not None) is step


def test_what_it_says() -> None:
    step = found([1000 * one for one in USUAL[:8]] + USUAL)
    assert step is not None and step.many == 8 and 500 < step.times < 2000
    assert found([1000.0] * 6 + [1.0] * 19) is None, "too little is known of before"
    assert found([1000.0] * 60 + [1.0] * 20) is None, "it is as usual by now"


LATER = {
    "all in the new unit": ([1000 * one for one in USUAL[:40]], True, False),
    "six again as before": ([*USUAL[:6], *(1000 * one for one in USUAL[:20])], False, False),
    "two again as before": ([*USUAL[:2], *(1000 * one for one in USUAL[:20])], True, False),
    "read anew": (USUAL[:30], False, True),
    "read anew, and ten times as grave for days": ([*USUAL[:6], *(10 * one for one in USUAL)], False, True),
    "less than usual": ([one / 1000 for one in USUAL[:30]], False, True),
    "nothing is told any more": ([], False, True),
    "zeros alone": ([0.0] * 9, False, True),
}  # fmt: skip


@pytest.mark.parametrize("case", LATER)
def test_how_long_a_step_lasts_and_whether_it_was_mended(case: str) -> None:
    new, lasts, read_anew = LATER[case]
    assert (lasting(new, USUAL, 1000) is not None, mended(new, USUAL, 1000)) == (lasts, read_anew)
    small = [1 / one if one else 0.0 for one in new]
    usual = [1 / one for one in USUAL]
    assert (lasting(small, usual, 0.001) is not None, mended(small, usual, 0.001)) == (lasts, read_anew)


def test_where_nothing_is_known_of_before_nothing_lasts_and_nothing_is_mended() -> None:
    assert lasting([1000.0] * 9, [], 1000) is None and not mended([1000.0] * 9, [], 1000)
