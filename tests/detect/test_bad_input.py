"""Every method on input that is all zeros, unknown, full of holes, huge, no whole number, or one series."""

from __future__ import annotations

import numpy as np
import pytest

from engine.detect.files.methods import METHODS
from engine.detect.files.series import Table

NOISE = np.random.default_rng(0).poisson(5, (2, 330)).astype(float)
HOLES = np.where(np.random.default_rng(1).random(NOISE.shape) < 0.3, np.nan, NOISE)
JUDGED = np.arange(300, 305)
INPUTS = {
    "zeros": np.zeros((2, 330)), "unknown": np.full((2, 330), np.nan), "holes": HOLES,
    "huge": NOISE * 1e9, "no whole number": NOISE * 0.37, "one series": NOISE[:1],
}  # fmt: skip


@pytest.mark.parametrize("kind", INPUTS)
@pytest.mark.parametrize("method", METHODS)
def test_the_answer_says_what_is_known(method, kind):
    counts = INPUTS[kind]
    table = Table(tuple("ab"[: len(counts)]), np.arange(1, 331), counts)
    found = METHODS[method].run(table, JUDGED, {})
    assert not found.known[np.isnan(counts[:, JUDGED])].any()
    assert not (found.alarm & ~found.known).any()
    if kind == "unknown":
        assert not found.known.any()
    elif kind != "holes":
        assert found.known.all()
    if kind == "zeros":
        assert not found.alarm.any()


@pytest.mark.parametrize("method", METHODS)
def test_a_negative_count_and_too_short_a_series_are_refused(method):
    counts = NOISE.copy()
    counts[1, 20] = -1
    times = np.arange(1, 331)
    with pytest.raises(ValueError, match=r"negative: -1 at time point 21 of series 2"):
        METHODS[method].run(Table(("a", "b"), times, counts), None, {})
    short = Table(("a",), times[:1], NOISE[:1, :1])
    with pytest.raises(ValueError, match="needs at least"):
        METHODS[method].run(short, None, {})
