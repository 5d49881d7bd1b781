"""A measure as it was asked for under a warning: whatever becomes of its rule since, that was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.grade import Grade
from engine.model.rule import Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Asked for once under its warning: at which grade it stood, and from when its time is counted."""

    warning: str
    measure: Measure
    grade: Grade
    at: datetime
    #: Asked for until it is done, though the warning has ended.
    outlives: bool = False

    @property
    def id(self) -> str:
        """Of the task that it is."""
        return f"{self.warning}/{self.measure.code}"
