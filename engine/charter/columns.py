"""Why a source with these columns is no feed: it lists persons, or sorts them by what they are."""

from __future__ import annotations

from collections.abc import Iterable

from engine.charter.judgement import PROMISE, SAID, Kind, meaning_of
from engine.charter.lexicon import first


def refused(columns: Iterable[str]) -> list[str]:
    """A sentence for each column that the charter refuses, and one where several make a list of persons."""
    sentences, traits = [], []
    for column in columns:
        found = meaning_of(Kind.COLUMN, column)
        if found:
            what = f"{SAID[found.meaning]} ('{found.term}')"
            sentences.append(f"the column '{column}' holds {what}; {PROMISE}: leave it out")
        elif trait(column):
            traits.append(f"'{column}'")
    if len(traits) > 1:
        sentences.append(f"the columns {' and '.join(traits)} make this a list of persons; {PROMISE}")
    return sentences


def trait(column: str) -> bool:
    """Whether a column says what a person is: harmless alone, a list of persons beside another."""
    return first(column, ("trait",)) is not None
