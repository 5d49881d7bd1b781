"""Stories of answers: reminders, chains, acknowledgements that end, and silences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import ActRefused
from engine.model.grade import Grade
from tests.story.timeline import Story, story

DUTY = """
answers:
  yellow: {within: 20m, remind: 5m, repeats: 3}
  orange: {within: 10m, remind: 5m, repeats: 2}
ack_lasts: 2h
"""
RECEIVERS = {"centre": "chain: [deputy, head], ", "deputy": "", "head": ""}
ASKS = {"receivers": RECEIVERS, "files": {"config/duty.yaml": DUTY}}


def yellow(told: Story) -> None:
    """Two burglaries of the day before, found yellow at eight."""
    told.push("T1", "burglary", 2)
    told.at("2 08:00")
    told.want(centre="issued yellow T1", deputy="", head="")


def test_whoever_does_not_answer_is_reminded_after_1_2_and_4_steps_and_then_no_more(tmp_path: Path) -> None:
    with story(tmp_path, receivers={"centre": ""}, files={"config/duty.yaml": DUTY}) as told:
        yellow_alone(told)
        for minute, wanted in ((4, ""), (6, "reminder yellow T1"), (9, ""), (11, "reminder yellow T1"),
                               (19, ""), (21, "reminder yellow T1"), (50, "")):  # fmt: skip
            told.at(f"2 08:{minute:02}")
            told.want(centre=wanted)
        told.at("2 20:00")
        told.want(centre="")


def yellow_alone(told: Story) -> None:
    told.push("T1", "burglary", 2)
    told.at("2 08:00")
    told.want(centre="issued yellow T1")


def test_an_answer_ends_the_reminders_and_the_chain(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.at("2 08:06")
        told.want(centre="reminder yellow T1")
        told.do("acknowledge", "anna", receiver="centre")
        for minute in (11, 21, 41):
            told.at(f"2 08:{minute}")
        told.want(centre="", deputy="", head="")


def test_nobody_answers_and_the_chain_is_told_to_its_end(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.at("2 08:21")
        told.want(centre="reminder yellow T1", deputy="escalation yellow T1", head="")
        assert told.last("deputy")["subject"].startswith("No answer from centre: [YELLOW")
        told.at("2 08:41")
        told.want(centre="", deputy="reminder yellow T1", head="escalation yellow T1")
        told.at("2 09:30")
        told.want(centre="", deputy="", head="reminder yellow T1")
        told.at("2 12:00")
        told.want(centre="", deputy="", head="")


def test_the_deputy_answers_for_the_centre(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.at("2 08:21")
        told.do("acknowledge", "bo", receiver="deputy")
        told.at("2 08:41")
        told.want(centre="reminder yellow T1", deputy="escalation yellow T1", head="")


def test_whoever_was_told_in_anothers_place_hears_the_end(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.at("2 08:21")
        told.want(centre="reminder yellow T1", deputy="escalation yellow T1")
        told.at("3 08:00")
        told.want(deputy="lifted none T1")


def test_a_rise_asks_again(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.do("acknowledge", "anna", receiver="centre")
        told.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        told.at("2 08:01")
        told.want(centre="upgraded orange T1")
        told.at("2 08:07")
        told.want(centre="reminder orange T1")
        told.do("acknowledge", "anna", receiver="centre", seen="orange")
        told.at("2 08:30")
        told.want(centre="", deputy="")


def test_an_answer_to_a_grade_that_has_moved_is_refused(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        with pytest.raises(ActRefused, match="it has moved since yellow was seen: upgraded to orange"):
            told.do("acknowledge", "anna", receiver="centre", seen="yellow")


def test_an_acknowledgement_lasts_its_time_and_then_asks_anew(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.do("acknowledge", "anna", receiver="centre")
        told.at("2 09:59")
        told.want(centre="")
        told.at("2 10:01")
        told.want(centre="again yellow T1")
        assert told.last("centre")["subject"].startswith("Still open: [YELLOW")
        told.at("2 10:07")
        told.want(centre="reminder yellow T1", deputy="")
        told.at("2 10:22")
        told.want(centre="reminder yellow T1", deputy="escalation yellow T1")


def test_an_acknowledgement_taken_back_asks_anew(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.do("acknowledge", "anna", receiver="centre")
        told.at("2 08:30")
        told.do("unacknowledge", "anna", receiver="centre")
        told.at("2 08:31")
        told.want(centre="again yellow T1")


def test_a_late_tick_sends_what_became_due_once_and_says_how_late(tmp_path: Path) -> None:
    with story(tmp_path, receivers={"centre": ""}, files={"config/duty.yaml": DUTY}) as told:
        yellow_alone(told)
        told.at("2 11:20")
        told.want(centre="reminder yellow T1")
        text = told.last("centre")["text"]
        assert told.last("centre")["subject"].startswith("Reminder 3: ")
        assert "due at 2026-03-03 08:20 UTC, sent 179 minutes late" in text or "180 minutes late" in text
        told.at("2 11:25")
        told.want(centre="")


def test_the_clock_of_an_answer_starts_when_the_message_arrived(tmp_path: Path) -> None:
    with story(tmp_path, receivers={"centre": ""}, files={"config/duty.yaml": DUTY}) as told:
        told.post.down.add("centre")
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.post.down.clear()
        told.at("2 08:02")
        told.want(centre="issued yellow T1")
        told.at("2 08:06")
        told.want(centre="")
        told.at("2 08:08")
        told.want(centre="reminder yellow T1")


def test_a_downgrade_to_a_grade_that_asks_for_no_answer_ends_the_reminders(tmp_path: Path) -> None:
    with story(tmp_path, **ASKS) as told:
        yellow(told)
        told.do("regrade", "chief", leader=True, grade=Grade.BLUE)
        told.at("2 08:30")
        told.want(centre="downgraded blue T1", deputy="")


def test_whoever_is_asked_for_an_approval_is_reminded_until_it_is_settled(tmp_path: Path) -> None:
    grades = "issues: {public-safety: {yellow: duty}}\n"
    routes = "  - {id: all, receivers: [centre]}\n  - {id: ask, asks: [duty], receivers: [desk]}\n"
    files = {"config/duty.yaml": DUTY, "config/grades.yaml": grades}
    with story(tmp_path, receivers={"centre": "", "desk": ""}, routes=routes, files=files) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.at("2 08:06")
        told.want(desk="proposed yellow T1, reminder yellow T1")
        told.do("issue", "anna")
        told.at("2 08:12")
        told.want(desk="", centre="issued blue T1, upgraded yellow T1, reminder yellow T1")


def test_a_silence_that_ends_while_it_stands_is_followed_by_what_stands(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.at("09:00")
        until = told.now.replace(day=3, hour=12)
        told.do("silence", "anna", on="T1.burglary", grade=Grade.YELLOW, until=until)
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(centre="")
        told.at("2 11:59")
        told.want(centre="")
        told.at("2 12:01")
        told.want(centre="issued yellow T1")
        told.at("2 12:05")
        told.want(centre="")


def test_a_silence_ended_by_hand_is_followed_by_what_stands(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.at("09:00")
        done = told.do("silence", "anna", on="T1.burglary", grade=Grade.YELLOW)
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(centre="")
        told.do("unsilence", "anna", target=done.act.id)
        told.at("2 08:05")
        told.want(centre="issued yellow T1")


def test_a_silence_of_one_warning_ends_with_it(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.do("silence", "anna")
        told.at("3 08:00")
        told.push("T1", "burglary", 2)
        told.at("4 08:00")
        told.want(centre="issued yellow T1, lifted none T1, issued yellow T1")


def test_red_is_told_whatever_is_silenced(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.at("09:00")
        told.do("silence", "chief", on="T1.burglary", leader=True, grade=Grade.ORANGE)
        told.push("T1", "burglary", 8)
        told.at("2 08:00")
        told.want(centre="issued red T1")


def test_a_silence_mutes_the_reminders_too(tmp_path: Path) -> None:
    with story(tmp_path, receivers={"centre": ""}, files={"config/duty.yaml": DUTY}) as told:
        yellow_alone(told)
        told.do("silence", "anna")
        told.at("2 08:30")
        told.want(centre="")


def test_a_silence_of_a_place_ends_by_hand_though_nothing_is_open_there(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.at("08:00")
        what = "--area T1 --topic burglary --grade yellow"
        assert told.command(f"forewarn silence add {what} --who anna --why known").exit_code == 0
        (silence,) = json.loads(told.command("forewarn silence list --format json").output)
        assert told.command(f"forewarn silence end {silence['id']} --who anna").exit_code == 0
        assert "nothing is silenced" in told.command("forewarn silence list").output
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(centre="issued yellow T1")
