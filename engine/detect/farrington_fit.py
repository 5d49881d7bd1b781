"""The Farrington baseline: fit, down-weight past outbreaks, fit again, keep or drop the trend.

Source: Farrington et al., A statistical algorithm for the early detection of outbreaks of infectious disease,
JRSS A 159 (1996) 547-563, sections 3.3 to 3.6; Noufaily et al., Statistics in Medicine 32 (2013) 1206-1222.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from engine.detect.farrington_design import Columns, Design
from engine.detect.farrington_irls import Solution, solve
from engine.detect.series import Bools, Floats


@dataclass(frozen=True)
class Choices:
    """How a row is fitted; the names are those of `engine.detect.farrington.Params`.

    trend: try one at all (it needs three years); case_weight_dispersion: take standard errors from the
    dispersion with the case weights alone, the reference's defect.
    """

    trend: bool
    p_threshold_trend: float
    reweight: bool
    weights_threshold: float
    case_weight_dispersion: bool


@dataclass(frozen=True)
class Baseline:
    """What R rows saw at the n baseline points, (R, n) each.

    counts: 0 where missing; seen: False where missing; offset: the logarithm of the population, or None;
    offset_now: (R,) that of the judged point.
    """

    counts: Floats
    seen: Bools
    offset: Floats | None = None
    offset_now: Floats | None = None

    def take(self, rows: Bools) -> Baseline:
        if self.offset is None or self.offset_now is None:
            return Baseline(self.counts[rows], self.seen[rows])
        return Baseline(self.counts[rows], self.seen[rows], self.offset[rows], self.offset_now[rows])


@dataclass
class Fit:
    """What R rows expect of the judged point, (R,) each.

    eta: the logarithm of the expected count; se: its standard error; phi: the dispersion, at least 1; trend:
    whether one was kept; slope: its coefficient per step, NaN without; known: False where no fit could be had.
    """

    eta: Floats
    se: Floats
    phi: Floats
    trend: Bools
    slope: Floats
    known: Bools

    @classmethod
    def unknown(cls, rows: int) -> Fit:
        eta, se, phi, slope = np.full((4, rows), np.nan)
        return cls(eta, se, phi, np.zeros(rows, bool), slope, np.zeros(rows, bool))

    def put(self, rows: Bools | slice, part: Fit) -> None:
        """Write `part` into these rows."""
        self.eta[rows], self.se[rows], self.phi[rows] = part.eta, part.se, part.phi
        self.trend[rows], self.slope[rows], self.known[rows] = part.trend, part.slope, part.known


def fit(design: Design, baseline: Baseline, choices: Choices) -> Fit:
    """Fit every row with a trend and keep it where it is significant and does not carry the expected count above
    the largest of the baseline; fit the others without."""
    if not choices.trend:
        return _fit(design.flat, baseline, choices)[0]
    found, pvalue = _fit(design.trended, baseline, choices)
    with np.errstate(over="ignore", invalid="ignore"):
        inside = np.exp(found.eta) <= baseline.counts.max(axis=1)
    found.trend = found.known & (pvalue < choices.p_threshold_trend) & inside
    dropped = ~found.trend
    if dropped.any():
        found.put(dropped, _fit(design.flat, baseline.take(dropped), choices)[0])
    found.slope[dropped] = np.nan
    return found


def _fit(columns: Columns, baseline: Baseline, choices: Choices) -> tuple[Fit, Floats]:
    """The fit on these columns and the p-value of the last of them."""
    counts, weight = baseline.counts, baseline.seen.astype(float)
    # Rows that do not converge run into infinities; they are told by `known`.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        solution = solve(columns, counts, weight, baseline.offset)
        known = solution.converged & solution.regular
        if choices.reweight:
            weight = _down_weighted(columns, counts, weight, solution, choices.weights_threshold)
            solution = solve(columns, counts, weight, baseline.offset)
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
        pvalue = 2 * stdtr(freedom, -np.abs(slope) / np.sqrt(spread * solution.inverse[:, -1]))
    # A season that was never seen has no level to judge by.
    known &= (freedom > 0) & (solution.level_weight @ columns.matrix_now[: columns.levels] > 0)
    known &= np.isfinite(eta) & np.isfinite(se)
    phi = np.maximum(dispersion, 1.0)
    return Fit(eta, se, phi, np.zeros(known.size, bool), slope, known), pvalue


def _freedom(weight: Floats, solution: Solution) -> Floats:
    """(R,) residual degrees of freedom."""
    levels = solution.level_weight.shape[1]
    used = (solution.level_weight > 0).sum(axis=1) + solution.beta.shape[1] - levels
    return np.asarray((weight > 0).sum(axis=1) - used, float)


def _dispersion(weight: Floats, counts: Floats, solution: Solution, freedom: Floats) -> Floats:
    """(R,) weighted squares of the working residuals per degree of freedom."""
    residual = (counts - solution.mean) / solution.mean
    return np.asarray(np.einsum("rn,rn,rn->r", weight, residual, residual) / freedom)


def _down_weighted(
    columns: Columns, counts: Floats, weight: Floats, solution: Solution, threshold: float
) -> Floats:
    """(R, n) case weights: a point whose standardised Anscombe residual s exceeds the threshold counts s**-2
    times as much as the others; the weights of a row sum to its number of points."""
    phi = np.maximum(_dispersion(solution.work, counts, solution, _freedom(weight, solution)), 1.0)
    root = np.sqrt(solution.mean)
    residual = 1.5 * (np.cbrt(counts) ** 2 / np.cbrt(root) - root)
    leverage = solution.work * (solution.inverse @ columns.products.T)
    residual /= np.sqrt(phi[:, None] * (1 - leverage))
    relative = np.where(residual > threshold, residual**-2.0, 1.0) * weight
    return relative * (weight.sum(axis=1) / relative.sum(axis=1))[:, None]
