"""An area's shape as CAP polygons: few points, closed, valid, latitude first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

#: (latitude, longitude)
Ring = tuple[tuple[float, float], ...]
MOST_POINTS = 100
#: An archipelago is told by its largest islands.
MOST_PARTS = 20
#: About ten metres.
_DIGITS = 4
_FINEST = 0.0005
#: Square degrees: about a hundredth of a square kilometre.
_SMALLEST = 1e-6
#: So many areas have warnings at a time, and their shapes stay as they are.
_KEPT = 4096


@lru_cache(maxsize=_KEPT)
def rings(shape: BaseGeometry) -> tuple[Ring, ...]:
    """The outlines of its parts, the largest first; holes are filled, because CAP has none."""
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]
    parts.sort(key=lambda part: part.area, reverse=True)
    told = [part for nth, part in enumerate(parts) if nth == 0 or part.area > _SMALLEST]
    return tuple(_ring(part) for part in told[:MOST_PARTS])


def _ring(part: Polygon) -> Ring:
    return next(
        tuple((lat, lon) for lon, lat in found.exterior.coords)
        for found in _coarser(Polygon(part.exterior))
        if not found.is_empty and len(found.exterior.coords) <= MOST_POINTS and found.is_valid
    )


def _coarser(outline: Polygon) -> Iterator[Polygon]:
    """The outline as it is, then with fewer and fewer points; its hull, and its box, hold it in any case."""
    if len(outline.exterior.coords) <= MOST_POINTS:
        yield _rounded(outline)
    tolerance = max(_FINEST, math.sqrt(outline.area) / 500)
    while tolerance < 10:
        simple = outline.simplify(tolerance, preserve_topology=False)
        if isinstance(simple, Polygon) and 0 < len(simple.exterior.coords) <= MOST_POINTS:
            yield _rounded(simple)
        tolerance *= 2
    if isinstance(outline.convex_hull, Polygon):
        yield outline.convex_hull
    yield outline.envelope.buffer(10**-_DIGITS).envelope


def _rounded(polygon: Polygon) -> Polygon:
    points = [(round(x, _DIGITS), round(y, _DIGITS)) for x, y in polygon.exterior.coords]
    kept = [point for nth, point in enumerate(points) if nth == 0 or point != points[nth - 1]]
    return Polygon(kept) if len(kept) >= 4 else Polygon()
