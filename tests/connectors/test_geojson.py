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


@pytest.mark.parametrize(("content", "said"), [
    ("[]", "FeatureCollection, found a list of 0"), ("{}", "FeatureCollection, found an empty object"),
    ('{"features": 7}', "found an object with features"), ("not json", "not JSON"),
    ('{"features": null}', "found"),
    ('{"features": [], "error": "quota"}', "no good answer"),
])  # fmt: skip
def test_what_is_no_collection_is_a_failed_poll(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "t.geojson").write_text(content)
    with pytest.raises(FeedError, match=said):
        list(geojson.fetch(geojson.Options(path=tmp_path / "t.geojson"), {}).records)


def test_a_broken_feature_or_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text("{")
    (tmp_path / "b.geojson").write_text('{"features": [7, {"id": 1, "geometry": null}]}')
    found = list(geojson.fetch(geojson.Options(path=tmp_path / "*.geojson"), {}).records)
    assert [(type(one), one.place) for one in found] == [
        (Broken, "a.geojson"), (Broken, "b.geojson feature 1"), (Record, "b.geojson feature 2"),
    ]  # fmt: skip


def test_pages_and_totals_stand_above_features_too(server: Any, answer: Any) -> None:
    """As OGC API Features says where the next page is, and how many features there are."""
    links = '[{"rel": "self", "href": "/items"}, {"rel": "next", "href": "/items?startid=1"}]'
    url = server.tell("/items", answer(
        f'{{"numberMatched": 2, "features": [{{"id": 1}}], "links": {links}}}'.encode()
    ))  # fmt: skip
    server.tell("/items?startid=1", answer(b'{"numberMatched": 2, "features": [{"id": 2}], "links": []}'))
    options = {"url": url, "total": "numberMatched", "next": "links"}
    found = list(geojson.fetch(geojson.Options.model_validate(options), {}).records)
    assert [one.fields["id"] for one in found if isinstance(one, Record)] == [1, 2]
    with pytest.raises(FeedError, match="1 record of the 2 that 'numberMatched' says"):
        list(geojson.fetch(geojson.Options(url=url, total="numberMatched"), {}).records)
