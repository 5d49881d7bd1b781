"""Checks of areas: where readers will look for themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime

from shapely import STRtree, make_valid
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from engine.errors import brief
from engine.notify.cap.validate import shape
from engine.notify.cap.validate.markup import Element, children, first, line, own, text
from engine.notify.cap.validate.mistake import Mistake, error, hint, warning
from engine.notify.cap.validate.shape import Point

#: More points than this help nobody, and choke small receivers.
MOST_POINTS = 100
#: Square kilometres and kilometres: what is smaller is where it happens, not who should know.
_SMALL_AREA, _SMALL_RADIUS = 0.01, 0.1
#: What neighbours may share because each was made simpler by itself: 1,000 square metres.
_SHARED = 0.001
_KM_A_DEGREE = 111.2
#: Half the way around the earth.
_LARGEST_RADIUS = 20_038


def named(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Somewhere to be warned, and more of it than a name."""
    for info in children(alert, "info"):
        areas = list(children(info, "area"))
        if not areas and text(alert, "msgType") in ("Alert", "Update"):
            yield warning(info, "<area> is missing: nobody knows where")
        for area in areas:
            shapes = [*children(area, "polygon"), *children(area, "circle")]
            if not shapes and first(area, "geocode") is None:
                yield warning(area, "the area has a name only: a program cannot find it")
            elif not shapes:
                yield hint(area, "a polygon or circle says to everybody what a geocode says to some")


def polygons(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Closed rings of lat,lon that do not cross themselves."""
    for one in _all(alert, "polygon"):
        written = own(one)
        if "\n" in written:
            yield warning(one, "the polygon is broken into lines: points are parted by single blanks")
        points = shape.ring(written)
        if not points:
            continue
        if None in points:
            wrong = written.split()[points.index(None)]
            yield error(one, f"the polygon holds {brief(wrong)!r}, which is no lat,lon")
            continue
        yield from _ring(one, [point for point in points if point])


def _ring(one: Element, points: list[Point]) -> Iterator[Mistake]:
    if said := _outside(points):
        yield error(one, f"the polygon {said}")
        return
    if points[0] != points[-1]:
        yield error(one, "the polygon is not closed: its last point is its first one again")
    if len(points) < 4:
        yield error(one, f"the polygon has {len(points)} points; a closed one has at least 4")
        return
    if len(points) > MOST_POINTS:
        yield hint(one, f"the polygon has {len(points)} points; {MOST_POINTS} are enough")
    ring = Polygon([(lon, lat) for lat, lon in points])
    if not ring.is_valid:
        yield error(one, f"the polygon crosses or touches itself ({explain_validity(ring)}, as lon lat)")
        ring = make_valid(ring)
    if _size(ring) < _SMALL_AREA:
        yield warning(one, "the polygon is smaller than a house's yard: the place itself, not whom to warn?")


def overlaps(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Polygons of one area lie beside each other: readers who add them up count what lies in two twice."""
    for area in _all(alert, "area"):
        found = [(one, ring) for one in children(area, "polygon") if (ring := _surface(one)) is not None]
        tree = STRtree([ring for _, ring in found[:MOST_POINTS]])
        for nth, (one, ring) in enumerate(found[:MOST_POINTS]):
            others = (int(other) for other in tree.query(ring, "intersects") if other < nth)
            shared = [other for other in others if _size(ring.intersection(found[other][1])) > _SHARED]
            if shared and not found[shared[0]][1].equals(ring):  # the same again is told as repeated
                said = f"the polygon overlaps the one on line {line(found[min(shared)][0])}"
                yield hint(one, f"{said}: one around both says the same")


def _surface(one: Element) -> Polygon | None:
    """The polygon where it can be looked at; what is wrong with it is told elsewhere."""
    points = [point for point in shape.ring(own(one)) if point and shape.on_earth(point)]
    ring = Polygon([(lon, lat) for lat, lon in points]) if len(points) > 3 else None
    return ring if ring is not None and ring.is_valid else None


def _size(found: BaseGeometry) -> float:
    """Square kilometres."""
    if found.is_empty:
        return 0.0
    return float(found.area * _KM_A_DEGREE**2 * math.cos(math.radians(found.centroid.y)))


def circles(alert: Element, now: datetime) -> Iterator[Mistake]:
    """A middle and a radius in kilometres."""
    for one in _all(alert, "circle"):
        found = shape.circle(own(one))
        if found is None:
            if own(one):
                yield error(one, f"the circle holds {brief(own(one))!r}, which is no 'lat,lon radius'")
            continue
        middle, radius = found
        if said := _outside([middle]):
            yield error(one, f"the circle {said}")
        if radius < 0 or radius > _LARGEST_RADIUS:
            yield error(one, f"the circle's radius is {radius:g}: it is in kilometres")
        elif radius == 0:
            yield warning(one, "the circle's radius is 0: it warns nobody")
        elif radius < _SMALL_RADIUS:
            yield warning(one, f"the circle's radius is {radius:g} km: the place itself, not whom to warn?")


def heights(alert: Element, now: datetime) -> Iterator[Mistake]:
    """A ceiling is the top of a range that begins with an altitude."""
    for area in _all(alert, "area"):
        ceiling, altitude = first(area, "ceiling"), first(area, "altitude")
        if ceiling is None:
            continue
        if altitude is None:
            yield error(ceiling, "<ceiling> without <altitude>: of what is it the top?")
        elif (low := _number(altitude)) is not None and (high := _number(ceiling)) is not None and high < low:
            yield error(ceiling, "<ceiling> is below <altitude>")


def _outside(points: list[Point]) -> str:
    """What is said of coordinates that lie nowhere; empty where all lie on earth."""
    far = [point for point in points if not shape.on_earth(point)]
    if not far:
        return ""
    if all(abs(lat) <= 180 and abs(lon) <= 90 for lat, lon in points):
        return "has longitude before latitude: CAP writes lat,lon"
    return f"holds {far[0][0]:g},{far[0][1]:g}, which is nowhere on earth"


def _number(element: Element) -> float | None:
    try:
        return float(own(element))
    except ValueError:
        return None


def _all(alert: Element, name: str) -> Iterator[Element]:
    areas = (area for info in children(alert, "info") for area in children(info, "area"))
    return areas if name == "area" else (one for area in areas for one in children(area, name))
