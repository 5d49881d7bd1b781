"""The reference's `cusum`, step for step: standardised counts against k and h.

Kept apart because its quirks (a threshold for `none` that is what is left of h, an upper bound for
`anscombe2nd` that does not invert its own transformation) are reproduced, not endorsed. `anscombeNegBin`
is not offered: the reference reads it from a table of its own.
"""

from __future__ import annotations

import numpy as np

from engine.detect.detection import Detection, Times, one_of, within
from engine.detect.farrington.irls import LEAST_MEAN
from engine.detect.series import Floats
from engine.model.later import Later

linalg = Later("scipy.linalg")

TRANSFORMATIONS = ("standard", "rossi", "anscombe", "anscombe2nd", "pearsonNegBin", "none")


def detect(
    counts: Floats, times: Times, k: float, h: float, m: float | str | None, trans: str, alpha: float,
    reset: bool, frequency: int,
) -> Detection:  # fmt: skip
    """The reference's sums over the points from the first of `times` on; alarm where the sum >= h.

    Raises ValueError for an unknown transformation or mean.
    """
    one_of("trans", trans, TRANSFORMATIONS)
    within("alpha", alpha, 0, np.inf)
    within("k", k, 0, np.inf)
    within("h", h, 0, np.inf, closed=False)
    span = np.arange(int(times[0]), int(times[-1]) + 1)
    mean = _mean(counts, span, m, frequency)
    sums = np.zeros((counts.shape[0], span.size + 1))
    carried = np.zeros_like(mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        steps = _standardised(counts[:, span], mean, trans, alpha) - k
        for column in range(span.size):
            before = sums[:, column]
            carried[:, column] = np.where(before >= h, 0.0, before) if reset else before
            sums[:, column + 1] = np.maximum(0.0, carried[:, column] + steps[:, column])
        score = sums[:, 1:]
        upper = _upper(mean, h + k - carried, h - score, trans, alpha)
    upper = np.where(np.isnan(upper) | (upper < 0), 0.0, upper)
    known = ~np.isnan(score)
    pick = times - span[0]
    mean, upper, score, known = mean[:, pick], upper[:, pick], score[:, pick], known[:, pick]
    nothing = np.broadcast_to(np.nan, score.shape)
    return Detection(times, mean, upper, score, nothing, (score >= h) & known, known)


def _mean(counts: Floats, span: Times, m: float | str | None, frequency: int) -> Floats:
    """(S, T) the usual level: given, that of the points before, or with one yearly wave through them."""
    before = counts[:, : int(span[0])]
    shape = (counts.shape[0], span.size)
    if m is None:
        return np.broadcast_to(before.mean(axis=1, keepdims=True), shape).copy()
    if isinstance(m, str):
        one_of("m", m, ("glm",))
        within("frequency", frequency, 2, np.inf)
        phase = 2 * np.pi / frequency * np.arange(int(span[-1]) + 1)
        design = np.stack([np.ones(phase.size), np.cos(phase), np.sin(phase)], axis=1)
        fits = [_poisson(row, design[: before.shape[1]]) for row in before]
        return np.asarray(np.maximum(np.exp(np.stack(fits) @ design[span].T), LEAST_MEAN))
    within("m", m, 0, np.inf, closed=False)
    return np.full(shape, float(m))


def _poisson(counts: Floats, design: Floats) -> Floats:
    """Coefficients of a log-linear Poisson model of the known counts, by the reference's own steps: from
    counts + 0.1, until the deviance moves by less than 1e-8, at most 25; NaN where too few are known or the
    mean grows beyond all bounds."""
    seen = ~np.isnan(counts)
    counts, design = counts[seen], design[seen]
    fit: Floats = np.full(design.shape[1], np.nan)
    if np.linalg.matrix_rank(design) < fit.size:
        return fit
    mean = counts + 0.1
    eta, deviance = np.log(mean), _deviance(counts, mean)
    for _ in range(25):
        weight = np.sqrt(mean)
        columns, mixed = np.linalg.qr(design * weight[:, None])
        fit = linalg.solve_triangular(mixed, columns.T @ (weight * (eta + (counts - mean) / mean)))
        eta = design @ fit
        mean = np.maximum(np.exp(eta), LEAST_MEAN)
        if not np.isfinite(mean).all():
            return np.full(fit.size, np.nan)
        before, deviance = deviance, _deviance(counts, mean)
        if abs(deviance - before) / (abs(deviance) + 0.1) < 1e-8:
            break
    return fit


def _deviance(counts: Floats, mean: Floats) -> float:
    ratio = np.where(counts > 0, counts / mean, 1.0)
    return float(2 * (counts * np.log(ratio) - (counts - mean)).sum())


def _standardised(x: Floats, m: Floats, trans: str, alpha: float) -> Floats:
    root: Floats = np.sqrt(m)
    if trans == "standard":
        return (x - m) / root
    if trans == "rossi":
        rossi: Floats = (x - 3 * m + 2 * np.sqrt(x * m)) / (2 * root)
        return rossi
    if trans == "anscombe":
        return 3 / 2 * (np.power(x, 2 / 3) - np.power(m, 2 / 3)) / np.power(m, 1 / 6)
    if trans == "anscombe2nd":
        centre = np.power(m, 2 / 3) - np.power(m, -1 / 3) / 9
        return (np.power(x, 2 / 3) - centre) / (2 / 3 * np.power(m, 1 / 6))
    if trans == "pearsonNegBin":
        return (x - m) / np.sqrt(m + alpha * m * m)
    return x


def _upper(m: Floats, rest: Floats, left: Floats, trans: str, alpha: float) -> Floats:
    """The count that brings the sum to h; rest = h + k - the sum before, left = h - the sum after."""
    root = np.sqrt(m)
    if trans == "standard":
        return np.ceil(root * rest + m)
    if trans == "rossi":
        rossi: Floats = 2 * rest * root + 5 * m - 2 * np.sqrt(4 * m * m + 2 * m * root * rest)
        return rossi
    if trans == "pearsonNegBin":
        return np.sqrt(m + alpha * m * m) * rest + m
    if trans == "none":
        return left
    centre = np.power(m, 2 / 3) - (np.power(m, 1 / 3) / 9 if trans == "anscombe2nd" else 0.0)
    base = 2 / 3 * np.power(m, 1 / 6) * rest + centre
    return np.power(np.maximum(base, 0.0), 1.5)
