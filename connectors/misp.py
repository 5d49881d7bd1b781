"""MISP: events from files, and the feeds of a server, whose manifest says which event moved last when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.follow import Ask, Following, Index, link
from connectors.follow import fetch as follow
from connectors.reading.tree import listing
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "misp"

#: What of an event is told: nothing of who made it, and of what it holds only how much and of which kinds.
_TOLD = (
    "uuid", "info", "date", "timestamp", "publish_timestamp", "published", "threat_level_id", "analysis"
)  # fmt: skip


class Options(Following):
    """See docs/feeds.md."""


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """An event a record; raises FeedError for what is neither a manifest nor an event."""
    return follow(options, cursor, _listed, _events)


def _listed(document: Any, name: str, ask: Ask) -> Index | None:
    """A manifest is an object of events by their ids, each in a file of that name beside it."""
    if not isinstance(document, dict) or not document or {"Event", "response"} & document.keys():
        return None
    if not all(isinstance(told, dict) and "timestamp" in told for told in document.values()):
        return None
    return Index([link(uuid, f"{uuid}.json", told["timestamp"]) for uuid, told in document.items()])


def _events(document: Any, where: str) -> Iterator[Record | Broken]:
    found = document.get("response", document) if isinstance(document, dict) else document
    items = found if isinstance(found, list) else [found]
    if not items or not any(isinstance(one, dict) and "Event" in one for one in items):
        raise FeedError(f"{where}neither a MISP manifest nor an event; check the address")
    for number, item in enumerate(items, start=1):
        event = item.get("Event") if isinstance(item, dict) else None
        place = f"{where}event {number}"
        yield Record(_told(event), place) if isinstance(event, dict) else Broken(place, "not a MISP event")


def _told(event: Mapping[str, Any]) -> dict[str, Any]:
    attributes, objects = listing(event, "Attribute"), listing(event, "Object")
    every = [*attributes, *(one for each in objects for one in listing(each, "Attribute"))]
    return {
        **{name: event[name] for name in _TOLD if name in event},
        "tags": [one["name"] for one in listing(event, "Tag") if one.get("name")],
        "types": sorted({str(one["type"]) for one in every if one.get("type")}),
        "attributes": len(every), "objects": len(objects),
    }  # fmt: skip
