"""GeoJSON collections, with ids and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors import geojson
from engine.errors import FeedError
from engine.model.feed import Broken, Record


def test_a_snapshot_without_ids_takes_them_from_the_pages_address(data: Path) -> None:
    records = list(geojson.fetch(geojson.Options(path=data / "usgs.geojson"), {}).records)
    assert [record.fields["id"] for record in records if isinstance(record, Record)] == [
        "pr2025124003", "tx2025isns", "nc75176516", "us7000px5r",
    ]  # fmt: skip
    first = records[0]
    assert isinstance(first, Record)
    assert (first.fields["lat"], first.fields["lon"]) == (18.9231, -64.1711)
    assert first.fields["properties"]["mag"] == 3.68


@pytest.mark.parametrize(("feature", "identity", "point"), [
    ('{"id": "a", "properties": {"url": "x/b"}, "geometry": null}', "a", (None, None)),
    ('{"properties": {"id": 7}, "geometry": {"type": "Point", "coordinates": [1, 2, 3]}}', 7, (2, 1)),
    ('{"properties": null, "geometry": {"type": "Polygon", "coordinates": []}}', None, (None, None)),
    ('{"properties": {"url": "http://[x"}, "geometry": {"type": "Point"}}', None, (None, None)),
])  # fmt: skip
def test_whatever_a_feature_leaves_out(
    tmp_path: Path, feature: str, identity: Any, point: tuple[Any, Any]
) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(f'{{"type": "FeatureCollection", "features": [{feature}]}}')
    record, = geojson.fetch(geojson.Options(path=path), {}).records
    assert isinstance(record, Record)
    assert (record.fields["id"], (record.fields["lat"], record.fields["lon"])) == (identity, point)


@pytest.mark.parametrize("content", ["[]", "{}", '{"features": 7}', "not json", '{"features": null}'])
def test_what_is_no_collection_is_a_failed_poll(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.geojson").write_text(content)
    with pytest.raises(FeedError, match="no GeoJSON FeatureCollection"):
        list(geojson.fetch(geojson.Options(path=tmp_path / "t.geojson"), {}).records)


def test_a_broken_feature_or_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text("{")
    (tmp_path / "b.geojson").write_text('{"features": [7, {"id": 1, "geometry": null}]}')
    found = list(geojson.fetch(geojson.Options(path=tmp_path / "*.geojson"), {}).records)
    assert [(type(one), one.place) for one in found] == [
        (Broken, "a.geojson"), (Broken, "b.geojson feature 1"), (Record, "b.geojson feature 2"),
    ]  # fmt: skip
