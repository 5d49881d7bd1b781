"""Tasks in a living county: who is told of what when, what they answer, and what is kept of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle import acting, desk
from engine.cycle import run as running
from engine.errors import ActRefused
from engine.model.act import Act, ActKind, Role
from engine.model.task import Task, TaskState
from engine.store import acts
from tests.story import county

ROUTES = """
receivers:
  - {id: duty, title: Duty centre, channels: [{kind: file, path: data/outbox/duty.jsonl}]}
  - {id: police, title: Police, department: police, channels: [{kind: file, path: data/outbox/police.jsonl}]}
  - {id: east, title: Police of Easttown, department: police, territory: [T1], language: zh,
     channels: [{kind: file, path: data/outbox/east.jsonl}]}
routes:
  - {id: all, receivers: [duty]}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county after nine days, all of it told."""
    root = county.build(tmp_path_factory.mktemp("county"))
    (root / "config/routes.yaml").write_text(ROUTES, encoding="utf-8")
    tick(root, county.END)
    return root


def tick(root: Path, at: datetime) -> None:
    with app.world(root, clock=lambda: at) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)


def received(root: Path, name: str) -> list[dict[str, Any]]:
    path = root / f"data/outbox/{name}.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def found(root: Path, at: datetime = county.END) -> list[Task]:
    with app.world(root, clock=lambda: at) as world, world.store.read() as tx:
        return desk.tasks(world, tx, at)


def test_each_territory_is_told_of_its_own_once(root: Path):
    tasks = found(root)
    assert {task.receivers for task in tasks if task.area == "T1"} == {("east",)}
    assert {task.receivers for task in tasks if task.area in ("T2", "C")} <= {("police",)}
    for name in ("police", "east"):
        told = [one["key"] for one in received(root, name) if one["step"] in ("asked", "overdue")]
        assert len(told) == len(set(told)) > 0
        assert {key.split("/")[1] for key in told} <= {
            task.warning for task in tasks if name in task.receivers
        }
    texts = [one["text"] for one in received(root, "east") if one["step"] == "asked"]
    assert all(text.startswith("任务：") and "forewarn tasks accept" in text for text in texts)


def test_a_tick_again_tells_nothing_again(root: Path):
    before = [len(received(root, name)) for name in ("duty", "police", "east")]
    tick(root, county.END)
    assert [len(received(root, name)) for name in ("duty", "police", "east")] == before


def call(root: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(forewarn, ["--root", str(root), "tasks", *words])
    return done.exit_code, done.output


def test_a_department_answers_and_what_identifies_people_is_not_kept(root: Path):
    task = next(one for one in found(root) if one.open)
    wish = Act(
        kind=ActKind.TASK_ACCEPT, area="", topic="", at=county.END, target=task.id, by="lin",
        receiver=task.receivers[0],
    )  # fmt: skip
    with app.world(root, clock=lambda: county.END) as world:
        for kind, why in ((ActKind.TASK_ACCEPT, ""), (ActKind.TASK_FEEDBACK, "call 13912345678")):
            desk.answer(world, Act(**{**_fields(wish), "kind": kind, "reason": why}))
        with world.store.read() as tx:
            later = desk.tasks(world, tx, county.END + timedelta(minutes=1))
            kept = [act.reason for act in acts.every(tx, [ActKind.TASK_FEEDBACK])]
        now = next(one for one in later if one.id == task.id)
        assert now.accepted_at == county.END
        assert [one.text for one in now.feedback] == kept == ["call [phone]"]
        with pytest.raises(ActRefused, match="it is asked of"):
            desk.answer(world, Act(**{**_fields(wish), "receiver": "duty", "kind": ActKind.TASK_DONE}))
        desk.answer(world, Act(**{**_fields(wish), "kind": ActKind.TASK_DONE}))
        with pytest.raises(ActRefused, match="is done since"):
            desk.answer(world, Act(**{**_fields(wish), "kind": ActKind.TASK_DONE}))


def _fields(act: Act) -> dict[str, object]:
    return {name: getattr(act, name) for name in act.__slots__}


def test_the_command_lists_and_answers(root: Path):
    code, said = call(root, "list", "--all", "--format", "json")
    rows = json.loads(said)
    assert code == 0 and {"id", "state", "due", "for", "what"} <= rows[0].keys()
    code, said = call(root, "list", "--for", "east", "--all", "--format", "csv")
    assert len(said.splitlines()) == 1 + sum(row["for"] == "east" for row in rows)
    still = next(row["id"] for row in rows if row["state"] in ("asked", "overdue"))
    assert call(root, "decline", still, "--who", "lin")[0] == 1
    assert call(root, "accept", still, "--who", "lin") == (0, f"accept: {still}\n")
    assert call(root, "feedback", still, "--who", "lin", "--why", "quiet")[0] == 0
    assert call(root, "done", still, "--who", "lin", "--why", "two patrols") == (0, f"done: {still}\n")
    assert call(root, "accept", "no-such", "--who", "lin")[0] == 1


def test_who_was_asked_hears_that_the_warning_is_over_and_the_rest_is_void(root: Path):
    task = next(one for one in reversed(found(root)) if one.open)
    at = county.END + timedelta(minutes=5)
    lift = {"by": "chief", "role": Role.LEADER, "reason": "mistaken", "via": "test"}
    with app.world(root, clock=lambda: at) as world:
        acting.do(world, Act(kind=ActKind.LIFT, area="", topic="", at=at, warning=task.warning, **lift))
    tick(root, at)
    told = [one["warning"]["id"] for one in received(root, task.receivers[0]) if one["step"] == "lifted"]
    assert told == [task.warning]
    now = next(one for one in found(root, at) if one.id == task.id)
    assert (now.state, now.ended_at) == (TaskState.VOID, at)
