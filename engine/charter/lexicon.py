"""The charter's words by meaning, and whether any of them stands in a text.

`terms/MEANING.txt` holds one meaning, a line or more for each language, terms parted by commas. A term of an
alphabet is a whole word or several in a row; `stem*` is a beginning of a word, `*stem` an end, `*stem*` any
part of one, `=word` the whole text. Chinese terms stand anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files

from engine.charter.folding import plain, readings, tokens

#: Words that may stand between the words of a term.
_FILLERS = frozenset(
    "a an the of to at on for from by with and or all any their his her its our your those these that"
    " who den det de en ett av i på och da do das dos de e".split()
)
#: A word that is cut in two is put together again from so many letters on.
_CUT = 6
_PIECES = 4
#: A word of so many letters is known with one of them doubled, of so many with any slip.
_DOUBLED, _SLIPS = 6, 8
_ENDINGS = ("", "s", "er", "ers", "ing")


@dataclass
class Terms:
    """The terms of one meaning, folded, by the way they are sought; each maps to how it is written."""

    whole: dict[tuple[str, ...], str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    begins: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)
    #: Several words, by the first of them; the last may be a beginning.
    phrases: dict[str, list[tuple[tuple[str, ...], bool, str]]] = field(default_factory=dict)
    chinese: dict[str, str] = field(default_factory=dict)
    #: Chinese terms that end a run.
    chinese_ends: dict[str, str] = field(default_factory=dict)

    def add(self, term: str) -> None:
        words = tokens(plain(term))
        begins, ends = term.endswith("*"), term.startswith("*")
        if term.startswith("="):
            self.whole[words] = term[1:]
        elif _chinese(words[0]):
            (self.chinese_ends if ends else self.chinese)["".join(words)] = term.lstrip("*")
        elif len(words) > 1:
            words = tuple(word for word in words if word not in _FILLERS)
            assert len(words) > 1, f"'{term}' is one word among fillers"
            self.phrases.setdefault(words[0], []).append((words, begins, term))
        else:
            index = (self.words, self.begins, self.ends, self.within)[begins + 2 * ends]
            index[words[0]] = term.strip("*")

    def in_word(self, word: str) -> str | None:
        """The term that stands in one word of an alphabet."""
        found = self.words.get(word) or (len(word) > 4 and self.words.get(word.removesuffix("s")))
        found = found or self.slips.get(word)
        if found:
            return found
        for size in range(2, len(word) + 1):
            found = self.begins.get(word[:size]) or self.ends.get(word[-size:])
            if found:
                return found
        return next((term for part, term in self.within.items() if part in word), None)

    @cached_property
    def slips(self) -> dict[str, str]:
        """Long words with one letter left out, doubled or changed with its neighbour."""
        spelt: dict[str, str] = {}
        for word, term in (*self.words.items(), *self.begins.items()):
            for at in range(1, len(word)) if len(word) >= _DOUBLED else ():
                spelt[word[:at] + word[at] + word[at:]] = term
            for at in range(1, len(word) - 1) if len(word) >= _SLIPS else ():
                spelt[word[:at] + word[at + 1 :]] = term
                spelt[word[:at] + word[at + 1] + word[at] + word[at + 2 :]] = term
        return {word: term for word, term in spelt.items() if word not in terms("real").words}

    def in_characters(self, text: str) -> Iterator[tuple[int, str]]:
        """Where in a run of Chinese a term begins, and the term."""
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + 9) + 1):
                if text[start:end] in self.chinese:
                    yield start, self.chinese[text[start:end]]
        for size in range(1, min(len(text), 5) + 1):
            if text[-size:] in self.chinese_ends:
                yield len(text) - size, self.chinese_ends[text[-size:]]

    def in_row(self, words: tuple[str, ...], at: int) -> str | None:
        """The term of several words that begins at a word."""
        for phrase, begins, term in self.phrases.get(words[at], ()):
            row = words[at : at + len(phrase)]
            if row[:-1] == phrase[:-1] and row[-1:] and len(row) == len(phrase):
                last, wanted = row[-1], phrase[-1]
                if last in (wanted, f"{wanted}s") or (begins and last.startswith(wanted)):
                    return term
        return None


@cache
def terms(meaning: str) -> Terms:
    """The terms of `terms/MEANING.txt`."""
    found = Terms()
    for term in written(meaning):
        found.add(term)
    return found


def written(meaning: str) -> Iterator[str]:
    """The terms of a meaning as they are written in its file."""
    text = (files("engine.charter") / "terms" / f"{meaning}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield from filter(None, (term.strip() for term in line.partition(":")[2].split(",")))


@dataclass(frozen=True)
class Found:
    """A term that stands in a text, what it means, and what comes after it there."""

    meaning: str
    term: str
    after: tuple[str, ...] = ()
    #: The word of the text in which it stands.
    word: str = ""


def found(text: str, meanings: Iterable[str]) -> Iterator[Found]:
    """Every term of these meanings that stands in a text, honest phrases looked over."""
    for words in _readings(text):
        for meaning in meanings:
            yield from _found(words, meaning)


def says(text: str, meanings: Iterable[str]) -> bool:
    """Whether any of them stands in a text as it is, honest phrases too."""
    rows = [tuple(word for word in words if word not in _FILLERS) for words in readings(plain(text))]
    return any(True for words in rows for meaning in meanings for _ in _found(words, meaning))


def first(text: str, meanings: Iterable[str]) -> Found | None:
    """The first of them."""
    return next(found(text, meanings), None)


@lru_cache(maxsize=4096)
def _readings(text: str) -> tuple[tuple[str, ...], ...]:
    every = (without(words, terms("honest")) for words in readings(plain(text)))
    return tuple(dict.fromkeys(words for words in every if words))


def without(words: tuple[str, ...], honest: Terms) -> tuple[str, ...]:
    """The words with every honest phrase replaced by a stop that is no word."""
    kept: list[str] = []
    row = tuple(word for word in words if word not in _FILLERS)
    at = 0
    while at < len(row):
        size = max((len(phrase) for phrase, begins, _ in honest.phrases.get(row[at], ())
                    if _agrees(row[at : at + len(phrase)], phrase, begins)), default=0)  # fmt: skip
        if size or row[at] in honest.words:
            kept.append(".")
        else:
            kept.append(_over(row[at], honest) if _chinese(row[at]) else row[at])
        at += size or 1
    return tuple(kept)


def _agrees(row: tuple[str, ...], phrase: tuple[str, ...], begins: bool) -> bool:
    if len(row) < len(phrase) or row[:-1] != phrase[:-1]:
        return False
    return row[-1] in (phrase[-1], f"{phrase[-1]}s") or (begins and row[-1].startswith(phrase[-1]))


def _over(text: str, honest: Terms) -> str:
    for phrase in sorted(honest.chinese, key=len, reverse=True):
        text = text.replace(phrase, "." * len(phrase))
    return text


def _found(words: tuple[str, ...], meaning: str) -> Iterator[Found]:
    sought = terms(meaning)
    if words in sought.whole:
        yield Found(meaning, sought.whole[words])
    for at, word in enumerate(words):
        if word == ".":
            continue
        after = words[at + 1 :]
        if _chinese(word):
            yield from (
                Found(meaning, term, (word[start + len(term) :],), word) for start, term in sought.in_characters(word)
            )
        else:
            term = sought.in_word(word) or sought.in_row(words, at) or _cut(words, at, sought)
            if term:
                yield Found(meaning, term, after, word)


def _cut(words: tuple[str, ...], at: int, sought: Terms) -> str | None:
    """A long term of one word that stands here in pieces."""
    joined = words[at]
    for piece in words[at + 1 : at + _PIECES]:
        joined += piece
        if len(joined) >= _CUT and joined in sought.words:
            return sought.words[joined]
        for ending in _ENDINGS:
            stem = joined.removesuffix(ending) if ending else joined
            if len(stem) >= _CUT and stem in sought.begins:
                return sought.begins[stem]
    return None


def _chinese(word: str) -> bool:
    return "\u3400" <= word[:1] <= "\u9fff" or word[:1] >= "\U00020000" or (word[:1] == "." and len(word) > 1)
