"""How two counts compare, with an interval; and what comes next, with one.

Of all that was counted in both periods together, the later one holds a binomial share if nothing changed: the
interval is the exact one of Clopper and Pearson, as in `engine.detect.change`. The noise is taken as Poisson.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import betaincinv

from engine.detect.negbin import quantile
from engine.detect.predictive import FEWEST, predictive
from engine.report.figures import Ratio, Span

_SIDE = 0.025


def compare(now: int, before: int, days: int, days_before: int) -> Ratio:
    """The counts of so many days that were seen."""
    counts = {"now": now, "before": before, "days": days, "days_before": days_before}
    if not days or not days_before or not now + before:
        return Ratio(**counts, ratio=None, low=None, high=None)
    low, high = share(now, now + before)
    scale = days_before / days
    return Ratio(
        **counts, ratio=_rounded(now / before * scale) if before else None, low=_rounded(_odds(low) * scale),
        high=None if high == 1 else _rounded(_odds(high) * scale),
    )  # fmt: skip


def _rounded(of: float) -> float:
    return round(of, 4)


def share(came: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    low = float(betaincinv(came, of - came + 1, _SIDE)) if came else 0.0
    high = float(betaincinv(came + 1, of - came, 1 - _SIDE)) if came < of else 1.0
    return low, high


def part(came: int, of: int) -> tuple[float, float]:
    """The same to four digits, as it is published."""
    low, high = share(came, of)
    return _rounded(low), _rounded(high)


def _odds(part: float) -> float:
    return part / (1 - part)


def following(past: Sequence[float]) -> Span | None:
    """What the counts of earlier periods (NaN where not all was seen) lead to expect of the next one; None
    where fewer than four are known."""
    known = np.array(past, float)
    if (~np.isnan(known)).sum() < FEWEST:
        return None
    mean, size = predictive(known, "negbin")
    low, high = (int(quantile(chance, mean, size)) for chance in (_SIDE, 1 - _SIDE))
    return Span(mean=round(float(mean), 1), low=low, high=high)


def clear(of: Ratio | None) -> bool:
    """Whether the difference is more than chance would make."""
    if of is None or of.low is None:
        return False
    return of.low > 1 or (of.high is not None and math.isfinite(of.high) and of.high < 1)
