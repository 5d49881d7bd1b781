"""Chances learned from what was counted lately: what a model departs to, how far, and that it can be kept."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from engine.chance import model as learned
from engine.chance.model import EVENTS, Lack, Model, Rows, fit


def rows(n: int = 4000, seed: int = 1, *, pull: float = 1.0, level: float = -2.0) -> Rows:
    """One column that raises the odds by `pull`, one that says nothing, over `n` days of ten places."""
    draw = np.random.default_rng(seed)
    columns = draw.normal(size=(n, 2))
    came = draw.random(n) < expit(level + pull * columns[:, 0])
    return Rows(
        columns=columns, usual=np.full(n, came.mean()), came=came, day=np.arange(n) // 10,
        weight=np.ones(n), rises=np.array([True, False]),
    )  # fmt: skip


def fitted(of: Rows) -> Model:
    found = fit(of, ("told", "idle"), 1)
    assert isinstance(found, Model)
    return found


def test_what_tells_is_learned_and_what_does_not_is_not() -> None:
    found = fitted(rows())
    assert found.beta[0] == pytest.approx(1.0, abs=0.15)
    assert abs(found.beta[1]) < 0.1
    assert found.chance(np.zeros((1, 2)), np.array([found.usual]))[0] == pytest.approx(expit(-2.0), abs=0.03)


def test_claims_come_true_on_days_that_nothing_was_learned_from() -> None:
    found, later = fitted(rows(seed=1)), rows(seed=2)
    chance = found.chance(later.columns, later.usual)
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 1.0)):
        at = (chance >= low) & (chance < high)
        assert chance[at].mean() == pytest.approx(later.came[at].mean(), abs=0.04)


def test_with_nothing_to_tell_it_says_what_happens_anyway() -> None:
    draw, n = np.random.default_rng(3), 3000
    usual = np.where(np.arange(n) % 2, 0.1, 0.3)
    came = draw.random(n) < usual
    of = replace(rows(n, pull=0.0), usual=usual, came=came)
    found = fitted(of)
    chance = found.chance(draw.normal(size=(200, 2)), np.full(200, 0.3))
    assert np.abs(chance - 0.3).max() < 0.08
    assert found.slope == pytest.approx(1.0, abs=0.2)


def test_more_harm_never_lowers_a_chance() -> None:
    found = fitted(rows(pull=-1.0))
    assert found.beta[0] == 0.0
    usual = np.array([0.1, 0.1])
    much, none = found.chance(np.array([[9.0, 0.0], [0.0, 0.0]]), usual)
    assert much == none


def test_a_column_that_says_nothing_may_be_unknown() -> None:
    found = fitted(rows(pull=-1.0))
    assert np.isfinite(found.chance(np.array([[np.nan, 0.0]]), np.array([0.1])))[0]
    assert np.isnan(found.chance(np.array([[0.0, np.nan]]), np.array([0.1])))[0] == (found.beta[1] != 0)


def test_too_few_events_make_no_model_and_no_zero() -> None:
    of = rows()
    few = replace(of, came=of.came & (np.cumsum(of.came) < EVENTS))
    assert fit(few, ("told", "idle"), 1) == Lack(4000, EVENTS - 1)
    assert isinstance(fit(of.only(np.zeros(4000, bool)), ("told", "idle"), 1), Lack)


def test_the_factors_are_what_the_chance_is_made_of() -> None:
    found = fitted(rows())
    columns, usual = np.array([[1.3, -0.4]]), np.array([2 * found.usual])
    odds = found.ordinary / (1 - found.ordinary) * found.factors(columns, usual).prod(axis=1)
    assert odds / (1 + odds) == pytest.approx(found.chance(columns, usual))


def test_what_is_long_ago_counts_for_less() -> None:
    """Since the last year everything is twice as likely, and a column tells no more than it did."""
    draw, n = np.random.default_rng(8), 20_000
    day = np.sort(draw.integers(0, 5 * 365, n))
    columns, late = draw.normal(size=(n, 2)), day >= 4 * 365
    came = draw.random(n) < expit(np.where(late, -1.0, -2.5) + columns[:, 0])
    of = Rows(columns, np.full(n, 0.15), came, day, np.ones(n), np.array([True, False]))
    chance = fitted(of).chance(columns[late], np.full(int(late.sum()), 0.15)).mean()
    # Claims are bent by forecasts that were made before the change, too: for a while they are too high.
    assert came.mean() + 0.2 * (came[late].mean() - came.mean()) < chance <= came[late].mean() + 0.1


def test_overlapping_horizons_count_as_one_together() -> None:
    of = rows()
    third = replace(of, weight=np.full(4000, 1 / 3))
    assert fitted(third).told == round(4000 / 3)


def test_the_same_rows_give_the_same_numbers() -> None:
    of = rows()
    order = np.random.default_rng(5).permutation(4000)
    shuffled = Rows(
        of.columns[order], of.usual[order], of.came[order], of.day[order], of.weight[order], of.rises
    )
    assert asdict(fitted(of)) == asdict(fitted(of))
    assert fitted(shuffled).beta == pytest.approx(fitted(of).beta, rel=1e-5)


def test_the_fit_is_that_of_the_textbook() -> None:
    of = replace(rows(), rises=np.zeros(2, bool), day=np.zeros(4000, np.int64))
    level, _, beta = learned._fitted(replace(of, usual=np.full(4000, 0.5)), 10.0)
    reference = LogisticRegression(C=1 / 10.0, tol=1e-10).fit(of.columns, of.came)
    assert beta == pytest.approx(reference.coef_[0], abs=1e-3)
    assert level == pytest.approx(reference.intercept_[0], abs=1e-2)
