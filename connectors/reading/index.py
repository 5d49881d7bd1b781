"""Atom and RSS: the entries of an index, where each leads, and by what one sees that it has moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from connectors.reading.element import children, local, only_text, plain

#: The root elements of Atom, RSS 2.0 and RSS 1.0.
ROOTS = ("feed", "rss", "RDF")
_ENTRIES = ("entry", "item")
_BASE = "{http://www.w3.org/XML/1998/namespace}base"
#: By any of these an entry says that what it leads to is another now.
_MOMENTS = ("updated", "pubDate", "published", "modified", "date")
_CAP = "application/cap+xml"


@dataclass(frozen=True)
class Entry:
    """One entry (Atom) or item (RSS)."""

    element: Element
    place: str
    #: Where it leads, relative to the index; empty where nowhere.
    link: str

    @property
    def dated(self) -> bool:
        return any(only_text(self.element, name) for name in _MOMENTS)

    @property
    def mark(self) -> str:
        """Another one as soon as its link, its id or any of its moments is another."""
        told = (only_text(self.element, name) for name in (*_MOMENTS, "guid", "id"))
        return hashlib.sha256("\0".join((self.link, *told)).encode()).hexdigest()[:16]


def entries(root: Element, name: str) -> Iterator[Entry]:
    """Every entry of the index, with its place in the document `name`."""
    base = root.get(_BASE, "")
    found = (element for element in root.iter() if local(element) in _ENTRIES)
    for number, element in enumerate(found, start=1):
        link = _link(element)
        if link:
            link = urljoin(urljoin(base, element.get(_BASE, "")), link)
        yield Entry(element, f"{name} entry {number}", link)


def _link(element: Element) -> str:
    """The address that says it is a CAP alert, else the first that leads on."""
    links = [*children(element, "link"), *children(element, "enclosure"), *children(element, "content")]
    typed = [link for link in links if link.get("type") == _CAP]
    onward = [link for link in children(element, "link") if link.get("rel", "alternate") == "alternate"]
    named = [child for child in children(element, "cap") if plain(child)]
    permanent = [guid for guid in children(element, "guid") if plain(guid).startswith("http")]
    leads = [*typed, *named, *onward, *children(element, "link"), *permanent]
    return next((found for link in leads if (found := _address(link))), "")


def _address(link: Element) -> str:
    return link.get("href") or link.get("url") or link.get("src") or (link.text or "").strip()
