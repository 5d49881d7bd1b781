"""Polygons as one small SVG file a level: equal-area, simplified, named by code; pages colour its shapes."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from engine.model.area import AreaTree

#: The longer side of a map, in its own units; a shape keeps no detail below `DETAIL` of them, and of
#: its parts only those of at least `LEAST` square units, beside the greatest.
SIZE, DETAIL, LEAST = 1000.0, 0.8, 12.0
#: The radius of a circle that holds a numeral.
ROOM = 9.0
#: How high a line of a name is at most, how far its middle lies from the numeral's at least, and how much
#: further it may; how wide a letter is for its height: a Chinese one is a square.
NAME, APART, FURTHER, LETTER = 24.0, 32.0, (0.0, 20.0, 40.0), 0.54
#: The same on tiles, the few and the many.
LARGE, SMALL = 34.0, 13.0
#: How wide and high a tile is, one to the other, and half the gap between two.
TILE, GAP = (3, 2), 3.0
#: More shapes than this are drawn into one picture by the page: so many of their own would make it slow.
CROWD = 400

Points = NDArray[np.float64]


class Room(NamedTuple):
    """Where so many lines of text have room: their middle, and how wide they may be."""

    x: float
    y: float
    width: float
    lines: int


class Line(NamedTuple):
    """A name on a map, or half of one, with its middle."""

    said: str
    x: float
    y: float


@dataclass(frozen=True)
class Sheet:
    """The map of one level.

    shapes: SVG path data by area code; labels: the middle of a numeral, in shapes that have room for one;
    rooms: where beside it a name may stand.
    """

    level: str
    width: float
    height: float
    shapes: Mapping[str, str]
    labels: Mapping[str, tuple[float, float]]
    rooms: Mapping[str, Sequence[Room]]
    #: How wide its tiles are, where it is no map but a grid of them; each then says its area's name.
    tiled: float = 0.0

    @cached_property
    def svg(self) -> str:
        """The file that pages refer to: its shapes have no colour of their own."""
        paths = "".join(
            f'<path id="a{code}" d="{d}" vector-effect="non-scaling-stroke"/>'
            for code, d in self.shapes.items()
        )
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{self.box}">{paths}</svg>'

    @cached_property
    def json(self) -> bytes:
        """The same for the page that draws it itself."""
        box = [float(side) for side in self.box.split()]
        codes, paths = list(self.shapes), list(self.shapes.values())
        return orjson.dumps({"box": box, "codes": codes, "paths": paths})

    @property
    def crowded(self) -> bool:
        return len(self.shapes) > CROWD

    @cached_property
    def _named(self) -> str:
        return f"{self.level}-{hashlib.sha256(self.svg.encode()).hexdigest()[:12]}"

    @property
    def name(self) -> str:
        """Its picture's name, which changes with its content."""
        return f"{self._named}.svg"

    @property
    def file(self) -> str:
        """The name of what the page draws from."""
        return f"{self._named}.json"

    @property
    def box(self) -> str:
        return f"-4 -4 {self.width + 8:.0f} {self.height + 8:.0f}"

    def lines(self, code: str, name: str, size: float) -> Iterator[Line]:
        """A name in letters of a size, as far as its area has room for it: in one line or in two, or not at
        all; a tile says at least how it begins."""
        if self.tiled:
            (room,) = self.rooms[code]
            yield Line(_begun(name, room.width / (SMALL if self.tiled < 150 else LARGE)), room.x, room.y)
            return
        for room in self.rooms.get(code, ()):
            parts = [name] if room.lines == 1 else _halves(name)
            if len(parts) == room.lines and max(map(_ems, parts)) * size <= room.width:
                for nth, said in enumerate(parts):
                    yield Line(said, room.x, room.y + (nth - (room.lines - 1) / 2) * size)
                return

    @property
    def flat(self) -> bool:
        """Wider than high: what stands in its corner would lie on it."""
        return self.width > self.height


def draw(tree: AreaTree, polygons: Mapping[str, BaseGeometry]) -> Sheet | None:
    """The highest level that is drawn in parts; None where no level has two shapes."""
    for level in tree.levels:
        drawn = {code: polygons[code] for code in tree.at(level) if code in polygons}
        if len(drawn) > 1:
            return _sheet(level, drawn)
    return None


def tiles(tree: AreaTree, codes: Iterable[str]) -> Sheet | None:
    """A tile for each area of the highest level with several, in the order of their codes: where nobody has
    drawn them. None where there is no such level."""
    wanted = frozenset(codes)
    for level in tree.levels:
        here = [code for code in tree.at(level) if code in wanted]
        if len(here) > 1:
            return _grid(level, here)
    return None


def _grid(level: str, codes: Sequence[str]) -> Sheet:
    across = ceil(sqrt(len(codes) * TILE[1] / TILE[0]))
    wide, high = TILE[0] * SIZE / (across * TILE[0]), TILE[1] * SIZE / (across * TILE[0])
    shapes, labels, rooms = {}, {}, {}
    for at, code in enumerate(codes):
        x, y = at % across * wide, at // across * high
        w, h = wide - 2 * GAP, high - 2 * GAP
        shapes[code] = f"M{x + GAP:.1f},{y + GAP:.1f}h{w:.1f}v{h:.1f}h{-w:.1f}Z"
        labels[code] = round(x + wide / 2, 1), round(y + high * 0.66, 1)
        rooms[code] = (Room(x + wide / 2, y + high * 0.34, w, 1),)
    return Sheet(level, SIZE, ceil(len(codes) / across) * high, shapes, labels, rooms, tiled=wide)


def _sheet(level: str, polygons: Mapping[str, BaseGeometry]) -> Sheet:
    flat = _albers(list(polygons.values()))
    flat = _simplified(flat)
    labels = dict(_labels(polygons, flat))
    rooms = {
        code: _rooms(shape, *labels[code]) for code, shape in zip(polygons, flat, strict=True)
        if code in labels and len(flat) <= CROWD
    }  # fmt: skip
    shapes = {code: "".join(_path(shape)) for code, shape in zip(polygons, flat, strict=True)}
    _, _, width, height = shapely.total_bounds(flat)
    return Sheet(level, float(width), float(height), shapes, labels, rooms)


def _albers(polygons: list[BaseGeometry]) -> list[BaseGeometry]:
    """Albers' equal-area conic, exact at a sixth and five sixths of the latitudes; into `SIZE`, y down."""
    west, south, east, north = shapely.total_bounds(polygons)
    low, high, middle = (np.radians(south + share * (north - south)) for share in (1 / 6, 5 / 6, 1 / 2))
    n = (np.sin(low) + np.sin(high)) / 2
    # On both sides of the equator the cone becomes a cylinder.
    n = n if abs(n) > 1e-6 else 1e-6
    c = np.cos(low) ** 2 + 2 * n * np.sin(low)
    origin = np.sqrt(c - 2 * n * np.sin(middle)) / n

    def project(points: Points) -> Points:
        theta = n * np.radians(points[:, 0] - (west + east) / 2)
        rho = np.sqrt(np.maximum(c - 2 * n * np.sin(np.radians(points[:, 1])), 0)) / n
        return np.column_stack([rho * np.sin(theta), rho * np.cos(theta) - origin])

    flat = [shapely.transform(one, project) for one in polygons]
    left, top, right, bottom = shapely.total_bounds(flat)
    scale = SIZE / max(right - left, bottom - top)
    return [shapely.transform(one, lambda points: (points - (left, top)) * scale) for one in flat]


def _simplified(flat: list[BaseGeometry]) -> list[BaseGeometry]:
    """With shared borders kept where the shapes share theirs; each by itself where they do not."""
    try:
        found = shapely.coverage_simplify(np.asarray(flat, dtype=object), DETAIL)
        return [one if not one.is_empty else whole for one, whole in zip(found, flat, strict=True)]
    except shapely.GEOSException:
        return [one.simplify(DETAIL) for one in flat]


def _labels(codes: Iterable[str], flat: list[BaseGeometry]) -> Iterator[tuple[str, tuple[float, float]]]:
    """Where numerals stand; a shape that is too narrow by its sides is not looked into."""
    west, south, east, north = shapely.bounds(flat).T
    wide = np.minimum(east - west, north - south) >= 2 * ROOM
    for code, shape, is_wide in zip(codes, flat, wide, strict=True):
        if is_wide:
            circle = shapely.maximum_inscribed_circle(shape, tolerance=1)
            if circle.length >= ROOM:
                yield code, _middle(circle)


def _middle(circle: BaseGeometry) -> tuple[float, float]:
    """Where the largest circle inside a shape has its middle: its line's first end."""
    x, y = circle.coords[0]
    return round(x, 1), round(y, 1)


def _rooms(shape: BaseGeometry, x: float, y: float) -> tuple[Room, ...]:
    """The widest places for a line of text, and for two, below or above a shape's numeral."""
    found = []
    for lines in (1, 2):
        high = lines * NAME
        middles = [y + side * (APART + (high - NAME) / 2 + more) for side in (1, -1) for more in FURTHER]
        places = [
            Room((left + right) / 2, middle, right - left, lines) for middle in middles
            for left, right in _gaps(shape, middle, high)
        ]  # fmt: skip
        if places:
            found.append(max(places, key=lambda one: one.width))
    return tuple(found)


def _gaps(shape: BaseGeometry, middle: float, high: float) -> list[tuple[float, float]]:
    """The stretches that lie inside a shape from the head to the foot of a text with this middle."""
    west, _, east, _ = shape.bounds
    inside = [(west, east)]
    for y in (middle - high / 2, middle, middle + high / 2):
        cut = shapely.intersection(shape, shapely.LineString([(west - 1, y), (east + 1, y)]))
        parts = [part.bounds for part in shapely.get_parts(cut) if not part.is_empty]
        inside = [
            (max(left, part[0]), min(right, part[2])) for left, right in inside for part in parts
            if min(right, part[2]) > max(left, part[0])
        ]  # fmt: skip
    return inside


def _halves(name: str) -> list[str]:
    """A name broken at the space that leaves the shorter lines; whole where it has none."""
    words = name.split()
    breaks = [[" ".join(words[:at]), " ".join(words[at:])] for at in range(1, len(words))]
    return min(breaks, key=lambda parts: max(map(_ems, parts)), default=[name])


def _begun(name: str, ems: float) -> str:
    """As much of a name as has room."""
    if _ems(name) <= ems:
        return name
    while name and _ems(f"{name}…") > ems:
        name = name[:-1]
    return f"{name.rstrip()}…"


def _ems(said: str) -> float:
    """How wide it is, in heights of its letters."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else LETTER for sign in said)


def _path(shape: BaseGeometry) -> Iterator[str]:
    parts = sorted(_polygons(shape), key=lambda one: -one.area)
    for at, part in enumerate(parts):
        if at and part.area < LEAST:
            return
        for ring in (part.exterior, *part.interiors):
            # In tenths, each from the one before: half as long as where each is.
            points = (np.asarray(ring.coords)[:-1] * 10).round().astype(int)
            steps = np.diff(points, axis=0, prepend=[[0, 0]])
            (x, y), *further = (steps / 10).tolist()
            yield f"M{x:g},{y:g}l" + " ".join(f"{x:g},{y:g}" for x, y in further) + "Z"


def _polygons(shape: BaseGeometry) -> Iterable[shapely.Polygon]:
    return [one for one in shapely.get_parts(shape) if isinstance(one, shapely.Polygon)]
