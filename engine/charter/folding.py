"""Folds a text until one word has one spelling: width, case, accents, look-alike scripts, what is hidden in it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from itertools import groupby
from urllib.parse import unquote

#: Letters of other scripts that look like Latin ones, and Latin ones that no decomposition makes plain.
_ALIKE = {ord(pair[0]): pair[1:] for pair in (
    "аa вb гr еe зs кk мm нh оo пn рp сc тt уy хx шw іi јj ѕs һh ԁd ԛq ԝw үy ьb єe ӏl Вb Нh Гr Пn Зs "
    "αa βb γy εe ζz ηn ιi κk μm νv οo ρp τt υu χx ωw ϲc ϳj Ηh Νn Ρp Υy Χx Βb Ζz Μm "
    "øo łl đd ıi æae œoe þth ðd ɑa ɡg ɩi ʟl ɴn ʀr ʙb ʜh ʏy ꜱs ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ᴍm ᴏo ᴘp ᴛt ᴜu ᴠv ᴡw "
    "ᴢz ɪi ɢg ꜰf ħh ŧt əe ɛe ɔo ʃs ɫl ɾr ʋv օo ոn սu հh ցg ѵv"
).split()}  # fmt: skip
#: Digits and signs that stand for letters; 1 and | stand for two.
_LEET = (str.maketrans("0134578$@!|€+", "oieastbsaiiet"), str.maketrans("0134578$@!|€+", "oleastbsalllt"))
_DISGUISED = re.compile(r"[^\W\d_][\w$@!|€+]*[\d$@!|€+][\w$@!|€+]*|[$@!|€+\d][\w$@!|€+]*[^\W\d_][\w$@!|€+]*")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|(?:(?![{_HAN}])[^\W\d_])+")
#: Between characters of one Chinese word somebody may set blanks or signs, but a sentence's stops part words.
_WITHIN = re.compile(rf"(?<=[{_HAN}])[^\w，。；：、！？（）《》“”,;:()\n]+(?=[{_HAN}])|(?<=[{_HAN}])_+(?=[{_HAN}])")
_STOPS = re.compile(rf"(?<![{_HAN}])([{_HAN}])[、，,;；]([{_HAN}])(?![{_HAN}])")
_LONGEST = 20_000


@cache
def _simplified() -> dict[int, str]:
    lines = (files("engine.charter") / "traditional.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return {ord(form): plain for plain, forms in pairs for form in forms}


def plain(text: str) -> str:
    """Readable again: percent signs and entities undone, nothing without width, no accents, one width, Latin
    letters for look-alikes, simplified characters. Letter case stays."""
    text = _decoded(text[:_LONGEST])
    text = unicodedata.normalize("NFKD", text)
    text = "".join(mark for mark in text if unicodedata.category(mark) not in ("Mn", "Me", "Cf"))
    text = unicodedata.normalize("NFC", text).translate(_simplified())
    if text.isascii():
        return text
    return "".join(map(_latin, text))


def _latin(mark: str) -> str:
    alike = _ALIKE.get(ord(mark)) or _ALIKE.get(ord(mark.lower()[0]), mark)
    return alike.upper() if mark.isupper() else alike


def _decoded(text: str) -> str:
    """Percent signs and entities undone, as often as they were done (three times at most)."""
    for _ in range(3):
        again = html.unescape(unquote(text)) if "%" in text or "&" in text else text
        if again == text:
            break
        text = again
    return text


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
        ways.append(_WITHIN.sub("", _STOPS.sub(r"\1\2", text)))
    for way in ways:
        words = tokens(way)
        yield words
        spelt = tuple(_spelt(words))
        if spelt != words:
            yield spelt


def _undisguised(table: dict[int, str], found: re.Match[str]) -> str:
    return found[0].translate(table)


def _spelt(words: tuple[str, ...]) -> Iterator[str]:
    """The words, rows of at least three pieces of a letter or two put together."""
    for short, row in groupby(words, key=lambda word: len(word) <= 2 and word.isalpha()):
        pieces = list(row)
        yield from ["".join(pieces)] if short and len(pieces) > 2 else pieces
