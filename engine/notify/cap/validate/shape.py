"""Polygons and circles of an area, read as CAP writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.notify.cap.validate.markup import Element, children, own

#: (latitude, longitude)
Point = tuple[float, float]
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)


def point(text: str) -> Point | None:
    """`lat,lon`; None where it is none."""
    parts = text.split(",")
    if len(parts) != 2 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    return float(parts[0]), float(parts[1])


def ring(text: str) -> list[Point | None]:
    """The points of a polygon, in order."""
    return [point(word) for word in text.split()]


def circle(text: str) -> tuple[Point, float] | None:
    """`lat,lon radius` in kilometres."""
    words = text.split()
    if len(words) != 2 or not re.fullmatch(rf"-?{_NUMBER.pattern}", words[1], re.ASCII):
        return None
    middle = point(words[0])
    return (middle, float(words[1])) if middle else None


def places(area: Element) -> Iterator[tuple[Element, Point]]:
    """Every polygon and circle that can be read, with one of its points."""
    for one in children(area, "polygon"):
        points = ring(own(one))
        if points and points[0] and on_earth(points[0]):
            yield one, points[0]
    for one in children(area, "circle"):
        found = circle(own(one))
        if found and on_earth(found[0]):
            yield one, found[0]


def on_earth(point: Point) -> bool:
    return abs(point[0]) <= 90 and abs(point[1]) <= 180
