"""The terms of one meaning, as `terms/MEANING.txt` lists them, by the way they are sought.

A line or more for each language, terms parted by commas. A term of an alphabet is a whole word, or several in
a row; `stem*` is a beginning of a word, `*stem` an end, `*stem*` any part of one, `=word` the whole text.
Chinese terms stand anywhere, `*尾` at the end of a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import NamedTuple

from engine.charter.folding import chinese, plain, tokens

#: Where the lists are.
FOLDER = files("engine.charter") / "terms"
#: A word of so many letters is known with one of them doubled, of so many with any slip of the hand.
_DOUBLED, _SLIPS = 6, 8
_GREEK = re.compile("[\u0370-\u03ff]")


class Phrase(NamedTuple):
    """Several words in a row; any may be a beginning, as languages want that end their words by case."""

    words: tuple[str, ...]
    begins: tuple[bool, ...]
    term: str

    def stands(self, row: tuple[str, ...]) -> bool:
        """Whether a row of words begins with it."""
        last = len(self.words) - 1
        return len(row) > last and all(
            given == wanted or (begins and given.startswith(wanted)) or (at == last and given == f"{wanted}s")
            for at, (given, wanted, begins) in enumerate(zip(row, self.words, self.begins, strict=False))
        )


@dataclass
class Terms:
    """Folded terms; each maps to how it is written."""

    whole: dict[tuple[str, ...], str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    begins: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)
    #: By the first of their words, and by its beginning.
    phrases: dict[str, list[Phrase]] = field(default_factory=dict)
    stems: dict[str, list[Phrase]] = field(default_factory=dict)
    chinese: dict[str, str] = field(default_factory=dict)
    chinese_ends: dict[str, str] = field(default_factory=dict)

    def add(self, term: str, fillers: frozenset[str] = frozenset()) -> None:
        words = tokens(plain(term))
        begins, ends = term.endswith("*"), term.startswith("*")
        if term.startswith("="):
            self.whole[words] = term[1:]
        elif chinese(words[0]):
            (self.chinese_ends if ends else self.chinese)["".join(words)] = term.lstrip("*")
        elif len(words) > 1:
            self._add_phrase(term, fillers)
        else:
            index = (self.words, self.begins, self.ends, self.within)[begins + 2 * ends]
            index[words[0]] = term.strip("*")

    def _add_phrase(self, term: str, fillers: frozenset[str]) -> None:
        pieces = ((tokens(plain(piece)), piece.endswith("*")) for piece in term.split())
        parts = [(word, begins and word == words[-1]) for words, begins in pieces for word in words]
        kept = [part for part in parts if part[0] not in fillers]
        assert len(kept) > 1, f"'{term}' is one word among fillers"
        row, begins = zip(*kept, strict=True)
        index = self.stems if begins[0] else self.phrases
        index.setdefault(row[0], []).append(Phrase(row, begins, term))

    def in_word(self, word: str, *, slips: bool = True) -> str | None:
        """The term that stands in one word of an alphabet; with a slip of the hand in it, if that counts."""
        found = self.words.get(word) or (self.words.get(word.removesuffix("s")) if len(word) > 4 else None)
        if found or (slips and (found := self.slips.get(word))):
            return found
        for size in range(2, len(word) + 1):
            if found := self.begins.get(word[:size]) or self.ends.get(word[-size:]):
                return found
        return next((term for part, term in self.within.items() if part in word), None)

    def in_row(self, row: tuple[str, ...]) -> Phrase | None:
        """The longest term of several words with which a row begins."""
        standing = [phrase for phrase in self.rows(row[0]) if phrase.stands(row)]
        return max(standing, key=lambda phrase: len(phrase.words), default=None)

    def rows(self, word: str) -> Iterator[Phrase]:
        """The terms of several words that begin with a word."""
        yield from self.phrases.get(word, ())
        for size in range(1, len(word) + 1) if self.stems else ():
            yield from self.stems.get(word[:size], ())

    def in_characters(self, text: str) -> Iterator[tuple[int, str]]:
        """Where in a run of Chinese a term begins, and the term."""
        for start, character in enumerate(text):
            for size in self.sizes.get(character, ()):
                run = text[start : start + size]
                if len(run) == size and run in self.chinese:
                    yield start, self.chinese[run]
            if text[start:] in self.chinese_ends:
                yield start, self.chinese_ends[text[start:]]

    @cached_property
    def sizes(self) -> dict[str, list[int]]:
        """How long the terms in Chinese are that begin with a character, shortest first."""
        found: dict[str, set[int]] = {}
        for term in self.chinese:
            found.setdefault(term[0], set()).add(len(term))
        return {character: sorted(sizes) for character, sizes in found.items()}

    @property
    def characters(self) -> tuple[str, ...]:
        """Every term in Chinese, folded."""
        return (*self.chinese, *self.chinese_ends)

    @cached_property
    def slips(self) -> dict[str, str]:
        """Long words with one letter doubled, left out or changed with its neighbour."""
        spelt: dict[str, str] = {}
        for word, term in {**self.words, **self.begins, **self.ends, **self.within}.items():
            for at in range(1, len(word)) if len(word) >= _DOUBLED else ():
                spelt[word[:at] + word[at] + word[at:]] = term
            for at in range(1, len(word) - 1) if len(word) >= _SLIPS else ():
                spelt[word[:at] + word[at + 1 :]] = term
                spelt[word[:at] + word[at + 1] + word[at] + word[at + 2 :]] = term
        return {word: term for word, term in spelt.items() if word not in terms("real").words}

    @cached_property
    def single(self) -> tuple[str, ...]:
        """Every term that is one word or in Chinese, folded."""
        return (*self.words, *self.begins, *self.ends, *self.within, *self.chinese)

    def __iter__(self) -> Iterator[str]:
        """Every term as it is written, but for those that must be the whole text."""
        for index in (self.words, self.begins, self.ends, self.within, self.chinese, self.chinese_ends):
            yield from index.values()
        for row in chain(self.phrases.values(), self.stems.values()):
            yield from (phrase.term for phrase in row)


@cache
def terms(meaning: str) -> Terms:
    """The terms of `terms/MEANING.txt`."""
    found = Terms()
    for term in chain.from_iterable(map(_cases, written(meaning))):
        found.add(term, frozenset() if meaning == "filler" else fillers())
    return found


def _cases(term: str) -> tuple[str, ...]:
    """A term as it is written; a Greek one in capitals too, which look like other Latin letters than its
    small ones do."""
    return (term, term.upper(), term.title()) if _GREEK.search(term) else (term,)


@cache
def fillers() -> frozenset[str]:
    """Words that may stand between the words of a term."""
    return frozenset(terms("filler").words)


def written(meaning: str) -> Iterator[str]:
    """The terms of a meaning as they are written in its file."""
    text = (FOLDER / f"{meaning}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield from filter(None, (term.strip() for term in line.partition(":")[2].split(",")))
