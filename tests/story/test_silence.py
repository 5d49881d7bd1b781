"""A person's silence in the store mutes the service's messages, and changes nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from engine import app
from engine.cycle import run as running
from engine.cycle.world import clock_from
from engine.model.act import Act, ActKind
from engine.model.grade import Grade
from engine.model.warning import Change, Step
from engine.store import acts, judgement
from tests.story.county import END, FIRST, build, received

BURGLARY = ("T1", "burglary")


def lived(root: Path, *done: Act) -> tuple[list[Change], list[str]]:
    """The changes of nine days with these acts, and the keys of the messages that arrived."""
    with app.world(build(root), clock=clock_from(END)) as world:
        running.prepare(world, FIRST)
        with world.store.begin() as tx:
            acts.add(tx, done)
        running.tick(world)
        with world.store.read() as tx:
            return judgement.changes(tx), received(root)


def silence(grade: Grade | None, days: int) -> Act:
    area, topic = BURGLARY
    until = FIRST + timedelta(days=days)
    return Act(
        id="a1", kind=ActKind.SILENCE, area=area, topic=topic, at=FIRST, until=until, grade=grade,
        reason="known, and worked on",
    )  # fmt: skip


def about(messages: list[str]) -> list[str]:
    return [key for key in messages if key.startswith(".".join(BURGLARY))]


def test_what_is_silenced_changes_and_is_not_told(tmp_path: Path) -> None:
    changes, told = lived(tmp_path / "told")
    silent_changes, silent = lived(tmp_path / "silent", silence(Grade.RED, 30))
    assert silent_changes == changes
    assert about(told)
    assert about(silent) == []
    assert [key for key in told if key not in about(told)] == silent


def test_a_rise_above_the_silenced_grade_is_told(tmp_path: Path) -> None:
    changes, told = lived(tmp_path / "told")
    _, held = lived(tmp_path / "held", silence(Grade.BLUE, 30))
    blue = [c.key for c in changes if c.step is not Step.LIFTED and c.after is Grade.BLUE]
    missing = set(about(told)) - set(about(held))
    assert missing
    assert {key.rsplit("/", 2)[0] for key in missing} <= set(blue)
    assert about(held), "what rose above blue was told"


def test_a_silence_that_has_ended_mutes_nothing(tmp_path: Path) -> None:
    _, told = lived(tmp_path / "told")
    _, after = lived(tmp_path / "after", silence(Grade.RED, 1))
    assert after == told
