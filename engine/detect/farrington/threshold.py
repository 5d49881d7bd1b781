"""From the fitted expectation to a threshold and a p-value: the Normal on a power scale, or the negative
binomial.

Source: Farrington et al., JRSS A 159 (1996) 547-563, section 3.6 (`delta`); Noufaily et al., Statistics in
Medicine 32 (2013) 1206-1222, section 3.4 (`nbPlugin`), and Salmon et al., Journal of Statistical Software 70
(2016), section 2.3 (`muan`: the same at the upper limit of the mean). `student` is ours: a negative binomial
that knows how little mean and dispersion rest on (`engine.detect.dispersion`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.detect.dispersion import known_with, narrowed, widened
from engine.detect.farrington.fit import Fit
from engine.detect.farrington.irls import LEAST_MEAN
from engine.detect.series import Bools, Floats
from engine.model.later import Later

special = Later("scipy.special")

METHODS = ("student", "delta", "nbPlugin", "muan")
#: The exponent of the power scale on which a count is taken as Normal.
POWERS = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}
_LARGEST = 1e300
#: A distribution function is trusted to this relative precision.
_FUZZ = 64 * float(np.finfo(float).eps)


@dataclass(frozen=True)
class Limit:
    """The threshold of R judged points, (R,) each.

    expected: counts; upper: an alarm lies above it; centre: what a score is measured from; mean and phi: of
    the negative binomial that gives p-values, or mean and scale: of the Normal on the power scale.
    """

    expected: Floats
    upper: Floats
    known: Bools
    centre: Floats
    mean: Floats
    phi: Floats
    scale: Floats | None
    power: str
    #: (R,) the degrees of freedom that `student` reads the tail with.
    freedom: Floats | None = None

    def pvalue(self, counts: Floats) -> Floats:
        """The chance of at least this much; counts (R,), NaN stays NaN."""
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            if self.scale is None:
                tail = negative_binomial_tail(counts, self.mean, self.phi)
                return tail if self.freedom is None else widened(tail, self.freedom)
            return delta_pvalue(counts, self.mean, self.scale, self.power)

    def score(self, counts: Floats) -> Floats:
        """How far a count goes from the centre (0) to the threshold (1); where so skewed a distribution
        has its threshold below its mean, the distance to the threshold in counts instead."""
        width = self.upper - self.centre
        skewed = (width <= 0) & (self.centre is self.expected)
        with np.errstate(invalid="ignore", divide="ignore"):
            score = (counts - self.centre) / width
        return np.where(skewed, counts - self.upper + 1, score)


def limit(fit: Fit, *, alpha: float, method: str, power: str, link_score: bool = False) -> Limit:
    """The threshold at one-sided `alpha`; link_score: measure the scores of `nbPlugin` and `muan` from the
    logarithm of the expected count, as the reference does."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        expected = mean = np.exp(fit.eta)
        centre, scale, phi, freedom = expected, None, fit.phi, None
        if method == "student":
            freedom = known_with(fit.free, mean, phi)
            phi = phi + mean * fit.se**2
            upper = negative_binomial_quantile(1 - narrowed(alpha, freedom), mean, phi)
        elif method == "delta":
            expected = mean = centre = np.maximum(mean, LEAST_MEAN)
            scale = delta_scale(mean, fit.se * mean, fit.phi, power)
            upper = delta_upper(mean, scale, alpha, power)
        else:
            if method == "muan":
                mean = np.exp(fit.eta + special.ndtri(1 - alpha) * fit.se)
            upper = negative_binomial_quantile(1 - alpha, mean, fit.phi)
            centre = fit.eta if link_score else expected
    known = fit.known & np.isfinite(upper)
    return Limit(expected, upper, known, centre, mean, phi, scale, power, freedom)


def delta_scale(mean: Floats, se: Floats, phi: Floats, power: str) -> Floats:
    """Standard deviation of a new count on the power scale; se: of the expected count itself."""
    exponent = POWERS[power]
    spread = phi + se**2 / mean
    return np.asarray(exponent * np.sqrt(mean ** (2 * exponent - 1) * spread))


def delta_upper(mean: Floats, scale: Floats, alpha: float, power: str) -> Floats:
    exponent = POWERS[power]
    return np.asarray((mean**exponent + special.ndtri(1 - alpha) * scale) ** (1 / exponent))


def delta_pvalue(counts: Floats, mean: Floats, scale: Floats, power: str) -> Floats:
    exponent = POWERS[power]
    return np.asarray(special.ndtr((mean**exponent - counts**exponent) / scale))


def negative_binomial_tail(counts: Floats, mean: Floats, phi: Floats) -> Floats:
    """P(Y >= counts) with variance phi * mean; Poisson at phi 1; NaN where the mean is not finite."""
    excess = np.where(phi > 1, phi - 1, 1.0)
    at_least = np.maximum(counts, 1.0)
    tail = np.where(
        phi > 1,
        special.betaincc(mean / excess, at_least, 1 / phi),
        special.gammainc(at_least, mean),
    )
    return np.where(np.isfinite(mean) & (counts < 1), 1.0, np.where(np.isfinite(mean), tail, np.nan))


def negative_binomial_quantile(chance: float | Floats, mean: Floats, phi: Floats) -> Floats:
    """The smallest count whose cumulative probability reaches `chance`, by bisection; NaN where the mean is
    not finite or the quantile is above 1e300."""
    fine = np.isfinite(mean) & np.isfinite(phi)
    mean, phi = np.where(fine, mean, 0.0), np.where(fine, phi, 1.0)
    wanted = chance * (1 - _FUZZ)
    low = np.full(mean.shape, -1.0)
    high = np.ceil(mean) + 1
    while (short := (_cumulative(high, mean, phi) < wanted) & (high < _LARGEST)).any():
        low, high = np.where(short, high, low), np.where(short, 2 * high, high)
    middle = np.floor((low + high) / 2)
    while ((middle > low) & (middle < high)).any():
        reached = _cumulative(np.maximum(middle, 0.0), mean, phi) >= wanted
        low, high = np.where(reached, low, middle), np.where(reached & (middle > low), middle, high)
        middle = np.floor((low + high) / 2)
    return np.where(fine & (high < _LARGEST), high, np.nan)


def _cumulative(counts: Floats, mean: Floats, phi: Floats) -> Floats:
    excess = np.where(phi > 1, phi - 1, 1.0)
    spread, plain = special.betainc(mean / excess, counts + 1, 1 / phi), special.gammaincc(counts + 1, mean)
    return np.asarray(np.where(phi > 1, spread, plain))
