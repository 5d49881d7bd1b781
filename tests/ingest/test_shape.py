"""Shapes as CAP and GeoJSON write them."""

from __future__ import annotations

import math

import pytest

from engine.errors import RecordError
from engine.ingest.shape import circle, read_shapes


def test_a_cap_polygon_has_latitude_first() -> None:
    shape, = read_shapes("50,10 50,12\n51,12 51,10 50,10")
    assert shape.bounds == (10, 50, 12, 51)


def test_a_polygon_that_crosses_itself_is_mended() -> None:
    shape, = read_shapes("50,10 51,12 51,10 50,12 50,10")
    assert shape.is_valid and shape.area > 0


def test_what_mending_leaves_over_is_dropped() -> None:
    """A ring that runs back on itself and touches itself keeps what it encloses, no lines and no slivers."""
    spur, = read_shapes("50,10 50,12 51,12 51,14 51,12 51,10 50,10")
    assert spur.bounds == (10, 50, 12, 51) and spur.geom_type == "Polygon"
    sliver, = read_shapes("50,10 50,12 51,12 51,10 50.0001,9.9999 50,10.0001 50,10")
    assert sliver.geom_type == "Polygon" and sliver.area == pytest.approx(2, rel=1e-3)
    touching, = read_shapes("50,10 50,12 51,11 52,12 52,10 51,11 50,10")
    assert touching.area == pytest.approx(2)


@pytest.mark.parametrize(("text", "reason"), [
    ("58.5,10.5", "fewer than three points that differ"),
    ("58,10 59,11 58,10", "fewer than three points that differ"),
    ("58,10 59,11 60,12 58,10", "its points lie on one line"),
    ("58,10 59 60,12", "a point without its second coordinate"),
    ("nan,10 59,11 60,12", "a point that is not on earth"),
    ("59,nan 12", "a point that is not on earth"),
])  # fmt: skip
def test_a_ring_that_encloses_nothing_is_none(text: str, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        list(read_shapes(text))


def test_an_open_ring_is_closed() -> None:
    shape, = read_shapes("50,10 50,12 51,12 51,10")
    assert shape.area == pytest.approx(2)


@pytest.mark.parametrize("bad", ["58.5,10.5", "", "here", 7, {"type": "Polygon", "coordinates": []}])
def test_one_bad_shape_of_several_costs_itself(bad: object) -> None:
    good = "50,10 50,12 51,12 50,10"
    assert [shape.bounds for shape in read_shapes([bad, good]) if not shape.is_empty] == [(10, 50, 12, 51)]


def test_where_all_are_bad_the_first_says_why() -> None:
    with pytest.raises(RecordError, match='not a CAP polygon or circle'):
        list(read_shapes(["here", ["58.5,10.5"]]))


@pytest.mark.parametrize("latitude", [0, 60, -75])
def test_a_circle_is_round_on_the_ground(latitude: float) -> None:
    west, south, east, north = circle((10, latitude), 50).bounds
    height = (north - south) * 111.2
    width = (east - west) * 111.2 * math.cos(math.radians(latitude))
    assert height == pytest.approx(100, rel=0.01) and width == pytest.approx(100, rel=0.01)


def test_a_geojson_geometry_loses_its_height() -> None:
    shape, = read_shapes({"type": "Point", "coordinates": [10, 50, 300]})
    assert not shape.has_z and (shape.x, shape.y) == (10, 50)


def test_a_list_is_each_of_its_shapes() -> None:
    assert len(list(read_shapes(["50,10 5", ["50,10 50,12 51,12 50,10"], None]))) == 2
