"""Letters about many: a line with its grade for each, which leads to its own page."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest
from lxml import html

from engine.model.grade import Grade
from engine.notify.areas import gathered
from engine.notify.digest import digest
from engine.notify.letter.letter import letter
from engine.notify.payload import canonical
from engine.notify.template.dress import samples
from tests.notify.conftest import AT, LABELS, notification


def told(many: int, language: str = "en", ends: bool = False) -> list[Any]:
    payload = samples(language)[1 if ends else 0]
    of = {number: payload | {"told": payload["told"] | {"place": f"P{number:02}"}} for number in range(many)}
    return [
        notification(
            key=f"{number:02}", payload=canonical(of[number]),
            grade=Grade.NONE if ends else Grade.ORANGE, subject=f"subject {number}",
        )
        for number in of
    ]  # fmt: skip


def linked(payload: dict[str, Any], many: int) -> dict[str, Any]:
    each = [{"name": f"P{number}", "link": f"https://w.example/a/{number}"} for number in range(many)]
    lines = "".join(f"- {one['name']}: {one['link']}\n" for one in each)
    text = f"{payload['text']}Read it and answer, without an account:\n{lines}"
    return payload | {"text": text, "answer": {"link": each[0]["link"], "reply": "", "each": each}}


@pytest.mark.parametrize("many", [9, 30])
def test_each_area_has_a_line_with_its_grade_and_leads_to_its_page(many: int) -> None:
    *_, whole = gathered(told(many))
    shown = min(many, 12)
    page = html.fromstring(letter(linked(json.loads(whole.payload), shown), whole.subject).html)
    assert page.xpath("//a/@href") == [f"https://w.example/a/{number}" for number in range(shown)]
    assert [text[:11] for text in page.xpath("//a/text()")] == [f"orange: P{n:02}" for n in range(shown)]
    words = " ".join(page.text_content().split())
    assert ("and 18 more" in words) == (many == 30)
    assert "https://" not in words and "without an account:" not in words
    assert words.count("Call a meeting") == 1


def test_what_is_over_has_no_colour() -> None:
    *_, whole = gathered(told(3, "zh", ends=True))
    made = letter(json.loads(whole.payload), whole.subject).html
    assert made.count("1px dashed") == 3 and "#f08c11" not in made.partition("<body")[2]


def test_a_digest_has_a_line_for_each_message() -> None:
    waited = digest(told(14), LABELS, AT, UTC)
    page = html.fromstring(letter(json.loads(waited.payload), waited.subject).html)
    words = " ".join(page.text_content().split())
    assert words.count("03-08 07:00 subject") == 12 and "and 2 more" in words and page.xpath("//a") == []
