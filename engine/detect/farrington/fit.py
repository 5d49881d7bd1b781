"""The Farrington baseline: fit, down-weight past outbreaks, fit again, keep or drop the trend.

Source: Farrington et al., A statistical algorithm for the early detection of outbreaks of infectious disease,
JRSS A 159 (1996) 547-563, sections 3.3 to 3.6; Noufaily et al., Statistics in Medicine 32 (2013) 1206-1222.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.detect.farrington.design import Columns, Design, times
from engine.detect.farrington.irls import Baseline, Solution, solve
from engine.detect.series import Bools, Floats
from engine.model.later import Later

special = Later("scipy.special")

#: Less than this left of 1 by a leverage is rounding.
_ALONE = 1e-10


@dataclass(frozen=True)
class Choices:
    """How a row is fitted; the names are those of `engine.detect.farrington.params.Params`.

    trend: try one at all (it needs three years); case_weight_dispersion: take standard errors from the
    dispersion with the case weights alone, the reference's defect.
    """

    trend: bool
    p_threshold_trend: float
    reweight: bool
    weights_threshold: float
    case_weight_dispersion: bool


@dataclass
class Fit:
    """What R rows expect of the judged point, (R,) each.

    eta: the logarithm of the expected count; se: its standard error; phi: the dispersion, at least 1;
    trend: whether one was kept; slope: its coefficient per step, NaN without; known: False where no fit
    could be had; free: residual degrees of freedom.
    """

    eta: Floats
    se: Floats
    phi: Floats
    trend: Bools
    slope: Floats
    known: Bools
    free: Floats

    @classmethod
    def unknown(cls, rows: int) -> Fit:
        eta, se, phi, slope, free = np.full((5, rows), np.nan)
        return cls(eta, se, phi, np.zeros(rows, bool), slope, np.zeros(rows, bool), free)

    def put(self, rows: Bools | NDArray[np.int64], part: Fit) -> None:
        """Write `part` into these rows."""
        self.eta[rows], self.se[rows], self.phi[rows] = part.eta, part.se, part.phi
        self.trend[rows], self.slope[rows], self.known[rows] = part.trend, part.slope, part.known
        self.free[rows] = part.free


def fit(design: Design, baseline: Baseline, choices: Choices) -> Fit:
    """Fit every row with a trend and keep it where it is significant and does not carry the expected
    count above the largest of the baseline; fit the others without."""
    if not choices.trend:
        return _fit(design.flat, baseline, choices)[0]
    found, slope, pvalue = _fit(design.trended, baseline, choices)
    with np.errstate(over="ignore", invalid="ignore"):
        inside = np.exp(found.eta) <= baseline.counts.max(axis=1)
    kept = found.known & (pvalue < choices.p_threshold_trend) & inside
    found.slope, found.trend = slope, kept
    if not kept.all():
        found.put(~kept, _fit(design.flat, baseline.take(~kept), choices)[0])
    return found


def _fit(columns: Columns, baseline: Baseline, choices: Choices) -> tuple[Fit, Floats, Floats]:
    """The fit on these columns, as one without a trend, and the last column's coefficient and p-value."""
    counts, weight = baseline.counts, baseline.seen
    # Rows that do not converge run into infinities; they are told by `known`.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        solution = solve(columns, baseline, weight)
        known = solution.converged & solution.regular
        if choices.reweight:
            weight = _down_weighted(columns, counts, weight, solution, choices.weights_threshold)
            solution = solve(columns, baseline, weight)
            known &= solution.regular
        freedom = _freedom(weight, solution)
        dispersion = _dispersion(solution.work, counts, solution, freedom)
        spread = dispersion
        if choices.case_weight_dispersion and choices.reweight:
            spread = _dispersion(weight, counts, solution, freedom)
        eta = solution.beta @ columns.matrix_now
        if baseline.offset_now is not None:
            eta = eta + baseline.offset_now
        se = np.sqrt(spread * (solution.inverse @ columns.products_now))
        slope = solution.beta[:, -1].copy()
        pvalue = 2 * special.stdtr(freedom, -np.abs(slope) / np.sqrt(spread * solution.inverse[:, -1]))
    # A season that was never seen has no level to judge by.
    known &= (freedom > 0) & (solution.level_weight @ columns.matrix_now[: columns.levels] > 0)
    known &= np.isfinite(eta) & np.isfinite(se) & np.isfinite(dispersion)
    eta, se, phi = (np.where(known, of, np.nan) for of in (eta, se, np.maximum(dispersion, 1.0)))
    no_trend = np.zeros(known.size, bool), np.full(known.size, np.nan)
    return Fit(eta, se, phi, *no_trend, known, freedom), slope, pvalue


def _freedom(weight: Floats, solution: Solution) -> Floats:
    """(R,) residual degrees of freedom."""
    levels = solution.level_weight.shape[1]
    used = (solution.level_weight > 0).sum(axis=1) + solution.beta.shape[1] - levels
    return np.asarray(np.count_nonzero(weight, axis=1) - used, float)


def _dispersion(weight: Floats, counts: Floats, solution: Solution, freedom: Floats) -> Floats:
    """(R,) weighted squares of the working residuals per degree of freedom."""
    residual = counts - solution.mean
    residual /= solution.mean
    return np.asarray(np.einsum("rn,rn,rn->r", weight, residual, residual) / freedom)


def _down_weighted(
    columns: Columns, counts: Floats, weight: Floats, solution: Solution, threshold: float
) -> Floats:
    """(R, n) case weights: a point whose standardised Anscombe residual s exceeds the threshold counts s**-2
    times as much as the others; the weights of a row sum to its number of points."""
    phi = np.maximum(_dispersion(solution.work, counts, solution, _freedom(weight, solution)), 1.0)
    leverage = times(solution.inverse, columns.products.T)
    leverage *= solution.work
    scale = np.subtract(1.0, leverage, out=leverage)
    # A point that alone makes up its season fits perfectly and says nothing of itself.
    scale[scale < _ALONE] = np.inf
    scale *= phi[:, None]
    residual = _anscombe(counts, solution.mean)
    residual /= np.sqrt(scale, out=scale)
    high = residual > threshold
    relative = weight.copy()
    relative[high] *= residual[high] ** -2.0
    relative *= (weight.sum(axis=1) / relative.sum(axis=1))[:, None]
    return relative


def _anscombe(counts: Floats, mean: Floats) -> Floats:
    """1.5 * (y**(2/3) * mean**(-1/6) - mean**(1/2))."""
    root = np.sqrt(mean)
    power = np.cbrt(counts)
    power *= power
    power /= np.cbrt(root)
    power -= root
    power *= 1.5
    return power
