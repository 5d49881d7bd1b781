"""Reading numbers as people write them: with a decimal comma, with thousands set apart, in full width."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from engine.ingest.mapping import Numbers

#: Full-width digits and signs, and the real minus, as ASCII.
_PLAIN = {
    **{0xFF10 + digit: ord("0") + digit for digit in range(10)},
    **{ord(wide): ord(plain) for wide, plain in zip("．，－＋−", ".,-+-", strict=True)},
}
#: The blanks and the apostrophes that set thousands apart, whichever of them the mapping names.
_BLANKS = "[ \u00a0\u2007\u2009\u202f\u3000]"
_APOSTROPHES = "['\u2019\u02bc]"

#: From a value to the number it stands for; raises ValueError for what is none.
Read = Callable[[Any], float]


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
    found = written.fullmatch(text.translate(_PLAIN).strip()) if len(text) < 100 else None
    if found is None:
        raise ValueError("not a number")
    sign, whole, fraction, bare, exponent = found.groups(default="")
    return f"{sign}{re.sub('[^0-9]', '', whole) or 0}.{fraction or bare or 0}{exponent}"


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number
