"""RSS and Atom feeds whose entries are the incidents themselves, with a GeoRSS or W3C place or without."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

from connectors.pages import Page, Paged, Walk, unfollowed, walk
from connectors.reading.archive import parts
from connectors.reading.document import Document
from connectors.reading.element import local, parse
from connectors.reading.index import ROOTS
from connectors.source import Found, Records, documents
from engine.errors import FeedError, brief
from engine.model.feed import Broken, Fetch, Record

ID = "rss"

#: What each of our fields is called by RSS 0.9 to 2.0, Atom and Dublin Core; the first that is there counts.
_NAMES = {
    "id": ("guid", "id", "identifier", "about", "link"),
    "title": ("title",),
    "link": ("link",),
    "summary": ("description", "summary", "content"),
    "published": ("pubDate", "published", "date", "issued", "created", "updated", "modified"),
    "updated": ("updated", "modified", "pubDate", "published", "date"),
}
_MOMENTS = ("published", "updated")
#: No place is nested deeper.
_DEEPEST = 8


class Options(Paged):
    """See docs/feeds.md."""


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The entries of every file or answer; raises FeedError where one is no RSS or Atom feed."""
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    if options.url is not None and len(members := parts(found.files[0])) == 1:
        return _walked(options, found, walk(options, members[0], cursor.get("told", "")))
    notices: list[str] = []
    return found.fetch(Records(found.files, partial(_entries, notices), options), notices=notices)


def _walked(options: Options, found: Found, pages: Walk) -> Fetch:
    records = [one for page in pages.pages for one in _paged(page)]
    options.expect(bool(records))
    return replace(found.fetch(records, notices=pages.notices, told=pages.told), more=pages.more)


def _paged(page: Page) -> Iterator[Record]:
    return _told_by(_feed(page.root, page.name), f"page {page.number} " if page.number > 1 else "")


def _entries(notices: list[str], file: Document, where: str) -> Iterator[Record | Broken]:
    root = _feed(parse(file.read(), file.name), file.name)
    if (notice := unfollowed(root, file.name)) and notice not in notices:
        notices.append(notice)
    yield from _told_by(root, where)


def _feed(root: Element, name: str) -> Element:
    if local(root) not in ROOTS:
        named = brief(local(root))
        raise FeedError(f"{name}: <{named}> is no RSS or Atom feed; check the feed's address")
    return root


def _told_by(root: Element, where: str) -> Iterator[Record]:
    entries = (element for element in root.iter() if local(element) in ("entry", "item"))
    for number, entry in enumerate(entries, start=1):
        yield Record(_fields(entry), f"{where}entry {number}")


def _fields(entry: Element) -> dict[str, Any]:
    told = {_plain(name): value for name, value in entry.attrib.items()} | _told(entry)
    fields = {ours: value for ours, names in _NAMES.items() if (value := next(_texts(told, names), ""))}
    fields |= {name: _moment(fields[name]) for name in _MOMENTS if name in fields}
    return {**told, **fields, **_place(entry)}


def _plain(name: str) -> str:
    """An attribute's name without its namespace."""
    return name.rpartition("}")[2]


def _told(element: Element, depth: int = 1) -> dict[str, Any]:
    """The elements in it by their names without namespace: texts, objects, lists of what comes several
    times. An attribute is `element@attribute`."""
    told: dict[str, Any] = {}
    for child in element:
        name = local(child)
        nested = _told(child, depth + 1) if len(child) and depth < _DEEPEST else {}
        told = {f"{name}@{_plain(key)}": text for key, text in child.attrib.items()} | told
        value = nested or " ".join("".join(child.itertext()).split())
        if not value:
            continue  # nothing but its attributes
        if name in told:
            earlier = told[name]
            told[name] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
        else:
            told[name] = value
    return told


def _texts(told: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    """What stands under these names; of a link without text its address."""
    for name in names:
        found = told.get(name) or told.get(f"{name}@href") or ""
        first = found[0] if isinstance(found, list) else found
        if first and isinstance(first, str):
            yield first


def _moment(text: str) -> str:
    """RFC 822's `Sun, 01 Mar 2026 08:00:00 GMT` as ISO 8601; anything else, and a zone by a name that
    the standard does not know, as it stands."""
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return text
    if found.tzinfo is None and text.endswith("-0000"):
        found = found.replace(tzinfo=UTC)
    return text if found.tzinfo is None and text[-1].isalpha() else found.isoformat()


def _place(entry: Element) -> dict[str, Any]:
    """`lat` and `lon` of a point, and `polygon` and `circle` as CAP writes them."""
    place: dict[str, Any] = {"polygon": [], "circle": []}
    for element in entry.iter():
        name, values = local(element), (element.text or "").replace(",", " ").split()
        if name in ("lat", "long", "lon") and len(values) == 1:
            place.setdefault(name[:3], values[0])
        elif name in ("point", "pos") and len(values) >= 2:
            place = {"lat": values[0], "lon": values[1]} | place
        elif name in ("polygon", "posList") and len(values) >= 8 and values[:2] == values[-2:]:
            place["polygon"].append(_ring(values))
        elif name == "box" and len(values) == 4:
            south, west, north, east = values
            ring = (south, west, south, east, north, east, north, west, south, west)
            place["polygon"].append(_ring(ring))
        elif name == "circle" and len(values) == 3:
            place["circle"].append(f"{values[0]},{values[1]} {_kilometres(values[2])}")
    return place


def _ring(values: Sequence[str]) -> str:
    return " ".join(f"{lat},{lon}" for lat, lon in zip(values[::2], values[1::2], strict=False))


def _kilometres(metres: str) -> str:
    try:
        return str(float(metres) / 1000)
    except ValueError:
        return metres
