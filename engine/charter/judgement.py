"""The one judgement: what the charter refuses of a text, by what the text is for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

from engine.charter import pattern
from engine.charter.folding import plain, tokens
from engine.charter.lexicon import Found, first, found, says, terms

PROMISE = "forewarn judges places and harms, never persons or opinions"
ASK = "if something else is meant, docs/charter.md says how to ask for a change of the code"

#: What is about people, whatever is done with it.
PEOPLE = ("persons", "ethnicity", "faith", "clergy", "origin", "opinion")
#: What people may lawfully do: it may be named only where it is protected.
ACTS = ("assembly", "petition", "speech", "worship", "migration")

#: How a meaning is called in a sentence.
SAID: Mapping[str, str] = {
    "persons": "lists or groups of persons", "ethnicity": "ethnicity", "faith": "religion", "clergy": "religion", "origin": "origin",
    "opinion": "opinion", "assembly": "lawful assembly", "petition": "petitioning", "speech": "speech",
    "worship": "worship", "migration": "migration status", "identity": "what identifies a person",
    "trait": "what a person is", "demonym": "nationality", "coercion": "force against persons or watching them",
    "object": "persons as its object", "bureau": "an office that watches opinions or persons",
    "premises": "premises of lawful civic life or of people", "household": "persons or households",
    "sensitive": "harm whose small numbers are people",
}  # fmt: skip


class Kind(StrEnum):
    """What a text in a configuration is for."""

    TITLE = "title"
    CATEGORY = "category"
    KEYWORD = "keyword"
    VALUE = "value"
    BEGINNING = "beginning"
    EXPRESSION = "expression"
    COLUMN = "column"
    READ = "read"
    MEASURE = "measure"
    OFFICE = "office"
    PLACE = "place"
    LEVEL = "level"


#: The meanings that each kind of text may not have.
REFUSED: Mapping[Kind, tuple[str, ...]] = {
    Kind.TITLE: (*PEOPLE, *ACTS),
    Kind.CATEGORY: (*PEOPLE, *ACTS, "sensitive"),
    Kind.KEYWORD: (*PEOPLE, *ACTS, "identity", "demonym"),
    Kind.VALUE: (*PEOPLE, *ACTS, "identity", "trait", "demonym"),
    Kind.BEGINNING: (*PEOPLE, *ACTS, "identity", "trait", "demonym"),
    Kind.EXPRESSION: (*PEOPLE, *ACTS, "identity"),
    Kind.COLUMN: (*PEOPLE, *ACTS, "identity"),
    Kind.READ: (*PEOPLE, *ACTS, "identity", "trait"),
    Kind.MEASURE: (*PEOPLE, *ACTS, "coercion", "object"),
    Kind.OFFICE: (*PEOPLE, *ACTS, "bureau"),
    Kind.PLACE: ("persons", "ethnicity", "faith", "origin", "opinion", "petition", "worship", "migration", "premises"),
    Kind.LEVEL: (*PEOPLE, *ACTS, "household"),
}

_WHY: Mapping[Kind, str] = {
    Kind.TITLE: "speaks of",
    Kind.CATEGORY: "speaks of",
    Kind.KEYWORD: "sorts texts by",
    Kind.VALUE: "sorts records by",
    Kind.BEGINNING: "begins words of",
    Kind.EXPRESSION: "could match words of",
    Kind.COLUMN: "holds",
    Kind.READ: "holds",
    Kind.MEASURE: "means",
    Kind.OFFICE: "means",
    Kind.PLACE: "is called after",
    Kind.LEVEL: "divides the land by",
}
#: Marks that show a text in another order than it is matched in.
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")


def refusals(kind: Kind, text: str, allowed: Collection[str] = (), shown: str | None = None) -> Iterator[str]:
    """Why a text of this kind is refused: at most one sentence; `allowed` are meanings that it may have here.

    shown: what the sentence quotes instead of the text, where that may hold a secret.
    """
    quoted = text if shown is None else shown
    if _TURNED.search(text):
        yield f"{quoted!r} holds marks that turn the order of reading: take them out"
        return
    try:
        refused = _refused(kind, text, frozenset(allowed))
    except pattern.Undecided:
        yield f"'{quoted}' has too many spellings to be held against the charter: write it more simply; {ASK}"
        return
    if refused:
        yield f"'{quoted}' {_WHY[kind]} {SAID[refused.meaning]} ('{refused.term}'); {_remedy(kind, refused)}; {ASK}"


def meaning_of(kind: Kind, text: str) -> Found | None:
    """The first refused meaning of a text of this kind, or None."""
    return _refused(kind, text, frozenset())


@lru_cache(maxsize=65_536)
def _refused(kind: Kind, text: str, allowed: frozenset[str]) -> Found | None:
    meanings = tuple(meaning for meaning in REFUSED[kind] if meaning not in allowed)
    if kind is Kind.EXPRESSION:
        return pattern.expression(text, meanings)
    if kind is Kind.PLACE:
        return next((one for one in found(text, meanings) if _names(one) and not _named_after(one, text)), None)
    refused = first(text, meanings)
    if refused is None and kind is Kind.BEGINNING:
        return pattern.beginning(text, meanings)
    if refused is None and kind is Kind.KEYWORD:
        return pattern.wildcard(text, meanings)
    return refused


def _names(one: Found) -> bool:
    """Whether a word of a place's name is the term itself: Mosquera and Islamabad are names of their own."""
    if one.meaning in ("premises", "migration", "petition", "persons"):
        return True
    plural = {one.word.removesuffix(ending) for ending in ("", "s", "es", "n", "en", "er", "ar")}
    return not one.word.isalpha() or one.word > "\u3400" or bool(plural & set(tokens(plain(one.term))))


def _named_after(one: Found, text: str) -> bool:
    """Whether a place is only called after it: a road, a settlement, an area that the law names so."""
    if one.meaning == "ethnicity":
        return first(text, ("autonomous",)) is not None
    kinds = {"worship": ("road", "settlement"), "faith": ("road",)}.get(one.meaning, ())
    return any(_goes_on(one.after, kind) for kind in kinds)


def _goes_on(after: tuple[str, ...], meaning: str) -> bool:
    if not after or not after[0]:
        return False
    of = terms(meaning)
    return after[0] in of.words or any(after[0].startswith(term) for term in of.chinese)


def _remedy(kind: Kind, refused: Found) -> str:
    if refused.meaning == "sensitive":
        return "write sensitive: true, so that it is never judged or shown where few people live"
    if kind is Kind.CATEGORY and refused.meaning in ACTS:
        return "it is protected, whatever the file says: write protected: true, or count the harm instead"
    return PROMISE


#: What a category and a topic of these domains must be about: elsewhere people would be near.
MUST: Mapping[str, tuple[str, ...]] = {
    "political": ("violence",),
    "social-stability": ("violence", "harm"),
}
_WANTED: Mapping[str, str] = {
    "political": "the political domain is political violence and threats to institutions, and",
    "social-stability": "this domain is harm to places and to those in them, and",
}


def undecided(domain: str, texts: Iterable[str]) -> Iterator[str]:
    """Why a category or a topic of this domain is refused although no word of it is: none says a harm."""
    if domain in MUST and not any(says(text, MUST[domain]) for text in texts):
        yield f"{_WANTED[domain]} no harm is named here: say in the title which it is; {ASK}"
