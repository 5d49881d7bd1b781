"""One question over HTTP to a service that the configuration names."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote_plus


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked where; nothing but the service's own host, and `hosts`, is asked for it."""

    url: str
    #: The address that the operator wrote.
    home: str
    hosts: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Posted as a form; without one it is only looked at.
    form: Mapping[str, str] | None = field(default=None, repr=False)


def basic(client: str, secret: str) -> str:
    """The header by which an OAuth client names itself (RFC 6749, section 2.3.1)."""
    pair = f"{quote_plus(client)}:{quote_plus(secret)}"
    return f"Basic {b64encode(pair.encode()).decode()}"
