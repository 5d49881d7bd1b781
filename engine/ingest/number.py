"""Reading numbers as people write them: with a decimal comma, with thousands set apart, in the digits of any
script."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from engine.ingest.mapping import Numbers

#: Full-width and Arabic signs, and the real minus, as ASCII.
_PLAIN = {ord(wide): plain for wide, plain in zip("．，－＋−٫٬", ".,-+-.,", strict=True)}
#: The blanks and the apostrophes that set thousands apart, whichever of them the mapping names.
_BLANKS = "[ \u00a0\u2007\u2009\u202f\u3000]"
_APOSTROPHES = "['\u2019\u02bc]"

#: From a value to the number it stands for; raises ValueError for what is none.
Read = Callable[[Any], float]


def ascii_digits(text: str) -> str:
    """The text with the digits of every script (full-width, Arabic, Devanagari ...) as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def reader(numbers: Numbers) -> Read:
    """A function that reads a finite number: one that JSON holds as such, or a text in this notation."""
    point = re.escape(numbers.decimal)
    apart = _apart(numbers.thousands)
    whole = rf"[0-9]{{1,3}}(?:{apart}[0-9]{{3}})+|[0-9]+" if apart else "[0-9]+"
    written = re.compile(rf"([+-]?)(?:({whole})(?:{point}([0-9]*))?|{point}([0-9]+))([eE][+-]?[0-9]{{1,3}})?")

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError("not a number")
        return _finite(float(_ascii(value, written)) if isinstance(value, str) else float(value))

    return read


def _apart(thousands: str | None) -> str:
    if thousands is None:
        return ""
    if thousands == "'":
        return _APOSTROPHES
    return _BLANKS if thousands.isspace() else re.escape(thousands)


def _ascii(text: str, written: re.Pattern[str]) -> str:
    found = written.fullmatch(ascii_digits(text).translate(_PLAIN).strip()) if len(text) < 100 else None
    if found is None:
        raise ValueError("not a number")
    sign, whole, fraction, bare, exponent = found.groups(default="")
    return f"{sign}{re.sub('[^0-9]', '', whole) or 0}.{fraction or bare or 0}{exponent}"


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number
