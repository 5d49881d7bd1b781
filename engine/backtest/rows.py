"""What was told of the days of one area, as it can be told of other days again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.detect.series import Bools, Floats

#: A sum of parts that cancel each other may differ by so much from nothing.
NOTHING = 1e-6


@dataclass(frozen=True)
class Rows:
    """Signed rows of the ledger of one area: see `Deltas`."""

    day: NDArray[np.int64]
    cut: NDArray[np.int64]
    n: NDArray[np.int64]
    total: Floats

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        return cls(*(np.concatenate(column) for column in zip(*map(astuple, parts), strict=True)))

    @property
    def taken_back(self) -> Rows:
        return replace(self, n=-self.n, total=-self.total)

    def only(self, which: NDArray[np.int64] | Bools) -> Rows:
        return Rows(self.day[which], self.cut[which], self.n[which], self.total[which])

    def summed(self) -> Rows:
        """One row a day and cut, by day; none where nothing remains."""
        keys, at = np.unique(np.stack([self.day, self.cut], axis=1), axis=0, return_inverse=True)
        n = np.bincount(at.ravel(), self.n, len(keys)).astype(np.int64)
        total = np.asarray(np.bincount(at.ravel(), self.total, len(keys)), float)
        return Rows(keys[:, 0], keys[:, 1], n, total).only((n != 0) | (np.abs(total) > NOTHING))

    def without_less_than_nothing(self) -> Rows:
        """Without the days of which less than nothing remains in the end."""
        days, at = np.unique(self.day, return_inverse=True)
        n, total = (np.bincount(at, part, len(days)) for part in (self.n, self.total))
        return self.only(((n >= 0) & (total >= -NOTHING))[at])

    def moved(self, real: NDArray[np.int64], first: int) -> Rows:
        """The same on the days from `first` on, each of which stands for a real one: real (D,) ordinals; what
        was told of that is told as many days later. The rows lie by day."""
        begin, end = (np.searchsorted(self.day, real, side) for side in ("left", "right"))
        many = end - begin
        at = np.repeat(begin - np.cumsum(many) + many, many) + np.arange(many.sum())
        later = np.repeat(first + np.arange(real.size) - real, many)
        return replace(self.only(at), day=self.day[at] + later, cut=self.cut[at] + later)
