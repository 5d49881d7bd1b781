"""One proposal for a mapping: a key, its value, and the remarks that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Part:
    """`key: value` of the mapping, with what a reader should know of it."""

    key: str
    value: Any
    remarks: tuple[str, ...] = ()
    #: A remark behind single keys of a table.
    beside: Mapping[str, str] = field(default_factory=dict)


def share(part: int, whole: int) -> str:
    """`412 of 500 (82 %)`."""
    return f"{part} of {whole} ({part / whole:.0%})" if whole else "none"
