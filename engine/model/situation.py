"""Which situation a warning is in: one event has one name for as long as it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Belonging:
    """That a warning came to a situation, recorded once; the last one of a warning stands."""

    warning: str
    situation: str
    #: When the situation began: of two that join, the older goes on.
    born: datetime
