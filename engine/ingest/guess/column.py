"""The columns of a sample: every field of its records by its path, with what stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engine.ingest.field import written
from engine.ingest.guess.headings import unaccented

#: Fields lie no deeper.
_DEEPEST = 6
#: A list of so many numbers is a point.
_POINT = (2, 3)
#: Over a name's shape: where a word begins in it.
_WORDS = re.compile("A?a+|A+(?!a)|0+|C+")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]+(?:,[0-9]+)?")
#: Scripts that part no words by blanks: kana, Chinese characters, Hangul.
_UNPARTED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


@dataclass
class Column:
    """One field of the records; `values` has a text for each record, empty where it says nothing."""

    path: str
    values: list[str] = field(default_factory=list)

    @cached_property
    def filled(self) -> list[str]:
        return [value for value in self.values if value]

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(self.filled)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its name, in lower case, without accents."""
        shape = "".join(map(_shape, self.path))
        return frozenset(unaccented(self.path[at.start() : at.end()]) for at in _WORDS.finditer(shape))

    @property
    def share(self) -> float:
        """How many of the records have it."""
        return len(self.filled) / len(self.values) if self.values else 0.0

    @cached_property
    def numeric(self) -> bool:
        return bool(self.filled) and all(_NUMBER.fullmatch(value) for value in self.counts)

    @cached_property
    def comma(self) -> bool:
        """Whether its values are numbers, some of them with a decimal comma."""
        numbers = all(_COMMA.fullmatch(value) for value in self.counts)
        return numbers and any("," in value for value in self.counts)

    def named(self, words: Iterable[str]) -> bool:
        """Whether a word is one of its name's; a Chinese, Japanese or Korean one may stand within it, one
        behind a hyphen ends a compound."""
        return any(word in self.words or self._holds(word) for word in words)

    def _holds(self, word: str) -> bool:
        if word[0] == "-":
            return any(own.endswith(word[1:]) and len(own) > len(word) + 1 for own in self.words)
        return unparted(word) and word in self.path


def unparted(word: str) -> bool:
    """Whether it is of a script that parts no words, so that it may stand within a text."""
    return _UNPARTED.match(word) is not None


def _shape(letter: str) -> str:
    """A letter's case; those that have none go together."""
    if unparted(letter):
        return "C"
    return "A" if letter.isupper() else "a" if letter.isalpha() else "0" if letter.isdecimal() else " "


def columns(records: Sequence[Mapping[str, Any]]) -> list[Column]:
    """Every field that any record has, in the order in which they appear."""
    found: dict[str, Column] = {}
    for at, record in enumerate(records):
        for path, text in _fields(record, (), 0):
            column = found.setdefault(path, Column(path))
            column.values.extend([""] * (at - len(column.values)))
            if len(column.values) == at:
                column.values.append(text)
    for column in found.values():
        column.values.extend([""] * (len(records) - len(column.values)))
    return list(found.values())


def _fields(value: Any, path: tuple[str, ...], depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if depth < _DEEPEST:
            for key, below in value.items():
                yield from _fields(below, (*path, str(key)), depth + 1)
    elif isinstance(value, list | tuple):
        if len(value) in _POINT and all(isinstance(one, int | float) for one in value):
            for index, one in enumerate(value):
                yield ".".join((*path, str(index))), written(one)
        elif value and all(isinstance(one, str | int | float) for one in value):
            yield ".".join(path), written(value[0])
    elif value is not None:
        yield ".".join(path), written(value)
