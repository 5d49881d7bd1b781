"""What people were asked to do and did, and what they said of the warnings that ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.cycle.reporting.frame import Frame
from engine.model.act import Act, ActKind, Verdict
from engine.model.task import Task, TaskState
from engine.notify.wording import department
from engine.report.figures import Late, Measures, Verdicts
from engine.report.ratio import part


def late(of: Frame) -> Iterator[Late]:
    """The tasks whose time is over, those under the gravest warnings first."""
    found = [one for one in _tasks(of) if one.state is TaskState.OVERDUE]
    for one in sorted(found, key=lambda one: (-one.grade, one.due_at, one.id)):
        yield Late(
            what=one.what, place=of.reference.area(one.area), department=department(one.department),
            due=of.local(one.due_at),
        )  # fmt: skip


def _tasks(of: Frame) -> list[Task]:
    return [one for one in of.behind.tasks if one.area in of.below]


def measures(of: Frame) -> Measures:
    """What became of the tasks that were asked since the report before."""
    asked = [one for one in _tasks(of) if of.since < one.asked_at <= of.at]
    states = Counter(one.state for one in asked)
    return Measures(
        asked=len(asked), done=states[TaskState.DONE], in_time=sum(one.in_time for one in asked),
        declined=states[TaskState.DECLINED], void=states[TaskState.VOID],
        overdue=states[TaskState.OVERDUE], open=sum(one.open for one in asked),
    )  # fmt: skip


def verdicts(of: Frame) -> Verdicts:
    """What was said of the warnings that ended since the report before."""
    ended = [
        one for one in of.then.warnings.values() if one.lifted_at is not None and one.lifted_at > of.since
    ]  # fmt: skip
    acts = [_said(of, one.id) for one in ended]
    said = Counter(act.verdict for act in acts if act is not None)
    right = said[Verdict.CONFIRMED] + said[Verdict.AVERTED]
    told = right + said[Verdict.FALSE_ALARM]
    low, high = part(right, told) if told else (None, None)
    return Verdicts(
        ended=len(ended), confirmed=said[Verdict.CONFIRMED], averted=said[Verdict.AVERTED],
        false_alarm=said[Verdict.FALSE_ALARM], unclear=said[Verdict.UNCLEAR], low=low, high=high,
    )  # fmt: skip


def _said(of: Frame, id_: str) -> Act | None:
    """The last verdict on a warning."""
    kinds = (ActKind.VERDICT, ActKind.CLOSE)
    found = [one for one in of.then.acts if one.warning == id_ and one.kind in kinds and one.verdict]
    return found[-1] if found else None
