"""Stories of messages that wait: quiet hours, digests, a budget, and what never waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import app
from engine.errors import ConfigError
from engine.model.grade import Grade
from engine.store import outbox
from tests.story.timeline import Post as Hooks
from tests.story.timeline import build, raised, story

ANSWERS = "answers: {yellow: {within: 20m, remind: 5m, repeats: 3}}\n"


def waits(**keys: str) -> dict[str, str]:
    """The centre, with these keys; and the head, who is told of everything at once."""
    return {"centre": "".join(f"{key}: {value}, " for key, value in keys.items()), "head": ""}


ALL = "  - {id: all, receivers: [centre, head]}\n"


def test_in_quiet_hours_yellow_waits_for_the_morning_and_orange_does_not(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(quiet="22:00-07:00"), routes=ALL) as told:
        told.at("23:00")
        raised(told, "T1")
        raised(told, "T2", Grade.BLUE)
        raised(told, "T3", Grade.ORANGE)
        told.at("23:01")
        told.want(centre="issued orange T3", head="issued yellow T1, issued blue T2, issued orange T3")
        told.at("2 06:59")
        told.want(centre="")
        told.at("2 07:00")
        told.want(centre="digest of 2")
        text = told.last("centre")["text"].splitlines()
        assert text[0] == "[Digest] 2 messages: 1 yellow, 1 blue"
        assert text[2] == "- 03-02 23:00 [YELLOW warning] Burglary, Easttown"


def test_what_waited_alone_comes_as_itself(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(quiet="22:00-07:00"), routes=ALL) as told:
        told.at("22:00")
        raised(told, "T1")
        told.at("2 03:00")
        told.want(centre="")
        told.at("2 07:30")
        told.want(centre="issued yellow T1")


def test_the_end_of_an_orange_warning_does_not_wait_and_a_rise_to_it_overtakes(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(quiet="20:00-07:00"), routes=ALL) as told:
        told.at("21:00")
        raised(told, "T1")
        told.at("21:30")
        told.do("regrade", "chief", leader=True, grade=Grade.ORANGE)
        told.at("21:31")
        told.want(centre="upgraded orange T1")
        told.do("lift", "chief", on="T1.burglary", leader=True)
        told.at("21:32")
        told.want(centre="lifted none T1")
        told.at("2 07:00")
        told.want(centre="issued yellow T1")


def test_a_digest_comes_at_its_times_with_all_since(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(digest='["12:00", "16:00"]'), routes=ALL) as told:
        told.at("09:00")
        raised(told, "T1")
        told.at("10:00")
        raised(told, "T2")
        told.at("12:00")
        told.want(centre="digest of 2")
        raised(told, "T3")
        told.at("15:59")
        told.want(centre="")
        told.at("16:00")
        told.want(centre="issued yellow T3")


def test_beyond_the_budget_the_rest_comes_when_the_day_is_over_and_says_how_many(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(budget="2"), routes=ALL) as told:
        for hour in range(8, 24):
            told.at(f"{hour:02}:00")
            area = f"T{hour % 3 + 1}"
            warning = told.warning(area, "burglary")
            if warning is not None and warning.open:
                told.do("lift", "chief", on=f"{area}.burglary", leader=True)
            else:
                raised(told, area)
        told.at("23:30")
        told.want(centre="issued yellow T3, issued yellow T1")
        assert len(told.post.got["head"]) == 16
        told.at("2 00:00")
        told.want(centre="digest of 14")
        text = told.last("centre")["text"]
        assert text.startswith("[Digest] 14 messages: 7 yellow, 7 over"), text
        assert "- and 2 more: forewarn notifications" in text
        raised(told, "C")
        told.at("2 08:00")
        told.want(centre="issued yellow C")


def test_beyond_the_budget_of_an_hour_the_rest_comes_when_the_hour_is_over(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(budget="5", hourly="2"), routes=ALL) as told:
        told.at("09:10")
        for area in ("T1", "T2", "T3", "C"):
            raised(told, area)
        told.at("09:59")
        told.want(centre="issued yellow T1, issued yellow T2")
        told.at("10:00")
        told.want(centre="digest of 2")
        for minute, area in ((5, "T1"), (6, "T2"), (7, "T3")):
            told.at(f"10:{minute:02}")
            told.do("regrade", "chief", on=f"{area}.burglary", leader=True, grade=Grade.BLUE)
        told.at("10:30")
        told.want(centre="downgraded blue T1, downgraded blue T2")
        told.at("11:00")
        told.want(centre="downgraded blue T3")
        told.do("regrade", "chief", on="T1.burglary", leader=True, grade=Grade.ORANGE)
        told.at("11:01")
        told.want(centre="upgraded orange T1")
        told.at("2 00:00")
        told.want(centre="")


def test_many_areas_that_wait_are_one_line(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(digest='["12:00"]'), routes=ALL) as told:
        for town in ("T1", "T2", "T3"):
            told.push(town, "burglary", 2)
        told.at("2 08:00")
        raised(told, "C")
        told.at("2 12:00")
        told.want(centre="digest of 2", head="issued yellow in 3 areas, issued yellow C")
        assert "[YELLOW warning] Burglaries in 3 areas" in told.last("centre")["text"]
        with told.world.store.read() as tx:
            assert {one.state for one in outbox.listing(tx)} == {"delivered"}


def test_whoever_was_not_told_yet_is_not_reminded(tmp_path: Path) -> None:
    files = {"config/duty.yaml": ANSWERS}
    receivers = waits(quiet="22:00-07:00", chain="[head]")
    with story(tmp_path, receivers=receivers, files=files) as told:
        told.at("23:00")
        raised(told, "T1")
        raised(told, "T2")
        told.at("2 06:00")
        told.want(centre="", head="")
        told.at("2 07:00")
        told.want(centre="digest of 2", head="")
        told.at("2 07:04")
        told.want(centre="", head="")
        told.at("2 07:06")
        told.want(centre="reminder yellow T1, reminder yellow T2")
        told.at("2 07:21")
        told.want(head="escalation yellow T1, escalation yellow T2")


def test_killed_while_a_digest_is_sent_it_comes_again_with_the_same_key(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(digest='["12:00"]'), routes=ALL) as told:
        told.at("09:00")
        raised(told, "T1")
        raised(told, "T2")
        told.at("09:01")
        told.killed_at("12:00")
        told.at("12:30")
        told.want(centre="digest of 2, digest of 2")
        first, again = told.post.got["centre"]
        assert first["key"] == again["key"]


def test_in_chinese(tmp_path: Path) -> None:
    with story(tmp_path, receivers=waits(digest='["12:00"]', language="zh"), routes=ALL) as told:
        told.at("09:00")
        raised(told, "T1")
        raised(told, "T2", Grade.BLUE)
        told.at("12:00")
        assert told.last("centre")["subject"] == "【汇总】2条消息：黄色1条，蓝色1条"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("quiet: 8-9, ", "write hours as 08:00-20:00"),
        ("quiet: '08:00-08:00', ", "would never hear of what is below orange"),
        ("digest: [8], ", "write a time of day"),
        ("digest: ['08:00'], budget: 3, ", "the budget says nothing"),
        ("budget: 0, ", "greater than or equal to 1"),
        ("hourly: 0, ", "greater than or equal to 1"),
        ("digest: ['08:00'], hourly: 3, ", "the hourly budget says nothing"),
        ("budget: 3, hourly: 3, ", "has 3 a day: 3 an hour says nothing"),
    ],
)
def test_what_cannot_work_is_said(
    tmp_path: Path, keys: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORY_SECRET", "0123456789abcdef")
    with Hooks().open() as post:
        root = build(tmp_path, post, receivers={"centre": keys})
    with pytest.raises(ConfigError, match=said):
        app.settings(root)
