"""What people do within one second keeps the order in which they did it, whoever looks at it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from engine.cycle import clocking
from engine.errors import ActRefused
from engine.model.act import ActKind, Verdict
from engine.model.grade import Grade
from engine.store import acts
from tests.story.test_duty_stories import ID, POLICE, tell
from tests.story.timeline import raised, story

DUTY = "answers: {yellow: {within: 20m, remind: 5m, repeats: 2}, orange: {within: 20m, remind: 5m}}\n"
LEAD = "issues: {public-safety: {orange: leader}}\n"


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ("raise close", Grade.NONE),
        ("raise close raise", Grade.YELLOW),
        ("raise comment comment close raise", Grade.YELLOW),
        ("raise lift raise", Grade.YELLOW),
        ("raise close raise close", Grade.NONE),
        ("raise regrade lift raise regrade", Grade.ORANGE),
        ("raise comment lift raise lift raise", Grade.YELLOW),
    ],
)
def test_the_last_word_of_a_second_is_the_one_said_last(tmp_path: Path, steps: str, stands: Grade) -> None:
    grades = {"raise": Grade.YELLOW, "regrade": Grade.ORANGE}
    with story(tmp_path) as told:
        told.at("09:00")
        for step in steps.split():
            more = {"verdict": Verdict.UNCLEAR} if step == "close" else {"grade": grades.get(step)}
            told.do(step, "anna", on="T1.burglary", leader=True, **more)
        assert told.grade("T1", "burglary") is stands
        told.at("09:01")
        assert told.grade("T1", "burglary") is stands
        told.at("2 09:00")  # the judge replays them
        assert told.grade("T1", "burglary") is stands
        with told.world.store.read() as tx:
            recorded = acts.every(tx)
        assert [act.kind.value for act in recorded] == steps.split()
        assert all(one.at <= other.at for one, other in pairwise(recorded))


@pytest.mark.parametrize(
    ("steps", "read"),
    [
        ("acknowledge", True),
        ("acknowledge unacknowledge", False),
        ("acknowledge unacknowledge acknowledge", True),
    ],
)
def test_an_acknowledgement_and_what_takes_it_back(tmp_path: Path, steps: str, read: bool) -> None:
    with story(tmp_path, files={"config/duty.yaml": DUTY}) as told:
        told.at("09:00")
        raised(told, "T1")
        told.at("09:01")
        for step in steps.split():
            told.do(step, "anna", receiver="centre")
        told.now = told.now.replace(minute=2)
        with told.world.store.read() as tx:
            assert (clocking.unread(told.world, tx, told.now) == []) is read
        told.at("09:20")
        told.want(centre="issued yellow T1" if read else "issued yellow T1, again yellow T1")


def test_who_acknowledged_before_a_rise_was_recorded_has_not_acknowledged_the_rise(tmp_path: Path) -> None:
    """The rise is of eight o'clock, and judged when the service comes back, after they acknowledged."""
    with story(tmp_path, files={"config/duty.yaml": DUTY}) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.push("T1", "burglary", 4)
        told.at("3 07:00", tick=False)
        told.at("3 10:00", tick=False)
        told.do("acknowledge", "anna", receiver="centre")
        told.at("3 10:30")
        assert told.grade("T1", "burglary") is Grade.ORANGE
        with told.world.store.read() as tx:
            unread = clocking.unread(told.world, tx, told.now)
        assert [lap.grade for lap in unread] == [Grade.ORANGE]
        told.want(centre="issued yellow T1, upgraded orange T1")
        told.at("3 10:36")
        told.want(centre="reminder orange T1")


def test_both_acts_of_a_second_stand_in_the_hand_over_in_their_order(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.at("09:00")
        raised(told, "T1")
        told.do("lift", "anna", on="T1.burglary", leader=True)
        told.do("raise", "anna", on="T1.burglary", leader=True, grade=Grade.YELLOW)
        told.now = told.now.replace(minute=5)
        note = json.loads(told.command("forewarn handover --format json").output)
        assert [line.split()[2] for line in note["acts"]] == ["raise", "lift", "raise"]
        moves = [line.split("  ")[1].split(":")[0] for line in note["changes"]]
        assert moves == ["issued", "lifted", "issued"]


@pytest.mark.parametrize("kinds", [(ActKind.ISSUE, ActKind.DECLINE), (ActKind.DECLINE, ActKind.ISSUE)])
def test_of_issue_and_decline_the_first_counts_and_the_second_is_refused(
    tmp_path: Path, kinds: tuple[ActKind, ActKind]
) -> None:
    with story(tmp_path, files={"config/grades.yaml": LEAD}) as told:
        told.push("T1", "burglary", 4)
        told.at("2 08:00")
        warning = told.warning("T1", "burglary")
        assert warning is not None and warning.proposed is Grade.ORANGE
        told.do(kinds[0], "eva", leader=True)
        with pytest.raises(ActRefused, match="no proposal"):
            told.do(kinds[1], "ole", leader=True, on="T1.burglary")


def test_whoever_acts_twice_in_a_second_sees_both_done(tmp_path: Path) -> None:
    with story(tmp_path, receivers=POLICE) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        for what in ("accept", "done"):
            line = f"forewarn tasks {what} {ID}/patrols --who kay --for police"
            assert told.command(line).exit_code == 0
        assert [one["state"] for one in tell(told, "forewarn tasks list --all")] == ["done"]
        note = json.loads(told.command("forewarn handover --format json").output)
        assert len(note["acts"]) == 2
