"""How an unknown file is read, as somebody would write it in config/feeds.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sniffed:
    """A connector's name, its options beside `path`, and what was noticed on the way."""

    connector: str
    options: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
