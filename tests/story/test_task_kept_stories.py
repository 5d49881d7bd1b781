"""A task that was asked is what it was when it was asked, whatever becomes of its rule meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine import app
from engine.cycle import run as running
from engine.model.grade import Grade
from engine.store import meta
from tests.story import county
from tests.story.test_duty_stories import ID, POLICE, tell
from tests.story.timeline import DAY, RULES, Story, story

LIST = "forewarn tasks list --all"
RULE, CATALOGUE = "rules/all.yaml", "config/measures.yaml"
MEASURES = county.FILES[CATALOGUE].lstrip()


def edited(path: str, old: str, new: str) -> Callable[[Path], object]:
    text = {RULE: RULES, CATALOGUE: MEASURES}[path].lstrip()
    assert old in text
    return lambda root: (root / path).write_text(text.replace(old, new), encoding="utf-8")


def taken_up(told: Story) -> None:
    """The service reads its files again."""
    home = app.home(told.root, DAY.date())
    told.world = replace(told.world, settings=home.settings, book=home.book)
    running.prepare_ledger(told.world)


EDITS: dict[str, Callable[[Path], object]] = {
    "deleted": lambda root: (root / RULE).unlink(),
    "another id": edited(RULE, "id: county.burglary", "id: county.break-ins"),
    "no longer asked for": edited(RULE, "measures: [patrols]", "measures: []"),
    "due sooner": edited(RULE, "measures: [patrols]", "measures: [{code: patrols, within: 1m}]"),
    "from red only": edited(RULE, "measures: [patrols]", "measures: [{code: patrols, grade: red}]"),
    "of another department": edited(CATALOGUE, "department: police", "department: health"),
    "in other words": edited(CATALOGUE, "Evening", "Night"),
    "until it is done": edited(CATALOGUE, "aim: patrol", "aim: patrol, outlives: true"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_was_asked_stays(tmp_path: Path, edit: Callable[[Path], object]) -> None:
    with story(tmp_path, receivers=POLICE) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(police="asked patrols")
        before, said = tell(told, LIST), told.last("centre")["measures"]
        assert [one["id"] for one in before] == [f"{ID}/patrols"]
        edit(tmp_path)
        taken_up(told)
        assert tell(told, LIST) == before
        told.at("2 08:01")
        told.want(police="")
        told.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        told.at("2 08:02")
        again = [one | {"again": False} for one in told.last("centre")["measures"]]
        assert again == said, "who is told again is told what was asked"
        assert told.command(f"forewarn tasks accept {ID}/patrols --who kay --for police").exit_code == 0
        told.do("lift", "chief", leader=True)
        told.at("2 09:00")
        (task,) = tell(told, LIST)
        assert (task["state"], task["due"]) == ("void", before[0]["due"]), "it ends as it was to end"


def test_what_a_rule_comes_to_ask_for_is_asked_when_it_finds_something_again(tmp_path: Path) -> None:
    more = MEASURES + "  - {code: talks, what: Talks, department: police, within: 2h, aim: mediation}\n"
    with story(tmp_path, receivers=POLICE) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(police="asked patrols")
        (tmp_path / CATALOGUE).write_text(more, encoding="utf-8")
        edited(RULE, "measures: [patrols]", "measures: [talks]")(tmp_path)
        taken_up(told)
        told.at("2 09:00")
        told.want(police="")
        told.push("T1", "burglary", 2)
        told.at("3 07:59")
        told.want(police="")
        told.at("3 08:00")
        asked = {one["id"].rpartition("/")[2]: one["asked"] for one in tell(told, LIST)}
        assert set(asked) == {"patrols", "talks"}, "what was asked before goes on"
        assert asked["patrols"] < asked["talks"], "nobody is late for what was not asked yet"


def test_what_an_older_version_had_asked_is_kept_once_as_the_rules_read_then(tmp_path: Path) -> None:
    with story(tmp_path, receivers=POLICE) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        before = tell(told, LIST)
        with told.world.store.begin() as tx:
            tx.conn.exec_driver_sql("DELETE FROM demand")
            meta.drop(tx, "measures kept")
        running.prepare_ledger(told.world)
        assert tell(told, LIST) == before
        EDITS["no longer asked for"](tmp_path)
        taken_up(told)
        assert tell(told, LIST) == before
