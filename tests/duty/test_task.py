"""Tasks, row by row: asked when, of whom, until when, and how they stand after what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.duty.response import History, named
from engine.duty.task import demanded, refused, tasks
from engine.duty.territory import responsible
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.message import Receiver
from engine.model.rule import Measure
from engine.model.task import Task, TaskState
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning, Step
from tests.duty.test_response import DONE, FAILED, ORANGE, RED, RUN, WARNING, act, at, change, said

MINUTE = timedelta(minutes=1)
PATROL = Measure("patrol", Text("Patrol"), "police", timedelta(minutes=60))
MEETING = Measure("meeting", Text("Meeting"), "duty", timedelta(minutes=30), Grade.RED)
REVIEW = Measure("review", Text("Review"), "transport", timedelta(minutes=90))
WAITS = replace(WARNING, grade=Grade.NONE)
IT = f"{WARNING.id}/patrol"
LIFT = change(50, "none", Step.LIFTED)
ACCEPT, DECLINE = ActKind.TASK_ACCEPT, ActKind.TASK_DECLINE
IS_DONE, REPORT = ActKind.TASK_DONE, ActKind.TASK_FEEDBACK


def standing(minutes: float, *what: Change | Act) -> dict[str, Task]:
    changes = [one for one in what if isinstance(one, Change)]
    acts = [one for one in what if isinstance(one, Act)]
    demands = demanded(changes, [(WAITS, [PATROL, MEETING, REVIEW])], (), {"review"}) if changes else ()
    past = History(changes, {WARNING.id: WARNING}, acts, demands=demands)
    return {one.id: one for one in tasks(past, [], desk, at(minutes))}


def desk(department: str, area: str) -> tuple[str, ...]:
    return ("desk",)


@pytest.mark.parametrize(
    ("what", "minutes", "state"),
    [
        ([ORANGE], 0, "asked"),
        ([ORANGE], 60, "asked"),
        ([ORANGE], 60.1, "overdue"),
        ([change(0, "orange", Step.PROPOSED)], 5, None),
        ([ORANGE, act(5, ACCEPT, IT)], 6, "accepted"),
        ([ORANGE, act(5, ACCEPT, IT)], 4, "asked"),
        ([ORANGE, act(5, ACCEPT, IT)], 61, "overdue"),
        ([ORANGE, act(5, IS_DONE, IT)], 61, "done"),
        ([ORANGE, act(70, IS_DONE, IT)], 71, "done"),
        ([ORANGE, act(5, DECLINE, IT)], 61, "declined"),
        # whoever declined may take it up after all
        ([ORANGE, act(5, DECLINE, IT), act(9, ACCEPT, IT)], 10, "accepted"),
        ([ORANGE, act(5, DECLINE, IT), act(9, IS_DONE, IT)], 10, "done"),
        # a report leaves it as it is
        ([ORANGE, act(5, REPORT, IT)], 6, "asked"),
        ([ORANGE, act(5, ACCEPT, IT), act(6, REPORT, IT)], 7, "accepted"),
        # the end of the warning: what is not done is void, what is done stays done
        ([ORANGE, LIFT], 49, "asked"),
        ([ORANGE, LIFT], 50, "void"),
        ([ORANGE, LIFT], 99, "void"),
        ([ORANGE, change(50, "none", Step.EXPIRED)], 99, "void"),
        ([ORANGE, act(5, ACCEPT, IT), LIFT], 99, "void"),
        ([ORANGE, act(5, IS_DONE, IT), LIFT], 99, "done"),
        ([ORANGE, act(5, DECLINE, IT), LIFT], 99, "declined"),
        ([ORANGE, LIFT, act(51, IS_DONE, IT)], 99, "void"),
        # a fall asks nothing back
        ([RED, change(45, "yellow", Step.DOWNGRADED)], 46, "asked"),
    ],
)
def test_how_a_task_stands(what: list[Change | Act], minutes: float, state: str | None):
    found = standing(minutes, *what).get(IT)
    assert (found.state.value if found else None) == state


def test_a_measure_that_outlives_its_warning_is_asked_until_it_is_done():
    review = f"{WARNING.id}/review"
    assert standing(60, ORANGE, LIFT)[review].state is TaskState.ASKED
    assert standing(91, ORANGE, LIFT)[review].state is TaskState.OVERDUE
    assert standing(92, ORANGE, LIFT, act(91, IS_DONE, review))[review].state is TaskState.DONE


def test_a_graver_measure_is_asked_from_the_rise_to_its_grade():
    assert f"{WARNING.id}/meeting" not in standing(39, ORANGE, RED)
    found = standing(40, ORANGE, RED)
    meeting = found[f"{WARNING.id}/meeting"]
    assert (meeting.asked_at, meeting.due_at, meeting.grade) == (at(40), at(70), Grade.RED)
    assert found[IT].asked_at == at(0), "what was asked before keeps its time"
    assert [one.due_at for one in found.values()] == sorted(one.due_at for one in found.values())


def test_what_is_said_is_kept_with_who_and_when():
    done = [act(5, ACCEPT, IT), act(6, REPORT, IT, "quiet"), act(70, IS_DONE, IT, "two patrols")]
    task = standing(71, ORANGE, *done)[IT]
    assert (task.accepted_at, task.ended_at, task.reason, task.in_time) == (
        at(5),
        at(70),
        "two patrols",
        False,
    )
    assert [(one.at, one.text) for one in task.feedback] == [(at(6), "quiet")]
    assert standing(9, ORANGE, act(8, IS_DONE, IT))[IT].in_time


@pytest.mark.parametrize(
    ("what", "minutes", "expected"),
    [
        ([ORANGE], 1, {"attack": "asked"}),
        ([ORANGE, act(1, DONE, f"{RUN}/attack")], 2, {"attack": "done", "clear": "asked"}),
        ([ORANGE, act(1, FAILED, f"{RUN}/attack")], 2, {"attack": "declined"}),
        ([ORANGE, act(1, ACCEPT, f"{RUN}/attack")], 21, {"attack": "overdue"}),
        ([ORANGE, act(1, ACCEPT, f"{RUN}/attack")], 20, {"attack": "accepted"}),
        ([ORANGE, act(3, ActKind.STAND_DOWN)], 4, {"attack": "void", "lessons": "asked"}),
    ],
)
def test_the_steps_of_a_plan_are_tasks(what: list[Change | Act], minutes: float, expected: dict[str, str]):
    acts = [one for one in what if isinstance(one, Act)]
    found = tasks(History([], {}, acts), said(minutes, *what), desk, at(minutes))
    assert {one.id.rpartition("/")[2]: one.state.value for one in found} == expected
    assert all(one.response == RUN and one.receivers == ("desk",) and not one.exercise for one in found)


def test_the_tasks_of_a_drill_are_marked():
    drill = named("fire", "01", at(0), exercise=True)
    started = act(0, ActKind.PLAN_START, drill)
    assert all(one.exercise for one in tasks(History([], {}, [started]), said(1, started), desk, at(1)))


def department(id_: str, kind: str, *areas: str) -> Receiver:
    return Receiver(id=id_, title=id_, department=kind, territory=areas)


@pytest.mark.parametrize(
    ("kind", "lineage", "expected"),
    [
        ("police", ("0180", "01", "SE"), ("town-police",)),
        ("police", ("0114", "01", "SE"), ("county-police", "county-police-2")),
        ("police", ("03", "SE"), ("police",)),
        ("health", ("0180", "01", "SE"), ("hospitals",)),
        ("health", ("04",), ()),
        ("water", ("0180", "01", "SE"), ()),
    ],
)
def test_the_narrowest_territory_answers(kind: str, lineage: tuple[str, ...], expected: tuple[str, ...]):
    receivers = [
        department("police", "police"), department("county-police-2", "police", "01", "02"),
        department("county-police", "police", "01"), department("town-police", "police", "0180"),
        department("hospitals", "health", "SE"), Receiver(id="centre", title="Centre"),
    ]  # fmt: skip
    assert responsible(kind, lineage, receivers) == expected


@pytest.mark.parametrize(
    ("what", "before", "sentence"),
    [
        (act(9, ACCEPT, "else"), [], "there is no task 'else'"),
        (act(9, ACCEPT, IT, receiver="other"), [], "it is asked of desk, not of 'other'"),
        (act(9, ACCEPT, IT, receiver="desk"), [], ""),
        (act(9, ACCEPT, IT), [act(5, ACCEPT, IT)], "is accepted already, by lin"),
        (act(9, ACCEPT, IT), [act(4, ACCEPT, IT), act(5, DECLINE, IT)], ""),
        (act(9, DECLINE, IT, ""), [], "needs a reason"),
        (act(9, REPORT, IT, ""), [], "what is there to report"),
        (act(9, IS_DONE, IT, ""), [], ""),
        (act(9, IS_DONE, IT), [act(5, IS_DONE, IT)], "is done since 2026-03-08 07:05 UTC"),
        (act(9, REPORT, IT), [act(5, IS_DONE, IT)], ""),
        (act(60, IS_DONE, IT), [LIFT], "is void since"),
    ],
)
def test_what_may_not_be_said_is_refused_with_the_reason(
    what: Act, before: list[Change | Act], sentence: str
):
    found = standing(60 if LIFT in before else 9, ORANGE, *before).get(what.target)
    assert sentence in refused(what, found) if sentence else not refused(what, found)


KINDS = st.sampled_from([ACCEPT, DECLINE, IS_DONE, REPORT])
ACTS = st.lists(st.builds(act, st.integers(0, 90), KINDS, st.just(IT)), max_size=8)


@given(ACTS, st.integers(0, 100))
def test_what_is_said_later_changes_nothing_before(done: list[Act], minutes: int):
    done.sort(key=lambda one: one.at)
    known = [one for one in done if one.at <= at(minutes)]
    assert standing(minutes, ORANGE, RED, LIFT, *done) == standing(minutes, ORANGE, RED, LIFT, *known)


def test_an_act_on_a_task_of_another_warning_is_none_of_this_one():
    other = replace(act(5, IS_DONE, IT), target="02.fire.d20260308/patrol")
    assert standing(9, ORANGE, other)[IT].state is TaskState.ASKED


LATER = replace(WARNING, judged_at=at(120))
SOONER = replace(PATROL, within=timedelta(minutes=10))


@pytest.mark.parametrize(
    ("changes", "warning", "measures", "known", "expected"),
    [
        ([ORANGE], WARNING, [PATROL, MEETING], [], "patrol orange 0+60"),
        ([ORANGE, RED], WARNING, [MEETING, PATROL], [], "patrol orange 0+60, meeting red 40+30"),
        # asked once: of several rules that ask for the same the one that asks first, and then the soonest
        ([ORANGE], WARNING, [PATROL, SOONER], [], "patrol orange 0+10"),
        ([ORANGE, RED], WARNING, [replace(SOONER, grade=Grade.RED), PATROL], [], "patrol orange 0+60"),
        # what was asked stays as it was asked, whatever is called for now
        ([RED], WARNING, [SOONER, MEETING], [IT], "meeting red 40+30"),
        # a rule that comes to stand behind later asks from then, for what the grade is that stands
        ([], LATER, [PATROL, MEETING], [], "patrol orange 120+60"),
        ([change(120, "yellow", Step.DOWNGRADED)], LATER, [PATROL], [], "patrol orange 120+60"),
        # nothing is asked for what only waits, or is over
        ([change(0, "orange", Step.PROPOSED)], WAITS, [PATROL], [], ""),
        ([LIFT], replace(WARNING, lifted_at=at(50)), [PATROL], [], ""),
        ([], WARNING, [], [], ""),
    ],
)
def test_what_is_asked_for(
    changes: list[Change], warning: RiskWarning, measures: list[Measure], known: list[str], expected: str
):
    found = demanded(changes, [(warning, measures)], known, {"patrol"})
    assert ", ".join(
        f"{one.measure.code} {one.grade.word} {(one.at - at(0)) // MINUTE}+{one.measure.within // MINUTE}"
        for one in found
    ) == expected  # fmt: skip
    assert all(one.outlives == (one.measure.code == "patrol") for one in found)
