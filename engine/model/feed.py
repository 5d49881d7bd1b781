"""A configured source, and what one fetch of it brings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Subject(StrEnum):
    """What a feed may be about. Lists of persons are not a subject."""

    INCIDENT = "incident"
    HAZARD = "hazard"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Record:
    """One raw record: its fields as the source has them, and where in the source it stands."""

    fields: Mapping[str, Any]
    place: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece of the source that could not even be read as a record."""

    place: str
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fetch:
    """What one poll brought: records (lazily), and where the next poll goes on.

    polls: moments of earlier good polls that a historical extract carries; a live poll leaves it
    empty and the collector books the moment it asked.
    """

    records: Iterable[Record | Broken]
    cursor: Mapping[str, str] = field(default_factory=dict)
    polls: tuple[datetime, ...] = ()
    #: The source says nothing has changed since the cursor.
    unchanged: bool = False
