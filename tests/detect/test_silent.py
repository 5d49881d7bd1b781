"""Silent: too few where somebody was looking; a failed feed is not silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.detect import silent
from engine.detect.negbin import lower_tail
from engine.detect.series import Series
from engine.model.rule import Window


def series(values: np.ndarray, whole: bool = True) -> Series:
    return Series(
        cuts=np.array([739000]), window=7, gap=0, observed=values[None, :, -1],
        whole=np.full((1, values.shape[0]), whole), baseline=values[None, :, :-1],
    )  # fmt: skip


def test_a_place_gone_quiet_is_found():
    values = np.random.default_rng(1).poisson(12, 40).astype(float)
    values[30:] = 1
    found = silent.detect(values)
    assert found.alarm[0, found.times == 30].all()
    assert found.upper[0, found.times == 30][0] >= 1


def test_the_p_value_is_the_lower_tail_of_the_predictive():
    values = np.append(np.full(26, 9.0), 3.0)
    found = silent.detect(values)
    assert found.pvalue[0, 0] == pytest.approx(lower_tail(3, 9.0, 9.0 * 26))


def test_where_even_a_zero_is_usual_nothing_can_hold():
    values = np.append(np.tile([0.0, 1.0], 13), 0.0)
    found = silent.detect(values)
    assert found.known[0, 0] and not found.alarm[0, 0] and found.upper[0, 0] == -1
    assert silent.model(series(values[None]), silent.Params()).needed(0, 0) is None


def test_a_lower_bound_and_an_unwatched_block_are_unknown():
    values = np.append(np.full(26, 20.0), 0.0)[None]
    assert silent.model(series(values), silent.Params()).known[0, 0]
    assert not silent.model(series(values, whole=False), silent.Params()).known[0, 0]
    unwatched = replace(series(values), unmonitored=np.array([[True]]))
    assert not silent.model(unwatched, silent.Params()).known[0, 0]


def test_a_rung_tells_up_to_what_count_it_holds():
    values = np.random.default_rng(2).poisson(30, (2, 27)).astype(float)
    assert silent.past(silent.Params(), Window(days=7, baseline=26, gap=7)).gap == 7
    fitted = silent.model(series(values), silent.Params())
    most = fitted.needed(0, 0)
    assert most is not None and most == silent.detect(values).upper[0, 0]
    assert fitted.holds(np.full((1, 2), most))[0, 0] and not fitted.holds(np.full((1, 2), most + 1))[0, 0]


def test_too_little_known_past_is_unknown_and_a_missing_count_is_not_judged():
    values = np.full((2, 27), np.nan)
    values[0, -4:] = 9
    values[1, :-1] = 9
    found = silent.detect(values)
    assert not found.known.any() and not found.alarm.any()


@pytest.mark.parametrize(
    ("options", "message"),
    [({"alpha": 2}, "alpha must lie"), ({"noise": "normal"}, "noise must be one of"),
     ({"baseline": 2}, "baseline must lie"), ({"gap": -1}, "gap must lie"), ({}, "at least 27 time points")],
)  # fmt: skip
def test_bad_input_is_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        silent.detect(np.ones(20), **options)


def test_quiet_sundays_and_summers_are_usual():
    rng, days = np.random.default_rng(8), 739_000 + np.arange(900)
    level = 30 * np.where(days % 7 == 0, 0.3, 1.0) * np.exp(0.5 * np.cos(2 * np.pi * days / 365.25))
    counts = rng.poisson(level, (4, 900)).astype(float)
    judged = range(800, 900)
    knowing = silent.detect(counts, judged, baseline=750, days=days)
    assert knowing.alarm.mean() <= 0.02
    counts[:, 850] = np.floor(level[850] / 3)
    assert silent.detect(counts, [850], baseline=750, days=days).alarm.all()


def test_weekdays_are_known_from_two_weeks_of_days_on():
    days = 739_000 + np.arange(40)
    counts = np.where(days % 7 == 0, 0.0, 20.0)[None]
    sunday = np.flatnonzero(days % 7 == 0)[-2]
    assert not silent.detect(counts, [sunday], baseline=21, days=days).alarm.any()
    counts[:, sunday + 1] = 0.0
    assert silent.detect(counts, [sunday + 1], baseline=21, days=days).alarm.all()
    assert not silent.detect(counts, [sunday + 1], baseline=21).alarm.any(), "a zero is nothing new"
    assert not silent.detect(counts, [sunday + 1], baseline=21, days=days, weekday="off").alarm.any()
