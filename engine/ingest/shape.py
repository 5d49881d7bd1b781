"""Shapes as feeds write them (CAP polygons and circles, GeoJSON), in longitude and latitude."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import shapely
from shapely import Point, Polygon
from shapely.affinity import scale
from shapely.errors import ShapelyError
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry

from engine.errors import RecordError
from engine.guard.exit import quoted, shortened

#: One degree of latitude in kilometres.
DEGREE = 111.2
#: What mending makes of a slip of the pen is smaller than this share of the shape.
_SLIVER = 0.001


def read_shapes(value: Any) -> Iterator[BaseGeometry]:
    """The shapes in a field: GeoJSON objects, CAP polygons (`lat,lon lat,lon ...`), CAP circles
    (`lat,lon km`), or a list of any of them.

    Raises RecordError for what is none of these; one of a list costs only itself, unless all do.
    """
    if isinstance(value, list | tuple):
        yield from _of_list(value)
    elif isinstance(value, Mapping):
        yield _geojson(value)
    elif isinstance(value, str):
        yield _cap(value)
    elif value is not None:
        raise RecordError("… is no polygon, circle or geometry", quoted(value, 40))


def _of_list(values: list[Any] | tuple[Any, ...]) -> Iterator[BaseGeometry]:
    found, reason = False, None
    for item in values:
        try:
            for one in read_shapes(item):
                found = True
                yield one
        except RecordError as refusal:
            reason = reason or refusal
    if reason is not None and not found:
        raise reason


def _geojson(value: Mapping[str, Any]) -> BaseGeometry:
    try:
        return _mended(shapely.force_2d(from_geojson(value)))
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise RecordError("not a GeoJSON geometry: …", shortened(str(error), 80)) from None


def _cap(text: str) -> BaseGeometry:
    parts = text.split()
    try:
        pairs = [(float(part.split(",")[1]), float(part.split(",")[0])) for part in parts if "," in part]
        if len(parts) == 2 and len(pairs) == 1:
            return circle(_on_earth(pairs)[0], float(parts[1]))
        if len(pairs) != len(parts):
            raise ValueError("a point without its second coordinate")
        if len(set(pairs)) < 3:
            raise ValueError("fewer than three points that differ")
        mended = _mended(Polygon(_on_earth(pairs)))
        if not mended.area:
            raise ValueError("its points lie on one line")
        return mended
    except (ValueError, IndexError, ShapelyError) as error:
        raise RecordError("not a CAP polygon or circle: …", shortened(str(error), 80)) from None


def _on_earth(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if not all(abs(longitude) <= 180 and abs(latitude) <= 90 for longitude, latitude in pairs):
        raise ValueError("a point that is not on earth; latitude comes first")
    return pairs


def _mended(shape: BaseGeometry) -> BaseGeometry:
    """A shape whose rings cross or touch themselves as what they enclose, without the lines, points and
    slivers that mending leaves over."""
    if shape.is_valid:
        return shape
    valid = shapely.make_valid(shape)
    least = valid.area * _SLIVER
    kept = [part for part in shapely.get_parts(valid) if part.area > least]
    return shapely.union_all(kept) if kept else valid


def circle(center: tuple[float, float], radius_km: float) -> BaseGeometry:
    """A circle around (longitude, latitude); a radius of nothing is a circle of 100 m."""
    if not (math.isfinite(radius_km) and 0 <= radius_km <= 20000):
        raise ValueError(f"a radius of {radius_km} km")
    round_ = Point(center).buffer(max(radius_km, 0.1) / DEGREE)
    return scale(round_, xfact=1 / max(math.cos(math.radians(center[1])), 0.05))
