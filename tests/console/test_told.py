"""Who was told what of a warning: it is said what each message is about."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from engine.console import told, words
from engine.model.alert import Kind
from engine.model.grade import Grade
from engine.model.message import Ask, Notification
from engine.model.response import ResponseState
from engine.model.warning import Step
from engine.notify import bundle, exercise

AT = datetime(2026, 3, 10, 8, tzinfo=UTC)


def message(step: str, hours: int, receiver: str = "police", **payload: object) -> Notification:
    return Notification(
        key=f"{step}/{hours}/{receiver}", change="", warning="w", receiver=receiver, channel="file",
        step=step, planned_at=AT + timedelta(hours=hours), grade=Grade.ORANGE, subject="", body="",
        payload=json.dumps(payload),
    )  # fmt: skip


def task(id_: str) -> dict[str, object]:
    return {"id": id_, "what": {"en": f"Do {id_}", "zh": ""}}


def test_a_late_task_does_not_take_the_place_of_the_warning():
    found = told.latest([
        message("task-overdue", 30, task=task("a")), message("issued", 0),
        message("task-asked", 1, task=task("a")), message("upgraded", 5),
        message("task-asked", 1, task=task("b")), message("plan-proposed", 2), message("issued", 0, "duty"),
    ])  # fmt: skip
    steps = [(one.message.receiver, one.message.step, one.task.en if one.task else "") for one in found]
    assert steps == [
        ("duty", "issued", ""), ("police", "upgraded", ""), ("police", "task-overdue", "Do a"),
        ("police", "task-asked", "Do b"), ("police", "plan-proposed", ""),
    ]  # fmt: skip
    assert [one.aside for one in found] == [False, False, True, True, True]
    both = told.latest([message("issued", 0), message("issued", 0, "duty"), message("reminder", 5)])
    groups = [[one.message.receiver for one in group] for group in told.together(both)]
    assert groups == [["duty"], ["police"]], "the reminder is what the police were told last"
    same = told.latest([message("issued", 0), message("issued", 0, "duty")])
    assert [len(group) for group in told.together(same)] == [2]


def test_every_step_of_a_message_has_its_words():
    asked = Ask(receiver="r", key="k", at=AT, since=AT)
    asks = [one.step for one in (asked, replace(asked, of="x"), replace(asked, number=1))]
    tasks, plans = ["task-asked", "task-overdue"], [f"plan-{state}" for state in ResponseState]
    cap = [kind.value.lower() for kind in Kind]
    every = [*Step, *asks, *tasks, *plans, *cap, bundle.MARK, exercise.STEP]
    assert [step for step in every if step not in words.MESSAGES] == []
