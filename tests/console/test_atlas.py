"""Maps: equal in area, small, and without a shape for what has none."""

from __future__ import annotations

import re
from math import radians, sin

import numpy as np
import orjson
import pytest
import shapely
from shapely import box

from engine.console import atlas
from engine.model.area import Area, AreaTree
from engine.model.text import Text


def tree(*codes: str) -> AreaTree:
    areas = [Area("X", Text("All"), "country"), *(Area(code, Text(code), "county", "X") for code in codes)]
    return AreaTree.of(("country", "county"), areas)


def shape(path: str) -> shapely.Polygon:
    """A path's only ring: where it begins, and the steps from there."""
    (points,) = re.findall(r"M([^Z]*)Z", path)
    steps = [tuple(map(float, pair.split(","))) for pair in re.split(r"[l ]", points)]
    return shapely.Polygon(np.cumsum(steps, axis=0).round(1))


def test_shapes_of_equal_area_on_the_globe_are_equal_on_the_map():
    """A degree of longitude is half as wide at 60 degrees north as at the equator."""
    polygons = {
        "A": shapely.segmentize(box(10, 40, 14, 42), 0.1),
        "B": shapely.segmentize(box(10, 60, 16, 62), 0.1),
    }
    sheet = atlas.draw(tree("A", "B"), polygons)
    assert sheet is not None
    drawn = {code: shape(path).area for code, path in sheet.shapes.items()}
    globe = {code: _on_the_globe(one) for code, one in polygons.items()}
    assert drawn["A"] / drawn["B"] == pytest.approx(globe["A"] / globe["B"], rel=0.02)
    assert max(sheet.width, sheet.height) == pytest.approx(atlas.SIZE, rel=1e-3)


def _on_the_globe(one: shapely.Polygon) -> float:
    west, south, east, north = one.bounds
    return (east - west) * (sin(radians(north)) - sin(radians(south)))


def test_north_is_up_and_west_is_left():
    sheet = atlas.draw(
        tree("N", "S", "W"), {"N": box(10, 52, 12, 54), "S": box(10, 50, 12, 52), "W": box(8, 50, 10, 52)}
    )
    assert sheet is not None
    assert sheet.labels["N"][1] < sheet.labels["S"][1] and sheet.labels["W"][0] < sheet.labels["S"][0]


def test_neighbours_keep_their_common_border():
    """Ragged borders are simplified; a gap between neighbours would shine through."""
    ragged = [(12 + 0.0002 * (n % 2), 50 + n * 0.02) for n in range(101)]
    west = shapely.Polygon([(10, 50), *ragged, (10, 52)])
    east = shapely.Polygon([(14, 50), *ragged, (14, 52)])
    sheet = atlas.draw(tree("W", "E"), {"W": west, "E": east})
    assert sheet is not None
    shapes = [shape(path) for path in sheet.shapes.values()]
    both = shapely.union_all(shapes)
    assert both.geom_type == "Polygon" and len(both.interiors) == 0
    assert len(shapes[0].exterior.coords) < 60


def test_a_numeral_stands_only_where_it_has_room():
    sheet = atlas.draw(tree("A", "B"), {"A": box(0, 0, 9, 10), "B": box(9, 0, 9.05, 10)})
    assert sheet is not None and set(sheet.labels) == {"A"} and set(sheet.shapes) == {"A", "B"}


def test_its_name_changes_with_its_content_alone():
    squares = {"A": box(0, 0, 5, 5), "B": box(5, 0, 10, 5)}
    first, again = (atlas.draw(tree("A", "B"), squares) for _ in range(2))
    other = atlas.draw(tree("A", "B"), squares | {"B": box(5, 0, 11, 5)})
    assert first and again and other
    assert first.name == again.name != other.name
    assert 'id="aA"' in first.svg and "fill" not in first.svg


@pytest.mark.parametrize("number", [2, 3, 21, 290, 401])
def test_where_nothing_is_drawn_there_is_a_tile_for_each_in_the_order_of_the_codes(number: int):
    codes = [f"c{n:03}" for n in range(number)]
    sheet = atlas.tiles(tree(*codes), ["X", *codes])
    assert sheet is not None and list(sheet.shapes) == codes and sheet.tiled and sheet.level == "county"
    assert sheet.crowded is (number > atlas.CROWD)
    middles = list(sheet.labels.values())
    assert middles == sorted(middles, key=lambda at: (at[1], at[0])) and len(set(middles)) == number
    assert all(0 < x < sheet.width and 0 < y < sheet.height for x, y in middles)


def test_one_area_alone_is_no_grid():
    assert atlas.tiles(tree("A", "B"), ["X", "A"]) is None


def test_a_crowd_of_shapes_is_drawn_by_the_page_from_the_same_paths():
    few = atlas.draw(tree("A", "B"), {"A": box(0, 0, 5, 5), "B": box(5, 0, 10, 5)})
    codes = [f"c{n}" for n in range(atlas.CROWD + 1)]
    many = atlas.draw(tree(*codes), {code: box(n % 30, n // 30, n % 30 + 1, n // 30 + 1)
                                     for n, code in enumerate(codes)})  # fmt: skip
    assert few and many and many.crowded and not few.crowded
    told = orjson.loads(many.json)
    assert told["codes"] == list(many.shapes) and told["paths"] == list(many.shapes.values())
    assert many.file.endswith(".json") and many.file.removesuffix("json") == many.name.removesuffix("svg")


@pytest.mark.parametrize(
    "polygons", [{}, {"X": box(0, 0, 1, 1)}, {"A": box(0, 0, 1, 1)}], ids=["none", "the whole", "one"]
)
def test_without_two_shapes_there_is_no_map(polygons: dict):
    assert atlas.draw(tree("A", "B"), polygons) is None


def test_a_name_stands_inside_its_area_in_one_line_or_in_two_or_not_at_all():
    sides = {"A": (0, 20), "B": (20, 26), "C": (26, 27.2), "D": (28, 48)}
    polygons = {code: box(west, 0, east, 10) for code, (west, east) in sides.items()}
    sheet = atlas.draw(tree(*polygons), polygons)
    assert sheet is not None
    for code, name, lines in (
        ("A", "Norrbottens län", ["Norrbottens län"]), ("B", "Sankt Olofs", ["Sankt", "Olofs"]),
        ("B", "Blekingevikens", []), ("C", "Öland", []), ("D", "Blekinge", ["Blekinge"]),
        ("A", "北博滕省", ["北博滕省"]), ("B", "黔西南布依族苗族自治州", []),
    ):  # fmt: skip
        found = list(sheet.lines(code, name, 24))
        assert [one.said for one in found] == lines, (code, name)
        inside = shape(sheet.shapes[code])
        for one in found:
            half = 24 * sum(1 if sign > "\u2e80" else atlas.LETTER for sign in one.said) / 2
            assert inside.buffer(1).contains(box(one.x - half, one.y - 12, one.x + half, one.y + 12))
            assert abs(one.y - sheet.labels[code][1]) >= 19, "the numeral has its own place"


def test_a_tile_says_at_least_how_its_name_begins():
    codes = [f"c{n:03}" for n in range(6)]
    sheet = atlas.tiles(tree(*codes), codes)
    assert sheet is not None
    (short,), (long,) = (list(sheet.lines("c001", name, 20)) for name in ("Town", "Llanfairpwllgwyngyll" * 3))
    assert short.said == "Town" and long.said.startswith("Llanfair") and long.said.endswith("…")
