"""Quasi-Poisson regression of many rows on one design, by iteratively reweighted least squares.

The normal equations have the form of an arrow: the seasonal levels are orthogonal, so they are eliminated
by division and only the border (weekday, trend) is solved. Each row follows the path of a fit of its own:
start at y + 0.1, stop when the deviance changes by less than 1e-8 of itself, at most 25 steps, and is
frozen at its own convergence, because dispersion and standard errors are taken from the weights of the
last step.

Source: McCullagh and Nelder, Generalized Linear Models (2nd ed.), sections 2.5 and 9.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.detect.farrington.design import Columns, times
from engine.detect.series import Bools, Floats

_TOLERANCE = 1e-8
_STEPS = 25
#: A mean is never taken below this: a season of zeros sends it towards nothing.
LEAST_MEAN = float(np.finfo(float).eps)
#: A border column with less than this share left after the levels is a combination of the others.
_ALIASED = 1e-11


@dataclass(frozen=True)
class Baseline:
    """What R rows saw at the n baseline points, (R, n) each.

    counts: >= 0, and 0 where missing; seen: 0.0 where missing, else 1.0; offset: the logarithm of the
    population, or None; offset_now: (R,) that of the judged point.
    """

    counts: Floats
    seen: Floats
    offset: Floats | None = None
    offset_now: Floats | None = None

    @cached_property
    def logs(self) -> Floats:
        """The logarithms of the counts, 0 for a count of 0."""
        return np.asarray(np.log(self.counts + (self.counts == 0)))

    @cached_property
    def start(self) -> tuple[Floats, Floats]:
        """Where the iteration starts: a mean a little above each count, and its logarithm."""
        mean = self.counts + 0.1
        return mean, np.log(mean)

    def take(self, rows: Bools) -> Baseline:
        if self.offset is None or self.offset_now is None:
            return Baseline(self.counts[rows], self.seen[rows])
        return Baseline(self.counts[rows], self.seen[rows], self.offset[rows], self.offset_now[rows])


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
    def empty(cls, shape: tuple[int, ...], columns: Columns) -> Solution:
        rows = shape[0]
        return cls(
            beta=np.zeros((rows, columns.matrix.shape[1])),
            mean=np.ones(shape), work=np.zeros(shape),
            level_weight=np.zeros((rows, columns.levels)),
            inverse=np.zeros((rows, columns.products.shape[1])),
            converged=np.zeros(rows, bool), regular=np.zeros(rows, bool),
        )  # fmt: skip

    def put(self, rows: NDArray[np.int64], part: Solution) -> None:
        """Write `part` into these rows."""
        for mine, other in zip(vars(self).values(), vars(part).values(), strict=True):
            mine[rows] = other


def solve(columns: Columns, baseline: Baseline, weight: Floats) -> Solution:
    """Fit the counts with case weights (R, n), 0 where a count is missing."""
    solution = Solution.empty(weight.shape, columns)
    state = _State.start(columns, baseline, weight)
    for step in range(_STEPS):
        equations = _Arrow.of(columns, state.normal)
        beta = state.beta + equations.solve(state.score)
        mean, work, normal = state.fitted(columns, beta)
        deviance = state.deviance(columns, beta, normal)
        converged = np.abs(deviance - state.last) / (np.abs(deviance) + 0.1) < _TOLERANCE
        stop = converged | (step == _STEPS - 1) | ~np.isfinite(deviance)
        if stop.any():
            ended = np.flatnonzero(stop)
            solution.put(state.rows[ended], Solution(
                beta[ended], mean[ended], state.work[ended], equations.levels[ended],
                equations.inverse()[ended], converged[ended], equations.regular[ended],
            ))  # fmt: skip
        if stop.all():
            break
        state.beta, state.work, state.normal, state.last = beta, work, normal, deviance
        state.score = state.evidence - columns.totals(normal)
        if stop.any():
            state = state.take(np.flatnonzero(~stop))
    return solution


@dataclass
class _State:
    """The rows that still move.

    What depends on the counts alone is summed up once: evidence (R, L + q) is X'wy, and with the centre
    (R,), the logarithm of the mean rate, the deviance is 2 * (saturated - evidence . (beta - centre) +
    sum(w * mean)), which costs no pass over the points and is as exact as their sum.
    """

    rows: NDArray[np.int64]
    weight: Floats
    offset: Floats | None
    evidence: Floats
    centre: Floats
    saturated: Floats
    beta: Floats
    work: Floats
    normal: Floats
    #: (R, L + q) the right-hand side of the next correction of `beta`, and the deviance before it.
    score: Floats
    last: Floats

    @classmethod
    def start(cls, columns: Columns, baseline: Baseline, weight: Floats) -> _State:
        counted = weight * baseline.counts
        cases = counted.sum(axis=1)
        mean, eta = baseline.start
        work = weight * mean
        normal = times(work, columns.products)
        fitted = normal[:, : columns.levels].sum(axis=1)
        saturated = np.einsum("rn,rn->r", counted, baseline.logs)
        last = 2 * (saturated - np.einsum("rn,rn->r", counted, eta) - cases + fitted)
        exposure = weight.sum(axis=1)
        if baseline.offset is not None:
            exposure = np.einsum("rn,rn->r", weight, np.exp(baseline.offset))
            saturated -= np.einsum("rn,rn->r", counted, baseline.offset)
            eta = eta - baseline.offset
        centre = np.log(np.where(cases > 0, cases, 1.0) / np.where(cases > 0, exposure, 1.0))
        evidence = times(counted, columns.matrix)
        # The first step regresses the working response itself; later ones correct `beta`.
        response = times(work * eta, columns.matrix) + evidence - columns.totals(normal)
        return cls(
            np.arange(cases.size), weight, baseline.offset, evidence, centre,
            saturated - (1 + centre) * cases, np.zeros_like(evidence), work, normal, response, last,
        )  # fmt: skip

    def fitted(self, columns: Columns, beta: Floats) -> tuple[Floats, Floats, Floats]:
        """Mean, working weights and normal matrix at `beta`."""
        eta = times(beta, columns.matrix.T)
        if self.offset is not None:
            eta += self.offset
        mean = np.exp(eta, out=eta)
        np.maximum(mean, LEAST_MEAN, out=mean)
        work = self.weight * mean
        return mean, work, times(work, columns.products)

    def deviance(self, columns: Columns, beta: Floats, normal: Floats) -> Floats:
        size = columns.levels
        shifted = beta.copy()
        shifted[:, :size] -= self.centre[:, None]
        explained = np.einsum("rp,rp->r", self.evidence, shifted)
        return np.asarray(2 * (self.saturated - explained + normal[:, :size].sum(axis=1)))

    def take(self, go: NDArray[np.int64]) -> _State:
        return _State(
            self.rows[go], self.weight[go], None if self.offset is None else self.offset[go],
            self.evidence[go], self.centre[go], self.saturated[go],
            self.beta[go], self.work[go], self.normal[go], self.score[go], self.last[go],
        )  # fmt: skip


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
        rest, regular = _inverse(own - np.einsum("rlp,rlq->rpq", mixed, share), own)
        return cls(levels, inverse_levels, share, rest, regular)

    def solve(self, right: Floats) -> Floats:
        """(R, L + q) the solution for right-hand sides (R, L + q)."""
        size = self.levels.shape[1]
        top, bottom = right[:, :size], right[:, size:]
        border = np.einsum("rpq,rq->rp", self.rest, bottom - np.einsum("rlq,rl->rq", self.share, top))
        levels = top * self.inverse_levels - np.einsum("rlq,rq->rl", self.share, border)
        return np.hstack([levels, border])

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
