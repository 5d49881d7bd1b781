"""The one judgement: what the charter refuses of a text, by what the text is for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache

from engine.charter import pattern
from engine.charter.folding import chinese, plain, tokens
from engine.charter.lexicon import Found, found, says
from engine.charter.script import called, unread
from engine.charter.terms import terms

PROMISE = "forewarn judges places and harms, never persons or opinions"
ASK = "if something else is meant, docs/charter.md says how to ask for a change of the code"

#: What is about people, whatever is done with it.
PEOPLE = ("persons", "ethnicity", "faith", "clergy", "origin", "opinion")
#: What people may lawfully do: it may be named only where it is protected.
ACTS = ("assembly", "petition", "speech", "worship", "migration")

#: How a meaning is called in a sentence.
SAID: Mapping[str, str] = {
    "persons": "lists or groups of persons",
    "ethnicity": "ethnicity",
    "faith": "religion",
    "clergy": "religion",
    "origin": "origin",
    "opinion": "opinion",
    "assembly": "lawful assembly",
    "petition": "petitioning",
    "speech": "speech",
    "worship": "worship",
    "migration": "migration status",
    "identity": "what identifies a person",
    "trait": "what a person is",
    "given": "names by which a people is known",
    "demonym": "nationality",
    "coercion": "force against persons, or watching them",
    "object": "persons as its object",
    "bureau": "an office that watches opinions or persons",
    "premises": "premises of lawful civic life or of people",
    "household": "persons or households",
    "sensitive": "harm whose small numbers are people",
}


class Kind(StrEnum):
    """What a text in a configuration is for; a sentence says what it does."""

    TITLE = "speaks of"
    CATEGORY = "is about"
    KEYWORD = "sorts texts by"
    VALUE = "sorts records by"
    BEGINNING = "sorts by words of"
    EXPRESSION = "could match words of"
    COLUMN = "holds"
    READ = "reads"
    MEASURE = "means"
    #: What receivers read, and what ends a plan: it may ask for no more than a measure may.
    TOLD = "tells"
    OFFICE = "names"
    PLACE = "is called after"
    #: A place whose residents are declared to be many.
    SETTLEMENT = "has the name of"
    LEVEL = "divides the land by"


_OF_PLACES = (
    "persons", "ethnicity", "faith", "origin", "opinion", "petition", "worship", "migration", "premises",
)  # fmt: skip
#: The meanings that each kind of text may not have.
REFUSED: Mapping[Kind, tuple[str, ...]] = {
    Kind.TITLE: (*PEOPLE, *ACTS),
    Kind.CATEGORY: (*PEOPLE, *ACTS, "sensitive"),
    Kind.KEYWORD: (*PEOPLE, *ACTS, "identity", "demonym", "given"),
    Kind.VALUE: (*PEOPLE, *ACTS, "identity", "trait", "demonym", "given"),
    Kind.BEGINNING: (*PEOPLE, *ACTS, "identity", "trait", "demonym", "given"),
    Kind.EXPRESSION: (*PEOPLE, *ACTS, "identity"),
    Kind.COLUMN: (*PEOPLE, *ACTS, "identity"),
    Kind.READ: (*PEOPLE, *ACTS, "identity", "trait"),
    Kind.MEASURE: (*PEOPLE, *ACTS, "coercion", "object"),
    Kind.TOLD: (*PEOPLE, *ACTS, "coercion"),
    Kind.OFFICE: (*PEOPLE, *ACTS, "bureau"),
    Kind.PLACE: _OF_PLACES,
    Kind.SETTLEMENT: _OF_PLACES,
    Kind.LEVEL: (*PEOPLE, *ACTS, "household"),
}  # fmt: skip

#: What a category and a topic of these domains must be about: elsewhere people would be near.
MUST: Mapping[str, tuple[str, ...]] = {"political": ("violence",), "social-stability": ("violence", "harm")}
_WANTED: Mapping[str, str] = {
    "political": "the political domain is political violence and threats to institutions",
    "social-stability": "this domain is harm to places and to those in them",
}

#: A name that goes on like this is a road's, a settlement's or of an area that the law calls so.
_NAMED_AFTER: Mapping[str, tuple[str, ...]] = {
    "worship": ("road", "settlement"),
    "clergy": ("road", "settlement"),
    "faith": ("road",),
}
#: These name what a place is, not what it is called after: beginnings of words count in names too.
_PLACES = (Kind.PLACE, Kind.SETTLEMENT)
_PREMISES = ("premises", "migration", "petition", "persons")
_PLURALS = ("", "s", "es", "n", "en", "er", "ar")
#: Marks that show a text in another order than it is matched in.
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")


def refusals(
    kind: Kind, text: str, allowed: Collection[str] = (), shown: str | None = None
) -> Iterator[str]:
    """Why a text of this kind is refused: at most one sentence; `allowed` are meanings that it may have here.

    shown: what the sentence quotes instead of the text, where that may hold a secret.
    """
    quoted = text if shown is None else shown
    if _TURNED.search(text):
        yield f"{quoted!r} holds marks that turn the order of reading: take them out"
        return
    if letter := unread(text):
        yield (
            f"'{quoted}' is written in a script of which the charter knows no words ({called(letter)}):"
            f" what it {kind.value} cannot be decided; {ASK}"
        )
        return
    try:
        refused = _refused(kind, text, frozenset(allowed))
    except pattern.Undecided:
        yield f"'{quoted}' has too many spellings to be held against the charter: write it more simply; {ASK}"
        return
    if refused:
        what = f"{SAID[refused.meaning]} ('{refused.term}')"
        yield f"'{quoted}' {kind.value} {what}; {_remedy(kind, refused)}; {ASK}"


def meaning_of(kind: Kind, text: str) -> Found | None:
    """The first refused meaning of a text of this kind, or None."""
    return _refused(kind, text, frozenset())


def undecided(domain: str, texts: Iterable[str]) -> Iterator[str]:
    """Why a category or a topic of this domain is refused although no word of it is: none says a harm."""
    if domain in MUST and not any(says(text, MUST[domain]) for text in texts):
        yield f"{_WANTED[domain]}, and no harm is named here: say in the title which it is; {ASK}"


@lru_cache(maxsize=65_536)
def _refused(kind: Kind, text: str, allowed: frozenset[str]) -> Found | None:
    meanings = tuple(meaning for meaning in REFUSED[kind] if meaning not in allowed)
    if kind is Kind.EXPRESSION:
        return pattern.expression(text, meanings)
    meant = (one for one in found(text, meanings) if not _named_after(one))
    if kind in _PLACES:
        meant = (one for one in meant if _is_name(one))
    if kind is Kind.SETTLEMENT:
        meant = (one for one in meant if not _is_called_after(one, text))
    refused = next(meant, None)
    if refused and kind in _PLACES and _is_division(text):
        return None
    if refused is None and kind is Kind.BEGINNING:
        return pattern.beginning(text, meanings)
    if refused is None and kind is Kind.KEYWORD:
        return pattern.wildcard(text, meanings)
    return refused


def _is_division(text: str) -> bool:
    """Whether the law calls a township so: the whole name, and no other that holds the same words."""
    return tokens(plain(text)) in terms("division").whole


def _is_name(one: Found) -> bool:
    """Whether a word of a place's name is the term itself: Mosquera and Islamabad are names of their own."""
    if one.meaning in _PREMISES or not one.word or chinese(one.word.lstrip(".")):
        return True
    singular = {one.word.removesuffix(ending) for ending in _PLURALS}
    return not singular.isdisjoint(tokens(plain(one.term)))


def _is_called_after(one: Found, text: str) -> bool:
    """Whether where many live has its name from a house of worship, and nothing in it tells the house."""
    return (
        one.meaning == "worship"
        and not chinese(one.word.lstrip("."))
        and terms("house").in_word(one.word, slips=False) is not None
        and not says(text, ("building",))
    )


def _named_after(one: Found) -> bool:
    if one.meaning == "ethnicity":
        return says(" ".join((one.term, *one.after)), ("autonomous",))
    return any(_goes_on(one.after, meaning) for meaning in _NAMED_AFTER.get(one.meaning, ()))


def _goes_on(after: tuple[str, ...], meaning: str) -> bool:
    names = terms(meaning)
    return bool(after and after[0]) and (after[0] in names.words or after[0].startswith(tuple(names.chinese)))


def _remedy(kind: Kind, refused: Found) -> str:
    if refused.meaning == "sensitive":
        return "write sensitive: true, so that it is never judged or shown where few people live"
    if kind is Kind.CATEGORY and refused.meaning in ACTS:
        return "it is protected, whatever the file says: write protected: true, or count the harm instead"
    return PROMISE
