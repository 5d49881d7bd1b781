"""GeoJSON: the features of a FeatureCollection, from files or over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson

from connectors.source import Document, Records, Source, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "geojson"


class Options(Source):
    """See docs/feeds.md."""


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The features of every file; raises FeedError where one is no FeatureCollection."""
    found = documents(options, cursor)
    if found is None:
        return Fetch((), cursor, unchanged=True)
    files, after = found
    return Fetch(Records(files, _features), after)


def _features(file: Document, where: str) -> Iterator[Record | Broken]:
    try:
        features = orjson.loads(file.read().removeprefix(b"\xef\xbb\xbf"))["features"]
        numbered = list(enumerate(features, start=1))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise FeedError(f"{file.name}: no GeoJSON FeatureCollection: {error}; ask the source") from error
    for number, feature in numbered:
        yield _record(feature, f"{where}feature {number}")


def _record(feature: Any, place: str) -> Record | Broken:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        return Broken(place, "not a GeoJSON feature")
    properties, geometry = feature.get("properties") or {}, feature.get("geometry")
    latitude, longitude = _point(geometry)
    fields = {
        "id": _identity(feature, properties), "lat": latitude, "lon": longitude,
        "geometry": geometry, "properties": properties,
    }  # fmt: skip
    return Record(fields, place)


def _identity(feature: Mapping[str, Any], properties: Mapping[str, Any]) -> Any:
    """The feature's id; some snapshots leave it out, and only the event's page names it."""
    own = feature.get("id") or properties.get("id")
    url = properties.get("url")
    if own or not isinstance(url, str):
        return own
    try:
        return urlsplit(url).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return None


def _point(geometry: Any) -> tuple[Any, Any]:
    """(latitude, longitude); GeoJSON writes longitude first."""
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        match geometry.get("coordinates"):
            case [longitude, latitude, *_]:
                return latitude, longitude
    return None, None
