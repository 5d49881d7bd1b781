"""`forewarn areas import`: any map, joined to the areas there are; what does not fit is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from click.testing import CliRunner, Result

from engine import app
from engine.cli import forewarn
from engine.cycle.settings import Settings
from tests.story import county


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three towns, and nothing drawn."""
    return county.build(tmp_path / "root")


def imported(root: Path, told: object, *arguments: str, name: str = "map.json") -> Result:
    file = root.parent / name
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return CliRunner().invoke(forewarn, ["--root", str(root), "areas", "import", str(file), *arguments])


def square(x: float, y: float = 0, wide: float = 1) -> dict[str, Any]:
    ring = [[x, y], [x + wide, y], [x + wide, y + wide], [x, y + wide], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def collection(**shapes: dict[str, Any]) -> dict[str, Any]:
    """Features by what `name` says."""
    features = [
        {"type": "Feature", "properties": {"name": name, "of": "x"}, "geometry": shape}
        for name, shape in shapes.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def loaded(root: Path) -> Settings:
    path = root / "config" / "areas.yaml"
    text = path.read_text(encoding="utf-8")
    if "geometry" not in text:
        path.write_text(f"{text}geometry: areas.geojson\n", encoding="utf-8")
    return app.settings(root)


@pytest.mark.parametrize("names", [("T1", "T2", "T3"), ("Easttown", "Westtown", "Northtown")])
def test_features_find_their_areas_by_code_or_by_name(root: Path, names: tuple[str, ...]):
    done = imported(root, collection(**{name: square(at) for at, name in enumerate(names)}))
    assert done.exit_code == 0, done.output
    assert "3 areas by 'name'" in done.output and "geometry: areas.geojson" in done.output
    gazetteer = loaded(root).gazetteer
    assert sorted(gazetteer.polygons) == ["T1", "T2", "T3"]
    assert gazetteer.at_point(0.5, 1.5) == "T2"
    assert gazetteer.tree["T1"].neighbours == {"T2"}


def test_what_does_not_fit_is_said_and_the_rest_is_written(root: Path):
    told = collection(T1=square(0), Atlantis=square(5), T2={"type": "Point", "coordinates": [1, 1]})
    done = imported(root, told)
    assert done.exit_code == 1
    assert "'Atlantis' is no area" in done.output and "'T2' has no polygon" in done.output
    assert "2 areas without a shape: T2, T3" in done.output
    assert set(loaded(root).gazetteer.polygons) == {"T1"}


def test_a_ring_that_crosses_itself_is_mended(root: Path):
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    done = imported(root, collection(T1=bow, T2=square(1), T3=square(2)))
    assert done.exit_code == 0 and "1 mended: T1" in done.output
    shape = loaded(root).gazetteer.polygons["T1"]
    assert shape.is_valid and shape.area == pytest.approx(0.5)


def ragged(x: float) -> list[list[float]]:
    return [[x + 0.002 * (n % 2), n / 40] for n in range(41)]


def test_borders_that_neighbours_share_stay_shared_when_they_are_simplified(root: Path):
    border = ragged(1)
    west = {"type": "Polygon", "coordinates": [[[0, 0], *border, [0, 1], [0, 0]]]}
    east = {"type": "Polygon", "coordinates": [[*border, [2, 1], [2, 0], border[0]]]}
    done = imported(root, collection(T1=west, T2=east, T3=square(3)), "--detail", "0.01")
    assert done.exit_code == 0 and "share no borders" not in done.output
    shapes = loaded(root).gazetteer.polygons
    assert len(shapes["T1"].exterior.coords) < 20
    assert shapely.union_all([shapes["T1"], shapes["T2"]]).geom_type == "Polygon"
    assert shapes["T1"].intersection(shapes["T2"]).area < 1e-9


def test_shapes_that_overlap_are_simplified_each_by_itself(root: Path):
    done = imported(root, collection(T1=square(0), T2=square(0.5), T3=square(3)), "--detail", "0.01")
    assert done.exit_code == 0 and "town: its shapes share no borders" in done.output


TOPOLOGY = {
    "type": "Topology", "transform": {"scale": [0.5, 0.5], "translate": [10, 50]},
    "objects": {"towns": {"type": "GeometryCollection", "geometries": [
        {"type": "Polygon", "properties": {"code": "T1"}, "arcs": [[0, 1]]},
        {"type": "Polygon", "properties": {"code": "T2"}, "arcs": [[2, -2]]},
        {"type": "MultiPolygon", "id": "T3", "properties": {"code": "T3"}, "arcs": [[[3]]]},
    ]}},
    "arcs": [
        [[2, 2], [-2, 0], [0, -2], [2, 0]], [[2, 0], [0, 2]], [[2, 0], [2, 0], [0, 2], [-2, 0]],
        [[8, 0], [2, 0], [0, 2], [-2, 0], [0, -2]],
    ],
}  # fmt: skip


def test_a_topology_gives_both_neighbours_their_border(root: Path):
    done = imported(root, TOPOLOGY)
    assert done.exit_code == 0, done.output
    shapes = loaded(root).gazetteer.polygons
    for code, west in (("T1", 10), ("T2", 11), ("T3", 14)):
        assert shapes[code].equals(shapely.box(west, 50, west + 1, 51)), code
    assert loaded(root).tree["T1"].neighbours == {"T2"}


@pytest.mark.parametrize(
    ("told", "arguments", "fragment"),
    [
        ("{", (), "cannot be read as JSON"), ("[]", (), "is neither a GeoJSON"),
        ({"type": "FeatureCollection"}, (), "is neither a GeoJSON"),
        ({"type": "Topology", "objects": {}}, (), "not a TopoJSON topology"),
        ({"type": "Topology", "objects": {"a": {}, "b": {}}, "arcs": []}, (), "several objects: a, b"),
        (TOPOLOGY, ("--object", "counties"), "not a TopoJSON topology"),
        (collection(Atlantis=square(0)), (), "no property of its features names an area"),
        (collection(Atlantis=square(0)), ("--by", "of"), "not one feature"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_one_sentence_and_writes_nothing(
    root: Path, told: object, arguments: tuple[str, ...], fragment: str
):
    done = imported(root, told, *arguments)
    assert done.exit_code != 0 and fragment in str(done.exception)
    assert not (root / "config" / "areas.geojson").exists()


def test_shapes_that_are_there_are_kept_until_one_says_otherwise(root: Path):
    first = collection(T1=square(0), T2=square(1), T3=square(2))
    imported(root, first)
    before = (root / "config" / "areas.geojson").read_bytes()
    again = imported(root, collection(T1=square(7)))
    assert "--replace" in str(again.exception)
    assert (root / "config" / "areas.geojson").read_bytes() == before
    assert imported(root, first, "--replace").exit_code == 0
