"""`share_of`: the judged block makes up at least this share of what its rule compares it with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.detect.exact import AtLeast, decimal, rounded, thresholds
from engine.detect.series import Past, Series, Upper
from engine.model.rule import Window

ID = "share_of"


@dataclass(frozen=True, slots=True)
class Params:
    """share: the smallest share (0..1) that holds; of_at_least: how large the whole must be for a
    share to mean anything."""

    share: float
    of_at_least: float = 10

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError("share_of needs a share above 0 and at most 1")
        if not 1 <= self.of_at_least < np.inf:
            raise ValueError("share_of: of_at_least needs a number of 1 or more, and not an infinite one")


def past(params: Params, window: Window) -> Past:
    return Past(0)


def model(series: Series, params: Params) -> Upper:
    """Unknown where the rule names no whole, or either count is a lower bound, which says nothing of
    their share; not held where the whole is too small."""
    if series.whole_of is None:
        shape = series.observed.shape
        return AtLeast(np.full(shape, np.nan), np.zeros(shape, bool), np.full(shape, np.inf), strict=False)
    whole, share = rounded(series.whole_of), decimal(params.share)
    enough = thresholds(whole, lambda of: share * of)
    upper = np.where(whole >= params.of_at_least, enough, np.inf)
    return AtLeast(np.full(whole.shape, np.nan), series.whole, upper, strict=False, extra={"whole": whole})
