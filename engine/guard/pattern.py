"""Identifiers that are told by more than digits: addresses of mail and devices, plates, documents."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from engine.guard.check import valid
from engine.guard.digits import Span, Window
from engine.guard.number import resident
from engine.guard.vocabulary import PROVINCES

_HEX = "0-9A-Fa-f"
#: What people put for digits that they hide; a bullet is a dot once it is folded.
HIDING = "*#●○■□×xX"
_HID = f"[{re.escape(HIDING)}]"
#: A letter that is put for a digit, or was read as one.
_LETTERS_FOR = str.maketrans("OolI", "0011")
#: A dot, also one that is put into brackets so that nobody presses a link.
_DOT = r"(?:\.|[\[({](?:\.|dot)[\])}])"
_ALONE, _OVER = "(?<![A-Za-z0-9])", "(?![A-Za-z0-9])"

Real = Callable[[str], bool]


@dataclass(frozen=True)
class Look:
    """How one kind of identifier looks, what else must hold for it to be one, and, to be quick, marks one of
    which stands in every text that holds it."""

    kind: str
    pattern: re.Pattern[str]
    real: Real | None = None
    marks: Sequence[str] = ""

    def spans(self, text: str) -> Iterator[Span]:
        if not self.marks or any(mark in text for mark in self.marks):
            found = self.pattern.finditer(text)
            yield from (one.span() for one in found if self.real is None or self.real(one[0]))


def _look(kind: str, pattern: str, real: Real | None = None, marks: Sequence[str] = "") -> Look:
    return Look(kind, re.compile(pattern), real, marks)


def _network_4(text: str) -> bool:
    """An address of the net; of parts of single digits it is told from a version or a section by a first part
    that no version has, a port or a network behind it; the machine's own is nobody's."""
    parts = re.findall(r"\d+", text)
    try:
        address = IPv4Address(".".join(parts[:4]))
    except AddressValueError:
        return False
    if address.is_loopback or address.is_unspecified:
        return False
    wide = sum(len(part) > 1 for part in parts[:4])
    return wide >= 2 or len(parts) > 4 or (len(parts[0]) == 3 and parts[2:] != ["0", "0"])


def _network_6(text: str) -> bool:
    try:
        address = IPv6Address(text)
    except AddressValueError:
        return False
    return not address.is_loopback and len(text.replace(":", "")) >= 5


def _not_a_day(text: str) -> bool:
    """One letter and a date is what files and notices are numbered by."""
    digits = re.sub(r"\D", "", text)
    return not re.match(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits)


def hong_kong(text: str) -> bool:
    """A Hong Kong identity card's number: letters of value 10 and up, weights 9 to 1, a multiple of 11."""
    marks = re.sub(r"[^A-Z0-9]", "", text)
    values = [36] * (9 - len(marks)) + [int(mark, 36) for mark in marks]
    return sum(value * weight for value, weight in zip(values, range(9, 0, -1), strict=True)) % 11 == 0


#: Of the letters in the order of the numbers that Taiwan's household registration gives them, from 10 on.
_TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def taiwan(text: str) -> bool:
    """A number of Taiwan's identity card or residence certificate: weights 1, 9, 8 to 1, a multiple of 10."""
    text = re.sub(r"[ -]", "", text)
    first = _TAIWAN.index(text[0]) + 10
    second = text[1] if text[1].isdigit() else str((_TAIWAN.index(text[1]) + 10) % 10)
    digits = f"{first}{second}{text[2:]}"
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def _starred(text: str) -> bool:
    return 10 <= len(re.sub(r"[ -]", "", text)) <= 19


def _birth(text: str) -> bool:
    """Six or eight digits of a birth date, before what is hidden of a number."""
    month, day = re.sub(r"\D", "", text)[-4:-2], re.sub(r"\D", "", text)[-2:]
    return "01" <= month <= "12" and "01" <= day <= "31"


def _miswritten(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= 8


def _resident(text: str) -> bool:
    """A resident's number with letters for some of its digits."""
    digits = text.translate(_LETTERS_FOR)
    window = Window(digits, ((0, 18),), 18, digits.upper(), (18,), True)
    return sum(map(str.isdigit, text)) >= 12 and resident(window)


def _compact(real: Real) -> Real:
    return lambda text: real(re.sub(r"[ -]", "", text))


#: An address whose host an operator wrote into a feed is a server's: it stays.
_NO_URL = r"(?<!//)(?<!//\[)"
#: No group of an address of devices stands before; five letters are a word.
_NO_GROUP = rf"(?<![{_HEX}])(?:(?<=[A-Za-z]{{5}}:)|(?<![{_HEX}][:-]))"

_ADDRESSES: tuple[Look, ...] = (
    _look(
        "email",
        r"(?<!postgresql://)(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}",
        marks="@",
    ),
    _look("email", r"[\w.+-]{1,64} {0,2}@ {0,2}[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}", marks="@"),
    _look(
        "email",
        r"[\w.+-]{1,64} ?[\[({] ?at ?[\])}] ?[\w-]{1,63}(?: ?[.\[({] ?(?:dot)? ?[\])}]? ?[\w-]{2,63}){1,4}",
        marks="[({",
    ),
    _look(
        "email",
        rf"[\w.+-]{{1,64}} ?[\[({{]?@[\])}}]? ?[\w-]{{1,63}}(?:{_DOT}[\w-]{{2,63}}){{1,4}}",
        marks="@",
    ),
    _look(
        "email",
        r"(?<![\w.+-])[\w.+-]{2,64}[\[({]a[\])}][\w-]{2,63}(?:\.[\w-]{2,63}){1,4}(?!\w)",
        marks="[({",
    ),
    _look(
        "email",
        r"[\w.+-]{1,64} at [\w-]{2,63}(?: dot [\w-]{2,63}){0,3}"
        r" dot (?:com|net|org|edu|gov|info|[a-z]{2})(?!\w)",
        lambda text: not text.endswith((" dot at", " dot in", " dot is", " dot to", " dot on")),
        (" dot ",),
    ),
    _look("email", r"[\w.+-]{1,64} AT [\w-]{1,63}(?: DOT [\w-]{2,63}){1,4}(?!\w)", marks="T"),
    _look("device", rf"{_NO_GROUP}[{_HEX}]{{2}}([:-])[{_HEX}]{{2}}(?:\1[{_HEX}]{{2}}){{4}}(?![{_HEX}:])"),
    _look(
        "device", rf"(?<![{_HEX}.])(?:[{_HEX}]{{4}}\.){{2}}[{_HEX}]{{4}}(?![{_HEX}]|\.[{_HEX}])", marks="."
    ),
    _look(
        "ip",
        rf"{_NO_URL}(?<![\d.])(?<!v)(?<!version )(?:\d{{1,3}}{_DOT}){{3}}\d{{1,3}}(?!\d|\.\d)"
        r"(?::\d{2,5}(?!\d|[:.]\d)|/(?:[89]|[12]\d|3[0-2])(?!\d|[/.]\d))?",
        _network_4,
        ".[({",
    ),
    _look("ip", r"(?<![\d.] )(?<![\d.])\d{1,3}(?: \. ?\d{1,3}){3}(?! ?[\d.])", _network_4, "."),
    _look(
        "ip",
        rf"{_NO_URL}{_NO_GROUP}(?<![0-9A-Za-z.])(?:[{_HEX}]{{0,4}}:){{2,7}}"
        rf"(?:[{_HEX}]{{1,4}}|(?:\d{{1,3}}\.){{3}}\d{{1,3}})?(?![\w:])",
        _network_6,
        ":",
    ),
    _look(
        "plate",
        rf"[{PROVINCES}][ ._-]{{0,2}}[A-Za-z][ ._-]{{0,3}}(?=[A-Za-z]{{0,4}}\d)"
        r"[A-Za-z0-9]{4,5}[A-Za-z0-9挂学警港澳领掛學領]",
        marks=PROVINCES,
    ),
    _look("plate", rf"{_ALONE}WJ[ .-]{{0,2}}[{PROVINCES}]?[ .-]{{0,2}}\d{{4,5}}[0-9A-Z]?{_OVER}", marks="W"),
    _look("plate", rf"军[ .-]{{0,2}}[A-Z][ .-]{{0,3}}\d{{5}}{_OVER}", marks="军"),
    _look("plate", r"(?<!\w)使[ .-]?\d{3}[ .-]?\d{3}(?![\d人户名亩万])|(?<![\w.,])\d{6}使(?!用)", marks="使"),
    _look("phone", rf"(?<![\w*])\d{{3}}[ -]?(?:{_HID}{{4}}|\.{{4}})[ -]?\d{{4}}(?![\w*])"),
    _look(
        "id",
        rf"(?<![\w*])\d{{3,14}}(?:[ -]?{_HID}{{2,14}}){{1,4}}[ -]?"
        r"(?:\d{1,5}[\dXx]|(?<=\*)[\dXx]{2,6})(?![\w*])",
        _starred,
        HIDING,
    ),
    _look("id", rf"(?<![\w*])(?:19|20)?\d{{6}}[-+]{_HID}{{4}}(?![\w*])", _birth, HIDING),
    _look("id", rf"(?<![\w*]){_HID}{{3}}-{_HID}{{2}}-\d{{4}}(?!\w)", marks=HIDING),
    _look("phone", rf"{_ALONE}[1lI][3-9][\dOolI]{{9}}{_OVER}", _miswritten, "OolI"),
    _look("id", rf"{_ALONE}[1-9lI][\dOolI]{{16}}[\dOolIXx]{_OVER}", _resident, "OolI"),
    _look("account", r"(?<!\w)[Qq] [Qq](?: ?号码?)?[ :]{0,2}[1-9]\d{4,10}(?!\d)", marks="Qq"),
    _look(
        "account",
        r"加我? ?(?:[VvQq]|微|薇)[Xx信号]?(?:是|为)?[ :]{0,2}(?:[A-Za-z][\w-]{5,19}|[1-9]\d{4,10}(?!\d))",
        marks="加",
    ),
    _look("account", r"(?<!\w)wxid_\w{6,30}", marks="_"),
)
#: Papers and their numbers: a capital beside digits, or a bracket or a slash behind them.
_PAPERS: tuple[Look, ...] = (
    _look("id", rf"{_ALONE}[EGKHM][ -]?\d{{8}}(?:\d\d)?{_OVER}", _not_a_day),
    _look("id", rf"{_ALONE}(?:E[A-HJ-N]|[DSP]E|M[AB])[ -]?\d{{7}}{_OVER}"),
    _look("id", rf"{_ALONE}[A-Z]{{3}}\d{{12}}{_OVER}"),
    _look("id", rf"{_ALONE}[A-Z]{{1,2}}[ -]?\d{{6}} ?\([0-9A]\)", marks="("),
    _look("id", rf"{_ALONE}(?:[A-Z]|WX|X[A-H])\d{{6}}-?[0-9A]{_OVER}", hong_kong),
    _look("id", r"(?<!\d)[157][ /.-]?\d{6} ?\(\d\)", marks="("),
    _look("id", r"(?<![\d/])[157]/\d{6}/\d(?![\d/])", marks="/"),
    _look("id", rf"{_ALONE}[A-Z][ -]?[A-D1289]\d{{8}}{_OVER}", taiwan),
    _look("id", rf"{_ALONE}\d{{6}}[-+A-FU-Y]\d{{3}}[0-9A-Y]{_OVER}", valid("fi.hetu")),
    _look("id", rf"{_ALONE}\d{{8}}[ -]?[A-Z]{_OVER}", valid("es.dni")),
    _look("id", rf"{_ALONE}[XYZ][ -]?\d{{7}}[ -]?[A-Z]{_OVER}", valid("es.nie")),
    _look("id", rf"{_ALONE}[A-Z]{{6}}\d\d[A-Z]\d\d[A-Z]\d{{3}}[A-Z]{_OVER}", valid("it.codicefiscale")),
    _look("id", rf"{_ALONE}[A-Z]{{4}}\d{{6}}[HMX][A-Z]{{5}}[0-9A-Z]\d{_OVER}", valid("mx.curp")),
    _look("id", rf"{_ALONE}[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]{_OVER}"),
    _look(
        "id",
        r"(?<!\d)[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d(?!\d)",
        _compact(valid("fr.nir")),
    ),
    _look(
        "card",
        rf"{_ALONE}(?i:[A-Z]{{2}}\d\d(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?){_OVER}",
        valid("iban"),
    ),
)
_PAPER = re.compile(
    r"[A-Z][ -]?\d{6}|\d{6,8}[ -]?[-+A-Z(/]|[A-Z]{2} ?\d\d ?[A-Z\d]{2}|[a-z]{2}\d\d|[A-Z]\d\d[A-Z]"
    r"|\d{3} ?\d{3} ?\d\d(?!\d)"
)


#: Four numbers behind such a word are a version of a program.
_VERSION = re.compile(
    r"(?:version|firmware|release|build|ver|固件|版本)s?[.:]?(?: \w+){0,2} ?[v\d][\d.]*"
    r"(?:(?:,| and| to| or)+ [\d.]+)*",
    re.I,
)


def looked(text: str) -> Iterator[tuple[str, Span]]:
    """The identifiers in a text that are told by their look, each with its kind."""
    versions = cache(lambda: [found.span() for found in _VERSION.finditer(text)])
    for look in (*_ADDRESSES, *_PAPERS) if _PAPER.search(text) else _ADDRESSES:
        for span in look.spans(text):
            if look.kind != "ip" or not _within(span, versions()):
                yield look.kind, span


def _within(span: Span, parts: Sequence[Span]) -> bool:
    """Whether it ends in one of the parts, which are in their order and apart, behind its beginning."""
    at = bisect_left(parts, span[1], key=lambda part: part[1])
    return at < len(parts) and parts[at][0] < span[1]
