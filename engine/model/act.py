"""What people do about warnings: the only thing they ever write. All else is derived from it."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from engine.model.grade import Grade


class ActKind(StrEnum):
    """What a person may do."""

    # about a warning, as it stood before their eyes
    ACKNOWLEDGE = "acknowledge"
    UNACKNOWLEDGE = "unacknowledge"
    #: Lets a proposal pass; the proposal is `change`.
    ISSUE = "issue"
    DECLINE = "decline"
    REGRADE = "regrade"
    LIFT = "lift"
    CLOSE = "close"
    COMMENT = "comment"
    #: A warning by hand, without a rule.
    RAISE = "raise"
    VERDICT = "verdict"
    # about messages
    SILENCE = "silence"
    #: Ends the silence `target`.
    UNSILENCE = "unsilence"
    # about a task: `target` is its id
    TASK_ACCEPT = "task-accept"
    TASK_DONE = "task-done"
    TASK_DECLINE = "task-decline"
    TASK_FEEDBACK = "task-feedback"
    # about a response plan: `target` is the started plan's id, or that and the step's
    PLAN_START = "plan-start"
    STEP_DONE = "step-done"
    STEP_FAILED = "step-failed"
    STAND_DOWN = "stand-down"


class Verdict(StrEnum):
    """What a warning was in the end."""

    CONFIRMED = "confirmed"
    #: Something was done, and therefore nothing happened.
    AVERTED = "averted"
    FALSE_ALARM = "false-alarm"
    UNCLEAR = "unclear"


class Role(StrEnum):
    """In which office somebody acts, as the surface they used vouches for it."""

    DUTY = "duty"
    LEADER = "leader"


_RIGHT = {Verdict.CONFIRMED: True, Verdict.AVERTED: True, Verdict.FALSE_ALARM: False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a person did, when, until when, why, through which surface, and on what they saw."""

    id: str = ""
    kind: ActKind
    area: str
    topic: str
    at: datetime
    until: datetime | None = None
    grade: Grade | None = None
    #: The grade at which the warning stood before their eyes.
    seen: Grade | None = None
    reason: str = ""
    #: A staff account's name; kept apart from risk data, with its own retention.
    by: str = ""
    role: Role = Role.DUTY
    #: Through which surface: `cli`, `console`, `link`, `mail`, ...
    via: str = ""
    #: The warning it is about, and the key of the last change that the person saw of it.
    warning: str = ""
    change: str = ""
    #: For which receiver they answer.
    receiver: str = ""
    #: What else it is about: a silence, a task, a plan or a step of one.
    target: str = ""
    verdict: Verdict | None = None
    #: The day on which what was warned of happened, or would have.
    outcome: date | None = None

    @property
    def right(self) -> bool | None:
        """Whether, by this verdict, the warning was right; None where it says nothing of that. A verdict
        without a word says by its grade what the warning deserved: none, that it was in vain."""
        if self.verdict is None:
            return None if self.kind is not ActKind.VERDICT or self.grade is None else self.grade > Grade.NONE
        return _RIGHT.get(self.verdict)

    @property
    def person(self) -> str:
        """Who did it, however they write their name: nobody is two people by a capital or a blank."""
        return " ".join(unicodedata.normalize("NFKC", self.by).casefold().split())

    def named(self) -> Act:
        """With an id that follows from what it says: the same act twice, in the same second, is one."""
        said = (
            self.kind, self.area, self.topic, self.at.astimezone(UTC).isoformat(timespec="seconds"),
            self.grade, self.reason, self.by, self.warning, self.change, self.receiver, self.target,
            self.verdict, self.until and self.until.astimezone(UTC).isoformat(timespec="seconds"),
        )  # fmt: skip
        digest = hashlib.sha256(repr(tuple(map(str, said))).encode()).hexdigest()[:8]
        return replace(self, id=f"{self.at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{self.kind}-{digest}")
