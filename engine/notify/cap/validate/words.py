"""Checks of what an info says: to people, and to programs that sort it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from engine.errors import brief
from engine.notify.cap.validate.markup import Element, children, first, own, text
from engine.notify.cap.validate.mistake import Mistake, error, hint, warning

LONGEST_HEADLINE = 140
_TEXTS = ("event", "headline", "description", "instruction", "senderName", "audience", "contact")
_MARKUP = re.compile(
    r"</?(p|br|b|i|em|strong|a|ul|ol|li|div|span|h\d|font|table|tr|td)\b[^>]*>|&#?\w+;", re.I
)
_LANGUAGE = re.compile(r"(?:[A-Za-z]{2,3}|[ix])(-[A-Za-z0-9]{1,8})*")
#: Schemes that mean something on one machine, or run there.
_HERE = ("about", "blob", "data", "file", "javascript", "vbscript")
_WISHED = ("senderName", "responseType", "instruction", "contact")


def told(alert: Element, now: datetime) -> Iterator[Mistake]:
    """What people ask first."""
    for info in children(alert, "info"):
        for name, why in (("description", "what it is"), ("web", "where there is more to read")):
            if first(info, name) is None:
                yield warning(info, f"<{name}> is missing: it says {why}")
        missing = [f"<{name}>" for name in _WISHED if first(info, name) is None]
        if missing:
            yield hint(info, f"{', '.join(missing)} would help readers")


def headlines(alert: Element, now: datetime) -> Iterator[Mistake]:
    """A headline is short, and the texts differ."""
    for info in children(alert, "info"):
        headline, description = first(info, "headline"), first(info, "description")
        if headline is not None and len(own(headline)) > LONGEST_HEADLINE:
            said = f"the headline has {len(own(headline))} signs, and many show only {LONGEST_HEADLINE}"
            yield warning(headline, said)
        if headline is not None and own(headline) and own(headline) == own(description):
            yield warning(headline, "headline and description are the same")
        instruction = first(info, "instruction")
        if instruction is not None and own(instruction) and own(instruction) == own(description):
            yield warning(instruction, "instruction and description are the same")


def known(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Who knows nothing of a danger cannot rank it."""
    for info in children(alert, "info"):
        if all(text(info, name) == "Unknown" for name in ("urgency", "severity", "certainty")):
            yield warning(info, "urgency, severity and certainty are all Unknown: no reader can rank this")


def plain(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Text is text: tags and entities are read aloud as they stand."""
    for info in children(alert, "info"):
        for name in _TEXTS:
            one = first(info, name)
            if one is not None and (found := _MARKUP.search(own(one))):
                yield warning(one, f"<{name}> holds {brief(found[0])!r}: CAP has plain text, no HTML")


def web(alert: Element, now: datetime) -> Iterator[Mistake]:
    """An address that can be opened from anywhere."""
    for info in children(alert, "info"):
        one = first(info, "web")
        if one is not None and own(one) and not absolute(own(one)):
            yield error(one, f"<web> holds {brief(own(one), 80)!r}, which is no whole address")


def absolute(address: str) -> bool:
    """Whether it is whole, and the same from wherever it is opened."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if not parts.scheme or parts.scheme in _HERE:
        return False
    return bool(parts.netloc or (parts.scheme not in ("http", "https", "ftp") and parts.path))


def language(alert: Element, now: datetime) -> Iterator[Mistake]:
    """A tag as in RFC 3066, and one of its own for each language."""
    infos = list(children(alert, "info"))
    for info in infos:
        one = first(info, "language")
        if one is not None and not _LANGUAGE.fullmatch(own(one)):
            yield error(one, f"<language> holds {brief(own(one))!r}; write a tag such as en-US or zh-CN")
        elif one is None and len(infos) > 1:
            yield hint(info, "an info without <language> counts as en-US")


def alike(alert: Element, now: datetime) -> Iterator[Mistake]:
    """All infos of a message are of one event: only words and places differ."""
    infos = list(children(alert, "info"))
    for info in infos[1:]:
        for name in ("category", "eventCode"):
            if _set(info, name) != _set(infos[0], name):
                yield warning(info, f"this info has another <{name}> than the first one")
                break


def _set(info: Element, name: str) -> set[str]:
    return {" ".join("".join(str(part) for part in one.itertext()).split()) for one in children(info, name)}


def translated(alert: Element, now: datetime) -> Iterator[Mistake]:
    """What stands under another language is in that language."""
    spoken: dict[tuple[str, str], str] = {}
    for info in children(alert, "info"):
        tongue = text(info, "language") or "en-US"
        for name in ("headline", "description", "instruction"):
            one = first(info, name)
            if one is None or not own(one):
                continue
            before = spoken.setdefault((name, own(one)), tongue)
            if before.partition("-")[0].lower() != tongue.partition("-")[0].lower():
                yield warning(one, f"<{name}> is the same under {brief(before)} and {brief(tongue)}")


def one_event(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Infos of one language call the event by one name."""
    events: dict[str, str] = {}
    for info in children(alert, "info"):
        one, tongue = first(info, "event"), text(info, "language") or "en-US"
        if one is not None and own(one) != events.setdefault(tongue, own(one)):
            yield hint(one, f"the event is called otherwise than in the first info in {brief(tongue)}")
