"""The clock, row by row: which laps there are, and how each stands at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.duty.clock import Limits, Line, Record, Told, laps, scorecard
from engine.model.act import Act, ActKind, Verdict
from engine.model.grade import RUNGS, Grade
from engine.model.lap import Beat, Lap
from engine.model.message import Receiver
from engine.model.task import Feedback, Task, TaskState
from engine.model.text import Text
from engine.model.warning import Change, Step
from tests.duty.test_response import ORANGE, RED, WARNING, act, at, change


def limits(**minutes: int) -> Limits:
    return Limits(
        {Beat(name): dict.fromkeys(RUNGS, timedelta(minutes=many)) for name, many in minutes.items()}
    )


LIMITS = limits(judged=60, issued=30, told=5, read=20, accepted=15, reported=60, reviewed=600)
RECEIVERS = {
    "desk": Receiver(id="desk", title="Desk", chain=("deputy",)),
    "police": Receiver(id="police", title="Police", department="police"),
}
PROPOSED = change(0, "orange", Step.PROPOSED)
LIFT = replace(change(60, "none", Step.LIFTED), before=Grade.ORANGE)
TASK = Task(
    id="w/patrol", measure="patrol", what=Text("Patrol"), department="police", receivers=("police",),
    area="01", warning=WARNING.id, grade=Grade.ORANGE, asked_at=at(0), due_at=at(40),
)  # fmt: skip


def told(receiver: str, planned: float, arrived: float | None, rise: Change = ORANGE) -> Told:
    return Told(rise.key, receiver, at(planned), None if arrived is None else at(arrived))


def ack(minutes: float, receiver: str) -> Act:
    return act(minutes, ActKind.ACKNOWLEDGE, "", warning=WARNING.id, receiver=receiver)


def unack(minutes: float, receiver: str) -> Act:
    return act(minutes, ActKind.UNACKNOWLEDGE, "", warning=WARNING.id, receiver=receiver)


def verdict(minutes: float) -> Act:
    return act(minutes, ActKind.VERDICT, "", warning=WARNING.id, verdict=Verdict.CONFIRMED)


def found(*what: Change | Act | Told | Task, judged: float | None = None) -> list[Lap]:
    runs = {} if judged is None else {"run": (at(0), at(judged))}
    record = Record(
        changes=[one for one in what if isinstance(one, Change)], warnings={WARNING.id: WARNING},
        told=[one for one in what if isinstance(one, Told)],
        acts=[one for one in what if isinstance(one, Act)],
        tasks=[one for one in what if isinstance(one, Task)], runs=runs,
    )  # fmt: skip
    return laps(record, LIMITS, RECEIVERS)


def task(state: TaskState, **minutes: float) -> Task:
    return replace(TASK, state=state, **{name: at(many) for name, many in minutes.items()})  # type: ignore[arg-type]


REPORTED = replace(task(TaskState.DONE, ended_at=30), feedback=(Feedback(at(50), "quiet", "lin"),))


@pytest.mark.parametrize(
    ("what", "judged", "beat", "minutes", "state"),
    [
        ([ORANGE], 10, "judged", 11, "in-time"),
        ([ORANGE], 61, "judged", 90, "late"),
        ([ORANGE], None, "judged", 90, None),
        # a proposal is answered by whatever becomes of it
        ([PROPOSED], None, "issued", 30, "running"),
        ([PROPOSED], None, "issued", 31, "overdue"),
        ([PROPOSED, change(20, "orange", Step.ISSUED)], None, "issued", 31, "in-time"),
        ([PROPOSED, change(40, "orange", Step.DECLINED)], None, "issued", 41, "late"),
        ([PROPOSED, change(40, "orange", Step.DECLINED)], None, "issued", 35, "overdue"),
        ([PROPOSED, change(20, "red", Step.PROPOSED)], None, "issued", 21, "in-time"),
        # delivered, and acknowledged by the receiver or its chain
        ([ORANGE, told("desk", 0, None)], None, "told", 6, "overdue"),
        ([ORANGE, told("desk", 0, 3)], None, "told", 6, "in-time"),
        ([ORANGE, told("desk", 0, None)], None, "read", 60, None),
        ([ORANGE, told("desk", 0, 3)], None, "read", 23, "running"),
        ([ORANGE, told("desk", 0, 3)], None, "read", 24, "overdue"),
        ([ORANGE, told("desk", 0, 3), ack(20, "desk")], None, "read", 24, "in-time"),
        ([ORANGE, told("desk", 0, 3), ack(20, "deputy")], None, "read", 24, "in-time"),
        ([ORANGE, told("desk", 0, 3), ack(20, "police")], None, "read", 24, "overdue"),
        ([ORANGE, told("desk", 0, 3), ack(30, "desk")], None, "read", 31, "late"),
        # what was taken back was not read
        ([ORANGE, told("desk", 0, 3), ack(10, "desk"), unack(12, "desk")], None, "read", 24, "overdue"),
        ([ORANGE, told("desk", 0, 3), ack(10, "desk"), unack(12, "deputy")], None, "read", 24, "in-time"),
        ([ORANGE, told("desk", 0, 3), ack(10, "desk"), unack(12, "desk"), ack(30, "desk")], None, "read", 31,
         "late"),
        # what is over before its time is void, what was late before its end stays late
        ([ORANGE, told("desk", 0, 50), LIFT], None, "read", 90, "void"),
        ([ORANGE, told("desk", 0, 3), LIFT], None, "read", 90, "late"),
        # a rise asks again, and an answer to what stood before is none to it
        ([ORANGE, RED, told("desk", 40, 41, RED), ack(20, "desk")], None, "read", 62, "overdue"),
        # tasks
        ([TASK], None, "accepted", 15, "running"),
        ([TASK], None, "accepted", 16, "overdue"),
        ([task(TaskState.ACCEPTED, accepted_at=9)], None, "accepted", 16, "in-time"),
        ([task(TaskState.DONE, ended_at=9)], None, "accepted", 16, "in-time"),
        ([task(TaskState.DECLINED, ended_at=20)], None, "accepted", 21, "late"),
        ([task(TaskState.VOID, ended_at=10)], None, "accepted", 21, "void"),
        ([TASK], None, "done", 41, "overdue"),
        ([task(TaskState.DONE, ended_at=41)], None, "done", 42, "late"),
        ([task(TaskState.DECLINED, ended_at=20)], None, "done", 90, None),
        ([task(TaskState.VOID, ended_at=20)], None, "done", 90, "void"),
        ([TASK], None, "reported", 90, None),
        ([task(TaskState.DONE, ended_at=30)], None, "reported", 91, "overdue"),
        ([REPORTED], None, "reported", 91, "in-time"),
        # the verdict
        ([ORANGE, LIFT], None, "reviewed", 100, "running"),
        ([ORANGE, LIFT], None, "reviewed", 661, "overdue"),
        ([ORANGE, LIFT, verdict(70)], None, "reviewed", 100, "in-time"),
        ([ORANGE, LIFT, verdict(60)], None, "reviewed", 100, "in-time"),
        ([ORANGE, LIFT, verdict(700)], None, "reviewed", 701, "late"),
        ([ORANGE], None, "reviewed", 700, None),
    ],
)  # fmt: skip
def test_a_lap(
    what: list[Change | Act | Told | Task], judged: float | None, beat: str, minutes: float,
    state: str | None,
):  # fmt: skip
    states = [lap.state(at(minutes)).value for lap in found(*what, judged=judged) if lap.beat == beat]
    assert states[:1] == ([state] if state else [])


def test_what_has_no_limit_has_no_clock_but_what_is_done():
    record = Record(changes=[ORANGE], warnings={WARNING.id: WARNING}, told=[told("desk", 0, 1)], tasks=[TASK])
    assert [lap.beat for lap in laps(record, Limits(), RECEIVERS)] == [Beat.DONE]


def test_each_lap_has_a_key_of_its_own():
    every = found(ORANGE, RED, told("desk", 0, 1), told("police", 0, 1), told("desk", 40, 41, RED), TASK)
    assert len({lap.key for lap in every}) == len(every) > 6


def test_the_scorecard_is_by_kind_of_department_and_leaves_drills_out():
    drill = replace(TASK, id="exercise/plan/01/x/step")
    late = replace(task(TaskState.DONE, ended_at=41), id="w2/patrol")
    every = found(ORANGE, told("police", 0, 3), ack(20, "police"), TASK, late, drill, told("desk", 0, 3))
    lines = scorecard(every, at(60))
    assert Line(department="police", beat=Beat.READ, in_time=1, late=0, overdue=0) in lines
    assert Line(department="", beat=Beat.READ, in_time=0, late=0, overdue=1) in lines
    (done,) = (line for line in lines if line.beat is Beat.DONE)
    assert (done.department, done.in_time, done.late, done.overdue, done.share) == ("police", 0, 1, 1, 0.0)
    assert {line.department for line in lines} == {"", "police"}
    assert not {"receiver", "area", "by", "id"} & set(Line.__slots__)


def test_nothing_to_be_in_time_for_is_no_share():
    (line,) = scorecard(found(task(TaskState.VOID, ended_at=10)), at(60))[1:]
    assert line.share is None
