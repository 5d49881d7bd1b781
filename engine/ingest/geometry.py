"""Shapes that an operator has, joined to the areas there are: mended, simplified, what does not fit named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry import shape as from_geojson
from shapely.geometry.base import BaseGeometry

from engine.errors import RecordError, UsageError
from engine.ingest import topojson
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.shape import read_shapes
from engine.model.regular import regular

#: Decimals of a degree that are written: a metre.
PLACES = 5


@dataclass(frozen=True)
class Joined:
    """The shapes by code; what was mended; and the features and areas that nothing was found for.

    by: the property whose values name the areas; apart: levels whose shapes share no borders, so that each
    was simplified by itself.
    """

    shapes: Mapping[str, BaseGeometry]
    by: str
    mended: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    apart: tuple[str, ...] = field(default=())


def read(path: Path, name: str = "") -> list[dict[str, Any]]:
    """The features of a GeoJSON or TopoJSON file; raises UsageError with what keeps it from being read."""
    try:
        found = orjson.loads(regular(path).read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise UsageError(f"{path} cannot be read as JSON: {error}") from None
    kind = found.get("type") if isinstance(found, dict) else None
    if kind == "Topology":
        try:
            return topojson.features(found, name)
        except RecordError as error:
            raise UsageError(f"{path}: {error}") from None
    if kind != "FeatureCollection" or not isinstance(found.get("features"), list):
        raise UsageError(f"{path} is neither a GeoJSON FeatureCollection nor a TopoJSON topology")
    return [one for one in found["features"] if isinstance(one, dict)]


def join(
    features: Sequence[Mapping[str, Any]], gazetteer: Gazetteer, by: str = "", detail: float = 0.0
) -> Joined:
    """Every feature's shape under the code of its area. by: the property that names it, by code or by name;
    "": the one that names most. detail: what is smaller is left out, in degrees."""
    by = by or _telling(features, gazetteer)
    parts: dict[str, list[BaseGeometry]] = {}
    mended, strangers = [], []
    for at, feature in enumerate(features, 1):
        said = str((feature.get("properties") or {}).get(by, ""))
        code = _code(said, gazetteer)
        try:
            shapes = [one for one in read_shapes(feature.get("geometry")) if one.area]
        except RecordError as error:
            strangers.append(f"feature {at} ('{said}'): {error}")
            continue
        if not code or not shapes:
            why = "has no polygon" if code else "is no area"
            strangers.append(f"feature {at}: '{said}' {why}")
            continue
        parts.setdefault(code, []).extend(shapes)
        if not _is_valid(feature.get("geometry")):
            mended.append(code)
    whole = {code: shapely.union_all(shapes) for code, shapes in sorted(parts.items())}
    simple, apart = _simplified(whole, gazetteer, detail)
    missing = tuple(_missing(whole, gazetteer))
    return Joined(simple, by, tuple(mended), tuple(strangers), missing, tuple(apart))


def _telling(features: Sequence[Mapping[str, Any]], gazetteer: Gazetteer) -> str:
    """The property whose values name the most areas; raises UsageError where none names one."""
    named: dict[str, int] = {}
    for feature in features:
        for name, value in (feature.get("properties") or {}).items():
            named[name] = named.get(name, 0) + bool(_code(str(value), gazetteer))
    best = max(named, key=lambda name: named[name], default="")
    if not named.get(best):
        known = ", ".join(sorted(named)) or "none"
        raise UsageError(f"no property of its features names an area of config/areas.csv; they have: {known}")
    return best


def _code(said: str, gazetteer: Gazetteer) -> str:
    if said in gazetteer.tree:
        return said
    called = gazetteer.called(said) if said else ()
    return called[0] if len(called) == 1 else ""


def _is_valid(geometry: Any) -> bool:
    return bool(shapely.force_2d(from_geojson(geometry)).is_valid)


def _missing(shapes: Iterable[str], gazetteer: Gazetteer) -> Iterator[str]:
    """The areas without a shape, of those levels of which others have one."""
    tree, found = gazetteer.tree, set(shapes)
    levels = {tree[code].level for code in found}
    for area in tree:
        if area.level in levels and not area.kind and area.code not in found:
            yield area.code


def _simplified(
    shapes: Mapping[str, BaseGeometry], gazetteer: Gazetteer, detail: float
) -> tuple[dict[str, BaseGeometry], list[str]]:
    """Level by level, with the borders that neighbours share kept where they do share them."""
    if not detail:
        return dict(shapes), []
    found: dict[str, BaseGeometry] = {}
    apart = []
    for level in gazetteer.tree.levels:
        codes = [code for code in shapes if gazetteer.tree[code].level == level]
        own = np.array([shapes[code] for code in codes], dtype=object)
        if not codes:
            continue
        if shapely.coverage_is_valid(own):
            simple = shapely.coverage_simplify(own, detail)
        else:
            simple = shapely.simplify(own, detail)
            apart.append(level)
        kept = zip(codes, simple, own, strict=True)
        found |= {code: one if one.area else whole for code, one, whole in kept}
    return found, apart


def written(joined: Joined) -> bytes:
    """As the GeoJSON that config/areas.yaml names."""
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": _geojson(shape)}
        for code, shape in sorted(joined.shapes.items())
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features}, option=orjson.OPT_APPEND_NEWLINE)


def _geojson(shape: BaseGeometry) -> Any:
    rounded = shapely.transform(shape, lambda points: points.round(PLACES))
    # Rounding may let a narrow place touch itself.
    return orjson.loads(shapely.to_geojson(rounded if rounded.is_valid else shapely.make_valid(rounded)))
