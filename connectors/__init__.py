"""One kind of feed per module: ID, Options, fetch(options, cursor) -> engine.model.feed.Fetch."""

from __future__ import annotations

from types import ModuleType

from connectors import cap, csv, geojson, json, push, rss, sql

CONNECTORS: dict[str, ModuleType] = {
    "cap": cap, "csv": csv, "geojson": geojson, "json": json, "push": push, "rss": rss,
    "sql": sql,
}  # fmt: skip
