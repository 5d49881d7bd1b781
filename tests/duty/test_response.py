"""Plans under way, row by row: how each step stands after what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.duty.response import History, by_hand, called, named, plan_of, refused, responses
from engine.model.act import Act, ActKind
from engine.model.grade import Confidence, Domain, Grade
from engine.model.plan import Plan, PlanStep, StandDown, Start
from engine.model.response import Response, StepState
from engine.model.text import Text
from engine.model.warning import Change, RiskWarning, Step

BEGIN = datetime(2026, 3, 8, 7, tzinfo=UTC)
RUN = "fire/01.fire.d20260308"


def step(id_: str, due: int, *after: str, grade: Grade = Grade.NONE) -> PlanStep:
    return PlanStep(
        id=id_, measure=id_, what=Text(id_), department="fire-rescue", due=timedelta(minutes=due),
        after=after, grade=grade,
    )  # fmt: skip


PLAN = Plan(
    id="fire", title=Text("Fire"), owner="desk", review_by=date(2027, 1, 1), topics=frozenset({"fire"}),
    kinds=frozenset({"fire.arson"}), grade=Grade.ORANGE, start=Start.ITSELF,
    steps=(step("attack", 20), step("clear", 60, "attack"), step("water", 30, grade=Grade.RED)),
    stand_down=StandDown(Text("out"), timedelta(hours=6), (step("lessons", 600),)),
)  # fmt: skip
PROPOSED = replace(PLAN, start=Start.PROPOSED)
BY_HAND = replace(PLAN, start=Start.HAND)
WARNING = RiskWarning(
    id="01.fire.d20260308", area="01", topic="fire", domain=Domain.SAFETY, grade=Grade.ORANGE, score=0.0,
    confidence=Confidence.HIGH, title_en="Fires", since=BEGIN, judged_at=BEGIN,
)  # fmt: skip


def at(minutes: float) -> datetime:
    return BEGIN + timedelta(minutes=minutes)


def change(minutes: float, word: str, step_: Step = Step.UPGRADED, warning: RiskWarning = WARNING) -> Change:
    return Change(
        warning=warning.id, step=step_, at=at(minutes), before=Grade.NONE, after=Grade.named(word), reason="",
        by="run",
    )  # fmt: skip


def act(minutes: float, kind: ActKind, target: str = RUN, why: str = "because", **more: object) -> Act:
    given_ = {"area": "01", "topic": "", "by": "lin", "reason": why, **more}
    return Act(kind=kind, at=at(minutes), target=target, **given_)  # type: ignore[arg-type]


def said(
    minutes: float, *what: Change | Act, plan: Plan = PLAN, warning: RiskWarning = WARNING
) -> list[Response]:
    changes, warnings = [one for one in what if isinstance(one, Change)], {warning.id: warning}
    acts = [one for one in what if isinstance(one, Act)]
    begun = called([plan], changes, warnings, lambda p, w: p.fits(w.topic, ()), ())
    started = [one for one in acts if one.kind is ActKind.PLAN_START and one.target != RUN]
    begun += [by_hand(plan, one) for one in started if plan_of(one.target) == plan.id]
    return responses(History(changes, warnings, acts, begun), at(minutes))


ORANGE, RED = change(0, "orange", Step.ISSUED), change(40, "red")
DONE, FAILED = ActKind.STEP_DONE, ActKind.STEP_FAILED


def stands(*what: Change | Act, minutes: float) -> str:
    """The first letters of the states, in the order of the file."""
    (one,) = said(minutes, *what)
    return " ".join(move.state.value[:2] for move in one.moves)


@pytest.mark.parametrize(
    ("what", "minutes", "expected"),
    [
        ([ORANGE], 0, "as wa wa"),
        ([ORANGE], 20, "as wa wa"),
        ([ORANGE], 20.1, "ov wa wa"),
        # its turn comes when what is before it is done
        ([ORANGE, act(5, DONE, f"{RUN}/attack")], 6, "do as wa"),
        ([ORANGE, act(5, DONE, f"{RUN}/attack")], 61, "do ov wa"),
        # what has not been said yet is not known
        ([ORANGE, act(50, DONE, f"{RUN}/attack")], 6, "as wa wa"),
        # what failed holds up what comes after it, until it is done after all
        ([ORANGE, act(5, FAILED, f"{RUN}/attack")], 70, "fa wa wa"),
        ([ORANGE, act(5, FAILED, f"{RUN}/attack"), act(9, DONE, f"{RUN}/attack")], 10, "do as wa"),
        # a graver step is asked once its grade is reached, and its time is counted from then
        ([ORANGE, RED], 40, "ov wa as"),
        ([ORANGE, RED], 70, "ov wa as"),
        ([ORANGE, RED], 71, "ov wa ov"),
        # what fell again stays asked
        ([ORANGE, RED, change(45, "orange", Step.DOWNGRADED)], 50, "ov wa as"),
        # the department that was asked says it as well
        ([ORANGE, act(5, ActKind.TASK_DONE, f"{RUN}/attack")], 6, "do as wa"),
        ([ORANGE, act(5, ActKind.TASK_DECLINE, f"{RUN}/attack")], 6, "fa wa wa"),
        # stood down: what was open is void, what comes last is asked
        ([ORANGE, act(5, DONE, f"{RUN}/attack"), act(30, ActKind.STAND_DOWN)], 31, "do vo vo as"),
        ([ORANGE, act(30, ActKind.STAND_DOWN), act(99, DONE, f"{RUN}/lessons")], 100, "vo vo vo do"),
        ([ORANGE, act(30, ActKind.STAND_DOWN)], 640, "vo vo vo ov"),
    ],
)
def test_how_the_steps_stand(what: list[Change | Act], minutes: float, expected: str):
    assert stands(*what, minutes=minutes) == expected


@pytest.mark.parametrize(
    ("plan", "what", "lifted", "minutes", "expected"),
    [
        (PLAN, [change(0, "yellow", Step.ISSUED)], None, 9, None),
        (PLAN, [change(0, "orange", Step.PROPOSED)], None, 9, None),
        (PLAN, [ORANGE], None, 9, "running"),
        (PLAN, [change(0, "yellow", Step.ISSUED), change(8, "red")], None, 9, "running"),
        (PLAN, [ORANGE], 5, 9, "running"),
        (PROPOSED, [ORANGE], None, 9, "proposed"),
        (PROPOSED, [ORANGE, act(4, ActKind.PLAN_START)], None, 9, "running"),
        (PROPOSED, [ORANGE], 5, 9, "lapsed"),
        (PROPOSED, [ORANGE], 5, 4, "proposed"),
        (PROPOSED, [ORANGE, act(4, ActKind.PLAN_START)], 5, 9, "running"),
        (PROPOSED, [ORANGE, act(6, ActKind.PLAN_START)], 5, 9, "lapsed"),
        (PROPOSED, [ORANGE, act(4, ActKind.STAND_DOWN)], None, 9, "lapsed"),
        (PROPOSED, [ORANGE, act(4, ActKind.STAND_DOWN), act(5, ActKind.PLAN_START)], None, 9, "lapsed"),
        (BY_HAND, [ORANGE], None, 9, None),
        (BY_HAND, [act(4, ActKind.PLAN_START, named("fire", "01", at(4)))], None, 9, "running"),
        (BY_HAND, [act(4, ActKind.PLAN_START, "no-such/01/x")], None, 9, None),
        (PLAN, [ORANGE, act(4, ActKind.STAND_DOWN)], None, 9, "ended"),
        (PLAN, [ORANGE, act(4, ActKind.STAND_DOWN)], None, 3, "running"),
    ],
)  # fmt: skip
def test_how_a_plan_stands(
    plan: Plan, what: list[Change | Act], lifted: float | None, minutes: float, expected: str | None
):
    warning = replace(WARNING, lifted_at=None if lifted is None else at(lifted))
    assert [one.state.value for one in said(minutes, *what, plan=plan, warning=warning)] == (
        [expected] if expected else []
    )


def test_a_plan_by_hand_of_a_grade_asks_for_the_steps_of_that_grade():
    target = named("fire", "0180", at(0))
    (one,) = said(1, act(0, ActKind.PLAN_START, target, area="0180", grade=Grade.RED))
    assert (one.id, one.area, one.grade, one.started_by) == (target, "0180", Grade.RED, "lin")
    assert [move.state for move in one.moves] == [StepState.ASKED, StepState.WAITING, StepState.ASKED]
    assert not one.exercise
    (drill,) = said(1, act(0, ActKind.PLAN_START, named("fire", "01", at(0), exercise=True)))
    assert drill.exercise and drill.plan.id == "fire"


def test_a_step_done_late_says_so():
    (one,) = said(60, ORANGE, act(25, DONE, f"{RUN}/attack"))
    assert [move.late for move in one.moves] == [True, False, False]
    assert one.moves[1].asked_at == at(25)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (act(9, ActKind.PLAN_START), f"'{RUN}' is running already"),
        (act(9, ActKind.PLAN_START, "fore/01/x"), "there is no plan 'fore'"),
        (act(9, ActKind.PLAN_START, named("fire", "02", at(9))), ""),
        (act(9, ActKind.STAND_DOWN, "fire/else"), "'fire/else' is not under way"),
        (act(9, ActKind.STAND_DOWN, why=""), "needs a reason"),
        (act(9, ActKind.STAND_DOWN), ""),
        (act(9, DONE, f"{RUN}/atack"), "no plan under way has the step"),
        (act(9, DONE, f"{RUN}/clear"), f"'{RUN}/clear' waits for attack"),
        (act(9, DONE, f"{RUN}/water"), f"'{RUN}/water' waits for grade red"),
        (act(9, FAILED, f"{RUN}/attack", ""), "needs a reason"),
        (act(9, DONE, f"{RUN}/attack", ""), ""),
    ],
)
def test_what_may_not_be_done_is_refused_with_the_reason(what: Act, sentence: str):
    found = {one.id: one for one in said(9, ORANGE)}
    assert (
        sentence in refused(what, found, {"fire": PLAN})
        if sentence
        else not refused(what, found, {"fire": PLAN})
    )


@pytest.mark.parametrize("kind", [DONE, FAILED])
def test_what_is_done_stays_done_since_it_was(kind: ActKind):
    found = {one.id: one for one in said(9, ORANGE, act(5, DONE, f"{RUN}/attack"))}
    assert "/attack' is done since" in refused(act(9, kind, f"{RUN}/attack"), found, {"fire": PLAN})


def test_what_failed_may_be_tried_again():
    found = {one.id: one for one in said(9, ORANGE, act(5, FAILED, f"{RUN}/attack"))}
    assert not refused(act(9, DONE, f"{RUN}/attack"), found, {"fire": PLAN})


KINDS = st.sampled_from([DONE, FAILED, ActKind.TASK_DONE, ActKind.STAND_DOWN, ActKind.PLAN_START])
TARGETS = st.sampled_from([RUN, *(f"{RUN}/{one}" for one in ("attack", "clear", "water", "lessons"))])
ACTS = st.lists(st.builds(act, st.integers(0, 90), KINDS, TARGETS), max_size=8)


@given(ACTS, st.integers(0, 100), st.sampled_from([PLAN, PROPOSED]))
def test_the_past_is_as_it_was_whatever_is_done_later(done: list[Act], minutes: int, plan: Plan):
    done.sort(key=lambda one: one.at)
    known = [one for one in done if one.at <= at(minutes)]
    assert said(minutes, ORANGE, RED, *done, plan=plan) == said(minutes, ORANGE, RED, *known, plan=plan)
