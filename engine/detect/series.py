"""What a detector sees: consecutive blocks per cut and area, and what it must answer."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
#: Of `engine.model.finding.Held`, cell by cell.
Helds = NDArray[np.int8]


@dataclass(frozen=True)
class Series:
    """An indicator in blocks of `window` days, judged at C cuts in A areas.

    observed: (C, A) the block that ends at the cut; whole: (C, A) False where more may have happened
    than was told, so that `observed` is a lower bound; baseline: (C, A, B) earlier blocks, oldest first,
    NaN where nobody was looking; cuts: (C,) ordinals.
    """

    cuts: NDArray[np.int64]
    window: int
    gap: int
    observed: Floats
    whole: Bools
    baseline: Floats
    #: (A,) inhabitants, NaN where unknown.
    population: Floats | None = None
    #: (C, A) the same block of the `share_of` indicator.
    whole_of: Floats | None = None
    #: (C, A, B + 1) its earlier blocks too, oldest first, and the judged one as reported; None where the past
    #: does not ask for it, or the rule names no whole.
    whole_past: Floats | None = None
    #: (C, A) the block a year ago (52 weeks, so that weekdays agree), NaN where unknown.
    year_ago: Floats | None = None
    #: (C, A) the share of it that was seen: its value stands for all of it. None: all, wherever it is known.
    year_seen: Floats | None = None
    #: (C, A, Y) the same of each of several years ago, the last one first; of each the share that was seen.
    years: Floats | None = None
    years_seen: Floats | None = None
    #: (C, A) where nobody was looking at any part of the judged block.
    unmonitored: Bools | None = None
    #: (C, A) where some of the judged block is told in another scale: of it nothing is known, not even that
    #: it was at least so much.
    rescaled: Bools | None = None
    #: (C, A, B) the share of each baseline block that was seen: its value stands for all of it; 0 where
    #: the value is NaN. None: each of them was seen whole.
    seen: Floats | None = None
    #: (C, B + 1) of calendar months how many days the judged one has, and each before it, the newest first.
    lengths: NDArray[np.int64] | None = None
    #: (C, A) the share of the reports around an area that were placed as deep as it; None: nobody asked.
    placed: Floats | None = None
    #: (A,) which areas lie in the same parent: equal numbers, equal parents.
    parents: NDArray[np.int64] | None = None
    #: (A, 2) longitude and latitude of the areas' centroids, NaN where unknown.
    places: Floats | None = None
    #: (A) the areas' codes, for tests that name others than the one they judge.
    codes: tuple[str, ...] = ()
    #: (A,) which of the areas the rule judges; None: all.
    judged: Bools | None = None
    #: (C, A) the judged block as reported, where `observed` is what it will have come to (nowcast).
    reported: Floats | None = None
    #: What holds around the areas, by the parameters of the tests that ask for it (`engine.detect.given`).
    context: Mapping[object, Any] = field(default_factory=dict, repr=False, compare=False)
    _fits: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def valid(self) -> Floats:
        """(C, A) how many baseline blocks are known."""
        if self.complete:
            return np.full(self.baseline.shape[:2], float(self.baseline.shape[2]))
        known: Floats = np.sum(~np.isnan(self.baseline), axis=2).astype(float)
        return known

    @cached_property
    def complete(self) -> bool:
        """Whether all of the baseline was seen, everywhere: much needs no looking at single blocks then."""
        return self.seen is None and not np.isnan(self.baseline).any()

    @cached_property
    def exposure(self) -> Floats:
        """(C, A, B) how much of each baseline block was seen; 0 where it is not known."""
        if self.seen is not None:
            return self.seen
        if self.complete:
            return np.broadcast_to(1.0, self.baseline.shape)
        known: Floats = (~np.isnan(self.baseline)).astype(float)
        return known

    @cached_property
    def told(self) -> Floats:
        """(C, A, B) what was told of the part of each baseline block that was seen."""
        return self.baseline if self.seen is None else self.baseline * self.seen

    @property
    def span(self) -> float:
        """How many days a block has, on the whole."""
        return self.window if self.lengths is None else 365.25 / 12

    def length(self, cut: int) -> int:
        """How many days the judged block at a cut has."""
        return self.window if self.lengths is None else int(self.lengths[cut, 0])

    @property
    def watched(self) -> Floats:
        """(C, A, B) the share of each baseline block that was seen, however long it is."""
        if self.lengths is None:
            return self.exposure
        worth = self.lengths[:, :0:-1] / self.lengths[:, :1]
        share: Floats = self.exposure / worth[:, None, :]
        return np.where(share > 1 - 1e-9, 1.0, share)

    def with_observed(self, observed: Floats) -> Series:
        """The same past with another judged block; what was fitted on the past stays fitted."""
        return replace(self, observed=observed)

    def fit(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make` returns, made once per series: rungs that differ only in their threshold
        share one fit."""
        if key not in self._fits:
            self._fits[key] = make()
        return self._fits[key]

    def alone(self) -> Series:
        """The judged block without any past."""
        return replace(
            self, gap=0, baseline=self.baseline[:, :, :0], seen=None, whole_past=None, year_ago=None,
            year_seen=None, years=None, years_seen=None, _fits={},
            lengths=None if self.lengths is None else self.lengths[:, :1],
        )  # fmt: skip

    def flat(self) -> Floats:
        """(C*A, B+1) one time series a row, oldest first, the judged block last."""
        whole = np.concatenate([self.baseline, self.observed[:, :, None]], axis=2)
        return whole.reshape(-1, whole.shape[2])


def one_row(values: Floats) -> Floats:
    """Of (C, A, B) values (C, 1, B), where all areas are known to have the same: they were broadcast."""
    return values[:, :1] if values.shape[1] and values.strides[1] == 0 else values


@dataclass(frozen=True)
class Past:
    """Which earlier blocks a test needs: how many, and how many days to leave out before them."""

    blocks: int
    gap: int = 0
    #: The block a year ago as well.
    year_ago: bool = False
    #: And of so many years.
    years: int = 1
    #: The same blocks of the whole that the rule names.
    whole: bool = False


class Model(Protocol):
    """What a test expects, fitted on the past alone: the judged block never enters it.

    expected: (C, A); known: (C, A) False where the past is too short to say.
    """

    expected: Floats
    known: Bools

    def holds(self, observed: Floats) -> Bools:
        """(C, A) whether the test holds for these observed values; monotone in `observed`."""

    def pvalue(self, observed: Floats) -> Floats | None:
        """(C, A) the chance of at least this much, where the test has one."""

    def needed(self, cut: int, area: int) -> float | None:
        """The smallest whole value that would hold in one cell, or None if none would."""

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        """What else an explanation should show of one cell, in a fixed order."""


@runtime_checkable
class Untold(Protocol):
    """A model that can say why it does not know a cell, where that is not a short past."""

    def untold(self, cut: int, area: int) -> str:
        """Why one unknown cell is; empty where its past is too short to say."""


@dataclass(frozen=True)
class Upper:
    """A model that is just a threshold: holds where observed > upper (or >= if not `strict`)."""

    expected: Floats
    known: Bools
    upper: Floats
    strict: bool = True
    extra: Mapping[str, Floats] | None = None

    def holds(self, observed: Floats) -> Bools:
        return observed > self.upper if self.strict else observed >= self.upper

    def pvalue(self, observed: Floats) -> Floats | None:
        return None

    def needed(self, cut: int, area: int) -> float | None:
        upper = float(self.upper[cut, area])
        if not np.isfinite(upper):
            return None
        return float(np.floor(upper) + 1 if self.strict else np.ceil(upper))

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        return {name: float(values[cut, area]) for name, values in (self.extra or {}).items()}
