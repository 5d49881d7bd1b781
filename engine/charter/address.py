"""What an address asks for: its parameters select records as a mapping's conditions do."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

from engine.charter.judgement import Kind

#: A parameter of so many letters could be a text in base64.
_PACKED = 8


def asked(address: str) -> Iterator[tuple[Kind, str]]:
    """Every parameter of an address: its name as a field that is read, its value as one sorted by."""
    with suppress(ValueError):
        for name, value in parse_qsl(urlsplit(address).query):
            yield Kind.READ, name
            yield Kind.VALUE, value
            yield from ((Kind.VALUE, hidden) for hidden in _unpacked(value))


def _unpacked(value: str) -> Iterator[str]:
    """The text that a value in base64 holds, if it holds one."""
    with suppress(ValueError):
        hidden = base64.b64decode(value, validate=True).decode("utf-8") if len(value) >= _PACKED else ""
        yield from [hidden] if hidden.isprintable() else []
