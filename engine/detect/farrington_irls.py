"""Quasi-Poisson regression of many rows on one design, by iteratively reweighted least squares.

The normal equations have the form of an arrow: the seasonal levels are orthogonal, so they are eliminated by
division and only the border (weekday, trend) is solved. Each row follows the path of a fit of its own: start at
y + 0.1, stop when the deviance changes by less than 1e-8 of itself, at most 25 steps, and is frozen at its own
convergence, because dispersion and standard errors are taken from the weights of the last step.

Source: McCullagh and Nelder, Generalized Linear Models (2nd ed.), sections 2.5 and 9.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.detect.farrington_design import Columns
from engine.detect.series import Bools, Floats

_TOLERANCE = 1e-8
_STEPS = 25
#: A mean is never taken below this: a season of zeros sends it towards nothing.
_LEAST_MEAN = float(np.finfo(float).eps)
#: A border column with less than this share left after the levels is a combination of the others.
_ALIASED = 1e-11


@dataclass(frozen=True)
class Solution:
    """The end of the iteration, per row.

    beta: (R, L + q) coefficients; mean: (R, n) fitted; work: (R, n) the working weights of the last step;
    level_weight: (R, L) their sums; inverse: (R, L + L*q + q*q) the inverse normal matrix in the order of
    `Columns.products`, whose product with a point's row is the variance of its linear predictor at dispersion
    1; converged: (R,); regular: (R,) False where a border column is aliased.
    """

    beta: Floats
    mean: Floats
    work: Floats
    level_weight: Floats
    inverse: Floats
    converged: Bools
    regular: Bools

    @classmethod
    def empty(cls, rows: int, points: int, columns: Columns) -> Solution:
        return cls(
            beta=np.zeros((rows, columns.matrix.shape[1])),
            mean=np.ones((rows, points)), work=np.zeros((rows, points)),
            level_weight=np.zeros((rows, columns.levels)),
            inverse=np.zeros((rows, columns.products.shape[1])),
            converged=np.zeros(rows, bool), regular=np.zeros(rows, bool),
        )  # fmt: skip


def solve(columns: Columns, counts: Floats, weight: Floats, offset: Floats | None) -> Solution:
    """Fit counts (R, n) >= 0 with case weights (R, n), 0 where a count is missing, and a log offset (R, n)."""
    solution = Solution.empty(*counts.shape, columns)
    with np.errstate(divide="ignore"):
        log_counts = np.where(counts > 0, np.log(counts), 0.0)
    mean = counts + 0.1
    eta = np.log(mean)
    deviance = _deviance(counts, log_counts, weight, eta, mean)
    # The first step regresses the working response itself; later ones add a correction to `beta`.
    start = eta if offset is None else eta - offset
    beta = np.zeros((counts.shape[0], columns.matrix.shape[1]))
    rows = np.arange(counts.shape[0])
    for step in range(_STEPS):
        work = weight * mean
        normal = work @ columns.products
        score = weight * (counts - mean)
        if step == 0:
            score += work * start
        equations = _Arrow.of(columns, normal)
        beta = beta + equations.solve(score @ columns.matrix)
        eta = beta @ columns.matrix.T
        if offset is not None:
            eta += offset
        mean = np.maximum(np.exp(eta), _LEAST_MEAN)
        before, deviance = deviance, _deviance(counts, log_counts, weight, eta, mean)
        converged = np.abs(deviance - before) / (np.abs(deviance) + 0.1) < _TOLERANCE
        stop = converged | (step == _STEPS - 1) | ~np.isfinite(deviance)
        if stop.any():
            done = rows[stop]
            solution.beta[done], solution.mean[done], solution.work[done] = beta[stop], mean[stop], work[stop]
            solution.level_weight[done] = equations.levels[stop]
            solution.inverse[done] = equations.inverse()[stop]
            solution.converged[done], solution.regular[done] = converged[stop], equations.regular[stop]
            if stop.all():
                break
            go = ~stop
            rows, beta, mean, deviance = rows[go], beta[go], mean[go], deviance[go]
            counts, log_counts, weight = counts[go], log_counts[go], weight[go]
            offset = None if offset is None else offset[go]
    return solution


def _deviance(counts: Floats, log_counts: Floats, weight: Floats, eta: Floats, mean: Floats) -> Floats:
    terms = log_counts - eta
    terms *= counts
    terms -= counts
    terms += mean
    return np.asarray(2 * np.einsum("rn,rn->r", weight, terms))


@dataclass(frozen=True)
class _Arrow:
    """Normal equations with the levels eliminated.

    levels: (R, L) diagonal; share: (R, L, q) the border's mean within each level; rest: (R, q, q) inverse of
    the border's Schur complement; regular: (R,).
    """

    levels: Floats
    inverse_levels: Floats
    share: Floats
    rest: Floats
    regular: Bools

    @classmethod
    def of(cls, columns: Columns, normal: Floats) -> _Arrow:
        rows, size, q = normal.shape[0], columns.levels, columns.border
        levels = normal[:, :size]
        inverse_levels = np.divide(1.0, levels, out=np.zeros_like(levels), where=levels > 0)
        mixed = normal[:, size : size + size * q].reshape(rows, size, q)
        own = normal[:, size + size * q :].reshape(rows, q, q)
        share = mixed * inverse_levels[:, :, None]
        rest, regular = _inverse(own - mixed.transpose(0, 2, 1) @ share, own)
        return cls(levels, inverse_levels, share, rest, regular)

    def solve(self, right: Floats) -> Floats:
        """(R, L + q) the solution for right-hand sides (R, L + q)."""
        size = self.levels.shape[1]
        top, bottom = right[:, :size] * self.inverse_levels, right[:, size:]
        bottom = bottom - (self.share.transpose(0, 2, 1) @ right[:, :size, None])[:, :, 0]
        border = (self.rest @ bottom[:, :, None])[:, :, 0]
        return np.hstack([top - (self.share @ border[:, :, None])[:, :, 0], border])

    def inverse(self) -> Floats:
        mixed = -self.share @ self.rest
        levels = self.inverse_levels - np.sum(mixed * self.share, axis=2)
        rows = levels.shape[0]
        return np.hstack([levels, 2 * mixed.reshape(rows, -1), self.rest.reshape(rows, -1)])


def _inverse(schur: Floats, own: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Inverse of each (q, q) matrix and whether it has one; zeros where it has none."""
    left = np.diagonal(schur, axis1=1, axis2=2)
    whole = np.diagonal(own, axis1=1, axis2=2)
    regular = np.all(left > _ALIASED * whole, axis=1) & np.isfinite(schur).all(axis=(1, 2))
    if schur.shape[1] == 1:
        return np.where(regular, 1.0, 0.0)[:, None, None] / np.where(schur == 0, 1.0, schur), regular
    scale = np.sqrt(np.where(regular[:, None], left, 1.0))
    scaled = schur / (scale[:, :, None] * scale[:, None, :])
    regular &= np.linalg.det(np.where(regular[:, None, None], scaled, 0.0)) > _ALIASED
    scaled = np.where(regular[:, None, None], scaled, np.eye(schur.shape[1]))
    found = np.linalg.inv(scaled) / (scale[:, :, None] * scale[:, None, :])
    return np.where(regular[:, None, None], found, 0.0), regular
