"""New: proven absence before, presence now."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.detect import new
from engine.detect.series import Series
from engine.model.rule import Window


def test_only_the_first_sighting_within_the_baseline_is_new():
    values = np.zeros(20)
    values[[8, 10, 19]] = 1
    found = new.detect(values, baseline=5)
    assert found.times[found.alarm[0]].tolist() == [8, 19]
    assert found.known.all()


def test_a_gap_in_an_empty_baseline_is_unknown_and_beside_a_sighting_it_is_not():
    empty = np.array([0, 0, np.nan, 0, 0, 3.0])
    seen = np.array([0, 1, np.nan, 0, 0, 3.0])
    found = new.detect(np.stack([empty, seen]), baseline=5)
    assert found.known[:, 0].tolist() == [False, True]
    assert not found.alarm.any()


def test_a_threshold_asks_for_more_than_one():
    values = np.array([0, 0, 0, 2.0])
    assert new.detect(values, baseline=3, at_least=2).alarm[0, 0]
    assert not new.detect(values, baseline=3, at_least=3).alarm[0, 0]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"at_least": 0}, "at_least must lie"), ({"baseline": 0}, "baseline must lie"),
     ({"baseline": 9}, "at least 10 time points")],
)  # fmt: skip
def test_bad_input_is_refused_in_words(options, message):
    with pytest.raises(ValueError, match=message):
        new.detect(np.zeros(5), **options)


def test_a_rung_tells_what_is_needed():
    baseline = np.array([[[0.0, 0, 0], [0, 1, 0], [0, np.nan, 0]]])
    series = Series(
        cuts=np.array([739000]), window=1, gap=0, observed=np.ones((1, 3)),
        whole=np.ones((1, 3), bool), baseline=baseline,
    )  # fmt: skip
    assert new.past(new.Params(), Window(days=1, baseline=365)).blocks == 365
    fitted = new.model(series, new.Params())
    assert fitted.known[0].tolist() == [True, True, False]
    assert fitted.holds(series.observed)[0].tolist()[:2] == [True, False]
    assert fitted.needed(0, 0) == 1 and fitted.needed(0, 1) is None
    without = new.model(replace(series, baseline=np.empty((1, 3, 0))), new.Params())
    assert not without.known.any()


def test_nothing_in_the_part_that_was_seen_proves_nothing() -> None:
    baseline, seen = np.array([[[0.0, 0, 0], [0, 4, 0]]]), np.array([[[1.0, 0.75, 1], [1, 0.75, 1]]])
    series = Series(
        cuts=np.array([739000]), window=28, gap=0, observed=np.ones((1, 2)), whole=np.ones((1, 2), bool),
        baseline=baseline, seen=seen,
    )  # fmt: skip
    assert new.model(series, new.Params()).known[0].tolist() == [False, True]
