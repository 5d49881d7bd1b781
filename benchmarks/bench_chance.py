"""The fit of a learned chance: 20 counties over four years, seventeen columns, its penalty chosen by
forecasts of later stretches; against as many plain ridge regressions by scikit-learn, which chooses and bends
nothing."""

from __future__ import annotations

import sys

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from benchmarks.measuring import fastest
from engine.chance.model import FOLDS, PENALTIES, Model, Rows, fit

PLACES, DAYS, COLUMNS, STRIDE = 20, 4 * 365, 17, 7
#: At most so many times as long as the same number of fits takes there.
LIMIT = 2.0
#: Every penalty at every fold, and the one that is kept.
FITS = len(PENALTIES) * len(FOLDS) + 1


def main() -> int:
    """Print the processor time of both; 1 where the ratio is over the limit."""
    rows = _rows()
    names = [f"column {number}" for number in range(COLUMNS)]
    ours = fastest(fit, rows, names, STRIDE)
    assert isinstance(fit(rows, names, STRIDE), Model)
    plain = FITS * fastest(_plain, rows)
    print(f"chance: {PLACES} places x {DAYS} days, {COLUMNS} columns, {FITS} fits")
    print(f"  a model               {ours:7.3f} s   {ours / plain:.2f}x (limit {LIMIT:g}x)")
    print(f"  scikit-learn, {FITS} fits {plain:7.3f} s   ({plain / FITS:.3f} s each, all of the past)")
    return int(ours > LIMIT * plain)


def _rows() -> Rows:
    """Counts that raise the odds of an event, and columns that say nothing."""
    draw, number = np.random.default_rng(1), PLACES * DAYS
    columns = draw.poisson(1.5, (number, COLUMNS)).astype(float)
    came = draw.random(number) < expit(-3.5 + 0.4 * columns[:, 0] + 0.2 * columns[:, 1])
    return Rows(
        columns=columns, usual=np.full(number, came.mean()), came=came,
        day=np.repeat(np.arange(DAYS), PLACES), weight=np.full(number, 1 / STRIDE),
        rises=np.arange(COLUMNS) < COLUMNS - 2,
    )  # fmt: skip


def _plain(rows: Rows) -> None:
    LogisticRegression(C=1 / 30, max_iter=200).fit(rows.columns, rows.came, sample_weight=rows.worth)


if __name__ == "__main__":
    sys.exit(main())
