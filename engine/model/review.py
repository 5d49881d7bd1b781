"""A proposal for what stands: to keep, raise, lower or close it, and why."""

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

    @classmethod
    def of(cls, grade: Grade, to: Grade) -> Decision:
        """What leads from one grade to another."""
        if to == grade:
            return cls.KEEP
        if to is Grade.NONE:
            return cls.CLOSE
        return cls.RAISE if to > grade else cls.LOWER


@dataclass(frozen=True)
class Review:
    """A proposal for one warning: to which grade, and why."""

    warning: RiskWarning
    decision: Decision
    to: Grade
    why: Text


@dataclass(frozen=True)
class Matter:
    """One situation on an agenda: a proposal for the whole of it, which its lines together come to.

    lines: the leading one first; whoever decides does so line by line, each by its own authority.
    """

    situation: str
    lines: tuple[Review, ...]

    @property
    def lead(self) -> RiskWarning:
        return self.lines[0].warning

    @property
    def grade(self) -> Grade:
        return max(one.warning.grade for one in self.lines)

    @property
    def to(self) -> Grade:
        return max(one.to for one in self.lines)

    @property
    def decision(self) -> Decision:
        return Decision.of(self.grade, self.to)

    @property
    def why(self) -> Text:
        """Of the line that holds it where it shall stand."""
        return next(one.why for one in self.lines if one.to == self.to)

    @property
    def open(self) -> bool:
        """Whether anything of it asks for a change."""
        return any(one.decision is not Decision.KEEP for one in self.lines)
