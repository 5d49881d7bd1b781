"""One question over HTTP to a service that the configuration names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
