"""CAP 1.1 and 1.2: a single alert, or an Atom or RSS index that links to alerts or holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree as Xml
from defusedxml.common import DefusedXmlException
from pydantic import Field

from connectors.alert import local, only_text, records
from connectors.http import get
from connectors.reading.document import Document
from connectors.source import Records, Source, documents
from engine.errors import FeedError
from engine.model.feed import Broken, Fetch, Record

ID = "cap"


class Options(Source):
    """See docs/feeds.md."""

    follow: bool = True
    hosts: tuple[str, ...] = ()
    entries: int = Field(default=500, ge=1, le=10_000)
    language: str = ""
    status: tuple[str, ...] = ("Actual",)


def fetch(options: Options, cursor: Mapping[str, str]) -> Fetch:
    """The alerts of every file, and of what an index links to; an alert already fetched is not fetched
    again. Raises FeedError where a file, or the index itself, cannot be read."""
    found = documents(options, cursor)
    if found.unchanged:
        return found.fetch()
    reading = _Reading(options, frozenset(cursor.get("seen", "").split()))
    brought = list(Records(found.files, reading.document))
    options.expect(bool(brought or reading.seen))
    fetch = found.fetch(brought, seen=" ".join(sorted(reading.seen)))
    if reading.unfinished:  # without its validators and its state the index is read again
        return replace(fetch, cursor={name: fetch.cursor[name] for name in ("of", "seen")})
    return fetch


def parse(content: bytes, name: str) -> Element:
    """The root element. Document type declarations and entities are refused: they reach for files and
    addresses (XXE) or grow without end. Raises FeedError."""
    try:
        return Xml.fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FeedError(f"{name}: declares a document type or an entity, which is refused") from error
    except (ParseError, ValueError, LookupError) as error:
        raise FeedError(f"{name}: not XML: {error}; ask the source to mend it") from error


class _Reading:
    """One poll: what an earlier one has fetched already, and what this one has seen."""

    def __init__(self, options: Options, before: frozenset[str]) -> None:
        self._options = options
        self._before = before
        self._fetched = 0
        #: Marks of the entries whose alerts are in hand, for the next poll.
        self.seen: set[str] = set()
        #: An alert could not be had: the index must be read again even if it does not change.
        self.unfinished = False

    def document(self, file: Document, where: str) -> Iterator[Record | Broken]:
        root = parse(file.read(), file.name)
        kind = local(root)
        if kind == "alert":
            yield from self._alert(root, file.name)
        elif kind in ("feed", "rss", "RDF"):
            entries = [element for element in root.iter() if local(element) in ("entry", "item")]
            for number, entry in enumerate(entries, start=1):
                yield from self._entry(entry, f"{file.name} entry {number}")
        else:
            raise FeedError(f"{file.name}: <{kind}> is neither a CAP alert nor an Atom or RSS index")

    def _alert(self, alert: Element, place: str) -> Iterator[Record | Broken]:
        return records(alert, place, self._options.language, self._options.status)

    def _entry(self, entry: Element, place: str) -> Iterator[Record | Broken]:
        """The alert an entry holds, links to, or tells in its own elements."""
        held = next((element for element in entry.iter() if local(element) == "alert"), None)
        if held is not None:
            yield from self._alert(held, place)
        elif self._options.follow:
            yield from self._linked(entry, place)
        else:
            yield from self._alert(entry, place)

    def _linked(self, entry: Element, place: str) -> Iterator[Record | Broken]:
        url = urljoin(self._options.url or "", _link(entry))
        mark = hashlib.sha256(f"{url}\0{only_text(entry, 'updated')}".encode()).hexdigest()[:16]
        if mark in self._before:
            self.seen.add(mark)
            return
        try:
            yield from self._alert(parse(self._get(url), url), place)
            self.seen.add(mark)
        except FeedError as error:
            self.unfinished = True
            yield Broken(place, str(error))

    def _get(self, url: str) -> bytes:
        """The alert at `url`: on the index's own host or one that the options name, because an index
        must not send us to the machines of our own network."""
        host, home = urlsplit(url).hostname, urlsplit(self._options.url or "").hostname
        if not host or host not in (home, *self._options.hosts):
            raise FeedError(f"the entry links to {host or 'nothing'}; if that is right, add it to 'hosts'")
        if self._fetched == self._options.entries:
            raise FeedError(f"more new alerts than {self._options.entries}; the next poll goes on")
        self._fetched += 1
        options = self._options if host == home else self._options.model_copy(update={"headers": {}})
        answer = get(url, options, {})
        assert answer is not None, "without validators there is always a body"
        return answer.body


def _link(entry: Element) -> str:
    """The address of an entry's alert: the link that says it is CAP, else the first."""
    links = [element for element in entry if local(element) == "link"]
    links.sort(key=lambda link: link.get("type") != "application/cap+xml")
    return next((found for link in links if (found := link.get("href") or (link.text or "").strip())), "")
