"""Stories of authority: who lets a grade pass, and what happens when nobody answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import ActRefused
from engine.model.act import Verdict
from engine.model.grade import Grade
from tests.story.timeline import story

RECEIVERS = {"centre": "", "desk": ""}
ROUTES = """
  - {id: all, receivers: [centre]}
  - {id: ask, asks: [duty, leader, two], receivers: [desk]}
"""


def asked(**issues: str) -> dict[str, object]:
    """A county where these grades wait for somebody."""
    of = ", ".join(f"{grade}: {issuer}" for grade, issuer in issues.items())
    files = {"config/grades.yaml": f"issues: {{public-safety: {{{of}}}}}\n"}
    return {"receivers": RECEIVERS, "routes": ROUTES, "files": files}


def test_a_proposal_reaches_whoever_may_let_it_pass_and_nobody_else(tmp_path: Path) -> None:
    with story(tmp_path, **asked(orange="leader")) as told:
        told.at("10:00")
        told.push("T1", "burglary", 4)
        told.at("2 08:00")
        told.want(centre="issued yellow T1", desk="proposed orange T1")
        told.do("issue", "chief", leader=True)
        told.at("2 08:05")
        told.want(centre="upgraded orange T1", desk="")


def test_two_people_are_two_and_the_second_approval_of_one_is_refused(tmp_path: Path) -> None:
    with story(tmp_path, **asked(blue="two")) as told:
        told.push("T1", "burglary", 1)
        told.at("2 08:00")
        told.want(centre="", desk="proposed blue T1")
        told.do("issue", "chief", leader=True)
        with pytest.raises(ActRefused, match="chief has let it pass already"):
            told.do("issue", "chief", leader=True)
        with pytest.raises(ActRefused, match="needs two people, each a leader"):
            told.do("issue", "duty-1")
        told.at("2 08:05")
        told.want(centre="")
        told.do("issue", "deputy", leader=True)
        told.at("2 08:10")
        told.want(centre="issued blue T1", desk="")


def test_an_approval_of_a_grade_that_has_moved_is_refused(tmp_path: Path) -> None:
    with story(tmp_path, **asked(yellow="leader", orange="leader")) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.want(centre="issued blue T1", desk="proposed yellow T1")
        told.push("T1", "burglary", 4)
        told.at("3 08:00")
        told.want(desk="proposed orange T1")
        with pytest.raises(ActRefused, match="it has moved since yellow was seen: proposed to orange"):
            told.do("issue", "chief", leader=True, seen="yellow")
        told.do("issue", "chief", leader=True, seen="orange")
        told.at("3 08:05")
        told.want(centre="upgraded orange T1")


def test_an_unanswered_red_goes_out_marked(tmp_path: Path) -> None:
    with story(tmp_path, **asked(red="two", orange="leader", yellow="duty", blue="duty")) as told:
        told.push("T1", "burglary", 8)
        told.at("2 08:00")
        told.want(centre="", desk="proposed red T1")
        told.at("2 08:09")
        told.want(centre="")
        told.at("2 08:10")
        told.want(centre="issued red T1")
        assert told.last("centre")["change"]["issuer"] == "unanswered"
        assert "Not yet approved" in told.last("centre")["text"]


def test_what_is_found_at_once_is_not_silent_either(tmp_path: Path) -> None:
    with story(tmp_path, **asked(blue="duty")) as told:
        told.at("09:00")
        told.push("T1", "explosion")
        told.at("09:05")
        told.want(centre="", desk="proposed blue T1")
        told.at("09:11")
        told.want(centre="issued blue T1")


def test_another_unanswered_grade_waits(tmp_path: Path) -> None:
    with story(tmp_path, **asked(blue="duty")) as told:
        told.push("T1", "burglary", 1)
        told.at("2 08:00")
        told.want(desk="proposed blue T1")
        told.at("2 20:00")
        told.want(centre="", desk="")


def test_a_proposal_that_nothing_calls_for_any_more_is_withdrawn(tmp_path: Path) -> None:
    with story(tmp_path, **asked(blue="duty")) as told:
        told.push("T1", "burglary", 1)
        told.at("2 08:00")
        told.at("3 08:00")
        told.want(centre="", desk="proposed blue T1, withdrawn blue T1")
        assert told.grade("T1", "burglary") is Grade.NONE
        with pytest.raises(ActRefused, match="is over since"):
            told.do("issue", "chief", leader=True, on="T1.burglary")


def test_lowering_what_a_leader_issued_is_proposed_and_unanswered_keeps_it(tmp_path: Path) -> None:
    with story(tmp_path, **asked(orange="leader")) as told:
        told.push("T1", "burglary", 4)
        told.at("2 08:00")
        told.do("issue", "chief", leader=True)
        told.push("T1", "burglary", 2)
        told.at("3 08:00")
        told.want(centre="issued yellow T1, upgraded orange T1")
        told.want(desk="proposed orange T1, proposed yellow T1")
        told.at("4 08:00")
        told.want(desk="proposed none T1")
        told.at("5 08:00")
        assert told.grade("T1", "burglary") is Grade.ORANGE
        told.do("issue", "chief", leader=True, seen="none")
        told.at("5 08:05")
        told.want(centre="lifted none T1", desk="lifted none T1")


def test_automation_takes_back_what_it_issued_itself(tmp_path: Path) -> None:
    with story(tmp_path, **asked(orange="leader")) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.at("3 08:00")
        told.want(centre="issued yellow T1, lifted none T1", desk="")


def test_a_declined_rise_is_not_asked_for_again_until_something_graver_is_found(tmp_path: Path) -> None:
    with story(tmp_path, **asked(yellow="duty", orange="leader")) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.do("decline", "duty-1")
        told.push("T1", "burglary", 2)
        told.at("3 08:00")
        told.want(centre="issued blue T1", desk="proposed yellow T1, declined yellow T1")
        told.push("T1", "burglary", 4)
        told.at("4 08:00")
        told.want(centre="", desk="proposed orange T1")


def test_a_red_by_hand_needs_another_person_and_goes_out_when_nobody_answers(tmp_path: Path) -> None:
    with story(tmp_path, **asked()) as told:
        told.at("09:00")
        told.do("raise", "duty-1", on="T2.burglary", grade=Grade.RED)
        told.at("09:05")
        told.want(centre="", desk="proposed red T2")
        with pytest.raises(ActRefused, match="asked for red by hand, and somebody else must let it pass"):
            told.do("issue", "duty-1", leader=True)
        told.at("09:11")
        told.want(centre="issued red T2")
        assert told.last("centre")["change"]["issuer"] == "unanswered"


def test_a_red_by_hand_that_a_second_person_approves(tmp_path: Path) -> None:
    with story(tmp_path, **asked()) as told:
        told.at("09:00")
        told.do("raise", "duty-1", on="T2.burglary", grade=Grade.RED)
        told.do("issue", "chief", leader=True)
        told.at("09:05")
        told.want(centre="issued red T2")
        assert told.last("centre")["change"]["issuer"] == "two"


def test_a_warning_by_hand_stands_without_any_finding_until_its_end(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.at("09:00")
        until = told.now.replace(day=4, hour=12)
        told.do("raise", "anna", on="T2.burglary", grade=Grade.YELLOW, until=until, reason="partners called")
        told.at("09:05")
        told.want(centre="issued yellow T2")
        assert "partners called" in told.last("centre")["text"]
        told.at("2 08:00")
        told.at("3 08:00")
        told.want(centre="")
        told.at("3 12:05")
        told.want(centre="lifted none T2")


def test_a_grade_by_hand_holds_until_its_end_and_works_at_once(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.push("T1", "burglary", 1)
        told.at("2 08:00")
        told.do("regrade", "chief", leader=True, grade=Grade.ORANGE, until=told.now.replace(day=5))
        told.at("2 08:01")
        told.push("T1", "burglary", 1)
        told.at("3 08:00")
        told.want(centre="issued blue T1, upgraded orange T1")
        told.at("4 08:00")
        told.at("4 08:05")
        told.want(centre="lifted none T1")


def test_closing_mutes_what_stands_and_not_the_place_for_ever(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.push("T1", "burglary", 2)
        told.do("close", "duty-1", verdict=Verdict.FALSE_ALARM)
        told.at("3 08:00")
        told.want(centre="issued yellow T1, lifted none T1")
        told.at("4 08:00")
        told.push("T1", "burglary", 2)
        told.at("5 08:00")
        told.want(centre="issued yellow T1")


def test_a_late_run_does_not_undo_what_a_person_did_and_nothing_graver_is_muted(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.push("T1", "burglary", 1)
        told.at("2 08:00")
        told.push("T1", "burglary", 2)
        told.at("3 09:30", tick=False)
        told.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        told.at("3 11:00")
        told.want(centre="issued blue T1, upgraded orange T1")
        told.push("T1", "burglary", 8)
        told.at("4 08:00")
        told.want(centre="upgraded red T1")


def test_a_run_that_is_days_late_honours_what_had_not_ended_when_it_was_due(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.push("T1", "burglary", 2)
        told.do("close", "duty-1", verdict=Verdict.UNCLEAR, until=told.now.replace(day=4, hour=12))
        told.at("5 08:00")
        told.want(centre="issued yellow T1, lifted none T1, issued yellow T1, lifted none T1")
        again = told.post.got["centre"][2]["change"]
        assert again["at"] == "2026-03-04T12:00:02Z", "when the decision was over, and not before"


# -- what somebody without the office tries


FULL = asked(yellow="duty", orange="leader", red="two")


@pytest.mark.parametrize("kind", ["regrade", "close"])
def test_an_officer_takes_no_red_proposal_away_and_it_goes_out(kind: str, tmp_path: Path) -> None:
    with story(tmp_path, **FULL) as told:
        told.push("T1", "burglary", 9)
        told.at("2 08:00")
        more = {"grade": Grade.YELLOW} if kind == "regrade" else {"verdict": Verdict.UNCLEAR}
        with pytest.raises(ActRefused, match="red is proposed, and to do with less takes a leader"):
            told.do(kind, "duty-1", **more)
        told.at("2 08:11")
        told.want(centre="issued blue T1, upgraded red T1")


def test_a_leader_who_sees_the_red_may_do_with_less(tmp_path: Path) -> None:
    with story(tmp_path, **FULL) as told:
        told.push("T1", "burglary", 9)
        told.at("2 08:00")
        with pytest.raises(ActRefused, match="it has moved since blue was seen: proposed to red"):
            told.do("close", "chief", leader=True, verdict=Verdict.FALSE_ALARM, seen="blue")
        told.do("close", "chief", leader=True, verdict=Verdict.FALSE_ALARM, seen="red")
        told.at("2 08:30")
        told.want(centre="issued blue T1, lifted none T1")
        told.want(desk="proposed red T1, lifted none T1, withdrawn red T1")


def test_one_person_is_not_two_by_a_capital_letter(tmp_path: Path) -> None:
    with story(tmp_path, **asked(blue="two")) as told:
        told.push("T1", "burglary", 1)
        told.at("2 08:00")
        told.do("issue", "eva", leader=True)
        for name in ("Eva", " eva", "EVA "):
            with pytest.raises(ActRefused, match="has let it pass already"):
                told.do("issue", name, leader=True)
        told.at("2 08:05")
        told.want(centre="")


def test_by_hand_an_officer_issues_nothing_that_takes_a_leader(tmp_path: Path) -> None:
    with story(tmp_path, **asked(yellow="leader")) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.do("decline", "chief", leader=True)
        told.do("raise", "duty-1", on="T2.burglary", grade=Grade.YELLOW)
        told.do("regrade", "duty-1", on="T1.burglary", grade=Grade.YELLOW)
        told.at("2 08:05")
        told.want(centre="issued blue T1")
        assert (told.grade("T1", "burglary"), told.grade("T2", "burglary")) == (Grade.BLUE, Grade.NONE)
        told.do("issue", "chief", leader=True, on="T2.burglary")
        told.at("2 08:10")
        told.want(centre="issued yellow T2")


def test_an_approval_of_what_stood_is_none_of_what_is_proposed_since(tmp_path: Path) -> None:
    with story(tmp_path, **asked(yellow="duty", orange="leader")) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        told.do("issue", "duty-1")
        told.push("T1", "burglary", 4)
        told.at("3 08:00")
        with pytest.raises(ActRefused, match="it has moved since yellow was seen: proposed to orange"):
            told.do("issue", "chief", leader=True, seen="yellow")
        assert told.grade("T1", "burglary") is Grade.YELLOW


# -- clocks that were wrong


def test_what_is_done_after_a_clock_that_was_ahead_counts_now(tmp_path: Path) -> None:
    files = {"config/duty.yaml": "answers: {yellow: {within: 20m, remind: 5m}}\n"}
    with story(tmp_path, receivers={"centre": "", "police": "department: police, "}, files=files) as told:
        told.push("T1", "burglary", 2)
        told.at("2 08:00")
        right, task = told.now, "T1.burglary.d20260302/patrols"
        told.now = right.replace(year=2027)
        told.do("comment", "anna")
        assert told.command(f"forewarn tasks accept {task} --who anna").exit_code == 0
        told.now = right
        told.do("acknowledge", "anna", receiver="centre")
        assert told.command(f"forewarn tasks done {task} --who anna").exit_code == 0
        told.at("2 08:30")
        told.want(centre="issued yellow T1")
        assert "done" in told.command("forewarn tasks list --all").output


def test_decisions_end_in_time_after_a_clock_that_was_ahead(tmp_path: Path) -> None:
    with story(tmp_path) as told:
        told.push("T1", "burglary", 1)
        told.at("2 08:00")
        right = told.now
        told.now = right.replace(year=2027)
        told.do("raise", "chief", on="T3.burglary", leader=True, grade=Grade.YELLOW)
        told.now = right
        nine = right.replace(hour=9)
        told.do("raise", "chief", on="T2.burglary", leader=True, grade=Grade.YELLOW, until=nine)
        told.at("2 09:01")
        assert told.grade("T2", "burglary") is Grade.NONE
