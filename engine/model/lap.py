"""One step between a judgement and its review, and the moment by which it is to be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.grade import Grade


class Beat(StrEnum):
    """The steps, in their order."""

    #: Judged, after the period was due.
    JUDGED = "judged"
    #: A proposal answered: issued, declined or overtaken.
    ISSUED = "issued"
    #: A receiver's first message delivered.
    TOLD = "told"
    #: Acknowledged by the receiver or its chain.
    READ = "read"
    #: A task accepted (or done at once, or declined).
    ACCEPTED = "accepted"
    DONE = "done"
    #: What came of a task that is done.
    REPORTED = "reported"
    #: The verdict on a warning that has ended.
    REVIEWED = "reviewed"


class LapState(StrEnum):
    """How a lap stands."""

    RUNNING = "running"
    OVERDUE = "overdue"
    IN_TIME = "in-time"
    LATE = "late"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lap:
    """One step that is to be taken by a moment."""

    beat: Beat
    #: The warning or the task.
    id: str
    receiver: str = ""
    department: str = ""
    grade: Grade
    begins: datetime
    due: datetime
    ended: datetime | None = None
    #: When the thing itself was over.
    over: datetime | None = None

    def state(self, at: datetime) -> LapState:
        if self.ended is not None and self.ended <= at:
            return LapState.IN_TIME if self.ended <= self.due else LapState.LATE
        if self.over is not None and self.over <= at:
            return LapState.VOID if self.over <= self.due else LapState.LATE
        return LapState.OVERDUE if at > self.due else LapState.RUNNING

    @property
    def key(self) -> str:
        return f"{self.beat}/{self.id}/{self.receiver}/{self.begins:at%Y%m%dT%H%M%SZ}"
