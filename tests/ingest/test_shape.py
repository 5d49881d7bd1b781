"""Shapes as CAP and GeoJSON write them."""

from __future__ import annotations

import math

import pytest

from engine.ingest.shape import circle, read_shapes


def test_a_cap_polygon_has_latitude_first() -> None:
    shape, = read_shapes("50,10 50,12\n51,12 51,10 50,10")
    assert shape.bounds == (10, 50, 12, 51)


def test_a_polygon_that_crosses_itself_is_mended() -> None:
    shape, = read_shapes("50,10 51,12 51,10 50,12 50,10")
    assert shape.is_valid and shape.area > 0


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
