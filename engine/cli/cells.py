"""What stands in a cell of a listing."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from engine.model.text import Text


class Ours(str):
    """A sentence of the engine's own in a listing, not somebody's words: told in the reader's language."""


def plain(value: Any) -> Any:
    """A value as programs read it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value.value, int) else value.value
    if isinstance(value, float):
        return round(value, 1)
    return str(value) if isinstance(value, (Text, timedelta)) else value
