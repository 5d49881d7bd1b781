"""What meets its threshold exactly holds, whatever floats make of the threshold."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.detect import at_least, change, new, rate_at_least, share_of
from engine.detect.exact import at_most, decimal, rounded, thresholds
from engine.detect.series import Series


def series(observed: float, **more: np.ndarray) -> Series:
    return Series(
        cuts=np.array([1]), window=1, gap=0, observed=np.array([[observed]]), whole=np.ones((1, 1), bool),
        baseline=np.zeros((1, 1, 0)), **more,
    )  # fmt: skip


@given(st.integers(1, 9999), st.sampled_from((10, 100, 1000, 10_000)), st.integers(10, 10**9))
def test_a_share_holds_exactly_where_whole_numbers_say_so(part: int, of: int, whole: int) -> None:
    part = min(part, of)
    given = series(0.0, whole_of=np.array([[float(whole)]]))
    model = share_of.model(given, share_of.Params(share=part / of))
    needed = model.needed(0, 0)
    assert needed == -(-part * whole // of)
    assert model.holds(np.array([[needed]])).all() and not model.holds(np.array([[needed - 1]])).any()


@given(st.integers(1, 99_999), st.sampled_from((1000, 10_000, 100_000)), st.integers(1, 10**8))
def test_a_rate_holds_exactly_where_whole_numbers_say_so(hundredths: int, per: int, people: int) -> None:
    given = series(0.0, population=np.array([float(people)]))
    model = rate_at_least.model(given, rate_at_least.Params(rate=hundredths / 100, per=per))
    needed = model.needed(0, 0)
    assert needed == -(-hundredths * people // (100 * per))
    assert model.holds(np.array([[needed]])).all() and not model.holds(np.array([[needed - 1]])).any()


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40))
def test_a_sum_meets_the_number_it_adds_up_to(tenths: list[int]) -> None:
    total, exact = 0.0, sum(tenths)
    for one in tenths:
        total += one / 10
    for module, params in ((at_least, at_least.Params(count=exact / 10)), (new, new.Params(exact / 10))):
        given = series(total) if module is at_least else Series(
            cuts=np.array([1]), window=1, gap=0, observed=np.array([[total]]), whole=np.ones((1, 1), bool),
            baseline=np.zeros((1, 1, 4)),
        )  # fmt: skip
        assert module.model(given, params).holds(np.array([[total]])).all()
        assert not module.model(given, params).holds(np.array([[total - 0.1]])).any()


@pytest.mark.parametrize(("observed", "alpha"), [(3, 0.125), (10, 2.0**-10), (5, 2.0**-5)])
def test_a_chance_that_equals_alpha_holds(observed: int, alpha: float) -> None:
    """Nothing before and as likely before as now: half to the power of the count."""
    found = change.detect([[0, observed]], alpha=alpha, dispersion="none")
    assert found.alarm.all()
    assert not change.detect([[0, observed - 1]], alpha=alpha, dispersion="none").alarm.any()


def test_thresholds_are_decimal_numbers_and_never_below_what_is_exact() -> None:
    values = np.array([[100.0, 0.3, np.nan], [90.0, 1e15, 100.0]])
    found = thresholds(values, lambda of: of * Fraction(7, 100))
    assert found[0, 0] == found[1, 2] == 7 and found[1, 1] == 7e13 and np.isnan(found[0, 2])
    assert decimal(float(found[1, 0])) == Fraction(63, 10)


def test_whole_numbers_are_not_rounded_and_noise_is() -> None:
    values = np.array([0.1 + 0.2, 123_456_789_012_345.0, np.nan, np.inf])
    assert rounded(values).tolist()[:2] == [0.3, 123_456_789_012_345.0]
    assert at_most(np.array([0.05 * (1 + 1e-15), 0.0500001]), 0.05).tolist() == [True, False]
