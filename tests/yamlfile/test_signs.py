"""What looks like a sign of YAML and is another is named, with what was meant."""

from __future__ import annotations

import pytest

from engine.yamlfile.reading import parse
from engine.yamlfile.signs import strange, stray


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id：a.b\ntopic: x\n", "'：' (FULLWIDTH COLON) stands here: write ':'"),
        ("a: {b: 1，c: 2\nd: 3\n", "'，' (FULLWIDTH COMMA) stands here: write ','"),
        ("a: [1, 2］\nb: 1\n", "'］' (FULLWIDTH RIGHT SQUARE BRACKET) stands here: write ']'"),
        ("a:\n  b: 1\n \u00a0c: [\n", "a NO-BREAK SPACE stands here: write a space"),
    ],
)
def test_what_cannot_be_read_for_a_sign_of_another_keyboard(text: str, says: str) -> None:
    document, (problem,) = parse(text, "rule.yaml")
    assert document is None
    assert says in problem.sentence


@pytest.mark.parametrize("line", ["title: {zh: '火灾：多'}", 'a: "，"', "a: 1  # 说明：这样", "a: b"])
def test_texts_and_comments_may_hold_any_sign(line: str) -> None:
    assert stray(line) == ""


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("tоpic", "; its letter 'о' (CYRILLIC SMALL LETTER O) is not one of a plain keyboard"),
        ("\u00a0topic", "; its letter a NO-BREAK SPACE is not one of a plain keyboard"),
        ("topic", ""),
    ],
)
def test_letters_that_are_not_what_they_look_like(word: str, says: str) -> None:
    assert strange(word) == says


def test_a_long_file_without_aliases_is_no_bomb() -> None:
    document, problems = parse("a: [" + "1, " * 210_000 + "1]\n", "long.yaml")
    assert problems == [] and document is not None
