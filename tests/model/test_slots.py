"""Sentences with slots say one and more, in both languages, and are known again."""

from __future__ import annotations

import pytest

from engine.model.slots import Sentences
from engine.model.text import numbered

TABLE = Sentences(
    {
        "{n} {n:record|records} read: {said}": "读取{n}条记录：{said}",
        "{file}: {said}": "{file}——{said}", "nothing": "无",
    },
    {"said": lambda said: said.upper()},
)  # fmt: skip


@pytest.mark.parametrize(("n", "noun"), [(0, "records"), (1, "record"), (2, "records")])
def test_a_count_takes_the_singular_or_the_plural(n: int, noun: str) -> None:
    english = f"{n} {noun} read: a"
    assert TABLE.say("{n} {n:record|records} read: {said}", "en", n=n, said="a") == english
    assert TABLE.chinese(english) == f"读取{n}条记录：A", "and what is in a slot is turned as well"


def test_what_has_more_words_of_its_own_is_meant_first() -> None:
    assert TABLE.chinese("b: 3 records read: a") == "b——3 RECORDS READ: A"
    assert TABLE.chinese("nothing") == "无" and TABLE.chinese("something") is None


def test_a_sentence_that_is_not_in_the_table_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        TABLE.say("something", "en")


def test_numbers_take_the_form_of_their_noun() -> None:
    assert [numbered(n, "try", "tries") for n in (0, 1, 2)] == ["0 tries", "1 try", "2 tries"]
    assert numbered(4153, "record") == "4,153 records"
