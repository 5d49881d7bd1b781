"""Which right an act takes, and how far somebody sees: beyond that, nothing is there."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.act import ActKind
from engine.model.grade import Grade
from engine.model.staff import Right, Visitor

_ANSWERS = frozenset({
    ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE, ActKind.COMMENT, ActKind.TASK_ACCEPT, ActKind.TASK_DONE,
    ActKind.TASK_DECLINE, ActKind.TASK_FEEDBACK, ActKind.STEP_DONE, ActKind.STEP_FAILED,
})  # fmt: skip
_COMMANDS = frozenset({ActKind.REGRADE, ActKind.LIFT, ActKind.DECLINE})
#: What takes more the graver it is.
_BY_GRADE = frozenset({ActKind.ISSUE, ActKind.SILENCE, ActKind.UNSILENCE})


def needed(kind: ActKind, grade: Grade = Grade.NONE) -> Right:
    """The right that an act takes; grade: what would be issued or silenced."""
    if kind in _ANSWERS:
        return Right.ANSWER
    grave = kind in _BY_GRADE and grade > Grade.YELLOW
    return Right.COMMAND if grave or kind in _COMMANDS else Right.DECIDE


def reaches(top: str, lineage: Sequence[str]) -> bool:
    """Whether an area, given with those above it, lies at or below the top of what somebody sees."""
    return not top or top in lineage


def answers_for(visitor: Visitor, receiver: str) -> bool:
    """Whether somebody may answer for a receiver."""
    return not visitor.receivers or receiver in visitor.receivers
