"""Reading degrees of latitude and longitude: as numbers, or in degrees, minutes and seconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from engine.ingest import number
from engine.ingest.mapping import Numbers
from engine.ingest.number import ascii_digits

#: Which letters and Chinese characters say the half of the earth, and on which axis.
_HALVES = {
    "N": (0, 1), "S": (0, -1), "E": (1, 1), "W": (1, -1),
    "北": (0, 1), "南": (0, -1), "东": (1, 1), "西": (1, -1),
}  # fmt: skip
_HALF = "[NSEW北南东西]"
_BLANK = r"[\s\u00a0\u202f]*"
_WRITTEN = re.compile(
    rf"({_HALF}?)[纬经]?{_BLANK}(-?)([0-9]{{1,3}})(?:([°ºd度]){_BLANK}|\s)"
    rf"(?:([0-9]{{1,2}}(?:[.,][0-9]+)?)(?:['’′`m分]{_BLANK}|\s|(?={_HALF}|$))"
    rf"(?:([0-9]{{1,2}}(?:[.,][0-9]+)?)(?:''|[\"”″s秒])?{_BLANK})?)?({_HALF}?)",
    re.IGNORECASE,
)


def reader(numbers: Numbers, axis: int) -> Callable[[Any], float]:
    """A function that reads degrees. axis: 0 for latitude, 1 for longitude; raises ValueError for what is no
    number of degrees, or says that it is of the other axis."""
    plain = number.reader(numbers)

    def read(value: Any) -> float:
        if isinstance(value, str) and (found := _WRITTEN.fullmatch(ascii_digits(value).strip().upper())):
            return _degrees(found, axis)
        return plain(value)

    return read


def is_sexagesimal(text: str) -> bool:
    """Whether a text is written in degrees and minutes."""
    found = _WRITTEN.fullmatch(ascii_digits(text).strip().upper())
    return found is not None and any(found.group(1, 4, 7))


def _degrees(found: re.Match[str], axis: int) -> float:
    before, sign, whole, mark, minutes, seconds, behind = found.groups(default="")
    half = before or behind
    of, direction = _HALVES[half] if half else (axis, 1)
    rest = [float((part or "0").replace(",", ".")) for part in (minutes, seconds)]
    # Bare numbers with blanks between them may be anything.
    if not (half or mark) or of != axis or (before and behind) or (sign and half) or max(rest) >= 60:
        raise ValueError("not degrees")
    return (-1 if sign else 1) * direction * (int(whole) + rest[0] / 60 + rest[1] / 3600)
