"""Checks of an index (Atom or RSS): what readers need to find every message once, and to see it move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

from engine.errors import brief
from engine.notify.cap import CAP
from engine.notify.cap.validate.markup import Element, line, local, own
from engine.notify.cap.validate.mistake import Mistake, error, hint, warning

ROOTS = ("feed", "rss", "RDF")
TYPE = "application/cap+xml"
_ENTRIES = ("entry", "item")
_ATOM_NEEDS = ("id", "title", "updated")
_CHANNEL_NEEDS = ("title", "link", "description")
_EDXL = ("EDXLDistribution", "contentObject")


def mistakes(root: Element) -> Iterator[Mistake]:
    """What is wrong with the index itself; the messages in it and behind it are checked one by one."""
    if local(root) == "feed":
        yield from _atom(root)
    else:
        yield from _rss(root)
    yield from _unique(entries(root))
    yield from _typed(entries(root))


def entries(root: Element) -> list[Element]:
    return [one for one in root.iter() if local(one) in _ENTRIES]


def link(entry: Element) -> str:
    """Where the message is; empty where the entry holds it, or leads nowhere."""
    links = [one for one in entry.iter() if local(one) in ("link", "enclosure", "content")]
    typed = [one for one in links if one.get("type") == TYPE]
    plain = [one for one in links if local(one) == "link" and one.get("rel", "alternate") == "alternate"]
    found = (one.get("href") or one.get("url") or one.get("src") or own(one) for one in (*typed, *plain))
    return next((address for address in found if address), "")


def holds(entry: Element) -> bool:
    """Whether the message stands in the entry itself."""
    return any(local(one) == "alert" for one in entry.iter())


def _atom(feed: Element) -> Iterator[Mistake]:
    yield from _needed(feed, _ATOM_NEEDS, "the feed")
    yield from _updated(feed, "the feed")
    listed = entries(feed)
    if not _child(feed, "author") and not all(_child(one, "author") for one in listed):
        yield warning(feed, "the feed has no <author>")
    for entry in listed:
        yield from _needed(entry, _ATOM_NEEDS, "the entry")
        yield from _updated(entry, "the entry")
        yield from _leads(entry)


def _updated(of: Element, called: str) -> Iterator[Mistake]:
    for name in ("updated", "published"):
        for one in _child(of, name):
            if own(one) and _rfc3339(own(one)) is None:
                yield error(
                    one, f"{called}'s <{name}> holds {brief(own(one))!r}, which is no moment with offset"
                )


def _rfc3339(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and "T" in text.upper() else None


def _rss(root: Element) -> Iterator[Mistake]:
    channel = next((one for one in root.iter() if local(one) == "channel"), None)
    if channel is None:
        yield error(root, "the index has no <channel>")
    else:
        yield from _needed(channel, _CHANNEL_NEEDS, "the channel")
    for item in entries(root):
        if not _child(item, "title") and not _child(item, "description"):
            yield error(item, "the item has neither <title> nor <description>")
        if not _child(item, "guid"):
            yield warning(item, "the item has no <guid>: a reader cannot tell it from others")
        if not _child(item, "pubDate"):
            yield warning(item, "the item has no <pubDate>: a reader cannot see it move")
        for date in _child(item, "pubDate"):
            if own(date) and not _rfc822(own(date)):
                yield error(date, f"<pubDate> holds {brief(own(date))!r}; write it as in RFC 822")
        yield from _leads(item)


def _rfc822(text: str) -> bool:
    try:
        parsedate_to_datetime(text)
    except ValueError:
        return False
    return True


def _needed(of: Element, names: Iterable[str], called: str) -> Iterator[Mistake]:
    for name in names:
        found = _child(of, name)
        if not found:
            yield error(of, f"{called} has no <{name}>")
        elif not any(own(one) or len(one) or one.get("href") for one in found):
            yield error(found[0], f"{called}'s <{name}> is empty")
        elif len(found) > 1 and name != "link":
            yield error(found[1], f"{called} has two of <{name}>")


def _leads(entry: Element) -> Iterator[Mistake]:
    wrapped = next((one for one in entry.iter() if local(one) in _EDXL), None)
    if wrapped is not None:
        yield hint(wrapped, "the message is wrapped in EDXL-DE: readers of CAP alone do not look into it")
    if holds(entry):
        return
    if not link(entry):
        yield error(entry, "the entry neither holds a CAP message nor links to one")


def _typed(listed: Sequence[Element]) -> Iterator[Mistake]:
    """Told once: whoever leaves the type out does so everywhere."""
    silent = [
        one for one in listed
        if not holds(one) and link(one) and not any(part.get("type") == TYPE for part in one.iter())
    ]  # fmt: skip
    if silent:
        yield hint(silent[0], f"{len(silent)} entries do not say that their links lead to {TYPE}")


def _unique(listed: Iterable[Element]) -> Iterator[Mistake]:
    seen: dict[str, int] = {}
    for entry in listed:
        for one in (*_child(entry, "id"), *_child(entry, "guid")):
            if own(one) and own(one) in seen:
                yield error(one, f"this <{local(one)}> stands on line {seen[own(one)]} already")
            seen.setdefault(own(one), line(one))


def _child(of: Element, name: str) -> list[Element]:
    """Children of that name that are no part of a CAP message told in the entry's own elements."""
    return [one for one in of if local(one) == name and not str(one.tag).startswith(f"{{{CAP}}}")]
