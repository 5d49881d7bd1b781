"""Answers are asked for once, refusals too."""

from __future__ import annotations

import pytest

from engine.errors import RecordError
from engine.ingest.memory import remembered


def test_each_question_is_answered_once_and_refused_with_the_same_words() -> None:
    asked = []

    @remembered
    def find(word: str) -> str:
        asked.append(word)
        if word == "bad":
            raise RecordError("no such word")
        return word.upper()

    assert [find("a"), find("a"), find("b")] == ["A", "A", "B"]
    for _ in range(2):
        with pytest.raises(RecordError, match="no such word"):
            find("bad")
    assert asked == ["a", "b", "bad"]
