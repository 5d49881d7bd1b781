"""Whether any of the charter's words stands in a text, however it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from engine.charter.folding import chinese, plain, readings, simplified
from engine.charter.terms import Terms, fillers, terms

#: A word that is cut in pieces is put together again from so many letters on, of so many pieces.
_CUT, _PIECES = 6, 4
#: By so many first letters is sought what may be any part of a word; one of Japanese has but two.
_PART, _LEAST = 3, 2
_ENDINGS = ("", "s", "er", "ers", "ing")
#: Stands where an honest phrase stood: no word, and no part of one.
_GAP = "."

Row = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A term that stands in a text, and what it means."""

    meaning: str
    term: str
    #: The word of the text in which it stands, and what comes after it there.
    word: str = ""
    after: Row = ()


def found(text: str, meanings: Iterable[str]) -> Iterator[Found]:
    """Every term of these meanings that stands in a text, honest phrases looked over."""
    meanings = tuple(meanings)
    if simplified(text) and begins(meanings).isdisjoint(_pairs(text)):
        return  # most names of a nation's places: nothing that is sought could even begin in them
    for words in _readings(text):
        yield from _found(words, meanings)


def _found(words: Row, meanings: Row) -> Iterator[Found]:
    """Every term of these meanings that stands in a row of words, meaning by meaning."""
    possible = [_possible(word, meanings) for word in words]
    for meaning in meanings if any(possible) else ():
        if at := [place for place, begun in enumerate(possible) if meaning in begun]:
            yield from _standing(words, meaning, at)


@lru_cache(maxsize=65_536)
def _possible(word: str, meanings: Row) -> Row:
    """The meanings of which a term could begin at a word, whatever comes after it: of most words none, and
    words come again in text after text."""
    if not _sieve(meanings).holds(word):
        return ()
    return tuple(meaning for meaning in meanings if _could_begin(word, meaning))


def _could_begin(word: str, meaning: str) -> bool:
    sought = terms(meaning)
    if word in _exact(meaning) or any(sought.rows(word)):
        return True
    if chinese(word.lstrip(_GAP)):
        return any(True for _ in sought.in_characters(word))
    return sought.in_word(word) is not None


@dataclass(frozen=True)
class _Sieve:
    """What the terms of some meanings are known by: what holds none of it is none of them."""

    exact: tuple[frozenset[str], ...]
    begins: frozenset[str]
    ends: frozenset[str]
    #: How terms begin that are any part of a word.
    within: frozenset[str]
    #: The first one or two characters of those in Chinese.
    characters: frozenset[str]

    def holds(self, word: str) -> bool:
        if chinese(word.lstrip(_GAP)) and not self.characters.isdisjoint(_pairs(word)):
            return True
        singular = word.removesuffix("s")
        if any(word in of or singular in of for of in self.exact):
            return True
        for at in range(len(word)):
            if word[: at + 1] in self.begins or word[at:] in self.ends:
                return True
            if word[at : at + _PART] in self.within or word[at : at + _LEAST] in self.within:
                return True
        return False


@cache
def _sieve(meanings: Row) -> _Sieve:
    every = [terms(meaning) for meaning in meanings]
    within = [part for one in every for part in one.within]
    assert all(len(part) >= _LEAST for part in within), "shorter parts stand in too many words"
    return _Sieve(
        tuple(map(_exact, meanings)),
        frozenset(chain.from_iterable((*one.begins, *one.stems) for one in every)),
        frozenset(chain.from_iterable(one.ends for one in every)),
        frozenset(part[:_PART] for part in within), begins(meanings),
    )  # fmt: skip


@cache
def _exact(meaning: str) -> frozenset[str]:
    """The words that are terms, or slips of the hand in them, or may go on to one: as the first of several,
    and as the first piece of a long one that is cut."""
    sought = terms(meaning)
    whole = (*sought.words, *sought.begins, *sought.ends, *sought.within)
    pieces = (word[:size] for word in whole if len(word) >= _CUT for size in range(1, len(word)))
    first = (words[0] for words in sought.whole)
    return frozenset(chain(sought.words, sought.slips, sought.phrases, first, pieces))


@cache
def begins(meanings: Row) -> frozenset[str]:
    """With which one or two characters the Chinese terms of these meanings begin."""
    sought = [terms(meaning) for meaning in meanings]
    whole = ("".join(words) for one in sought for words in one.whole)
    return frozenset(term[:2] for term in chain(whole, *(one.characters for one in sought)))


def _pairs(text: str) -> Iterator[str]:
    """Every character, and every two that follow each other."""
    return chain(text, map(str.__add__, text, text[1:]))


def first(text: str, meanings: Iterable[str]) -> Found | None:
    """The first of them."""
    return next(found(text, meanings), None)


def says(text: str, meanings: Iterable[str]) -> bool:
    """Whether any of them stands in a text as it is, honest phrases too."""
    meanings = tuple(meanings)
    rows = (_without_fillers(words) for words in readings(plain(text)))
    return any(True for words in rows for _ in _found(words, meanings))


@lru_cache(maxsize=4096)
def _readings(text: str) -> tuple[Row, ...]:
    honest = terms("honest")
    every = (_looked_over(_without_fillers(words), honest) for words in readings(plain(text)))
    return tuple(dict.fromkeys(words for words in every if words))


def _without_fillers(words: Row) -> Row:
    return tuple(word for word in words if word not in fillers())


def _looked_over(row: Row, honest: Terms) -> Row:
    """The words with a gap for every honest phrase."""
    kept: list[str] = []
    at = 0
    while at < len(row):
        if not _possible(row[at], ("honest",)):
            kept.append(row[at])
            at += 1
            continue
        phrase = honest.in_row(row[at:])
        if phrase or honest.in_word(row[at], slips=False):
            kept.append(_GAP)
        else:
            kept.append(_gaps(row[at], honest) if chinese(row[at]) else row[at])
        at += len(phrase.words) if phrase else 1
    return tuple(kept)


def _gaps(text: str, honest: Terms) -> str:
    phrases = {text[at : at + len(term)] for at, term in honest.in_characters(text)}
    for phrase in sorted(phrases, key=len, reverse=True):
        text = text.replace(phrase, _GAP * len(phrase))
    return text


def _standing(words: Row, meaning: str, places: Iterable[int]) -> Iterator[Found]:
    """The terms of a meaning that begin at these places of a row, of which none begins elsewhere."""
    sought = terms(meaning)
    if words in sought.whole:
        yield Found(meaning, sought.whole[words])
    for at in places:
        word = words[at]
        if chinese(word.lstrip(_GAP)):
            for start, term in sought.in_characters(word):
                yield Found(meaning, term, word, (word[start + len(term) :],))
        elif word != _GAP and (standing := _in_alphabet(words[at:], sought)):
            yield Found(meaning, standing, word, words[at + 1 :])


def _in_alphabet(row: Row, sought: Terms) -> str | None:
    phrase = sought.in_row(row)
    return sought.in_word(row[0]) or (phrase.term if phrase else None) or _cut(row, sought)


def _cut(row: Row, sought: Terms) -> str | None:
    """A long term of one word that stands in the first words in pieces."""
    joined = row[0]
    for piece in row[1:_PIECES]:
        joined += piece
        whole = sought.words.get(joined) or sought.within.get(joined) or sought.ends.get(joined)
        if len(joined) >= _CUT and whole:
            return whole
        for ending in _ENDINGS:
            stem = joined.removesuffix(ending) if ending else joined
            if len(stem) >= _CUT and stem in sought.begins:
                return sought.begins[stem]
    return None
