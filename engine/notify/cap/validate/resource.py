"""Checks of resources: pictures and sounds that go with a message."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime

from engine.errors import brief
from engine.notify.cap.validate.markup import Element, children, first, own, text
from engine.notify.cap.validate.mistake import Mistake, error, warning
from engine.notify.cap.validate.words import absolute

_TYPE = re.compile(r"[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*( *;.*)?", re.ASCII)


def resources(alert: Element, now: datetime) -> Iterator[Mistake]:
    """Each says of what type it is, and can be had: by a whole address, or from the message itself."""
    for one in (one for info in children(alert, "info") for one in children(info, "resource")):
        yield from _type(one)
        yield from _content(one)


def _type(one: Element) -> Iterator[Mistake]:
    mime, size = first(one, "mimeType"), first(one, "size")
    if mime is not None and own(mime) and not _TYPE.fullmatch(own(mime)):
        yield error(mime, f"<mimeType> holds {brief(own(mime))!r}; write a type such as image/png")
    if size is not None and own(size).startswith("-"):
        yield error(size, "<size> is in bytes, and less than nothing")


def _content(one: Element) -> Iterator[Mistake]:
    uri, packed = first(one, "uri"), first(one, "derefUri")
    if packed is None:
        if uri is None:
            yield warning(one, "the resource has neither <uri> nor <derefUri>: nobody can have it")
        elif own(uri) and not absolute(own(uri)):
            yield error(uri, f"<uri> holds {brief(own(uri), 80)!r}, which is no whole address")
        return
    content = _decoded(own(packed))
    if content is None:
        yield error(packed, "<derefUri> is not base64")
        return
    size, digest = first(one, "size"), first(one, "digest")
    if size is not None and own(size).isdecimal() and own(size).lstrip("0") != str(len(content) or ""):
        yield warning(size, f"<size> says {brief(own(size))}, and <derefUri> holds {len(content)} bytes")
    if digest is not None and text(one, "digest").lower() != hashlib.sha1(content).hexdigest():
        yield error(digest, "<digest> is not the SHA-1 of what <derefUri> holds")


def _decoded(text_: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text_.split()), validate=True)
    except ValueError:
        return None
