"""Makes config/counties.geojson, the polygons of the Swedish counties, from a TopoJSON file.

    python config/demo/make_counties.py se_counties.topo.json

The source names counties without `s län`, spells Örebro without its dots, and leaves the island of
Ven (Skåne) as a polygon without a name. Shared borders stay exactly shared: every arc is decoded once
and only rounded, so that polygons which touch there touch here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping

OUT = Path(__file__).parent.parent / "counties.geojson"

#: 0.0001 degrees are eleven metres; the source's own grid is ten times coarser.
DECIMALS = 4

CODES = {
    "Stockholm": "01", "Uppsala": "03", "Södermanland": "04", "Östergötland": "05", "Jönköping": "06",
    "Kronoberg": "07", "Kalmar": "08", "Gotland": "09", "Blekinge": "10", "Skåne": "12", "Halland": "13",
    "Västra Götaland": "14", "Värmland": "17", "Orebro": "18", "Västmanland": "19", "Dalarna": "20",
    "Gävleborg": "21", "Västernorrland": "22", "Jämtland": "23", "Västerbotten": "24", "Norrbotten": "25",
    None: "12",
}  # fmt: skip

Points = list[tuple[float, float]]


def arcs(topology: dict[str, Any]) -> list[Points]:
    """Every arc as (longitude, latitude) points: TopoJSON stores whole steps, each from the last."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((round(x * scale_x + left, DECIMALS), round(y * scale_y + bottom, DECIMALS)))
        decoded.append(points)
    return decoded


def ring(numbers: list[int], decoded: list[Points]) -> Points:
    """Arcs joined end to end; `~n` means arc n backwards."""
    points: Points = []
    for number in numbers:
        arc = decoded[number] if number >= 0 else decoded[~number][::-1]
        points += arc[1:] if points else arc
    return points


def polygons(shape: dict[str, Any], decoded: list[Points]) -> Iterator[Polygon]:
    """The polygons of one county, each valid: a ring that crosses itself is taken apart."""
    parts = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    for outer, *holes in parts:
        polygon = Polygon(ring(outer, decoded), [ring(hole, decoded) for hole in holes])
        mended = polygon if polygon.is_valid else shapely.make_valid(polygon, method="structure")
        yield from (part for part in shapely.get_parts(mended) if isinstance(part, Polygon))


def main(source: Path) -> None:
    topology = json.loads(source.read_text(encoding="utf-8"))
    decoded = arcs(topology)
    counties: dict[str, list[Polygon]] = {}
    for shape in topology["objects"]["swe"]["geometries"]:
        counties.setdefault(CODES[shape["properties"]["name"]], []).extend(polygons(shape, decoded))
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": mapping(MultiPolygon(counties[code]))}
        for code in sorted(counties)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    OUT.write_text(json.dumps(collection, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
