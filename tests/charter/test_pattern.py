"""A beginning, a wildcard or an expression is refused for what it could match, and for nothing else."""

from __future__ import annotations

import pytest

from engine.charter.judgement import REFUSED, Kind, refusals
from engine.charter.pattern import Undecided, beginning, expression, wildcard

WORDS = REFUSED[Kind.KEYWORD]
DATE = r"(?P<month>\d+)-(?P<day>\d+)"


@pytest.mark.parametrize("stem", ["mosq", "prot", "示", "维吾", "immigr", "m", "", "synag"])
def test_a_beginning_of_a_term_is_refused(stem: str) -> None:
    assert beginning(stem, WORDS)


@pytest.mark.parametrize("stem", ["burn", "explo", "TEST", "演练", "Övning", "brand", "trafikolycka"])
def test_other_beginnings_are_not(stem: str) -> None:
    assert beginning(stem, WORDS) is None


def test_the_first_word_of_a_phrase_is_no_beginning_of_it() -> None:
    """`public*` is not `public opinion`; `public op*` is."""
    assert beginning("letters", ["petition"]) is None
    assert beginning("letters vis", ["petition"])


@pytest.mark.parametrize("text", [
    "mosq*", "*osque", "m?sque", "[mp]osque", "(mosque|smoke)", "pro.*est", "*", "m*", "上[访訪]",
    r"shang\s*fang",
])  # fmt: skip
def test_a_wildcard_is_refused_for_what_it_could_mean(text: str) -> None:
    assert list(refusals(Kind.KEYWORD, text))


@pytest.mark.parametrize("text", ["burn*", "gas leak.", "fire (wild)", "smoke?", "explo*", "C++"])
def test_honest_wildcards_are_taken(text: str) -> None:
    assert wildcard(text, WORDS) is None


@pytest.mark.parametrize("pattern", [
    f"回族.*{DATE}", f"(?:prot|dem)(?:est|o).*{DATE}", f"[Mm]usl[i1]m.*?{DATE}", f"(?=.*mosque).*{DATE}",
    rf"\u4e0a\u8bbf.*{DATE}", f"(?!muslim){DATE}", f"mos{{1}}que {DATE}", f"pet(?:i|1)tion{DATE}",
])  # fmt: skip
def test_an_expression_is_refused_for_what_it_could_match(pattern: str) -> None:
    assert expression(pattern, REFUSED[Kind.EXPRESSION])


@pytest.mark.parametrize("pattern", [
    DATE, r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
    r"^(?P<day>\d{1,2}) (?P<month>\w+) (?P<hour>\d\d)\.(?P<minute>\d\d)",
    r"(?i)updated (?P<month>[a-z]+)\.? (?P<day>\d+)",
    r"[A-Z][a-z]+dag (?P<day>\d+) (?P<month>\w+)", "(", "a{1",
])  # fmt: skip
def test_dates_are_taken(pattern: str) -> None:
    assert expression(pattern, REFUSED[Kind.EXPRESSION]) is None


def test_what_has_too_many_spellings_is_refused_with_the_reason() -> None:
    many = "(a|b|c|d|e|f)" * 6
    with pytest.raises(Undecided):
        expression(many, WORDS)
    (sentence,) = refusals(Kind.EXPRESSION, many)
    assert "too many spellings" in sentence and "docs/charter.md" in sentence
