"""What people do at the command line, and what it tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import ActRefused, UsageError
from engine.model.grade import Grade
from tests.story.timeline import Story, story

ID = "T1.burglary.d20260302"


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Story]:
    """A county with one warning at yellow."""
    with story(tmp_path) as opened:
        opened.push("T1", "burglary", 2)
        opened.at("2 08:00")
        yield opened


def rows(told: Story, line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(told.command(f"{line} --format json").output)
    return found


def test_an_act_says_on_what_it_was_done_and_what_it_changed(told: Story) -> None:
    line = f"forewarn warnings regrade {ID} orange --who eva --as leader --why seen --seen yellow"
    result = told.command(line)
    first, second = result.output.splitlines()
    assert first.startswith(f"regrade on {ID} at yellow: 20260303T080001Z-regrade-")
    assert second == "upgraded: yellow -> orange (seen)"
    assert told.grade("T1", "burglary") is Grade.ORANGE


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"forewarn warnings lift {ID} --who anna --why wrong", "takes a leader"),
        (f"forewarn warnings ack {ID} --who anna --seen orange", "it has moved since orange was seen"),
        (f"forewarn warnings issue {ID} --who anna", "no proposal waits"),
        (f"forewarn warnings decline {ID} --who anna --why no", "no proposal waits"),
        (f"forewarn warnings close {ID} --who anna --verdict averted --why patrols", "averted means"),
        (f"forewarn silence add {ID} --who anna --grade orange --why x", "to silence orange takes a leader"),
        (f"forewarn silence add {ID} --who anna --until 2026-04-03 --why known", "yellow is silenced until"),
        ("forewarn warnings raise T1 burglary red --who anna --why seen", "is open there already"),
    ],
)
def test_what_may_not_be_done_is_refused_with_a_sentence(told: Story, line: str, said: str) -> None:
    result = told.command(line)
    assert isinstance(result.exception, ActRefused) and said in str(result.exception)
    assert result.exception.exit_code == 1
    assert rows(told, "forewarn warnings acts") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("forewarn warnings ack T1.burglary.d20260303 --who anna", f"did you mean '{ID}'?"),
        ("forewarn warnings raise T9 burglary red --who anna --why seen", "there is no area 'T9'"),
        ("forewarn warnings raise T2 burglaries red --who anna --why x", "did you mean 'burglary'?"),
        ("forewarn warnings comment T1.burglary.d20260302 --who anna", "to comment needs a reason"),
        (f"forewarn warnings comment {ID} --who anna --why '  '", "to comment needs a reason; say --why"),
        (f"forewarn warnings comment {ID} --who '  ' --why seen", "nobody is named who does it; say --who"),
        (f"forewarn warnings comment {ID} --who {'x' * 101} --why seen", "the name has 101 characters"),
        (f"forewarn warnings comment {ID} --who anna --why {'长' * 2001}", "the reason has 2,001 characters"),
        (f"forewarn warnings ack {ID} --who anna --seen purple", "'purple' is no grade, and no change of"),
        (f"forewarn tasks done {ID}/patrols --who ' '", "nobody is named who does it; say --who"),
        ("forewarn tasks list --for centr", "there is no receiver 'centr' (did you mean 'centre'?)"),
        ("forewarn tasks list --department polise", "asked of 'polise' (did you mean 'police'?)"),
        (f"forewarn plans start flood --area T1 --who anna --warning {ID}x", "there is no warning"),
        ("forewarn drill all --area T1 --who ''", "nobody is named who does it; say --who"),
        ("forewarn handover --since 2026-04-01T08:00", "2026-04-01 08:00 UTC has not come yet"),
        ("forewarn handover --since 0001-01-01T00:00+05:00", "is no moment; write 2025-01-28"),
        (f"forewarn silence add {ID} --area T1 --who anna --why x", "is about one warning"),
        ("forewarn silence add --area T1 --who anna --why x", "is about one warning"),
        ("forewarn silence add --area T1 --topic burglary --who anna --why x", "up to which grade"),
        ("forewarn silence end nothing --who anna", "there is no silence 'nothing'"),
    ],
)
def test_a_wrong_call_says_what_is_right(told: Story, line: str, said: str) -> None:
    result = told.command(line)
    assert isinstance(result.exception, UsageError | ActRefused) and said in str(result.exception)


def test_acknowledged_and_taken_back(told: Story) -> None:
    assert told.command(f"forewarn warnings ack {ID} --who anna").exit_code == 0
    assert told.command(f"forewarn warnings unack {ID} --who anna").exit_code == 0
    acts = rows(told, f"forewarn warnings acts {ID}")
    assert [(act["kind"], act["who"], act["for"], act["via"]) for act in acts] == [
        ("acknowledge", "anna", "centre", "cli"), ("unacknowledge", "anna", "centre", "cli"),
    ]  # fmt: skip


def test_a_second_acknowledgement_says_who_of_which_office_answered_before_and_when(told: Story) -> None:
    assert "already" not in told.command(f"forewarn warnings ack {ID} --who anna").output
    again = told.command(f"forewarn warnings ack {ID} --who eva --as leader").output
    assert "acknowledged already for centre by duty at 2026-03-03 08:00; this renews it" in again
    assert "anna" not in again, "whose name it was is in the records of acts"
    third = told.command(f"forewarn --language zh warnings ack {ID} --who anna").output
    assert "centre此前已由" in third and "确认收到，本次仅续期" in third and "leader" not in third


def test_what_was_taken_back_or_has_risen_since_is_no_second_acknowledgement(told: Story) -> None:
    told.command(f"forewarn warnings ack {ID} --who anna")
    told.command(f"forewarn warnings unack {ID} --who anna")
    assert "already" not in told.command(f"forewarn warnings ack {ID} --who anna").output
    told.command(f"forewarn warnings regrade {ID} orange --who eva --as leader --why seen")
    assert "already" not in told.command(f"forewarn warnings ack {ID} --who anna").output


def test_lifted_by_hand_and_judged_afterwards(told: Story) -> None:
    assert told.command(f"forewarn warnings lift {ID} --who eva --as leader --why twice").exit_code == 0
    assert told.grade("T1", "burglary") is Grade.NONE
    line = f"forewarn warnings close {ID} --who anna --verdict false-alarm --why 'entered twice'"
    assert told.command(line).output.startswith("verdict on ")
    acts = rows(told, f"forewarn warnings acts {ID}")
    assert [act["verdict"] for act in acts] == [None, "false-alarm"]


def test_raised_by_hand(told: Story) -> None:
    line = "forewarn warnings raise Westtown burglary yellow --who anna --why 'partners called'"
    result = told.command(line)
    assert "issued: none -> yellow (partners called)" in result.output
    (row,) = (one for one in rows(told, "forewarn warnings list") if one["area"] == "T2")
    assert (row["grade"], row["title"]) == ("yellow", "Burglary")


def test_the_agenda_proposes_and_changes_nothing(told: Story) -> None:
    assert told.command(f"forewarn warnings regrade {ID} blue --who eva --as leader --why x").exit_code == 0
    (line,) = rows(told, "forewarn warnings review")
    assert (line["decision"], line["grade"], line["to"]) == ("raise", "blue", "yellow")
    assert line["why"] == "county.burglary finds yellow; held by eva (x)"
    assert told.grade("T1", "burglary") is Grade.BLUE


def test_situations_are_listed(told: Story) -> None:
    told.command("forewarn warnings raise C burglary orange --who eva --as leader --why seen")
    (one,) = rows(told, "forewarn warnings situations")
    assert (one["grade"], one["place"], one["open"], one["areas"], one["id"]) == (
        "orange", "The County", 2, "C T1", ID,
    )  # fmt: skip


def test_a_silence_from_preview_to_end(told: Story) -> None:
    muted = rows(told, f"forewarn silence preview {ID}")
    assert [(one["after"], one["receivers"]) for one in muted] == [("blue", "centre")]
    assert rows(told, "forewarn silence list") == []
    assert told.command(f"forewarn silence add {ID} --who anna --why known").exit_code == 0
    (one,) = rows(told, "forewarn silence list")
    assert (one["state"], one["grade"], one["until"]) == ("holds", "yellow", "2026-03-10T08:00+00:00")
    assert told.command(f"forewarn silence end {one['id']} --who anna").exit_code == 0
    assert rows(told, "forewarn silence list") == []
    assert [row["state"] for row in rows(told, "forewarn silence list --all")] == ["ended by hand"]
    again = told.command(f"forewarn silence end {one['id']} --who anna")
    assert "it is ended by hand" in str(again.exception)


def test_a_place_is_silenced_whatever_comes(told: Story) -> None:
    line = "forewarn silence add --area T2 --topic burglary --grade yellow --who anna --why festival"
    assert told.command(line).exit_code == 0
    told.push("T2", "burglary", 2)
    told.at("3 08:00")
    told.want(centre="issued yellow T1, lifted none T1")
