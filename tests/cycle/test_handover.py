"""At the end of a shift in a living county: what is passed on, who is late, and who supervises is told."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine import app
from engine.cli import forewarn
from engine.cycle import acting, clocking, desk, handing
from engine.cycle import run as running
from engine.model.act import Act, ActKind, Verdict
from engine.model.lap import Beat, LapState
from tests.cycle.test_tasks import ROUTES, received
from tests.story import county

ROTA = """
rotas:
  - {id: desk, title: Desk, shifts: [{name: day, hours: 08:00-20:00, since: 2026-01-05, teams: [duty]}]}
"""
DUTY = """
limits: {judged: 1h, told: 5m, read: {yellow: 1h, orange: 15m}, accepted: 2h, reported: 1d, reviewed: 7d}
supervision: {after: 1h, receivers: [head]}
"""
LATER = county.END + timedelta(hours=30)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = county.build(tmp_path_factory.mktemp("county"))
    head = "  - {id: head, title: Head, channels: [{kind: file, path: data/outbox/head.jsonl}]}\nroutes:"
    (root / "config/routes.yaml").write_text(ROUTES.replace("routes:", head), encoding="utf-8")
    (root / "config/rota.yaml").write_text(ROTA, encoding="utf-8")
    (root / "config/duty.yaml").write_text(DUTY, encoding="utf-8")
    tick(root, county.END)
    return root


def tick(root: Path, at: datetime) -> None:
    with app.world(root, clock=lambda: at) as world:
        running.prepare(world, county.FIRST)
        running.tick(world)


def test_who_is_late_is_told_to_who_supervises_once(root: Path):
    early = {one["key"] for one in received(root, "head")}
    tick(root, LATER)
    tick(root, LATER + timedelta(minutes=1))
    told = received(root, "head")
    keys = [one["key"] for one in told]
    assert len(keys) == len(set(keys)) and early < set(keys)
    assert {"read", "done"} <= {one["step"] for one in told}
    assert all(one["subject"].startswith("Supervision: ") for one in told)
    with app.world(root, clock=lambda: LATER) as world, world.store.read() as tx:
        laps = clocking.found(world, tx, LATER)
    assert {one["about"] for one in told} <= {lap.id for lap in laps if lap.due < LATER}


def test_what_was_judged_late_says_so(root: Path):
    with app.world(root, clock=lambda: LATER) as world, world.store.read() as tx:
        found = [one for one in clocking.found(world, tx, LATER) if one.beat is Beat.JUDGED]
    assert found and any(one.state(LATER) is LapState.LATE for one in found), "days were caught up at once"


def test_the_note_tells_what_stands_and_what_was_done(root: Path):
    with app.world(root, clock=lambda: LATER) as world:
        with world.store.read() as tx:
            before = handing.note(world, tx, county.END, LATER, world.settings.rotas["desk"])
        lap, task = before.unanswered[0], before.overdue[0]
        assert before.team == ("duty",)
        assert {one.id for one in before.open} >= {lap.id, task.warning}
        assert [one.due_at for one in before.overdue] == sorted(one.due_at for one in before.overdue)
        assert [(name, state) for name, state, _ in before.blind] == []
        ack = {"area": "", "topic": "", "at": LATER, "by": "lin", "via": "test"}
        acting.do(world, Act(kind=ActKind.ACKNOWLEDGE, warning=lap.id, receiver=lap.receiver, **ack))  # type: ignore[arg-type]
        desk.answer(world, Act(kind=ActKind.TASK_DONE, target=task.id, **ack))  # type: ignore[arg-type]
        later = LATER + timedelta(minutes=5)
        with world.store.read() as tx:
            after = handing.note(world, tx, county.END, later)
    assert (lap.id, lap.receiver) not in {(one.id, one.receiver) for one in after.unanswered}
    assert task.id not in {one.id for one in after.overdue}
    assert {one.kind for one in after.acts} == {ActKind.ACKNOWLEDGE, ActKind.TASK_DONE}


def test_what_was_taken_back_or_has_lapsed_is_unanswered_again(root: Path):
    at = LATER + timedelta(minutes=10)
    with app.world(root, clock=lambda: at) as world:

        def unread(when: datetime) -> set[tuple[str, str]]:
            with world.store.read() as tx:
                return {(one.id, one.receiver) for one in clocking.unread(world, tx, when)}

        id_, receiver = min(unread(at))
        usual = {"area": "", "topic": "", "at": at, "by": "lin", "via": "test", "warning": id_}
        for kind in (ActKind.ACKNOWLEDGE, ActKind.UNACKNOWLEDGE, ActKind.ACKNOWLEDGE):
            acting.do(world, Act(kind=kind, receiver=receiver, **usual))  # type: ignore[arg-type]
            assert ((id_, receiver) in unread(at + timedelta(minutes=1))) == (kind is ActKind.UNACKNOWLEDGE)
        assert (id_, receiver) in unread(at + timedelta(hours=25)), "it lasts a day"


def call(root: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(forewarn, ["--root", str(root), *words])
    return done.exit_code, done.output


def test_the_commands(root: Path):
    code, said = call(root, "handover", "--shift", "--language", "zh")
    assert code == 0 and said.startswith("交接班 ") and "在办预警" in said and "中断数据源" in said
    code, said = call(root, "handover", "--since", "2026-03-01", "--language", "zh")
    english = {"issued:", "upgraded:", "lifted:", "yellow", "orange", "acknowledge", "task-done", "blind"}
    assert not english & set(said.split()) and "发布: 无预警 -> " in said
    code, said = call(root, "handover", "--since", "2026-03-01", "--format", "json")
    told = json.loads(said)
    assert code == 0 and told["open"] and told["changes"] and told["blind"], (
        "by now the feed has long been silent"
    )
    assert call(root, "handover", "--rota", "none")[0] == 1
    code, said = call(root, "clock", "list", "--late", "--format", "csv")
    assert code == 0 and len(said.splitlines()) > 2 and "overdue" in said
    code, said = call(root, "clock", "scorecard", "--format", "json")
    lines = json.loads(said)
    assert {line["department"] for line in lines} == {"centre", "police"}
    assert lines[0].keys() == {"department", "step", "in_time", "late", "overdue", "share"}


def test_a_receiver_that_is_none_is_found(root: Path, tmp_path: Path):
    county.build(tmp_path)
    (tmp_path / "config/duty.yaml").write_text(DUTY.replace("[head]", "[haed]"), encoding="utf-8")
    code, said = call(tmp_path, "rules", "check")
    assert code == 1 and "config/duty.yaml:3: [error] there is no receiver 'haed'" in said


def test_a_verdict_ends_the_clock_of_the_review(root: Path):
    with app.world(root, clock=lambda: LATER + timedelta(hours=1)) as world:
        with world.store.read() as tx:
            reviews = [one for one in clocking.found(world, tx, LATER) if one.beat is Beat.REVIEWED]
        wish = {"area": "", "topic": "", "at": LATER, "by": "lin", "reason": "quiet", "via": "test"}
        verdict = Act(kind=ActKind.VERDICT, warning=reviews[0].id, verdict=Verdict.UNCLEAR, **wish)  # type: ignore[arg-type]
        acting.do(world, verdict)
        with world.store.read() as tx:
            now = [one for one in clocking.found(world, tx, LATER) if one.beat is Beat.REVIEWED]
    assert reviews[0].ended is None and now[0].ended is not None
