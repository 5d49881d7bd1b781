"""What the areas of one level are to each other and to what is counted, as arrays made once per tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Placed(Protocol):
    """What of an area is asked for here."""

    @property
    def parent(self) -> str | None: ...
    @property
    def population(self) -> int | None: ...
    @property
    def centroid(self) -> tuple[float, float] | None: ...


@dataclass(frozen=True)
class Columns:
    """What tests may ask of the areas of one level, in the order of the level.

    population: (A,) NaN where unknown; parents: (A,) the same number for areas below the same one; places:
    (A, 2) longitude and latitude, NaN where unknown.
    """

    population: NDArray[np.float64]
    parents: NDArray[np.int64]
    places: NDArray[np.float64]

    @classmethod
    def of(cls, areas: Sequence[Placed]) -> Columns:
        parents = np.unique([area.parent or "" for area in areas], return_inverse=True)[1]
        places = [(area.centroid or (np.nan, np.nan))[::-1] for area in areas]
        return cls(
            population=np.array([area.population or np.nan for area in areas], float),
            parents=parents.astype(np.int64), places=np.array(places, float).reshape(-1, 2),
        )  # fmt: skip


@dataclass(frozen=True)
class Regions:
    """What lies above the areas of one level.

    parents: the areas right above them; own: (A,) of each area the place of its own among these, -1 at the
    root; codes: every area above; below: what lies right below each of these, one after the other, and
    begins: where each one's begin; chains: (P, depth) of each parent its own place among `codes`, its
    parent's, and so on, -1 past the root.
    """

    parents: tuple[str, ...]
    own: NDArray[np.int64]
    codes: tuple[str, ...]
    below: tuple[str, ...]
    begins: NDArray[np.int64]
    chains: NDArray[np.int64]

    @classmethod
    def of(
        cls, level: Sequence[str], areas: Mapping[str, Placed], lineage: Callable[[str], tuple[str, ...]],
        children: Callable[[str], tuple[str, ...]],
    ) -> Regions:  # fmt: skip
        above = [areas[code].parent or "" for code in level]
        parents = tuple(sorted(set(above) - {""}))
        at = {code: place for place, code in enumerate(parents)}
        codes = tuple(sorted({code for parent in parents for code in lineage(parent)}))
        place = {code: number for number, code in enumerate(codes)}
        rows = [[place[code] for code in lineage(parent)] for parent in parents]
        chains = np.full((len(rows), max(map(len, rows), default=0)), -1, np.int64)
        for padded, row in zip(chains, rows, strict=True):
            padded[: len(row)] = row
        own = np.array([at.get(code, -1) for code in above], np.int64)
        below = [children(code) for code in codes]
        begins = np.cumsum([0, *map(len, below)], dtype=np.int64)[:-1]
        return cls(parents, own, codes, tuple(chain.from_iterable(below)), begins, chains)
