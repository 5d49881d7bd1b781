"""How much more the counts of each area vary than independent incidents would: its own, drawn to the pool's.

An area's over-dispersion phi (variance over mean) is Pearson's, from its own baseline. What the pool leads to
expect of it is a line over the areas' means, 1 + a + b * mean: incidents that come in clumps give the
constant, levels that change the slope. How far the areas differ from that line beyond what so short
baselines differ by chance says how much the pool weighs. What phi rests on is kept as Student's degrees of
freedom, so that the tail of the next count knows that its spread was estimated. Four incidents of an area
without a pool tell little of its clumps, whatever they look like: few degrees of freedom, with which only
a large count has a small chance.

Sources: Pearson's statistic as McCullagh and Nelder, Generalized Linear Models (1989), ch. 9; the drawing of
variances towards each other as Smyth, Statistical Applications in Genetics 3 (2004). Measured choices:
docs/statistics.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Bools, Floats, one_row
from engine.model.later import Later

special = Later("scipy.special")

#: With fewer areas there is no pool: Poisson noise takes its place, with the weight of two blocks.
POOL = 3
_ALONE = 2.0
#: The pool weighs at least so many blocks, and at most.
_LEAST, _MOST = 4.0, 100.0
#: Clumps are no gamma mixture in earnest: the more the counts vary, the less their tail is relied on; the
#: less so where few areas stand for the pool.
_TRUST, _TRUST_ALONE, _MANY = 10.0, 3.0, 30
_FEWEST = 2.5
_NOTHING = 1e-3
#: With fewer blocks in all no chance can be told.
_FEW_BLOCKS = 12
#: Clumps are known with no more than so many degrees of freedom where an area alone has fewer blocks or
#: incidents, or, in a pool, fewer blocks of its own, and fewer of all or incidents of its own.
_VAGUE, _FINE_BLOCKS, _FINE_CLUMPS, _FINE_POOL = 8.0, 24, 4, 240
#: So many blocks tell it where nobody says how many.
HISTORY = 26
#: What an explanation says where they are fewer.
UNTOLD = "too short a past of all areas to tell how incidents clump"


@dataclass(frozen=True)
class Dispersion:
    """phi: (C, A), at least 1; freedom: (C, A) the degrees of freedom it is known with; told: (C, A) where
    there was enough to look at."""

    phi: Floats
    freedom: Floats
    told: Bools

    def cell(self, cut: int, area: int) -> Dispersion:
        """One cell by itself."""
        return Dispersion(self.phi[cut, area], self.freedom[cut, area], self.told[cut, area])

    def flat(self) -> Dispersion:
        """The cells in one row."""
        return Dispersion(self.phi.ravel(), self.freedom.ravel(), self.told.ravel())

    def wider(self, tail: Floats) -> Floats:
        """The chance of at least so much, where phi is known no better; broadcasts."""
        return widened(tail, self.freedom)


def widened(tail: Floats, freedom: Floats) -> Floats:
    """A tail read as Student's with so many degrees of freedom; broadcasts."""
    wide: Floats = np.array(np.broadcast_to(tail, np.broadcast_shapes(np.shape(tail), np.shape(freedom))))
    inside = (wide > 0) & (wide < 1)
    score = special.ndtri(wide, where=inside, out=np.zeros(wide.shape))
    special.stdtr(freedom, score, where=inside, out=wide)
    return wide


def narrowed(alpha: float, freedom: Floats) -> Floats:
    """The tail that is `alpha` once it is read as Student's."""
    known = special.stdtrit(np.minimum(freedom, 1e9), alpha)
    score = np.where(np.isinf(freedom), special.ndtri(alpha), known)
    return np.asarray(special.ndtr(score))


def alone(own: Floats, mean: Floats, free: Floats, total: Floats, blocks: NDArray[np.int64]) -> Dispersion:
    """(R,) of series each by itself, by Pearson's dispersion `own` with so many degrees of freedom."""
    mean = np.maximum(mean, _NOTHING)
    phi, freedom = _drawn(own[:, None], mean[:, None], free[:, None])
    noise = _rested(phi, freedom, total[:, None], blocks[:, None])
    return noise.flat()


def known_with(free: Floats, mean: Floats, phi: Floats) -> Floats:
    """The degrees of freedom with which an over-dispersion is known that one area's residuals alone tell."""
    heavy = (phi - 1) / (mean + 2) / _TRUST_ALONE
    freedom = np.maximum(1 / (1 / _told(free, np.maximum(mean, _NOTHING), phi) + heavy), _FEWEST)
    return np.where(phi > 1, freedom, np.inf)


def dispersion(counts: Floats, worth: Floats) -> Dispersion:
    """Of counts (C, A, B) about each area's own rate; worth: how many blocks were looked at (0: none, and
    nothing is counted there)."""
    of = one_row(worth)
    seen, total = of > 0, counts.sum(axis=2)
    looked = np.broadcast_to(seen.sum(axis=2), total.shape)
    rate = total / np.maximum(of.sum(axis=2), 1e-300)
    some = rate > 0
    # The sum of (count - rate * worth)^2 / (rate * worth), of which two parts of three are the total.
    unlike = 1 / np.where(seen, of, np.inf) if (of != 1).any() else None
    squares = _squares(counts, unlike) / np.where(some, rate, np.inf)
    residual = np.where(some, np.maximum(squares - total, 0.0), 0.0)
    blocks = np.where(some, looked, 0)
    free = np.maximum(blocks - 1.0, 0.0)
    mean = np.maximum(np.where(some, total, 0.0) / np.maximum(blocks, 1), _NOTHING)
    own = np.where(free > 0, residual / np.maximum(free, 1), 1.0)
    phi, freedom = _drawn(own, mean, free)
    return _rested(phi, freedom, total, looked)


def _squares(counts: Floats, weight: Floats | None) -> Floats:
    """(C, A) the sums of the squared counts, each by its weight (C, A or 1, B)."""
    if weight is None:
        found: Floats = np.einsum("cab,cab->ca", counts, counts)
        return found
    weighted: Floats = np.einsum("cab,cab,cab->ca", counts, counts, np.broadcast_to(weight, counts.shape))
    return weighted


def poisson(like: Floats) -> Dispersion:
    """No more than chance, known for certain."""
    return Dispersion(np.ones_like(like), np.full_like(like, np.inf), np.ones(like.shape, bool))


def _rested(phi: Floats, freedom: Floats, total: Floats, blocks: NDArray[np.int64]) -> Dispersion:
    """With no more freedom than so many incidents and blocks give."""
    together, some = blocks.sum(axis=1, keepdims=True), total / phi >= _FINE_CLUMPS
    if phi.shape[1] < POOL:
        fine = (blocks >= _FINE_BLOCKS) & some
    else:
        fine = (blocks >= _FINE_BLOCKS) | ((together >= _FINE_POOL) & some)
    told = np.broadcast_to(together >= _FEW_BLOCKS, phi.shape)
    return Dispersion(phi, np.where(fine, freedom, np.minimum(freedom, _VAGUE)), told)


def _drawn(own: Floats, mean: Floats, free: Floats) -> tuple[Floats, Floats]:
    """(C, A) each: over-dispersion and degrees of freedom."""
    areas = own.shape[1]
    if areas < POOL:
        told, pool, weight = _told(free, mean, np.maximum(own, 1.0)), np.ones_like(own), np.array([[_ALONE]])
    else:
        pool = _line(own, mean, free)
        told = _told(free, mean, pool)
        weight = _weight(own / pool, told, areas)
    phi = np.maximum((told * own + weight * pool) / (told + weight), 1.0)
    trust = _TRUST_ALONE + (_TRUST - _TRUST_ALONE) * min(areas / _MANY, 1.0)
    heavy = (phi - 1) / (mean + 2) / trust
    freedom = np.maximum(1 / (1 / (told + weight) + heavy), _FEWEST)
    # Where nothing speaks against Poisson noise, no spread was estimated.
    return phi, np.where(phi > 1, freedom, np.inf)


def _told(free: Floats, mean: Floats, phi: Floats) -> Floats:
    """How many Normal residuals tell as much of a spread as these of a skewed count do."""
    kurtosis = 6 * (phi - 1) / mean + 1 / (mean * phi)
    return free * 2 / (2 + kurtosis)


def _line(own: Floats, mean: Floats, free: Floats) -> Floats:
    """(C, A) 1 + a + b * mean by weighted least squares, neither below zero."""
    weight = _told(free, mean, np.ones_like(own))
    whole = np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    excess = own - 1
    middle, usual = ((weight * of).sum(axis=1, keepdims=True) / whole for of in (mean, excess))
    across = (weight * (mean - middle) ** 2).sum(axis=1, keepdims=True)
    along = (weight * (mean - middle) * (excess - usual)).sum(axis=1, keepdims=True)
    slope = np.where(across > 1e-9, np.maximum(along / np.maximum(across, 1e-9), 0.0), 0.0)
    start = usual - slope * middle
    squares = np.maximum((weight * mean**2).sum(axis=1, keepdims=True), 1e-9)
    through = np.maximum((weight * mean * excess).sum(axis=1, keepdims=True) / squares, 0.0)
    slope = np.where(start < 0, through, slope)
    return np.asarray(1 + np.maximum(start, 0.0) + slope * mean)


def _weight(ratio: Floats, told: Floats, areas: int) -> Floats:
    """(C, 1) as how many blocks of its own the pool counts for each area."""
    whole = np.maximum(told.sum(axis=1, keepdims=True), 1e-9)
    spread = (told * (ratio - 1) ** 2).sum(axis=1, keepdims=True) / whole
    some: Bools = told > 0
    chance = 2 * some.sum(axis=1, keepdims=True) / whole
    most = min(max(2.0 * areas, _LEAST), _MOST)
    return np.asarray(np.clip(2 / np.maximum(spread - chance, 1e-9), _LEAST, most))
