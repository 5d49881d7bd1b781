"""A proposal for a warning that stands: to keep, raise, lower or close it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.grade import Grade
from engine.model.text import Text
from engine.model.warning import RiskWarning


class Decision(StrEnum):
    """What is proposed."""

    KEEP = "keep"
    RAISE = "raise"
    LOWER = "lower"
    CLOSE = "close"


@dataclass(frozen=True)
class Review:
    """A proposal for one warning: to which grade, and why."""

    warning: RiskWarning
    decision: Decision
    to: Grade
    why: Text
