"""What is written in a script of which the charter knows no words is refused, and says so."""

from __future__ import annotations

import pytest

from engine.charter.judgement import Kind, refusals
from engine.charter.script import KNOWN, unread

#: A mosque, believers, a march: in scripts of which there are no lists.
UNREAD = (
    "მეჩეთი", "մզկիթ", "মসজিদ", "ਗੁਰਦੁਆਰਾ", "મસ્જિદ", "மசூதி", "మసీదు", "ಮಸೀದಿ", "പള്ളി", "පල්ලිය", "ພະສົງ",
    "ဗလီ", "វិហារ", "མདོ་སྡེ", "መስጊድ", "ᠮᠣᠩᠭᠣᠯ", "ᎠᏂᏴᏫᏯ", "ⵜⴰⵎⵣⴳⵉⴷⴰ", "𞤃𞤢𞤧", "𑄥𑄋𑄴",
)  # fmt: skip


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("text", UNREAD)
def test_what_cannot_be_decided_is_refused_whatever_it_is_for(kind: Kind, text: str) -> None:
    (said,) = refusals(kind, f"fire {text}")
    assert "a script of which the charter knows no words" in said and "docs/charter.md" in said


@pytest.mark.parametrize("pattern", [r"[\u10db]+", r"\U000010db", r"\N{GEORGIAN LETTER MAN}+", "[მ-ჰ]"])
def test_neither_does_a_pattern_hide_it(pattern: str) -> None:
    assert list(refusals(Kind.EXPRESSION, pattern))


@pytest.mark.parametrize("text", [
    "", "fire", "brand på Söder", "ｆｉｒｅ", "пожар", "πυρκαγιά", "שריפה", "حريق", "आग", "ไฟไหม้", "화재",
    "火事とデータ", "火灾", "𝐟𝐢𝐫𝐞", "№ 5", r"\d+\u0041",
])  # fmt: skip
def test_what_it_knows_words_of_is_read(text: str) -> None:
    assert unread(text) == ""


@pytest.mark.parametrize("text", ["mo\u0e31sque", "mos\u0941que", "pro\u0e47test", "मस्\u200dजिद"])
def test_a_vowel_of_another_script_hides_no_word(text: str) -> None:
    (said,) = refusals(Kind.KEYWORD, text)
    assert "a script" not in said


def test_every_script_that_is_known_has_letters() -> None:
    assert all(any(unread(chr(code)) == "" for code in map(ord, ends)) for ends in KNOWN.values())
