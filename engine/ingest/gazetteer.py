"""The gazetteer: codes, names, points and shapes to areas; whatever cannot be placed gets a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from shapely import Point, STRtree, box, get_parts, transform
from shapely.geometry.base import BaseGeometry

from engine.errors import RecordError
from engine.ingest.names import Spelling, folded
from engine.ingest.shape import DEGREE
from engine.model.area import Area, AreaTree

#: An overlap smaller than this share of the smaller of two shapes is a drawn edge, not an alert.
_EDGE = 0.01


@dataclass(frozen=True)
class Gazetteer:
    """Finds areas of `tree`; `polygons` (longitude, latitude) by area code, for those that have one.

    Every method raises RecordError with the reason where there is no answer.
    """

    tree: AreaTree
    polygons: Mapping[str, BaseGeometry]

    @cached_property
    def _named(self) -> dict[str, tuple[str, ...]]:
        named: dict[str, dict[str, None]] = defaultdict(dict)
        for area in self.tree:
            for name in names(area):
                named[folded(name)][area.code] = None
        return {name: tuple(codes) for name, codes in named.items()}

    @cached_property
    def _shaped(self) -> tuple[tuple[str, ...], STRtree]:
        codes = tuple(sorted(self.polygons))
        return codes, STRtree([self.polygons[code] for code in codes])

    @cached_property
    def _codes_spelt(self) -> Spelling:
        return Spelling({code: code for code in self.tree.areas})

    @cached_property
    def _names_spelt(self) -> Spelling:
        return Spelling({folded(name): name for area in self.tree for name in names(area)})

    def by_code(self, code: str) -> str:
        if code not in self.tree:
            raise RecordError("there is no area with the code '…'…", code, self._codes_spelt.nearest(code))
        return code

    def called(self, name: str) -> tuple[str, ...]:
        """The areas of this name, however many."""
        return self._named.get(folded(name), ())

    def by_name(self, name: str, within: str | None = None, level: str | None = None) -> str:
        """The one area called `name`: of `level`, and in the area that `within` names or codes."""
        found = self.called(name)
        if not found:
            raise RecordError("no area is called '…'…", name, self._names_spelt.nearest(folded(name)))
        if level is not None:
            found = tuple(code for code in found if self.tree[code].level == level)
        if within:
            holders = {within} if within in self.tree else set(self._named.get(folded(within), ()))
            found = tuple(code for code in found if not holders.isdisjoint(self.tree.lineage(code)))
        if len(found) == 1:
            return found[0]
        where = f" in '{within}'" if within else ""
        if not found:
            raise RecordError(f"'…' is no area…{f' of the level {level}' if level else ''}", name, where)
        raise RecordError("'…'… means several areas: …", name, where, self._listed(found))

    def at_point(
        self, latitude: float, longitude: float, level: str | None = None, reach: float | None = None
    ) -> str:
        """The most exact area whose polygon holds the point, or the nearest within `reach` km."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise RecordError("…, … is no point on earth; latitude comes first", latitude, longitude)
        point = Point(longitude, latitude)
        codes, tree = self._shaped
        found = [codes[index] for index in tree.query(point, predicate="intersects")]
        found = [code for code in found if level in (None, self.tree[code].level)]
        if not found and reach is not None:
            found = self._near(point, level, reach / DEGREE)
        if not found:
            raise RecordError("no area holds the point …, …", latitude, longitude)
        return min(found, key=lambda code: (-self.tree.levels.index(self.tree[code].level), code))

    def _near(self, point: Point, level: str | None, degrees: float) -> list[str]:
        codes, tree = self._shaped
        around = box(point.x - degrees, point.y - degrees, point.x + degrees, point.y + degrees)
        near = [
            (tree.geometries[index].distance(point), codes[index])
            for index in tree.query(around)
            if level in (None, self.tree[codes[index]].level)
        ]
        return [code for distance, code in sorted(near)[:1] if distance <= degrees]

    def overlapping(self, shape: BaseGeometry, level: str) -> tuple[str, ...]:
        """The areas of `level` that any part of a shape (longitude, latitude) overlaps by more than its
        edge: a small one beside a large one is no edge."""
        found = self._overlapped(shape, level)
        if found:
            return tuple(sorted(found))
        swapped = self._overlapped(transform(shape, lambda points: points[:, ::-1]), level)
        hint = "; it would if its latitudes were longitudes: ask the source" if swapped else ""
        raise RecordError(f"no area of the level {level} lies in the shape{hint}")

    def _overlapped(self, shape: BaseGeometry, level: str) -> set[str]:
        codes, tree = self._shaped
        parts = _parts(shape)
        found = set()
        for at, index in zip(*tree.query(parts, predicate="intersects"), strict=True):
            polygon, part = tree.geometries[index], parts[at]
            least = _EDGE * min(polygon.area, part.area)
            if self.tree[codes[index]].level == level and polygon.intersection(part).area >= least:
                found.add(codes[index])
        return found

    def _listed(self, codes: Sequence[str]) -> str:
        shown = [f"{code} ({self.tree[code].level} {self.tree[code].name.en})" for code in codes[:5]]
        return ", ".join(shown) + (" ..." if len(codes) > 5 else "")


def _parts(shape: BaseGeometry) -> NDArray[np.object_]:
    """The single shapes of a collection, however deep they lie in it."""
    parts: NDArray[np.object_] = get_parts(shape)
    while any(hasattr(part, "geoms") for part in parts):
        parts = get_parts(parts)
    return parts


def names(area: Area) -> tuple[str, ...]:
    """Everything an area is called."""
    return tuple(name for name in (area.name.en, area.name.zh, *area.aliases) if name)
