"""Folds a text until a word has one spelling: width, case, accents, look-alike letters, what hides in it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from itertools import groupby
from urllib.parse import unquote

from engine.charter.script import VOWELS, without_strays

#: Digits and signs that stand for letters; 1 and | stand for two.
_LEET = (str.maketrans("0134578$@!|€+", "oieastbsaiiet"), str.maketrans("0134578$@!|€+", "oleastbsalllt"))
_SIGN, _LETTER, _ANY = r"[\d$@!|€+]", r"[^\W\d_]", r"[\w$@!|€+]"
_DISGUISED = re.compile(rf"{_LETTER}{_ANY}*{_SIGN}{_ANY}*|{_SIGN}{_ANY}*{_LETTER}{_ANY}*")
_CAPITAL = "A-Z\u0391-\u03a9\u0400-\u042f\u0490"
_CAMEL = re.compile(rf"(?<=[^\W\d_{_CAPITAL}])(?=[{_CAPITAL}])|(?<=[A-Z])(?=[A-Z][a-z])")
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_PLAIN_CHINESE = re.compile("[\u4e00-\u9fff]+")
_SIGNS = "".join(VOWELS.values())
_RUN = re.compile(rf"[{_HAN}]+|(?:(?![{_HAN}])(?:[^\W\d_]|[{_SIGNS}]))+")
#: What looks like an accent and makes another letter of the one before it.
_TELLING = re.compile(rf"[{_SIGNS}\u3099\u309a]")
#: In one Chinese word somebody may set blanks or signs; stops part words, but not single characters.
_STOP = "，。；：、！？（）《》“”,;:()"
_WITHIN = re.compile(rf"(?<=[{_HAN}])(?:[^\w{_STOP}\n]+|_+)(?=[{_HAN}])")
_PARTED = re.compile(rf"(?<![{_HAN}])([{_HAN}])[、，,;；]([{_HAN}])(?![{_HAN}])")
#: No more of a text is looked at.
_LONGEST = 20_000


@cache
def _table(name: str) -> dict[int, str]:
    """A file of `plain forms` lines as a translation."""
    lines = (files("engine.charter") / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return {ord(form): plain for plain, forms in pairs for form in forms}


def plain(text: str) -> str:
    """Readable again: percent signs and entities undone, nothing without width, no accents, one width, Latin
    letters for look-alikes, simplified characters. Letter case stays."""
    text = _decoded(text[:_LONGEST])
    if text.isascii() or simplified(text):
        return text  # most texts: nothing in them could be folded
    text = unicodedata.normalize("NFKD", text)
    text = without_strays("".join(mark for mark in text if not _adorns(mark)))
    text = unicodedata.normalize("NFC", text).translate(_table("traditional"))
    return "".join(map(_latin, text))


def _adorns(mark: str) -> bool:
    return unicodedata.category(mark) in ("Mn", "Me", "Cf") and not _TELLING.match(mark)


def _latin(mark: str) -> str:
    alike = _table("alike")
    letter = alike.get(ord(mark)) or alike.get(ord(mark.lower()[0]), mark)
    return letter.upper() if mark.isupper() else letter


def _decoded(text: str) -> str:
    """Percent signs and entities undone, as often as they were done (three times at most)."""
    for _ in range(3):
        again = html.unescape(unquote(text)) if "%" in text or "&" in text else text
        if again == text:
            break
        text = again
    return text


def simplified(text: str) -> bool:
    """Whether a text is of Chinese characters alone that stand for themselves: there is nothing to fold."""
    return bool(_PLAIN_CHINESE.fullmatch(text)) and _folded().isdisjoint(text)


@cache
def _folded() -> frozenset[str]:
    return frozenset(map(chr, (*_table("traditional"), *_table("alike"))))


def chinese(word: str) -> bool:
    """Whether a run is of Chinese characters."""
    return "\u3400" <= word[:1] <= "\u9fff" or word[:1] >= "\U00020000"


def tokens(text: str) -> tuple[str, ...]:
    """The words of a plain text in small letters: `CountryOfOrigin` is three; runs of Chinese stand whole."""
    return tuple(run.casefold() for run in _RUN.findall(_CAMEL.sub(" ", text)))


def readings(text: str) -> Iterator[tuple[str, ...]]:
    """Every way in which a plain text can be read as words: as it stands, with letters for digits and signs,
    with Chinese words that signs part put together again, and with what is spelt out letter by letter."""
    ways = [text]
    if _DISGUISED.search(text):
        ways += [_DISGUISED.sub(partial(_undisguised, table), text) for table in _LEET]
    if not text.isascii():
        ways.append(_WITHIN.sub("", _PARTED.sub(r"\1\2", text)))
    for way in ways:
        words = tokens(way)
        yield words
        spelt = tuple(_spelt(words))
        if spelt != words:
            yield spelt


def _undisguised(table: dict[int, int], found: re.Match[str]) -> str:
    return found[0].translate(table)


def _spelt(words: tuple[str, ...]) -> Iterator[str]:
    """The words, rows of at least three pieces of a letter or two put together."""
    for short, row in groupby(words, key=lambda word: len(word) <= 2 and word.isalpha()):
        pieces = list(row)
        yield from ["".join(pieces)] if short and len(pieces) > 2 else pieces
