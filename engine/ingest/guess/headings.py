"""The words of headings that tell what a column says, in the languages of sources."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def unaccented(word: str) -> str:
    """A word as it is compared: small letters without their accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    # Hangul was taken apart as well, without a loss.
    return unicodedata.normalize("NFC", bare)


@cache
def headings() -> Mapping[str, frozenset[str]]:
    """The words by what they say, without accents; one behind a hyphen is the end of a compound."""
    text = resources.files(__package__).joinpath("headings.txt").read_text(encoding="utf-8")
    found = defaultdict[str, set[str]](set)
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, words = line.partition(":")
            found[name].update(map(unaccented, words.split()))
    return {name: frozenset(words) for name, words in found.items()}
