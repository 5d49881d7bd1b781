"""Which plans are under way and how each of their steps stands: from changes, warnings and acts alone.

A plan is called for by the first rise of a warning to its grade (it begins by itself, or is proposed until
somebody starts it), by hand, or as a drill; what was called for then is kept, and no edit of a file changes
it. What people do are acts; whatever is shown is derived from both, so that the same history shows the same
at every moment and after every restart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from engine.model.act import Act, ActKind
from engine.model.demand import Demand
from engine.model.grade import Grade
from engine.model.plan import Plan, PlanStep, Start
from engine.model.response import EXERCISE, Move, Response, ResponseState, StepState
from engine.model.warning import Change, RiskWarning, Step

_RISES = (Step.ISSUED, Step.UPGRADED)
#: What ends a step, whoever said it: the command, or the department that was asked.
_ENDINGS = {
    ActKind.STEP_DONE: StepState.DONE, ActKind.TASK_DONE: StepState.DONE,
    ActKind.STEP_FAILED: StepState.FAILED, ActKind.TASK_DECLINE: StepState.FAILED,
}  # fmt: skip
#: The name of a plan, and the rest of what it was started for.
_SEPARATOR = "/"

#: Whether a plan is for a warning.
Fits = Callable[[Plan, RiskWarning], bool]


@dataclass(frozen=True)
class History:
    """What happened: the changes and warnings, what people did, oldest first, and the plans called for and
    measures asked for, each as it was then."""

    changes: Sequence[Change]
    warnings: Mapping[str, RiskWarning]
    acts: Sequence[Act]
    begun: Sequence[Response] = ()
    demands: Sequence[Demand] = ()

    @cached_property
    def rises(self) -> Mapping[str, Sequence[Change]]:
        """The rises of each warning."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            if change.step in _RISES:
                found.setdefault(change.warning, []).append(change)
        return found


def responses(history: History, at: datetime) -> list[Response]:
    """Every plan proposed or started by a moment, the earliest first."""
    acts = [act for act in history.acts if act.at <= at]
    found = {one.id: one for one in history.begun if one.since <= at}
    for act in acts:
        one = found.get(act.target)
        if one is not None and act.kind is ActKind.PLAN_START:
            found[one.id] = _begun(_lapsed(one, history, act.at), act)
        elif one is not None and act.kind is ActKind.STAND_DOWN:
            found[one.id] = _ended(one, act)
    now = (_stepped(_lapsed(one, history, at), acts, history, at) for one in found.values())
    return sorted(now, key=lambda one: (one.since, one.id))


def named(plan: str, area: str, at: datetime, *, exercise: bool = False) -> str:
    """The id of a plan that is started by hand; the letters part what would pass for a telephone number."""
    return f"{EXERCISE if exercise else ''}{plan}/{area}/at{at:%Y%m%dT%H%M%SZ}"


def plan_of(id_: str) -> str:
    """The plan that the id of a started one names."""
    return id_.removeprefix(EXERCISE).partition(_SEPARATOR)[0]


def called(
    plans: Iterable[Plan], changes: Iterable[Change], warnings: Mapping[str, RiskWarning], fits: Fits,
    known: Collection[str],
) -> list[Response]:  # fmt: skip
    """The plans that these changes call for: each once for a warning, at the first rise to its grade. known:
    the ids of those called for before."""
    rises = [one for one in changes if one.step in _RISES and one.warning in warnings]
    found: dict[str, Response] = {}
    for plan in plans:
        for rise in rises if plan.start is not Start.HAND else ():
            one = _for_warning(plan, warnings[rise.warning], rise)
            due = rise.after >= plan.grade and one.id not in known and one.id not in found
            if due and fits(plan, warnings[rise.warning]):
                found[one.id] = one
    return list(found.values())


def _for_warning(plan: Plan, warning: RiskWarning, rise: Change) -> Response:
    proposed = Response(
        id=f"{plan.id}/{warning.id}", plan=plan, area=warning.area, topic=warning.topic, warning=warning.id,
        change=rise.key, grade=rise.after, state=ResponseState.PROPOSED, since=rise.at, reason=rise.reason,
    )  # fmt: skip
    return _started(proposed, rise.at, "") if plan.start is Start.ITSELF else proposed


def by_hand(plan: Plan, act: Act) -> Response:
    """What an act starts that no warning called for."""
    return Response(
        id=act.target, plan=plan, area=act.area, topic=act.topic, warning=act.warning,
        grade=act.grade or plan.grade, state=ResponseState.PROPOSED, since=act.at, reason=act.reason,
    )  # fmt: skip


def _begun(one: Response, act: Act) -> Response:
    """Started, where it waited for that."""
    return _started(one, act.at, act.by) if one.state is ResponseState.PROPOSED else one


def _started(one: Response, at: datetime, by: str) -> Response:
    return replace(one, state=ResponseState.RUNNING, started_at=at, started_by=by)


def _ended(one: Response, act: Act) -> Response:
    """Stood down; what was only proposed is declined by it."""
    if not one.open:
        return one
    state = ResponseState.ENDED if one.started_at else ResponseState.LAPSED
    return replace(one, state=state, ended_at=act.at, reason=act.reason or one.reason)


def _lapsed(one: Response, history: History, at: datetime) -> Response:
    """What was proposed for a warning lapses with it."""
    warning = history.warnings.get(one.warning)
    end = warning.lifted_at if warning else None
    if one.state is not ResponseState.PROPOSED or end is None or end > at:
        return one
    return replace(one, state=ResponseState.LAPSED, ended_at=end)


def _stepped(one: Response, acts: Sequence[Act], history: History, at: datetime) -> Response:
    """With the steps as they stand, those of the stand-down too once it has ended."""
    if one.started_at is None:
        return one
    reached, endings = _grades(one, history, at), _endings(one, acts)
    moves = _moves(one, one.plan.steps, endings, reached, at, one.ended_at)
    if one.ended_at is not None:
        closing = _moves(
            one, one.plan.stand_down.steps, endings, dict.fromkeys(Grade, one.ended_at), at, None
        )
        moves += [replace(move, closing=True) for move in closing]
    return replace(one, grade=max(one.grade, *reached), moves=tuple(moves))


def _grades(one: Response, history: History, at: datetime) -> dict[Grade, datetime]:
    """When each grade was first reached while it ran; what it started at counts from its start."""
    assert one.started_at is not None
    found = {grade: one.started_at for grade in Grade if grade <= one.grade}
    for change in history.rises.get(one.warning, ()):
        if change.at <= at:
            for grade in Grade:
                if grade <= change.after:
                    found.setdefault(grade, max(change.at, one.started_at))
    return found


def _endings(one: Response, acts: Iterable[Act]) -> dict[str, Act]:
    """The last word on each step; whoever failed may try again."""
    known = {f"{one.id}/{step.id}" for step in (*one.plan.steps, *one.plan.stand_down.steps)}
    return {act.target: act for act in acts if act.kind in _ENDINGS and act.target in known}


def _moves(
    one: Response, steps: Sequence[PlanStep], endings: Mapping[str, Act], reached: Mapping[Grade, datetime],
    at: datetime, end: datetime | None,
) -> list[Move]:  # fmt: skip
    """The steps, each as it stands at a moment; end: when the plan was stood down."""
    done = {
        step.id: endings[f"{one.id}/{step.id}"].at for step in steps
        if (act := endings.get(f"{one.id}/{step.id}")) and _ENDINGS[act.kind] is StepState.DONE
    }  # fmt: skip
    return [_move(one, step, endings.get(f"{one.id}/{step.id}"), done, reached, at, end) for step in steps]


def _move(
    one: Response, step: PlanStep, act: Act | None, done: Mapping[str, datetime],
    reached: Mapping[Grade, datetime], at: datetime, end: datetime | None,
) -> Move:  # fmt: skip
    begun = reached.get(step.grade)
    due = begun + step.due if begun else None
    free = begun is not None and all(before in done for before in step.after)
    asked = max(begun, *(done[before] for before in step.after)) if begun and free and step.after else begun
    move = Move(id=f"{one.id}/{step.id}", step=step, state=StepState.WAITING, due_at=due)
    if act is not None:
        return replace(
            move, state=_ENDINGS[act.kind], asked_at=asked if free else begun, ended_at=act.at, by=act.by,
            reason=act.reason,
        )  # fmt: skip
    if end is not None and end <= at:
        return replace(move, state=StepState.VOID, asked_at=asked if free else None, ended_at=end)
    if not free:
        return move
    late = due is not None and at > due
    return replace(move, state=StepState.OVERDUE if late else StepState.ASKED, asked_at=asked)


def refused(act: Act, found: Mapping[str, Response], plans: Mapping[str, Plan]) -> str:
    """Why an act on a plan may not be done; empty where it may. found: what is under way, by id."""
    one = found.get(act.target)
    if act.kind is ActKind.PLAN_START:
        if one is None:
            return "" if plan_of(act.target) in plans else f"there is no plan '{plan_of(act.target)}'"
        return "" if one.state is ResponseState.PROPOSED else f"'{one.id}' is {_how(one)} already"
    if act.kind is ActKind.STAND_DOWN:
        if one is None or not one.open:
            return f"'{act.target}' is {_how(one)}: there is nothing to stand down"
        return "" if act.reason else "to stand a plan down needs a reason; say --why"
    return _step_refused(act, found)


def _step_refused(act: Act, found: Mapping[str, Response]) -> str:
    moves = {move.id: move for one in found.values() for move in one.moves}
    move = moves.get(act.target)
    if move is None:
        return f"no plan under way has the step '{act.target}'; `forewarn plans list --running` shows them"
    if move.state is StepState.VOID:
        return f"'{move.id}' is void: its plan was stood down first"
    if move.state is StepState.DONE:
        return f"'{move.id}' is done since {move.ended_at:%Y-%m-%d %H:%M %Z}"
    if move.state is StepState.WAITING:
        missing = ", ".join(move.step.after) or f"grade {move.step.grade.word}"
        return f"'{move.id}' waits for {missing}"
    if act.kind is ActKind.STEP_FAILED and not act.reason:
        return "what failed needs a reason; say --why"
    return ""


def _how(one: Response | None) -> str:
    return "not under way" if one is None else one.state.value
