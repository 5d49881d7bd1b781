"""JSON documents, read strictly and whole."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, cast

import orjson

from connectors.reading import kind
from connectors.reading.limits import NODES
from engine.errors import FeedError

_BOM = b"\xef\xbb\xbf"


def load(body: bytes, name: str) -> Any:
    """Strict: NaN, Infinity, lone surrogates and invalid UTF-8 are no JSON (RFC 8259). Of a key that
    stands twice the last value counts, as with every other reader.

    Raises FeedError for what is no JSON, ends early, or would take a hundred times its size to hold.
    """
    body = body.removeprefix(_BOM)
    if body.count(b"{") + body.count(b"[") > NODES:
        raise FeedError(f"{name}: more than {NODES} lists and objects; ask the source for less at once")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        kind.refuse(io.BufferedReader(cast(io.RawIOBase, io.BytesIO(body))), name, "JSON")
        if not body.strip():
            raise FeedError(f"{name}: not JSON but nothing at all; fetch it anew") from error
        if error.doc and error.pos >= len(error.doc.rstrip()):
            raise FeedError(f"{name}: not JSON: it ends early, cut off; fetch it anew") from error
        raise FeedError(f"{name}: not JSON: {error}; ask the source to mend it") from error


def inner(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object under that name; an empty one where there is none."""
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def listing(of: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of the list under that name; none where there is no list."""
    found = of.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
