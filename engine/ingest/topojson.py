"""TopoJSON as GeoJSON: borders that neighbours share are written once there, and given to each here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.errors import RecordError

#: How deep in a geometry its arcs stand.
_DEPTH = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}

Line = list[list[float]]


def features(topology: Mapping[str, Any], name: str = "") -> list[dict[str, Any]]:
    """The features of one object of a topology, or of its only one; raises RecordError where it is none."""
    try:
        objects = topology["objects"]
        if not name and len(objects) > 1:
            raise RecordError("several objects: …; name one with --object", ", ".join(sorted(objects)))
        chosen = objects[name or next(iter(objects))]
        lines = [_line(arc, topology.get("transform")) for arc in topology["arcs"]]
        parts = chosen["geometries"] if chosen["type"] == "GeometryCollection" else [chosen]
        return [_feature(part, lines) for part in parts]
    except (KeyError, TypeError, ValueError, IndexError, StopIteration) as error:
        raise RecordError("not a TopoJSON topology: …", repr(error)[:80]) from None


def _line(arc: Sequence[Sequence[float]], transform: Mapping[str, Any] | None) -> Line:
    """An arc's points; where a transform stands, each is a step from the one before, in its units."""
    if not transform:
        return [[float(x), float(y)] for x, y, *_ in arc]
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    found, x, y = [], 0.0, 0.0
    for dx, dy, *_ in arc:
        x, y = x + dx, y + dy
        found.append([x * wide + west, y * high + south])
    return found


def _feature(part: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, Any]:
    properties = {**({"id": part["id"]} if "id" in part else {}), **(part.get("properties") or {})}
    kind = part.get("type")
    geometry = None
    if kind in _DEPTH:
        geometry = {"type": kind, "coordinates": _joined(part["arcs"], _DEPTH[kind], lines)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _joined(arcs: Sequence[Any], depth: int, lines: Sequence[Line]) -> list[Any]:
    if depth:
        return [_joined(part, depth - 1, lines) for part in arcs]
    return list(_points(arcs, lines))


def _points(arcs: Sequence[int], lines: Sequence[Line]) -> Iterator[list[float]]:
    """One ring from its arcs; of those after the first the point that it shares with the one before stands
    once. A negative number is an arc walked backwards."""
    for at, number in enumerate(arcs):
        line = lines[~number][::-1] if number < 0 else lines[number]
        yield from line[1:] if at else line
