"""A plan that is under way is what it was when it began, whatever becomes of its file meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine import app
from engine.cycle import desk
from engine.cycle import run as running
from engine.store import meta
from tests.story.test_duty_stories import PLAN, PLANNED, tell
from tests.story.timeline import DAY, Story, story

FILE = "config/plans/explosion.yaml"
STEP = "again"


def edited(old: str, new: str) -> Callable[[Path], None]:
    assert old in PLAN

    def edit(root: Path) -> None:
        (root / FILE).write_text(PLAN.replace(old, new), encoding="utf-8")

    return edit


def taken_up(told: Story) -> None:
    """The service reads its files again."""
    home = app.home(told.root, DAY.date())
    told.world = replace(told.world, settings=home.settings, book=home.book)
    running.prepare_ledger(told.world)


def shown(told: Story, id_: str) -> dict[str, object]:
    """Everything that is shown of it, in the words of each place."""
    note = json.loads(told.command("forewarn handover --format json").output)
    return {
        "steps": tell(told, f"forewarn plans show {id_}"),
        "progress": told.command(f"forewarn plans show {id_} --language zh").output,
        "running": tell(told, "forewarn plans list --running --all"),
        "tasks": tell(told, "forewarn tasks list --all"),
        "handover": note["plans"],
    }


EDITS: dict[str, Callable[[Path], object]] = {
    "deleted": lambda root: (root / FILE).unlink(),
    "a file renamed": lambda root: (root / FILE).rename(root / "config/plans/other.yaml"),
    "an id renamed": edited("id: explosion\n", "id: explosions-new\n"),
    "a step removed": edited(next(one for one in PLAN.splitlines(True) if f"id: {STEP}" in one), ""),
    "a step due sooner": edited("due: 30m", "due: 1m"),
    "of a higher grade": edited("grade: yellow", "grade: red"),
    "by hand only": edited("grade: yellow", "grade: yellow\nstart: hand"),
    "of another title": edited("title: {en: ", "title: {en: New "),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_runs_is_what_began(tmp_path: Path, edit: Callable[[Path], object]) -> None:
    with story(tmp_path, **PLANNED) as told:
        told.at("09:00")
        told.push("T1", "explosion", 2)
        told.at("09:01")
        (one,) = tell(told, "forewarn plans list --running")
        if one["state"] == "proposed":
            told.command(f"forewarn plans start {one['id']} --who eva")
        assert told.command(f"forewarn plans step {one['id']} patrol done --who kay").exit_code == 0
        told.at("09:02")
        before, heard = shown(told, one["id"]), len(told.post.got["police"])
        edit(tmp_path)
        taken_up(told)
        told.at("09:03")
        assert shown(told, one["id"]) == before
        assert len(told.post.got["police"]) == heard, "nobody is told of it anew"
        assert told.command(f"forewarn plans step {one['id']} {STEP} done --who kay").exit_code == 0
        assert told.command(f"forewarn plans stand-down {one['id']} --who eva --why out").exit_code == 0
        account = told.command(f"forewarn plans show {one['id']} --after-action").output
        assert "Done: 2 / " in account


def test_a_file_that_cannot_be_read_hides_nothing(tmp_path: Path) -> None:
    with story(tmp_path, **PLANNED) as told:
        told.at("09:00")
        begun = told.command("forewarn plans start explosion --area T1 --who eva").output
        id_ = begun.removeprefix("started: ").strip()
        before = shown(told, id_)
        (tmp_path / FILE).write_text("id: [", encoding="utf-8")
        refused = told.command("forewarn plans list --running")
        assert FILE in str(refused.exception), "whoever types is told which file"
        with told.world.store.read() as tx:
            (one,) = desk.under_way(tx, told.now)
        assert (one.id, len(one.moves)) == (id_, 2)
        (tmp_path / FILE).unlink()
        assert shown(told, id_) == before


def test_a_plan_that_comes_later_is_for_what_rises_later(tmp_path: Path) -> None:
    with story(tmp_path, receivers=PLANNED["receivers"]) as told:
        told.at("09:00")
        told.push("T1", "explosion", 2)
        told.at("09:01")
        (tmp_path / FILE).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / FILE).write_text(PLAN, encoding="utf-8")
        taken_up(told)
        told.at("09:02")
        assert told.command("forewarn plans list --running --format json").output.strip() == "[]"
        told.push("T1", "explosion")
        told.at("09:05")
        assert [one["since"] for one in tell(told, "forewarn plans list --running")] != []


def test_what_an_older_version_had_under_way_is_kept_once_as_the_files_read_then(tmp_path: Path) -> None:
    with story(tmp_path, **PLANNED) as told:
        told.at("09:00")
        told.push("T1", "explosion", 2)
        told.at("09:01")
        id_ = tell(told, "forewarn plans list --running")[0]["id"]
        by_hand = told.command("forewarn plans start explosion --area T2 --who eva").output.split()[-1]
        before = shown(told, id_)
        with told.world.store.begin() as tx:
            tx.conn.exec_driver_sql("DELETE FROM response")
            meta.drop(tx, "plans kept")
        running.prepare_ledger(told.world)
        assert shown(told, id_) == before
        EDITS["deleted"](tmp_path)
        taken_up(told)
        assert {one["id"] for one in tell(told, "forewarn plans list --running")} == {id_, by_hand}
