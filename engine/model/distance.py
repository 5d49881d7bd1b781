"""How far apart: distances as files write them, and how exactly a stored point says where it was."""

from __future__ import annotations

import re
from math import cos, hypot, radians

Point = tuple[float, float]

_WRITTEN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s?(m|km)")
#: Of a degree of latitude and longitude so many digits are kept: about 100 m.
_DIGITS = 3
#: The mean length of a degree along a meridian, in metres.
DEGREE = 111_195.0
#: So many metres a point may be moved by that rounding: half a step to the north and half a step to the east.
ROUNDED = 79.0


def metres(text: str) -> float:
    """A distance as files write it: `400m`, `1.5km`; ValueError for anything else."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or not float(found[1]):
        raise ValueError(f"{text!r} is no distance; write a number and m or km, as in 400m or 1.5km")
    return float(found[1]) * (1000 if found[2] == "km" else 1)


def written_metres(far: float) -> str:
    """`400m`, or `1.5km` from a thousand on."""
    return f"{far / 1000:g}km" if far >= 1000 else f"{far:g}m"


def rounded(point: Point) -> Point:
    """The point as it is kept: latitude and longitude, to about 100 m."""
    return round(point[0], _DIGITS), round(point[1], _DIGITS)


def beside(one: Point, other: Point) -> bool:
    """Whether two points (latitude, longitude) may be one, as exactly as points are kept."""
    north = (one[0] - other[0]) * DEGREE
    east = (one[1] - other[1]) * DEGREE * cos(radians(one[0]))
    return hypot(north, east) <= ROUNDED
