"""A measure asked of a department: when, by whom to be done, until when, and what came of it. Derived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.grade import Grade
from engine.model.response import EXERCISE
from engine.model.text import Text


class TaskState(StrEnum):
    """How a task stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    #: Its time is over and it is not done, accepted or not.
    OVERDUE = "overdue"
    DONE = "done"
    DECLINED = "declined"
    #: What it was asked for ended before it was done.
    VOID = "void"


#: What somebody still has to do something about.
OPEN = frozenset({TaskState.ASKED, TaskState.ACCEPTED, TaskState.OVERDUE})


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a department reports back, and when."""

    at: datetime
    text: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One measure under one warning, or one step of a plan under way."""

    id: str
    measure: str
    what: Text
    department: str
    #: Who is asked in this territory; empty: nobody is named for it.
    receivers: tuple[str, ...] = ()
    area: str
    topic: str = ""
    warning: str = ""
    #: The plan under way that it is a step of.
    response: str = ""
    grade: Grade
    asked_at: datetime
    due_at: datetime
    state: TaskState = TaskState.ASKED
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    by: str = ""
    reason: str = ""
    feedback: tuple[Feedback, ...] = ()

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def exercise(self) -> bool:
        return self.id.startswith(EXERCISE)

    @property
    def in_time(self) -> bool:
        """It was done by its time."""
        return self.state is TaskState.DONE and self.ended_at is not None and self.ended_at <= self.due_at
