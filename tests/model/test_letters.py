"""Names that only look like others are told apart, and nothing in a sentence is hidden."""

from __future__ import annotations

import pytest

from engine.model.letters import seen
from engine.model.problem import Problem, nearest, nearest_in_chinese

MEANT = "did you mean 'burglary'?"
KNOWN = ("burglary", "fire", "入室盗窃")


@pytest.mark.parametrize(
    ("word", "says", "chinese"),
    [
        ("burglery", " (did you mean 'burglary'?)", "（是否指“burglary”？）"),
        ("burgl\u0430ry", f" ({MEANT} its letter '\u0430' (CYRILLIC SMALL LETTER A) is another)",
         "（是否指“burglary”？其中有形似的其他字符，请重新键入）"),
        ("burg\u200blary", f" ({MEANT} its letter a ZERO WIDTH SPACE is another)",
         "（是否指“burglary”？其中有形似的其他字符，请重新键入）"),
        ("入室盗", " (did you mean '入室盗窃'?)", "（是否指“入室盗窃”？）"),
        ("x", "", ""),
    ],
)  # fmt: skip
def test_a_name_that_only_looks_like_another_is_told_by_it(word: str, says: str, chinese: str) -> None:
    assert nearest(word, KNOWN) == says
    assert nearest_in_chinese(says) == chinese


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\ufeff", "\u2028", "\x1b", "\u00ad"])
def test_what_cannot_be_seen_is_written_as_a_number(sign: str) -> None:
    said = str(Problem("rule.yaml", 4, f"unknown topic '{sign}fire'", "unknown-topic"))
    assert sign not in said and f"'\\u{ord(sign):04x}fire'" in said
    assert seen("两行\n火灾：多") == "两行\n火灾：多"
