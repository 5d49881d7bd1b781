"""Tails of four distributions, added up term by term."""

from __future__ import annotations

from math import comb, exp, inf, lgamma, log, log1p

#: Terms are small enough here to be left out.
_LAST = 100_000


def binomial_tail(least: int, n: int, p: float) -> float:
    """P(at least `least` of n)."""
    if least <= 0:
        return 1.0
    return min(1.0, sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1)))


def negative_binomial(k: int, mean: float, size: float) -> float:
    """P(exactly k) where the variance is mean + mean**2 / size; Poisson where size is infinite."""
    if mean == 0:
        return 1.0 if k == 0 else 0.0
    if size == inf:
        return exp(k * log(mean) - mean - lgamma(k + 1))
    ways = lgamma(size + k) - lgamma(size) - lgamma(k + 1)
    return exp(ways - size * log1p(mean / size) - k * log1p(size / mean))


def at_least(count: int, mean: float, size: float) -> float:
    """P(count or more); from above where the tail is small, so that no digit is lost."""
    if count <= 0:
        return 1.0
    below = sum(negative_binomial(k, mean, size) for k in range(count))
    if below < 0.5:
        return 1.0 - below
    total, k = 0.0, count
    while k < _LAST:
        term = negative_binomial(k, mean, size)
        total += term
        if (k > mean and term < 1e-18 * total) or (term == 0.0 and k > mean):
            break
        k += 1
    return total


def at_most(count: int, mean: float, size: float) -> float:
    """P(count or fewer)."""
    return sum(negative_binomial(k, mean, size) for k in range(count + 1))


def fisher_tail(now: int, before: int, others_now: int, others_before: int, odds: float) -> float:
    """P(at least `now` of the later ones are the area's | all margins), where the odds ratio is `odds`."""
    own, later = now + before, now + others_now
    weight = {
        k: comb(own, k) * comb(others_now + others_before, later - k) * odds**k
        for k in range(max(0, later - others_now - others_before), min(own, later) + 1)
    }
    return sum(w for k, w in weight.items() if k >= now) / sum(weight.values())
