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
        for meaning in meanings:
            yield from _standing(words, meaning)


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
    return any(True for words in rows for meaning in meanings for _ in _standing(words, meaning))


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


def _standing(words: Row, meaning: str) -> Iterator[Found]:
    sought = terms(meaning)
    if words in sought.whole:
        yield Found(meaning, sought.whole[words])
    for at, word in enumerate(words):
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
