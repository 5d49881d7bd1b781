"""Sentences with slots, each in both languages: made of facts, or known again as somebody made them.

`{n} {n:record|records} read` says `1 record read` and `3 records read`: after the colon stand one and more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from string import Formatter
from typing import Any

#: What becomes of a slot's words when a sentence that was kept in English is told in Chinese.
Turns = Mapping[str, Callable[[str], str]]


class _Numbered(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, more = format_spec.partition("|")
        if bar:
            return one if str(value) == "1" else more
        return str(super().format_field(value, format_spec))


_MADE = _Numbered()


def filled(said: str, /, **facts: object) -> str:
    """A text with its facts in place of the braces; `{n:day|days}` is the word for so many."""
    return _MADE.format(said, **facts)


class Sentences:
    """A table of sentences: the English with its slots, and the Chinese with the same."""

    def __init__(self, table: Mapping[str, str], turns: Turns | None = None) -> None:
        self.table = table
        self._turns = turns or {}

    def say(self, sentence: str, language: str, **facts: object) -> str:
        """The sentence of the table with its slots filled; facts are in the reader's language already."""
        chinese = self.table[sentence]
        return _MADE.vformat(chinese if language == "zh" else sentence, (), facts)

    def chinese(self, said: str) -> str | None:
        """The Chinese of what was made of a sentence of the table; None where it is none of them."""
        for form, chinese in self._forms:
            if found := form.fullmatch(said):
                return _MADE.vformat(chinese, (), {name: self._turned(name, text)
                                                   for name, text in found.groupdict().items()})  # fmt: skip
        return None

    def _turned(self, slot: str, text: str) -> str:
        turn = self._turns.get(slot)
        return text if turn is None else turn(text)

    @cached_property
    def _forms(self) -> list[tuple[re.Pattern[str], str]]:
        # What has more words of its own is more surely meant.
        ordered = sorted(self.table.items(), key=lambda row: -len(re.sub(r"\{[^}]*\}", "", row[0])))
        return [(re.compile(form(english), re.DOTALL), chinese) for english, chinese in ordered]


#: What the words of a slot look like, where not just anything may stand there.
_LOOKS = dict.fromkeys(("n", "m", "more"), r"[\d,]+") | {"columns": "[^;]+"}
_LOOKS |= dict.fromkeys(("domain", "level", "grade", "delay", "rule", "feed", "field", "connector",
                         "encoding", "kind"), r"\S+")  # fmt: skip


def form(sentence: str) -> str:
    """The regular expression of what can be made of a sentence."""
    looks, seen = [], set[str]()
    for plain, slot, spec, _ in Formatter().parse(sentence):
        looks.append(re.escape(plain))
        if slot is None:
            continue
        if spec and "|" in spec:
            looks.append("(?:" + "|".join(map(re.escape, spec.split("|"))) + ")")
        else:
            looks.append(f"(?P={slot})" if slot in seen else f"(?P<{slot}>{_LOOKS.get(slot, '.*?')})")
            seen.add(slot)
    return "".join(looks)
