"""The Atom index of a CAP feed: the last message of every chain that has not expired."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from lxml import etree

from engine.notify.cap import CAP
from engine.notify.cap.publisher import Publisher
from engine.notify.cap.validate.markup import RefusedError, first, parse, text

ATOM = "http://www.w3.org/2005/Atom"
TYPE = "application/cap+xml"
#: What of a message stands in its entry too, so that readers need not open every one.
_SHOWN = ("event", "urgency", "severity", "certainty")
_START = f'<feed xmlns="{ATOM}" xmlns:cap="{CAP}">'
#: More entries than any feed has: each is written out once, and joined to others ever after.
_KEPT = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One message as the index lists it."""

    identifier: str
    #: The name of its document.
    file: str
    sent: str
    expires: str
    kind: str
    title: str
    summary: str
    shown: tuple[tuple[str, str], ...] = ()
    #: What it stands in the place of, as `sender,identifier,sent`.
    references: str = ""

    @property
    def ends(self) -> datetime:
        return datetime.fromisoformat(self.expires)

    def replaces(self, other: Entry) -> bool:
        return f",{other.identifier}," in self.references


def entry(document: bytes, file: str) -> Entry:
    """The entry of a message of ours."""
    alert = parse(document)
    info = first(alert, "info")
    assert info is not None
    return Entry(
        identifier=text(alert, "identifier"), file=file, sent=text(alert, "sent"),
        expires=text(info, "expires"), kind=text(alert, "msgType"), title=text(info, "headline"),
        summary=text(info, "description"), shown=tuple((name, text(info, name)) for name in _SHOWN),
        references=text(alert, "references"),
    )  # fmt: skip


def joined(listed: Sequence[Entry], new: Entry, now: datetime) -> list[Entry]:
    """The list with a new message in the place of those that it replaces, whatever their order of arrival."""
    others = [one for one in listed if one.identifier != new.identifier and not new.replaces(one)]
    stands = [] if any(one.replaces(new) for one in listed) else [new]
    return [one for one in (*stands, *others) if one.ends > now]


def current(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """Those that have not expired and that no other stands in the place of, the newest first."""
    listed = {one.identifier: one for one in entries}
    named = {word.split(",")[1] for one in listed.values() for word in one.references.split()}
    left = [one for one in listed.values() if one.identifier not in named and one.ends > now]
    return sorted(left, key=lambda one: (datetime.fromisoformat(one.sent), one.identifier), reverse=True)


def write(entries: Sequence[Entry], publisher: Publisher, now: datetime, base: str = "") -> bytes:
    """The index; base: the address of the folder, where links are to be whole."""
    feed = etree.fromstring(f"{_START}</feed>")
    _add(feed, "id", _urn(publisher.sender))
    _add(feed, "title", publisher.name)
    _add(feed, "updated", now.astimezone(UTC).isoformat(timespec="seconds"))
    _add(etree.SubElement(feed, f"{{{ATOM}}}author"), "name", publisher.name)
    if base:
        etree.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=f"{base}index.atom")
    head = etree.tostring(feed, xml_declaration=True, encoding="UTF-8").removesuffix(b"</feed>")
    return b"".join((head, *(_entry(one, publisher.sender, base) for one in entries), b"\n</feed>\n"))


@lru_cache(maxsize=_KEPT)
def _entry(one: Entry, sender: str, base: str) -> bytes:
    """The entry as it stands within the feed, whose namespaces it shares."""
    feed = etree.fromstring(f"{_START}</feed>")
    to = etree.SubElement(feed, f"{{{ATOM}}}entry")
    _add(to, "id", _urn(f"{sender},{one.identifier}"))
    _add(to, "title", one.title)
    sent = one.sent.replace("-00:00", "+00:00")  # RFC 3339 reads -00:00 as "nobody knows where"
    _add(to, "updated", sent)
    _add(to, "published", sent)
    _add(to, "summary", one.summary)
    etree.SubElement(to, f"{{{ATOM}}}link", type=TYPE, href=f"{base}{one.file}")
    told = [("identifier", one.identifier), ("msgType", one.kind), ("sent", one.sent), *one.shown]
    for name, value in (*told, ("expires", one.expires), ("references", one.references)):
        if value:
            etree.SubElement(to, f"{{{CAP}}}{name}").text = value
    etree.indent(feed, space=" ")
    whole = etree.tostring(feed, encoding="UTF-8")
    return b"\n " + whole[whole.index(b"<entry>") : whole.rindex(b"</entry>") + len(b"</entry>")]


def _add(to: etree._Element, name: str, value: str) -> None:
    etree.SubElement(to, f"{{{ATOM}}}{name}").text = value


def _urn(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"urn:cap:{name}").urn


def read(index: bytes) -> list[Entry] | None:
    """The entries of an index of ours; None where it is none, or damaged."""
    try:
        root = parse(index)
        if root.tag != f"{{{ATOM}}}feed":
            return None
        return [_read(one) for one in root.iterchildren(f"{{{ATOM}}}entry")]
    except (RefusedError, ValueError):
        return None


def _read(one: etree._Element) -> Entry:
    link = one.find(f"{{{ATOM}}}link")
    file = link.get("href") if link is not None else None
    if not file or not text(one, "identifier"):
        raise ValueError("an entry that is not ours")
    datetime.fromisoformat(text(one, "expires"))
    return Entry(
        identifier=text(one, "identifier"), file=file.rpartition("/")[2], sent=text(one, "sent"),
        expires=text(one, "expires"), kind=text(one, "msgType"),
        title=one.findtext(f"{{{ATOM}}}title") or "", summary=one.findtext(f"{{{ATOM}}}summary") or "",
        shown=tuple((name, text(one, name)) for name in _SHOWN), references=text(one, "references"),
    )  # fmt: skip
