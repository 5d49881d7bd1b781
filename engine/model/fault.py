"""A fault of the engine itself: what keeps it from seeing, judging or telling, since when, and who knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: What comes back within so long has not ended; what came back has ended when it has been well for so long.
STEADY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One of them, from its beginning to its end; kind and name say what of which."""

    id: int
    kind: str
    name: str
    detail: str
    since: datetime
    #: So often it came back before it had ended for long.
    again: int = 0
    #: Since when it has been well, where that is not yet long enough.
    well_at: datetime | None = None
    ended_at: datetime | None = None
    #: Who has said that they know, and when.
    read_by: str = ""
    read_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.ended_at is None

    @property
    def state(self) -> str:
        return "over" if not self.open else "known" if self.read_by else "open"

    def returns(self, at: datetime) -> bool:
        """Whether trouble at a moment is this one, come back."""
        return self.ended_at is not None and at - self.ended_at < STEADY

    def ends(self, at: datetime) -> bool:
        """Whether it is over where it is well at a moment: at once the first time, then after a while."""
        return not self.again or (self.well_at is not None and at - self.well_at >= STEADY)
