"""Drills beside real warnings: through the real chain, marked everywhere, outside every figure."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle import clocking, desk, dispatch, drilling, handing
from engine.cycle import run as running
from engine.cycle.world import World
from engine.duty.clock import scorecard
from engine.errors import ActRefused, UsageError
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.store import judgement
from tests.cycle.test_tasks import ROUTES, received
from tests.story import county

PLAN = """
id: explosion
title: {en: Explosion, zh: 爆炸}
owner: desk
review_by: 2027-06-30
topics: [explosions]
roles: [{id: lead, title: {en: Lead, zh: 组长}, department: police}]
steps:
  - {id: patrol, measure: patrols, role: lead, due: 30m}
  - {id: again, measure: patrols, after: [patrol], due: 2h}
stand_down: {when: {en: quiet, zh: 平稳}}
"""
AT = county.END


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county after nine days, with one plan."""
    root = county.build(tmp_path_factory.mktemp("county"))
    (root / "config/routes.yaml").write_text(ROUTES, encoding="utf-8")
    (root / "config/plans").mkdir()
    (root / "config/plans/explosion.yaml").write_text(PLAN, encoding="utf-8")
    with app.world(root, clock=lambda: AT) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)
    return root


def figures(world: World) -> list[object]:
    """Everything that is counted or told of what really happened."""
    now = world.clock()
    with world.store.read() as tx:
        note = handing.note(world, tx, AT, now)
        return [
            judgement.warnings(tx), judgement.changes(tx), scorecard(clocking.found(world, tx, now), now),
            clocking.unread(world, tx, now), note.open, note.overdue, note.plans,
        ]  # fmt: skip


def test_the_drill_of_a_route_is_marked_answered_and_counted_nowhere(root: Path):
    later = AT + timedelta(minutes=4)
    with app.world(root, clock=lambda: AT) as world:
        before, real = figures(world), len(received(root, "duty"))
        drill = drilling.start(world, "all", "T1", "lin")
        assert dispatch.deliver(world) == 1
        assert drill.startswith("exercise/route:all/T1/at")
        (told,) = received(root, "duty")[real:]
        assert told["exercise"] is True and told["step"] == "exercise" and told["key"].startswith(drill)
        assert told["subject"].startswith("[EXERCISE] ") and "THIS IS AN EXERCISE" in told["text"]
        assert f"forewarn drills answer {drill} --for duty" in told["text"]
        with pytest.raises(ActRefused, match="'east' was not told"):
            drilling.answer(world, drill, "east", "wang")
        with pytest.raises(ActRefused, match="this very second"):
            drilling.start(world, "all", "T1", "lin")
    with app.world(root, clock=lambda: later) as world:
        drilling.answer(world, drill, "duty", "wang")
        with world.store.read() as tx:
            (answer,) = drilling.report(world, tx, drill)
    assert (answer.receiver, answer.told_at, answer.delivered_at) == ("duty", AT, AT)
    assert (answer.answered_at, answer.by) == (later, "wang")
    with app.world(root, clock=lambda: AT) as world:
        running.tick(world)
        assert figures(world) == before


def test_who_does_not_answer_is_reminded_and_the_next_is_told_until_somebody_answers(tmp_path: Path):
    root = county.build(tmp_path)
    routes = ROUTES.replace("title: Duty centre,", "title: Duty centre, chain: [police],")
    (root / "config/routes.yaml").write_text(routes, encoding="utf-8")
    answers = "answers: {blue: {within: 20m, remind: 5m, repeats: 2}}\n"
    (root / "config/duty.yaml").write_text(answers, encoding="utf-8")

    def at(minutes: int) -> list[int]:
        with app.world(root, clock=lambda: AT + timedelta(minutes=minutes)) as world:
            with world.store.begin() as tx:
                drilling.remind(world, tx, world.clock())
            dispatch.deliver(world)
        return [len(received(root, name)) for name in ("duty", "police")]

    with app.world(root, clock=lambda: AT) as world:
        drill = drilling.start(world, "all", "T1", "lin", Grade.BLUE)
    assert [at(minutes) for minutes in (0, 4, 5, 5, 10, 19, 20, 21)] == [
        [1, 0], [1, 0], [2, 0], [2, 0], [3, 0], [3, 0], [3, 1], [3, 1],
    ]  # fmt: skip
    told = [*received(root, "duty"), *received(root, "police")]
    assert all(one["exercise"] and one["subject"].startswith("[EXERCISE] ") for one in told)
    with app.world(root, clock=lambda: AT + timedelta(minutes=22)) as world:
        drilling.answer(world, drill, "police", "wang")
        with world.store.read() as tx:
            said = {one.receiver: one.by for one in drilling.report(world, tx, drill)}
    assert said == {"duty": "", "police": "wang"}
    assert at(60) == at(60 * 30) == [3, 1]


def test_the_drill_of_a_plan_asks_the_real_departments(root: Path):
    at = AT + timedelta(minutes=1)
    with app.world(root, clock=lambda: at) as world:
        before = figures(world)
        drill = drilling.start(world, "explosion", "T1", "lin")
        dispatch.deliver(world)
        begun, told = sorted(
            (one for one in received(root, "east") if one.get("exercise")), key=lambda one: one["format"]
        )
        assert begun["subject"].startswith("[演练] 预案已启动：爆炸") and begun["id"] == drill
        assert told["subject"].startswith("[演练] 任务：") and told["task"]["response"] == drill
        done = Act(kind=ActKind.TASK_DONE, area="", topic="", at=at, target=f"{drill}/patrol", by="kay")
        desk.answer(world, done)
        at += timedelta(seconds=1)  # what comes in the same second is dated after what it answers
        with world.store.read() as tx:
            answers = drilling.report(world, tx, drill)
        assert [(one.receiver, one.answered_at is not None) for one in answers] == [
            ("east", True),
            ("east", False),
        ]
        assert figures(world) == before
        with world.store.read() as tx:
            assert all(one.exercise for one in desk.under_way(tx, at) if one.id == drill)
            assert {act.target for act in drilling.drills(tx)} >= {drill}


def test_the_drill_of_one_receiver_reaches_it_alone_and_is_answered_like_any(root: Path):
    later = AT + timedelta(minutes=4)
    with app.world(root, clock=lambda: AT) as world:
        drill = drilling.start(world, "@east", "T1", "lin")
        dispatch.deliver(world)
    with app.world(root, clock=lambda: later) as world:
        drilling.answer(world, drill, "east", "kay")
        with world.store.begin() as tx:
            assert drilling.remind(world, tx, later + timedelta(hours=2)) == 0
            (answer,) = drilling.report(world, tx, drill)
    assert (answer.receiver, answer.by) == ("east", "kay") and answer.delivered_at is not None


def test_what_is_not_there_cannot_be_drilled(root: Path):
    with app.world(root, clock=lambda: AT) as world:
        with pytest.raises(UsageError, match=r"there is no plan or route 'explosio'.*'explosion'"):
            drilling.start(world, "explosio", "T1", "lin")
        with world.store.read() as tx, pytest.raises(UsageError, match="there is no drill"):
            drilling.report(world, tx, "exercise/none")


def call(root: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(forewarn, ["--root", str(root), *words])
    return done.exit_code, done.output


def test_the_commands(root: Path):
    code, said = call(root, "drill", "all", "--area", "Westtown", "--who", "lin", "--grade", "red")
    assert code == 0 and said.endswith("told: duty\n")
    drill = said.splitlines()[0].removeprefix("exercise: ")
    assert call(root, "drills", "answer", drill, "--for", "duty", "--who", "wang")[0] == 0
    code, said = call(root, "drills", "report", drill, "--format", "json")
    (row,) = json.loads(said)
    assert row["receiver"] == "duty" and row["took"] == "0 min" and row["by"] == "wang"
    code, said = call(root, "drills", "list", "--format", "csv")
    assert drill in said
    assert call(root, "drill", "none", "--area", "T1", "--who", "lin")[0] == 1


@pytest.mark.parametrize(
    ("words", "hears", "why"),
    [
        (("--area", "T1", "--topic", "burglary", "--grade", "yellow"), "yes", "all"),
        (("--area", "Easttown", "--topic", "unrest", "--grade", "red", "--from", "blue"), "yes", "all"),
        (("--area", "T1", "--topic", "burglary", "--grade", "none", "--from", "blue"), "yes", "heard it"),
    ],
)
def test_who_would_hear_is_told_without_sending(root: Path, words: tuple[str, ...], hears: str, why: str):
    before = len(received(root, "duty"))
    code, said = call(root, "route", "test", *words, "--format", "json")
    row = next(one for one in json.loads(said) if one["receiver"] == "duty")
    assert code == 0 and (row["hears"], row["channels"]) == (hears, "file") and why in row["why"]
    assert len(received(root, "duty")) == before
