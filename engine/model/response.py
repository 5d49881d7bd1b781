"""A response plan under way: what of it is asked, done, late or failed. Derived, never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.grade import Grade
from engine.model.plan import Plan, PlanStep

#: Ids of drills, of whatever kind, begin so: they stay outside every figure.
EXERCISE = "exercise/"


class StepState(StrEnum):
    """How a step stands."""

    #: A step before it is not done, or the plan's grade does not reach it.
    WAITING = "waiting"
    ASKED = "asked"
    OVERDUE = "overdue"
    DONE = "done"
    FAILED = "failed"
    #: The plan ended first.
    VOID = "void"


class ResponseState(StrEnum):
    """How a plan under way stands."""

    #: It waits for somebody to start it.
    PROPOSED = "proposed"
    RUNNING = "running"
    #: Stood down; the steps of the stand-down may still be asked.
    ENDED = "ended"
    #: What it was proposed for ended first.
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step of a plan under way."""

    id: str
    step: PlanStep
    state: StepState
    asked_at: datetime | None = None
    due_at: datetime | None = None
    ended_at: datetime | None = None
    by: str = ""
    reason: str = ""
    #: Part of the stand-down.
    closing: bool = False

    @property
    def late(self) -> bool:
        """It was done after its time, or is not done though its time is over."""
        done_late = bool(self.ended_at and self.due_at and self.ended_at > self.due_at)
        return self.state is StepState.OVERDUE or (self.state is StepState.DONE and done_late)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A plan under way, or proposed, as it read when it was called for."""

    id: str
    plan: Plan
    area: str
    topic: str = ""
    #: The warning that it belongs to, and the rise of it that called for the plan; empty where nothing did.
    warning: str = ""
    change: str = ""
    grade: Grade
    state: ResponseState
    #: When it was proposed or begun, when somebody (or the plan itself) started it, when it ended.
    since: datetime
    started_at: datetime | None = None
    started_by: str = ""
    ended_at: datetime | None = None
    reason: str = ""
    moves: tuple[Move, ...] = ()

    @property
    def exercise(self) -> bool:
        return self.id.startswith(EXERCISE)

    @property
    def open(self) -> bool:
        return self.state in (ResponseState.PROPOSED, ResponseState.RUNNING)

    def count(self, *states: StepState) -> int:
        return sum(move.state in states for move in self.moves)
