"""One kind of feed per module: ID, Options, fetch(options, cursor) -> engine.model.feed.Fetch."""

from __future__ import annotations

from types import ModuleType

from connectors import (
    cap,
    csaf,
    csv,
    cve,
    form,
    gdelt,
    geojson,
    imap,
    json,
    misp,
    mqtt,
    push,
    rss,
    sql,
    stix,
)

CONNECTORS: dict[str, ModuleType] = {
    "cap": cap, "csaf": csaf, "csv": csv, "cve": cve, "form": form, "gdelt": gdelt, "geojson": geojson,
    "imap": imap, "json": json, "misp": misp, "mqtt": mqtt, "push": push, "rss": rss, "sql": sql,
    "stix": stix,
}  # fmt: skip
