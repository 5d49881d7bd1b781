"""A text as a reader sees it: digits of any script as ASCII, no signs without width, entities read."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from urllib.parse import unquote_to_bytes

from engine.guard.vocabulary import NUMERALS

_AS_DIGITS = str.maketrans(NUMERALS, "00123456789122122334566789")
_TOLD = rf"[\d{NUMERALS}]"
#: Numbers are told digit by digit; 千, 百 and 十 stand in amounts, where no identifier is meant.
_SPOKEN = re.compile(rf"{_TOLD}(?:[ .,、;:~/_-]{{0,2}}{_TOLD}){{6,}}")
_ENCODED = re.compile(
    r"(?:%[0-9A-Fa-f]{2})+|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
    r"|\\{1,4}(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[nrt])"
)
_TAG = r"<(?:!--[^<>]{0,200}--|[!/?]?[A-Za-z][^<>]{0,200})>"
_BOARD = (
    r"(?i:\[/?(?:b|i|u|s|em|strong|url|colou?r|size|font|quote|code|center|sup|sub)(?:=[^\[\]]{0,40})?\])"
)
_MARKUP = re.compile(rf"(?:\s?(?:{_TAG}|{_BOARD}))+\s?")
#: What only adorns the letters within it; any other element parts what stands before it from what follows.
_ADORNS = re.compile(
    r"(?i:<(?:!--.*?--|/?(?:a|abbr|b|bdi|bdo|big|code|del|em|font|i|ins|kbd|mark|nobr|o|s|small|span|strike|strong"
    r"|sub|sup|tt|u|wbr)(?![A-Za-z])[^<>]*)>|\[[^\[\]]*\])+",
    re.S,
)
#: Texts are encoded more than once by mistake, not more often than this.
_LAYERS = 3


@cache
def _plain_marks() -> dict[int, int | None]:
    """Every digit as ASCII, full-width signs, blanks, dashes and dots as their ASCII likes, and what has
    no width, joins or only adorns as nothing: `１３９` or a zero-width space must hide no number."""
    marks: dict[int, int | None] = {}
    scripts = range(0x80, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0x1FC00), range(0xE0000, 0xE01F0)
    for code in chain.from_iterable(scripts):
        mark = chr(code)
        category = unicodedata.category(mark)
        if (digit := unicodedata.digit(mark, None)) is not None:
            marks[code] = 0x30 + digit
        elif category in ("Cf", "Mn", "Me"):
            marks[code] = None
        elif category == "Zs":
            marks[code] = 0x20
        elif category == "Pd":
            marks[code] = 0x2D
    marks |= {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    marks |= dict.fromkeys(map(ord, "·•・∙⋅｡․‧・"), 0x2E)
    # What could not be decoded, or is no sign at all, stands where a blank or the end of a line was.
    return marks | {0x2212: 0x2D, 0x30FC: 0x2D, 0xAD: None, 0xFFFD: 0x20}


@dataclass(frozen=True)
class Folded:
    """The plain form of a text of `length`; `spans` says which piece of the text each of its marks stands
    for (None: mark for mark)."""

    plain: str
    length: int
    spans: Sequence[tuple[int, int]] | None = None

    def piece(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text the marks `start` to before `end` of the plain form come from, with what adorns
        the last of them."""
        if self.spans is None:
            return start, end
        over = self.spans[end][0] if end < len(self.spans) else self.length
        return self.spans[start][0], max(over, self.spans[end - 1][1])


def fold(text: str) -> Folded:
    """`text` in its plain form."""
    folded = Folded(text, len(text))
    for _ in range(_LAYERS):
        if not _ENCODED.search(folded.plain):
            break
        folded = _then(folded, _replaced(_ENCODED, folded.plain, _read))
    if not folded.plain.isascii():
        folded = _then(folded, _flattened(folded.plain))
    return folded


def without_markup(folded: Folded) -> Folded | None:
    """The same without tags, as a browser shows it; None where there is none.

    What is written within the tags is not in it: mask that first.
    """
    if not _MARKUP.search(folded.plain):
        return None
    return _then(
        folded, _replaced(_MARKUP, folded.plain, lambda tags: "" if _ADORNS.fullmatch(tags) else " ")
    )


def _then(first: Folded, second: Folded) -> Folded:
    if first.spans is None or second.spans is None:
        return Folded(second.plain, first.length, first.spans if second.spans is None else second.spans)
    return Folded(second.plain, first.length, [first.piece(start, end) for start, end in second.spans])


def _flattened(text: str) -> Folded:
    marks = _plain_marks()
    plain = text.translate(marks)
    spans = None
    if len(plain) != len(text):
        spans = [(at, at + 1) for at, mark in enumerate(text) if marks.get(ord(mark), 0) is not None]
    return Folded(_SPOKEN.sub(lambda found: found[0].translate(_AS_DIGITS), plain), len(text), spans)


def _replaced(look: re.Pattern[str], text: str, read: Callable[[str], str]) -> Folded:
    """`text` with what `read` makes of all that looks so."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for found in look.finditer(text):
        pieces.append(text[at : found.start()])
        spans += [(place, place + 1) for place in range(at, found.start())]
        pieces.append(said := read(found[0]))
        spans += [found.span()] * len(said)
        at = found.end()
    pieces.append(text[at:])
    spans += [(place, place + 1) for place in range(at, len(text))]
    return Folded("".join(pieces), len(text), spans)


def _read(code: str) -> str:
    if code[0] == "%":
        return unquote_to_bytes(code).decode("utf-8", "replace")
    if code[0] == "&":
        return html.unescape(code)
    escape = code.lstrip("\\")
    return " " if escape[0] in "nrt" else chr(int(escape[1:], 16))
