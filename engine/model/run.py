"""One execution for one period, and the lease under which it may write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from engine.model.period import Period


class RunState(StrEnum):
    """A run is claimed, then done or failed; a lapsed claim is taken over."""

    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Patience:
    """How a period that fails is tried again: a few times at once, then with growing pauses."""

    #: So often it is tried before anything that comes after.
    quick: int = 5
    #: Then it rests for so long after each attempt, the last pause again and again.
    pauses: tuple[timedelta, ...] = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60, 180))
    #: Tried in vain for so long, it waits for a person.
    aside: timedelta = timedelta(days=1)

    def rest(self, attempt: int, since: datetime, now: datetime) -> datetime | None:
        """Until when it rests after so many attempts since a moment; None: it is set aside."""
        until = now + self.pauses[min(attempt - self.quick, len(self.pauses) - 1)]
        return until if until <= since + self.aside else None


PATIENCE = Patience()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to judge one period until `lease_until`; `fence` rises with every claim."""

    run: int
    period: Period
    owner: str
    fence: int
    attempt: int
    lease_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A row of the ledger of runs, as listings show it."""

    id: int
    cycle: str
    period: str
    due_at: datetime
    state: RunState
    attempt: int
    #: How often the process that was at it ended without a word.
    kills: int = 0
    #: When it is tried again, where it rests.
    next_at: datetime | None = None
    owner: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    #: Judged later than its grace allows; never re-dated.
    late: bool = False
    #: The inference process failed and the reference evaluator's answer stands.
    degraded: bool = False
    #: The two evaluators disagreed; the correlation findings in question are withheld.
    disputed: bool = False
    seq: int = 0
    rules_hash: str = ""
    config_hash: str = ""
    findings: int = 0
    changes: int = 0
    detail: str = ""
