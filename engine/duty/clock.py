"""A clock for every step between a judgement and its review: each has a limit, and somebody who is late.

A lap begins when a step may be taken and ends when it was. It is void where the thing itself ended while
there was still time. Of whom it is late only the receiver and its kind of department are told: never a
person, and nothing here ranks areas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.duty.answer import saw
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.lap import Beat, Lap, LapState
from engine.model.message import Receiver
from engine.model.task import Task, TaskState
from engine.model.warning import Change, RiskWarning, Step

_RISES = (Step.ISSUED, Step.UPGRADED)
_ENDS = (Step.LIFTED, Step.EXPIRED)
#: What answers a proposal.
_ANSWERS = (*_RISES, *_ENDS, Step.DECLINED, Step.WITHDRAWN, Step.DOWNGRADED, Step.PROPOSED)


@dataclass(frozen=True)
class Limits:
    """How long each step may take, by grade; a step or grade that is not named has no clock."""

    of: Mapping[Beat, Mapping[Grade, timedelta]] = field(default_factory=dict)

    def due(self, beat: Beat, grade: Grade, begins: datetime) -> datetime | None:
        limit = self.of.get(beat, {}).get(grade)
        return None if limit is None else begins + limit


@dataclass(frozen=True)
class Told:
    """A receiver's first message about a change: when it was planned, and when it arrived."""

    change: str
    receiver: str
    planned: datetime
    arrived: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is stored of the time that is looked at."""

    changes: Sequence[Change]
    warnings: Mapping[str, RiskWarning]
    told: Sequence[Told] = ()
    acts: Sequence[Act] = ()
    tasks: Sequence[Task] = ()
    #: By the key of a run: when its period was due, and when it was judged.
    runs: Mapping[str, tuple[datetime, datetime]] = field(default_factory=dict)


def laps(record: Record, limits: Limits, receivers: Mapping[str, Receiver]) -> list[Lap]:
    """Every lap, the earliest due first; drills have none."""
    lives: dict[str, list[Change]] = {}
    for change in record.changes:
        lives.setdefault(change.warning, []).append(change)
    said: dict[str, list[Act]] = {}
    for act in record.acts:
        said.setdefault(act.warning, []).append(act)
    found = [
        *(lap for life in lives.values() for lap in _of_life(life, record, said, limits)),
        *_of_messages(lives, record, said, limits, receivers),
        *(lap for task in record.tasks if not task.exercise for lap in _of_task(task, limits)),
    ]  # fmt: skip
    return sorted(found, key=lambda lap: (lap.due, lap.id, lap.beat, lap.receiver))


def _of_life(
    life: Sequence[Change], record: Record, said: Mapping[str, Sequence[Act]], limits: Limits
) -> Iterator[Lap]:
    """Judged, issued, reviewed."""
    for index, change in enumerate(life):
        grade = max(change.before, change.after)
        if change.step in (*_RISES, Step.PROPOSED) and change.by in record.runs:
            due, judged = record.runs[change.by]
            yield from _lap(Beat.JUDGED, change.warning, grade, due, judged, limits)
        if change.step is Step.PROPOSED:
            answer = next((one for one in life[index + 1 :] if one.step in _ANSWERS), None)
            at = answer.at if answer else None
            yield from _lap(Beat.ISSUED, change.warning, grade, change.at, at, limits)
    end = life[-1]
    if end.step in _ENDS:
        verdicts = [act.at for act in said.get(end.warning, ()) if act.verdict is not None]
        highest = max(change.after for change in life)
        reviewed = max(min(verdicts), end.at) if verdicts else None
        yield from _lap(Beat.REVIEWED, end.warning, highest, end.at, reviewed, limits)


def _of_messages(
    lives: Mapping[str, Sequence[Change]], record: Record, said: Mapping[str, Sequence[Act]], limits: Limits,
    receivers: Mapping[str, Receiver],
) -> Iterator[Lap]:  # fmt: skip
    """Told and read, of each receiver."""
    rises = {
        change.key: (change, _next(life, index)) for life in lives.values()
        for index, change in enumerate(life) if change.step in _RISES
    }  # fmt: skip
    for one in record.told:
        if one.change not in rises:
            continue
        change, over = rises[one.change]
        receiver = receivers.get(one.receiver)
        who = {"receiver": one.receiver, "department": receiver.department if receiver else "", "over": over}
        yield from _lap(Beat.TOLD, change.warning, change.after, one.planned, one.arrived, limits, **who)
        if one.arrived is not None:
            group = (one.receiver, *(receiver.chain if receiver else ()))
            life = [step.key for step in lives[change.warning]]
            read = _read(said.get(change.warning, ()), change, group, life)
            yield from _lap(Beat.READ, change.warning, change.after, one.arrived, read, limits, **who)


def _next(life: Sequence[Change], index: int) -> datetime | None:
    """When a rise is over: the warning rises again, or ends."""
    return next((one.at for one in life[index + 1 :] if one.step in (*_RISES, *_ENDS)), None)


def _read(acts: Iterable[Act], change: Change, group: Sequence[str], life: Sequence[str]) -> datetime | None:
    """When somebody of the group read it and did not take that back."""
    read: dict[str, datetime] = {}
    for act in acts:
        if act.receiver in group and act.at >= change.at and saw(act, change.key, life):
            if act.kind is ActKind.ACKNOWLEDGE:
                read.setdefault(act.receiver, act.at)
            elif act.kind is ActKind.UNACKNOWLEDGE:
                read.pop(act.receiver, None)
    return min(read.values(), default=None)


def _of_task(task: Task, limits: Limits) -> Iterator[Lap]:
    """Accepted, done, reported; the time to be done is the task's own."""
    over = task.ended_at if task.state is TaskState.VOID else None
    who = {"receiver": ",".join(task.receivers), "department": task.department, "over": over}
    answered = task.accepted_at or (task.ended_at if task.state is not TaskState.VOID else None)
    yield from _lap(Beat.ACCEPTED, task.id, task.grade, task.asked_at, answered, limits, **who)
    done = task.ended_at if task.state is TaskState.DONE else None
    if task.state is not TaskState.DECLINED:
        yield Lap(
            beat=Beat.DONE, id=task.id, grade=task.grade, begins=task.asked_at, due=task.due_at, ended=done,
            department=task.department, receiver=",".join(task.receivers), over=over,
        )  # fmt: skip
    if done is not None:
        said = [one.at for one in task.feedback] + ([done] if task.reason else [])
        reported = max(min(said), done) if said else None
        yield from _lap(Beat.REPORTED, task.id, task.grade, done, reported, limits, **who)


def _lap(
    beat: Beat,
    id_: str,
    grade: Grade,
    begins: datetime,
    ended: datetime | None,
    limits: Limits,
    **who: object,
) -> Iterator[Lap]:
    due = limits.due(beat, grade, begins)
    if due is not None:
        yield Lap(beat=beat, id=id_, grade=grade, begins=begins, due=due, ended=ended, **who)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How one kind of department keeps one clock; laps that are void or still have time are not counted."""

    department: str
    beat: Beat
    in_time: int
    late: int
    overdue: int

    @property
    def share(self) -> float | None:
        """Taken in time, of all that was to be taken by now; None of nothing."""
        of = self.in_time + self.late + self.overdue
        return self.in_time / of if of else None


def scorecard(found: Iterable[Lap], at: datetime) -> list[Line]:
    """By kind of department and step: how many were in time. Never by receiver, area or person."""
    counts: dict[tuple[str, Beat], dict[LapState, int]] = {}
    for lap in found:
        if lap.receiver or lap.department:
            states = counts.setdefault((lap.department, lap.beat), dict.fromkeys(LapState, 0))
            states[lap.state(at)] += 1
    return [
        Line(
            department=department, beat=beat, in_time=states[LapState.IN_TIME], late=states[LapState.LATE],
            overdue=states[LapState.OVERDUE],
        )
        for (department, beat), states in sorted(counts.items(), key=_place)
    ]  # fmt: skip


def _place(one: tuple[tuple[str, Beat], object]) -> tuple[str, int]:
    """By department, then in the order of the steps."""
    (department, beat), _ = one
    return department, list(Beat).index(beat)
