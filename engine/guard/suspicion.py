"""Whether a text could hold an identifier at all: most hold none, and finding that out must be cheap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from engine.guard.introduced import HAN_LEADS, may_introduce
from engine.guard.spoken import may_tell
from engine.guard.vocabulary import NUMERALS, PROVINCES, TELLERS, VERBS, WORDS

#: What most fields of a record are as a whole: an amount, a code, a moment, a pair of coordinates.
_PLAINLY = re.compile(
    r"[a-z]{0,4}\d{0,9}"
    r"|[-+]?\d{1,6}(?:\.\d*)?(?:, ?[-+]?\d{1,3}\.\d*)?"
    r"|(?:19|20)\d\d[-/][01]\d[-/][0-3]\d"
    r"(?:[ T][0-2]\d:[0-5]\d(?::[0-6]\d(?:\.\d{1,9})?)?(?:Z| ?[+-][01]\d:?\d\d)?)?"
)  # fmt: skip
_LONGEST_PLAIN = 40

#: Without one of these no text of an alphabet holds an identifier.
_ANY = re.compile(r"[\d@*:=：＝&%\\_(\[{]")
#: Where the digits and the signs of other scripts begin.
_FIRST_OTHER = "\u0660"
_SEVEN = re.compile(r"\d(?:[\W_]{0,6}\d){6}")
_FIVE = re.compile(r"\d(?:[\W_]{0,6}\d){4}")
_JOINED = re.compile(r"\dー\d")
_LETTER = re.compile(r"[^\W\d_]")

_ENCODED = re.compile(r"&#|&[a-z]{2,8};|%[0-9A-Fa-f]{2}|\\[uxnrt]")
_DEVICE = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){3}|::|[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:")
#: A colon behind a letter leads something in, unless an address begins there.
_LED = re.compile(r"[^\W\d_][\"'”’)\]]{0,2}\s{0,3}[:=：＝](?!//)")
_AT = re.compile(r"[\[({] ?(?:at?|@|dot) ?[\])}]")
_GROUPS = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}")
_HIDDEN = re.compile(r"\d[ -]?[#●○■□×xX]{4}|[xX#]{3}-[xX#]{2}-\d")
_TAX = re.compile(r"[A-Z]\d\d[A-Z]\d\d[A-Z]")
_PLATE = re.compile(rf"[{PROVINCES}][^\u3400-\u9fff]{{0,3}}[A-Za-zＡ-Ｚａ-ｚ]")
#: Accounts are told by so few digits that only their services' names give them away.
_SERVICES = (
    "wechat", "weixin", "weibo", "wx", "vx", "qq", "telegram", "skype", "alipay", "instagram", "facebook",
    "snapchat", "line id",
)  # fmt: skip
#: What is told in letters alone: a name behind a verb or behind who called, an address that is spelt.
_IN_LETTERS = re.compile(
    rf" (?:{'|'.join(VERBS)}) [^\W\d_a-z]"
    rf"|(?:{'|'.join(f'[{word[0].upper()}{word[0]}]{word[1:]}' for word in TELLERS)})[\s,(]{{1,3}}[^\W\d_a-z]"
    r"| (?:DOT|dot) "
)
_BESIDE = frozenset((*TELLERS, *VERBS, "name", "identified", "dot"))
#: Behind these a number may have letters among its digits, and few of them.
_LEADING = frozenset(word.split(" ")[0] for kind in ("plate", "device", "id") for word in WORDS[kind])
_WORD = re.compile(r"[^\W\d_]+")
#: A tag between digits, or one that may stand there.
_MARKUP = re.compile(rf"[\d{NUMERALS}]\s?(?:<[!/?]?[A-Za-z][^<>]*>|\[/?[A-Za-z=#\d]+\])")
#: Each lets through whatever stands in every text that holds a certain kind, and is asked only where its
#: marks are.
_BY_MARK = (
    ("<[", _MARKUP), (":=：＝", _LED), (":-", _DEVICE), ("&%\\", _ENCODED), ("[({", _AT), (".", _GROUPS),
    ("#●○■□×xX", _HIDDEN),
)  # fmt: skip


def suspicious(text: str) -> bool:
    """False only for a text that holds nothing the guard would mask."""
    if len(text) <= _LONGEST_PLAIN and _PLAINLY.fullmatch(text):
        return False
    written = not text.isascii() and max(text) >= _FIRST_OTHER
    if _ANY.search(text) is None:
        return _in_words(text, _WORD.findall(text.casefold())) or (written and _written(text))
    return _spelt(text) or (written and _written(text))


def _spelt(text: str) -> bool:
    if _SEVEN.search(text) or "@" in text or "*" in text:
        return True
    if _FIVE.search(text) and _LETTER.search(text):
        return True
    for marks, look in _BY_MARK:
        if any(mark in text for mark in marks) and look.search(text):
            return True
    small = text.casefold()
    if _TAX.search(text) is not None or any(name in small for name in _SERVICES):
        return True
    words = _WORD.findall(small)
    return not _LEADING.isdisjoint(words) or _in_words(text, words)


def _in_words(text: str, words: Sequence[str]) -> bool:
    """Whether a name is led in, or a number told, by words of an alphabet (`words`: the text's)."""
    if may_introduce(words) or may_tell(words):
        return True
    return not _BESIDE.isdisjoint(words) and _IN_LETTERS.search(text) is not None


def _written(text: str) -> bool:
    """What only digits, signs and words beyond the alphabets give away."""
    from engine.guard.label import HAN_WORD

    if "＠" in text or "＊" in text or ("ー" in text and _JOINED.search(text)):
        return True
    return any(look.search(text) for look in (_told(), _PLATE, HAN_WORD, HAN_LEADS))


@cache
def _told() -> re.Pattern[str]:
    """Seven digits close together, those that `\\d` does not know among them: circled, raised, Chinese."""
    marks = map(chr, range(0x80, 0x1FC00))
    others = "".join(one for one in marks if unicodedata.digit(one, None) is not None and not one.isdecimal())
    digit = rf"[\d{others}{NUMERALS}]"
    return re.compile(rf"{digit}(?:[\W_]{{0,6}}{digit}){{6}}")
