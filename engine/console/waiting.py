"""What waits for somebody, and until when: decisions, then answers, plans and tasks; the soonest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.console.people import asking
from engine.console.scene import Scene
from engine.duty.authority import Authority, approvals
from engine.model.grade import Grade
from engine.model.lap import Lap
from engine.model.period import Cycle
from engine.model.response import Response, ResponseState
from engine.model.staff import Visitor
from engine.model.task import Task, TaskState
from engine.model.warning import Issuer, RiskWarning
from engine.staff.rights import answers_for

#: A task that is late does not push down what only somebody with authority can do.
_RANK = {"proposed": 0, "unread": 1, "plan": 2, "task": 3}
_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that waits: `kind` is proposed, unread, task or plan; `then` what happens at `until`."""

    kind: str
    warning: RiskWarning | None = None
    until: datetime | None = None
    then: str = ""
    receivers: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    plan: Response | None = None
    approved: tuple[str, ...] = field(default=())


def waiting(scene: Scene, visitor: Visitor) -> list[Waiting]:
    """All of it that is for this visitor: who answers for receivers sees what those are asked."""
    found = [*_proposed(scene), *_unread(scene, visitor), *_tasks(scene, visitor), *_plans(scene)]
    return sorted(found, key=lambda one: (_RANK[one.kind], one.until or _FAR, -_grade(one)))


def proposal(scene: Scene, one: RiskWarning) -> Waiting:
    """The proposal of a warning: who let it pass so far, until when it waits, and what happens then."""
    until, then = _deadline(scene.world.settings.grades.authority, one, _immediate(scene, one))
    given = approvals(None, scene.people.acts.get(one.id, ()), one.proposal, scene.at)
    return Waiting(
        kind="proposed", warning=one, until=until, then=then, approved=tuple(act.by for act in given)
    )


def needs(scene: Scene, one: RiskWarning) -> Issuer:
    """Whose word lets the proposal of a warning pass."""
    change = next((step for step in scene.changes.get(one.id, ()) if step.key == one.proposal), None)
    return change.issuer if change else Issuer.DUTY


def _proposed(scene: Scene) -> Iterator[Waiting]:
    for one in scene.open:
        if one.proposed is not None:
            yield proposal(scene, one)


def _deadline(
    authority: Authority, one: RiskWarning, immediate: bool
) -> tuple[datetime | None, str]:  # fmt: skip
    """Until when a rise waits; a fall waits until somebody answers."""
    if one.proposed is None or one.proposed_at is None or one.proposed < one.grade:
        return None, "stays"
    patiences = [authority.patience(one.proposed), *([authority.immediate] if immediate else [])]
    issuing = [one.proposed_at + patience.after for patience in patiences if patience.issues]
    if issuing:
        return min(issuing), "issues itself"
    return one.proposed_at + patiences[0].after, "waits on"


def _immediate(scene: Scene, one: RiskWarning) -> bool:
    rules = scene.world.book.rules
    return any(rules[id_].cycle is Cycle.IMMEDIATE for id_ in one.rules if id_ in rules)


def _unread(scene: Scene, visitor: Visitor) -> Iterator[Waiting]:
    """Where an answer is asked for at that grade."""
    unread: dict[str, list[Lap]] = {}
    for lap in scene.people.unread:
        if answers_for(visitor, lap.receiver):
            unread.setdefault(lap.id, []).append(lap)
    for one in scene.open:
        asked, laps = asking(scene.world, one), unread.get(one.id)
        if asked is not None and laps:
            first = min(lap.begins for lap in laps)
            chained = any(scene.world.settings.duty.answers.chains.get(lap.receiver) for lap in laps)
            yield Waiting(
                kind="unread", warning=one, until=first + asked.within,
                then="tells the next" if chained else "asks again",
                receivers=tuple(dict.fromkeys(lap.receiver for lap in laps)),
            )  # fmt: skip


def _tasks(scene: Scene, visitor: Visitor) -> Iterator[Waiting]:
    """What is overdue, by what it was asked under."""
    late: dict[str, list[Task]] = {}
    for task in scene.people.tasks:
        mine = not visitor.receivers or any(answers_for(visitor, one) for one in task.receivers)
        if task.state is TaskState.OVERDUE and mine and not task.exercise:
            late.setdefault(task.warning or task.response, []).append(task)
    for id_, tasks in late.items():
        yield Waiting(
            kind="task", warning=scene.warnings.get(id_), until=tasks[0].due_at, tasks=tuple(tasks)
        )


def _plans(scene: Scene) -> Iterator[Waiting]:
    for one in scene.people.plans:
        if one.state is ResponseState.PROPOSED and not one.exercise:
            yield Waiting(kind="plan", warning=scene.warnings.get(one.warning), plan=one)


def _grade(one: Waiting) -> Grade:
    if one.plan is not None:
        return one.plan.grade
    if one.warning is not None:
        return max(one.warning.grade, one.warning.proposed or Grade.NONE)
    return max(task.grade for task in one.tasks)
