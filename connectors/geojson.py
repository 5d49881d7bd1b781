"""GeoJSON: the features of a FeatureCollection, from files or over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from connectors.paging import walk
from connectors.paging.options import Paged
from connectors.paging.statement import at, described
from connectors.reading.document import Document
from connectors.reading.tree import load
from connectors.source import Records, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "geojson"


class Options(Paged):
    """See docs/feeds.md."""


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The features of every file or page; raises FeedError where one is no FeatureCollection."""
    if options.paged:
        return walk.fetch(options, cursor, _listed, _record)
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    notices: list[str] = []
    return found.fetch(Records(found.files, partial(_features, options, notices), options), notices=notices)


def _features(
    options: Options, notices: list[str], file: Document, where: str
) -> Iterator[Record | Broken]:
    document = load(file.read(), file.name)
    features = _listed(document, file.name)
    options.approve(document, features, file.name)
    options.complete([document], len(features), file.name)
    options.note(notices, document, features, file.name)
    for number, feature in enumerate(features, start=1):
        yield _record(feature, f"{where}feature {number}")
    yield from options.part(document, features, file.name)


def _listed(document: Any, name: str) -> list[Any]:
    found = at(document, "features")
    if isinstance(found, list):
        return found
    raise FeedError(f"{name}: no GeoJSON FeatureCollection, {described(document)}; ask the source")


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
