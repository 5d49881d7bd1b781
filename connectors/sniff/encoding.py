"""The encoding of a text, by its bytes: a mark at its beginning, UTF-8, or the one in which it reads best.

Nearly any bytes can be read in nearly any old encoding. What tells them apart is whether the letters that
come out are common ones: of Chinese, Japanese and Korean encodings those of their first, frequent plane, of
alphabets their most frequent letters.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8"}
_HIGH = re.compile(rb"[\x80-\xff]+")
#: Bytes that are letters in Windows' Western encoding and control characters in ISO 8859-1.
_WINDOWS = re.compile(rb"[\x80-\x9f]")
_WESTERN = "cp1252"
#: The frequent planes: the first bytes of their characters, punctuation and kana included, and the least of
#: the second. The Korean one lies wholly within the Chinese one, of whose words about half lie beyond it: it
#: goes first, and asks for more.
_MARKED = frozenset(range(0xA1, 0xA4))
_PLANES = {
    "cp949": (_MARKED | {*range(0xB0, 0xC9)}, 0xA1, 0.97),
    "gb18030": (_MARKED | {*range(0xB0, 0xD8)}, 0xA1, 0.8),
    "cp932": (frozenset({*range(0x81, 0x84), *range(0x88, 0x98)}), 0x40, 0.8),
    "big5": (frozenset(range(0xA1, 0xC7)), 0x40, 0.8),
}
#: The longest word beyond ASCII has at least so many bytes: a Western accent stands alone.
_WORD = 4
#: Alphabets of their own by their ten or so most frequent letters, and Latin ones by those beyond ASCII.
_ALPHABETS = {
    "cp1251": "оеаинтсрвлкдп", "koi8-r": "оеаинтсрвлкдп", "cp1253": "αοιετσνηυρπκά", "cp1255": "יוהלארתבשמנד",
    "cp1256": "اليمونرتبةعد",
}  # fmt: skip
_ACCENTS = {
    _WESTERN: "àáâãäåæçèéêëìíîïñòóôõöøùúûüßœ°«»€’–“”·ºªðþý", "cp1254": "çğıöşüâîû°’",
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîșţäöüß°–„”",
}  # fmt: skip
#: Icelandic letters count half: in Turkish other, frequent ones have their places.
_RARE = "ðþý"
#: Of an alphabet's text at least so much are its frequent letters.
_ENOUGH = 0.5


def encoding(sample: bytes) -> str:
    """The name of the encoding; a sample may end within a character."""
    for mark, name in _MARKS.items():
        if sample.startswith(mark):
            return name
    if _decoded(sample, "utf-8") is not None:
        return "utf-8"
    return _double(sample) or _alphabet(sample) or _latin(sample)


def _decoded(sample: bytes, name: str) -> str | None:
    """An incremental decoder waits for the rest of a character that is cut off at the end."""
    try:
        return codecs.getincrementaldecoder(name)().decode(sample)
    except UnicodeDecodeError:
        return None


def _double(sample: bytes) -> str:
    """An encoding of characters of two bytes each, where nearly all of them are frequent ones."""
    for name, (first, least, enough) in _PLANES.items():
        text = _decoded(sample, name)
        if text is None:
            continue
        written = [one.encode(name) for one in text if one > "\x7f"]
        common = sum(len(one) == 2 and one[0] in first and one[1] >= least for one in written)
        longest = max(map(len, re.findall("[^\x00-\x7f]+", text)), default=0)
        if common >= enough * len(written) and 2 * longest >= _WORD:
            return name
    return ""


def _alphabet(sample: bytes) -> str:
    """One of an alphabet of its own, in which whole words are written."""
    high = _HIGH.findall(sample)
    if max(map(len, high), default=0) < _WORD:
        return ""
    shares = {name: _share(high, name, letters) for name, letters in _ALPHABETS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _ENOUGH else ""


def _latin(sample: bytes) -> str:
    high = _HIGH.findall(sample)
    shares = {name: _share(high, name, letters) for name, letters in _ACCENTS.items()}
    best = max(shares, key=lambda name: shares[name])
    if best != _WESTERN and shares[best] > shares[_WESTERN]:
        return best
    return _WESTERN if _WINDOWS.search(sample) and _decoded(sample, _WESTERN) is not None else "latin-1"


def _share(words: Sequence[bytes], name: str, letters: str) -> float:
    """How much of the bytes beyond ASCII are these letters; none of a word in which small and capital ones
    are mixed, as they come of the wrong encoding."""
    read = [word.decode(name, "replace") for word in words]
    fine = "".join(word for word in read if word in (word.lower(), word.upper(), word.capitalize())).lower()
    known, rare = (sum(one in of for one in fine) for of in (letters, _RARE))
    return (known - rare / 2) / max(1, sum(map(len, words)))
