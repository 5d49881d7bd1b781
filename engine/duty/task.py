"""What is asked of which department, by when, and what came of it: from what is stored and the time alone.

A warning asks for the measures of the rules behind it, each from the first rise to its grade; what was asked
is kept, and no edit of a rule changes it. A plan under way asks for its steps. Everything else is what people
said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.duty.response import History
from engine.model.act import Act, ActKind
from engine.model.demand import Demand
from engine.model.grade import Grade
from engine.model.plan import PlanStep
from engine.model.response import Move, Response, StepState
from engine.model.rule import Measure
from engine.model.task import Feedback, Task, TaskState
from engine.model.warning import Change, RiskWarning, Step

_RISES = (Step.ISSUED, Step.UPGRADED)
_ENDS = (Step.LIFTED, Step.EXPIRED)

#: The receivers of a department for an area.
Territory = Callable[[str, str], tuple[str, ...]]


def demanded(
    changes: Iterable[Change], wanted: Iterable[tuple[RiskWarning, Sequence[Measure]]],
    known: Collection[str], outlive: Collection[str],
) -> list[Demand]:  # fmt: skip
    """What changes and findings ask for, each measure once under a warning: from the rise to its grade; of a
    rule that comes to stand behind later, from then. Of several rules that ask for it, the one that asks
    first counts, and the soonest.

    wanted: warnings and the measures of the rules behind them; known: the ids of what was asked before;
    outlive: the measures that go on after their warning has ended.
    """
    rises: dict[str, list[Change]] = {}
    for change in changes:
        if change.step in _RISES:
            rises.setdefault(change.warning, []).append(change)
    found: dict[str, Demand] = {}
    for warning, measures in wanted:
        for measure in sorted(measures, key=lambda one: (one.grade, one.within)):
            one = _demand(warning, measure, rises.get(warning.id, ()), outlive)
            if one is not None and one.id not in known:
                found.setdefault(one.id, one)
    return list(found.values())


def _demand(
    warning: RiskWarning, measure: Measure, rises: Sequence[Change], outlive: Collection[str]
) -> Demand | None:
    """None where nothing stands at the measure's grade."""
    asked = Demand(
        warning=warning.id, measure=measure, grade=warning.grade, at=warning.judged_at,
        outlives=measure.code in outlive,
    )  # fmt: skip
    rise = next((one for one in rises if one.after >= measure.grade), None)
    if rise is not None:
        return replace(asked, grade=rise.after, at=rise.at)
    return asked if warning.open and warning.grade >= measure.grade else None


def tasks(
    history: History, responses: Iterable[Response], territory: Territory, at: datetime
) -> list[Task]:
    """Every task asked for by a moment, the earliest due first."""
    said: dict[str, list[Act]] = {}
    for act in history.acts:
        if act.at <= at and act.kind in _SAYS:
            said.setdefault(act.target, []).append(act)
    ends = {one.warning: one.at for one in history.changes if one.at <= at and one.step in _ENDS}
    found = [
        *(
            _of_demand(one, history.warnings[one.warning], ends, territory, said, at)
            for one in history.demands if one.at <= at and _asked(one, history.warnings, ends)
        ),
        *(one for response in responses for one in _of_response(response, territory, said, at)),
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.due_at, one.id))


def _asked(demand: Demand, warnings: Mapping[str, RiskWarning], ends: Mapping[str, datetime]) -> bool:
    """Whether anybody was: what was judged late may have ended before it was told."""
    end = ends.get(demand.warning)
    return demand.warning in warnings and (end is None or demand.at <= end or demand.outlives)


def _of_demand(
    demand: Demand, warning: RiskWarning, ends: Mapping[str, datetime], territory: Territory,
    said: Mapping[str, list[Act]], at: datetime,
) -> Task:  # fmt: skip
    measure = demand.measure
    task = Task(
        id=demand.id, measure=measure.code, what=measure.what, department=measure.department,
        receivers=territory(measure.department, warning.area), area=warning.area, topic=warning.topic,
        warning=warning.id, grade=demand.grade, asked_at=demand.at, due_at=demand.at + measure.within,
    )  # fmt: skip
    return _answered(task, said.get(task.id, ()), None if demand.outlives else ends.get(warning.id), at)


def _of_response(
    response: Response, territory: Territory, said: Mapping[str, list[Act]], at: datetime
) -> Iterator[Task]:
    for move in response.moves:
        if move.asked_at is not None and move.due_at is not None:
            task = _of_move(response, move, move.step, territory)
            over = move.ended_at if move.state is StepState.VOID else None
            yield _answered(task, said.get(task.id, ()), over, at)


def _of_move(response: Response, move: Move, step: PlanStep, territory: Territory) -> Task:
    assert move.asked_at is not None and move.due_at is not None
    return Task(
        id=move.id, measure=step.measure, what=step.what, department=step.department,
        receivers=territory(step.department, response.area), area=response.area,
        topic=response.topic, warning=response.warning, response=response.id,
        grade=max(step.grade, response.plan.grade, Grade.BLUE), asked_at=move.asked_at, due_at=move.due_at,
    )  # fmt: skip


#: What each act makes of a task; feedback leaves it as it is.
_SAYS: Mapping[ActKind, TaskState | None] = {
    ActKind.TASK_ACCEPT: TaskState.ACCEPTED, ActKind.TASK_DONE: TaskState.DONE,
    ActKind.TASK_DECLINE: TaskState.DECLINED, ActKind.TASK_FEEDBACK: None,
    ActKind.STEP_DONE: TaskState.DONE, ActKind.STEP_FAILED: TaskState.DECLINED,
}  # fmt: skip


def _answered(task: Task, said: Sequence[Act], over: datetime | None, at: datetime) -> Task:
    """With what was said of it; over: when it became void, where nothing was done by then."""
    for act in said:
        state = _SAYS[act.kind]
        if state is None:
            task = replace(task, feedback=(*task.feedback, Feedback(act.at, act.reason, act.by)))
        elif over is None or act.at <= over:
            task = _moved(task, act, state)
    if not task.open:
        return task
    if over is not None:
        return replace(task, state=TaskState.VOID, ended_at=over)
    return replace(task, state=TaskState.OVERDUE) if at > task.due_at else task


def _moved(task: Task, act: Act, state: TaskState) -> Task:
    if state is TaskState.ACCEPTED:
        return replace(
            task, state=state, accepted_at=task.accepted_at or act.at, ended_at=None, by=act.by, reason=""
        )
    return replace(task, state=state, ended_at=act.at, by=act.by, reason=act.reason)


def refused(act: Act, task: Task | None) -> str:
    """Why somebody may not say this of a task; empty where they may."""
    if task is None:
        return f"there is no task '{act.target}'; `forewarn tasks list` shows them"
    if task.receivers and act.receiver and act.receiver not in task.receivers:
        return f"it is asked of {', '.join(task.receivers)}, not of '{act.receiver}'"
    if act.kind in _WORDS and not act.reason:
        return f"{_WORDS[act.kind]}; say --why"
    if act.kind is ActKind.TASK_FEEDBACK:
        return ""
    again = act.kind is ActKind.TASK_DECLINE and task.state is TaskState.DECLINED
    if again or task.state in (TaskState.DONE, TaskState.VOID):
        return f"'{task.id}' is {task.state.value} since {task.ended_at:%Y-%m-%d %H:%M %Z}"
    if (
        act.kind is ActKind.TASK_ACCEPT
        and task.accepted_at is not None
        and task.state is not TaskState.DECLINED
    ):
        return f"'{task.id}' is accepted already, by {task.by}"
    return ""


_WORDS: Mapping[ActKind, str] = {
    ActKind.TASK_DECLINE: "to decline a task needs a reason",
    ActKind.TASK_FEEDBACK: "what is there to report",
}
