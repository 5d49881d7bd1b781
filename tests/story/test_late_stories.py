"""Stories of what is judged late: whoever is told late has the whole time to answer and to act."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from tests.story.test_authority_stories import asked
from tests.story.test_duty_stories import PLANNED, POLICE, tell
from tests.story.timeline import Story, story

DUTY = "answers:\n  yellow: {within: 20m, remind: 5m, repeats: 3}\n"
ASKS = {"receivers": {"centre": "chain: [head], ", "head": ""}, "files": {"config/duty.yaml": DUTY}}
LIST = "forewarn tasks list --all"


def down_from_the_first_day(told: Story, many: int = 2) -> None:
    """The period due at eight is judged at noon, when the service is back."""
    told.push("T1", "burglary", many)
    told.at("2 07:50")
    told.at("2 12:00")


def test_a_task_asked_late_is_due_so_long_after_it_was_asked(tmp_path: Path) -> None:
    with story(tmp_path, receivers=POLICE) as told:
        down_from_the_first_day(told)
        told.want(police="asked patrols")
        (task,) = tell(told, LIST)
        assert (task["asked"], task["state"]) == ("2026-03-03T12:00+00:00", "asked"), "not overdue at once"
        (measure,) = told.last("centre")["measures"]
        due = datetime.fromisoformat(str(task["due"]))
        assert datetime.fromisoformat(measure["due"]) == due, "the message says the same"
        assert due > datetime.fromisoformat(str(task["asked"]))
        assert not measure["again"]


def test_what_was_asked_in_time_is_not_asked_later_for_being_told_again(tmp_path: Path) -> None:
    with story(tmp_path, receivers=POLICE) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        (before,) = tell(told, LIST)
        assert before["asked"] == "2026-03-03T08:00+00:00"
        told.push("T1", "burglary", 4)
        told.at("3 12:00")
        (after,) = tell(told, LIST)
        assert (after["asked"], after["due"]) == (before["asked"], before["due"])
        (measure,) = told.last("centre")["measures"]
        assert measure["again"]


def test_reminders_and_the_chain_count_from_when_it_was_told(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        down_from_the_first_day(told)
        told.want(centre="issued yellow T1", head="")
        told.at("2 12:04")
        told.want(centre="")
        told.at("2 12:06")
        told.want(centre="reminder yellow T1", head="")
        told.at("2 12:21")
        told.want(head="escalation yellow T1")


def test_a_plan_called_for_late_begins_when_it_is_told(tmp_path: Path) -> None:
    with story(tmp_path, **PLANNED) as told:
        told.push("T1", "explosion", 2)
        told.at("12:00")
        begun = [str(one["since"]) for one in tell(told, "forewarn plans list --running --all")]
        assert begun == ["2026-03-02T12:00+00:00"]


def test_what_rose_and_ended_while_nobody_judged_asks_nobody(tmp_path: Path) -> None:
    with story(tmp_path, receivers=POLICE) as told:
        told.push("T1", "burglary", 2)
        told.at("2 07:50")
        told.at("5 12:00")
        assert told.warning("T1", "burglary") is not None
        told.want(police="")
        assert tell(told, LIST) == []


def test_a_hand_over_tells_what_the_shift_heard_however_late_it_was_judged(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        down_from_the_first_day(told)
        told.at("2 12:30")
        note = json.loads(told.command("forewarn handover --since 2026-03-03T11:00Z --format json").output)
        (change,) = note["changes"]
        assert change.startswith("2026-03-03 08:00"), "dated eight, heard at noon"


def test_a_message_says_that_a_graver_grade_waits(tmp_path: Path) -> None:
    with story(tmp_path, **asked(orange="leader")) as told:
        told.push("T1", "burglary", 4)
        told.at("2 08:00")
        told.want(centre="issued yellow T1", desk="proposed orange T1")
        assert "A graver grade waits to be approved: orange." in told.last("centre")["text"]
        assert "waits to be approved" not in told.last("desk")["text"], "who is asked knows"
        told.do("issue", "chief", leader=True)
        told.at("2 08:05")
        told.want(centre="upgraded orange T1")
        assert "waits to be approved" not in told.last("centre")["text"]
