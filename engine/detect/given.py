"""What holds around what is counted, and not by it: alerts in force, days of a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.detect.series import Bools, Floats, Helds, Series
from engine.model.finding import Held


@dataclass(frozen=True)
class Given:
    """A test that no count decides: (C, A) of `Held`, and what an explanation shows of each cell.

    It is as sure as it says, whatever is known of the counts. `unknown` says why nobody can tell.
    """

    held: Helds
    unknown: str = "nobody can tell"
    extra: Mapping[str, Floats] = field(default_factory=dict)

    @classmethod
    def nobody_knows(cls, series: Series) -> Given:
        return cls(np.full(series.observed.shape, Held.UNKNOWN, np.int8))

    @property
    def expected(self) -> Floats:
        return np.full(self.held.shape, np.nan)

    @property
    def known(self) -> Bools:
        known: Bools = self.held != Held.UNKNOWN
        return known

    def holds(self, observed: Floats) -> Bools:
        held: Bools = self.held == Held.HELD
        return held

    def pvalue(self, observed: Floats) -> Floats | None:
        return None

    def needed(self, cut: int, area: int) -> float | None:
        return None

    def doubtful(self, cut: int, area: int) -> Mapping[str, float | str]:
        """What an explanation shows of a cell of which nobody can tell."""
        return {"note": self.unknown_at(cut, area)}

    def unknown_at(self, cut: int, area: int) -> str:
        """Why nobody can tell of one cell; empty where it is by its count."""
        return self.unknown

    def facts(self, cut: int, area: int) -> Mapping[str, float | str]:
        return {name: float(values[cut, area]) for name, values in self.extra.items()}
