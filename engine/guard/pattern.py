"""Identifiers that are told by more than digits: addresses of mail and devices, plates, documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from engine.guard.check import valid
from engine.guard.digits import Span
from engine.guard.vocabulary import PROVINCES

_HEX = "0-9A-Fa-f"
_ALONE, _OVER = "(?<![A-Za-z0-9])", "(?![A-Za-z0-9])"

Real = Callable[[str], bool]


@dataclass(frozen=True)
class Look:
    """How one kind of identifier looks, what else must hold for it to be one, and, to be quick, marks one of
    which stands in every text that holds it."""

    kind: str
    pattern: re.Pattern[str]
    real: Real | None = None
    marks: str = ""

    def spans(self, text: str) -> Iterator[Span]:
        if not self.marks or any(mark in text for mark in self.marks):
            found = self.pattern.finditer(text)
            yield from (one.span() for one in found if self.real is None or self.real(one[0]))


def _look(kind: str, pattern: str, real: Real | None = None, marks: str = "") -> Look:
    return Look(kind, re.compile(pattern), real, marks)


def _network_4(text: str) -> bool:
    """An address of the net; four single digits are a section or a version, and the machine's own is
    nobody's."""
    try:
        address = IPv4Address(text)
    except AddressValueError:
        return False
    wide = sum(len(part) > 1 for part in text.split("."))
    return wide >= 2 and not address.is_loopback and not address.is_unspecified


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
    first = _TAIWAN.index(text[0]) + 10
    second = text[1] if text[1].isdigit() else str((_TAIWAN.index(text[1]) + 10) % 10)
    digits = f"{first}{second}{text[2:]}"
    weights = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 10 == 0


def _starred(text: str) -> bool:
    return 10 <= len(re.sub(r"[^\dXx*]", "", text)) <= 19


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
    _look("device", rf"{_NO_GROUP}[{_HEX}]{{2}}([:-])[{_HEX}]{{2}}(?:\1[{_HEX}]{{2}}){{4}}(?![{_HEX}:])"),
    _look("device", rf"(?<![{_HEX}.])(?:[{_HEX}]{{4}}\.){{2}}[{_HEX}]{{4}}(?![{_HEX}.])", marks="."),
    _look(
        "ip",
        rf"{_NO_URL}(?<![\d.])(?<!v)(?<!version )(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?!\d|\.\d)",
        _network_4,
        ".",
    ),
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
    _look("phone", r"(?<![\w*])\d{3}[ -]?\*{4}[ -]?\d{4}(?![\w*])", marks="*"),
    _look("id", r"(?<![\w*])\d{3,14}(?:[ -]?\*{2,14}){1,4}[ -]?[\dXx]{2,6}(?![\w*])", _starred, "*"),
    _look("phone", r"(?<!\w)1[3-9]\d[ -]?[xX]{4}[ -]?\d{4}(?!\w)", marks="xX"),
    _look("account", r"(?<!\w)wxid_\w{6,30}", marks="_"),
)
#: Papers and their numbers: a capital beside digits, or a bracket or a slash behind them.
_PAPERS: tuple[Look, ...] = (
    _look("id", rf"{_ALONE}[EGKHM][ -]?\d{{8}}(?:\d\d)?{_OVER}", _not_a_day),
    _look("id", rf"{_ALONE}(?:E[A-HJ-N]|[DSP]E|M[AB])[ -]?\d{{7}}{_OVER}"),
    _look("id", rf"{_ALONE}[A-Z]{{3}}\d{{12}}{_OVER}"),
    _look("id", rf"{_ALONE}[A-Z]{{1,2}}[ -]?\d{{6}} ?\([0-9A]\)", marks="("),
    _look("id", rf"{_ALONE}(?:[A-Z]|WX|X[A-H])\d{{6}}[0-9A]{_OVER}", hong_kong),
    _look("id", r"(?<!\d)[157][ /.-]?\d{6} ?\(\d\)", marks="("),
    _look("id", r"(?<![\d/])[157]/\d{6}/\d(?![\d/])", marks="/"),
    _look("id", rf"{_ALONE}[A-Z][A-D1289]\d{{8}}{_OVER}", taiwan),
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
        rf"{_ALONE}[A-Z]{{2}}\d\d(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?{_OVER}",
        valid("iban"),
    ),
)
_PAPER = re.compile(
    r"[A-Z][ -]?\d{6}|\d{6,8}[ -]?[-+A-Z(/]|[A-Z]{2} ?\d\d ?[A-Z\d]{2}|[A-Z]\d\d[A-Z]"
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
    for look in (*_ADDRESSES, *_PAPERS) if _PAPER.search(text) else _ADDRESSES:
        for span in look.spans(text):
            if look.kind != "ip" or not any(
                one.end() >= span[1] > one.start() for one in _VERSION.finditer(text)
            ):
                yield look.kind, span
