"""What people write with an act, as it is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.duty.said import said, unsaid
from engine.model.act import Act, ActKind

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)


def act(by: str = "anna", reason: str = "") -> Act:
    return Act(kind=ActKind.COMMENT, area="A", topic="t", at=AT, by=by, reason=reason)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("anna", "anna"), ("  anna  berg ", "anna berg"), ("anna\nred", "anna red"), ("an\u202ena", "anna"),
        ("\x1b[31manna", "[31manna"), ("王芳", "王芳"), (" \t\n", ""), ("\u202e", ""),
    ],
)  # fmt: skip
def test_a_name_is_one_line(written: str, kept: str):
    assert said(act(written)).by == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("two cars\nand a dog", "two cars\nand a dog"), ("   ", ""), ("\x1b[2Jgone\x00", "[2Jgone"),
        ("a\u2066b\u2069", "ab"), ("巡逻已加强。", "巡逻已加强。"), ("\ud800x", "x"), ("", ""),
    ],
)  # fmt: skip
def test_words_keep_their_lines_and_nothing_that_hides(written: str, kept: str):
    assert said(act(reason=written)).reason == kept


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (act(), ""), (act("x" * 100, "长" * 2000), ""), (act(""), "nobody is named"),
        (act("x" * 101), "the name has 101 characters, 100 at most; shorten it"),
        (act(reason="长" * 2001), "the reason has 2,001 characters, 2,000 at most; shorten it"),
    ],
)  # fmt: skip
def test_what_may_not_stand_is_refused(one: Act, sentence: str):
    assert unsaid(one).startswith(sentence) if sentence else unsaid(one) == ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("eva", "Eva", True), ("eva", " eva ", True), ("eva  berg", "eva berg", True),
        ("\uff25va", "eva", True),
        ("eva", "ewa", False), ("王芳", "王方", False),
    ],
)  # fmt: skip
def test_who_is_the_same_person(one: str, other: str, same: bool):
    assert (act(one).person == act(other).person) is same
