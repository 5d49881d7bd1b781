"""How the numbers look that identify a person or a device, and what makes them real."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_HEX = "0-9A-Fa-f"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _calendar(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _luhn(digits: str) -> bool:
    total = sum(
        digit if place % 2 == 0 else digit * 2 - 9 * (digit > 4)
        for place, digit in enumerate(int(mark) for mark in reversed(digits))
    )
    return total % 10 == 0


def resident_number(text: str) -> bool:
    """A Chinese resident identity number: 17 digits with a birth date, and their check digit
    (GB 11643-1999)."""
    digits = re.sub(r"[ -]", "", text)
    if not _calendar(digits[6:10], digits[10:12], digits[12:14]):
        return False
    check = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False)) % 11
    return digits[17].upper() == "10X98765432"[check]


def personal_number(text: str) -> bool:
    """A Swedish personal or coordination number: a birth date (day + 60 for the latter) and a Luhn
    digit over the last ten."""
    digits = re.sub(r"\D", "", text)[-10:]
    day = int(digits[4:6])
    return _calendar("2000", digits[2:4], f"{day - 60 if day > 60 else day}") and _luhn(digits)


def device_number(text: str) -> bool:
    """15 digits that are an IMEI (Luhn), an IMSI (its country code begins with 2 to 7) or an old
    Chinese identity number."""
    digits = re.sub(r"\D", "", text)
    born = "19" + digits[6:8], digits[8:10], digits[10:12]
    return _luhn(digits) or digits[0] in "234567" or _calendar(*born)


@dataclass(frozen=True)
class Look:
    """How one kind of identifier looks, and what else must hold for it to be one."""

    kind: str
    pattern: str
    real: Callable[[str], bool] | None = None


EMAIL = Look("email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}")
#: Network addresses of devices: six pairs, or three groups of four.
DEVICES = (
    Look("device", rf"(?<![{_HEX}:])[{_HEX}]{{2}}([:-])[{_HEX}]{{2}}(?:\1[{_HEX}]{{2}}){{4}}(?![{_HEX}:])"),
    Look("device", rf"(?<![{_HEX}.])(?:[{_HEX}]{{4}}\.){{2}}[{_HEX}]{{4}}(?![{_HEX}.])"),
)
#: Every one begins at the start of a run of digits, or at its sign; the longest kinds first.
NUMBERS = (
    Look("id", r"(?<!\d)[1-9]\d{5}[ -]?\d{8}[ -]?\d{3}[\dXx](?!\d)", resident_number),
    Look("id", r"(?<!\d)(?:19|20)?\d{2}[01]\d[0-9]\d ?[-+]? ?\d{4}(?!\d)", personal_number),
    Look("device", r"(?<!\d)\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d(?!\d)", device_number),
    Look("phone", r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)"),
    Look("phone", r"(?<![\d-])0\d{1,3}[ /-]{1,3}\d{2,4}(?:[ -]?\d{2,4}){1,2}(?![\d-])"),
    Look("phone", r"(?<!\d)07[02369]\d{7}(?!\d)"),
    Look("phone", r"(?<!\d)(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){7,14}(?!\d)"),
    Look("phone", r"(?<![\d.])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\d.])"),
)
PLATE = Look("plate", rf"[{_PROVINCES}][A-HJ-NP-Z][ ·•.-]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳]")

_RUN = re.compile(r"\d(?:[ ./()+-]{0,3}\d){6}")
_NUMBER = re.compile(rf"(?<!\d)(?=[\d+(])(?:{'|'.join(look.pattern for look in NUMBERS)})")


def suspects(text: str) -> list[Look]:
    """The kinds that may stand in a text. Most texts hold none, and finding that out must be cheap:
    seven digits close together come first, then whatever looks like a number of any kind."""
    found = [EMAIL] if "@" in text else []
    if text.count(":") >= 5 or text.count("-") >= 5 or text.count(".") >= 2:
        found += DEVICES
    if _RUN.search(text) and _NUMBER.search(text):
        found += NUMBERS
    if not text.isascii() and not set(_PROVINCES).isdisjoint(text):
        found.append(PLATE)
    return found
