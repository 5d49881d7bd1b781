"""What is kept of a record that is no incident: enough to tell it from others, and nothing that identifies
anybody."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.guard.guard import Guard
from engine.ingest.field import storable
from engine.model.incident import Reject
from engine.model.reason import kind_of

_LONGEST_RECORD = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """What could be read of a record that is no incident, and which part could not."""

    kind: str = "record"
    value: str = ""
    source_id: str | None = None
    area: str | None = None
    category: str | None = None
    occurred_at: datetime | None = None
    known_at: datetime | None = None


class Refused:
    """The rejects of one answer of a feed."""

    def __init__(self, feed: str, guard: Guard, zone: ZoneInfo) -> None:
        self._feed, self._guard, self._zone = feed, guard, zone
        #: How often the same was refused, where nothing says which record it was.
        self._alike: Counter[tuple[str, str, str]] = Counter()

    def reject(
        self, place: str, reason: str, fields: Mapping[str, Any], fetched_at: datetime,
        readable: Readable | None = None, unkept: str = "",
    ) -> Reject:  # fmt: skip
        """unkept: what else tells it from others, of which nothing is kept but that."""
        try:
            text = json.dumps(self._guard.clean(fields), ensure_ascii=False)
        except RecursionError:
            text = "{}"
        found = readable or Readable()
        shown = storable(text)[:_LONGEST_RECORD]
        return Reject(
            feed=self._feed, seen_at=fetched_at, place=self._guard.mask(storable(place)),
            reason=self._guard.mask(storable(reason)), cause=self._guard.mask(storable(kind_of(reason))),
            record=shown, kind=found.kind, value=found.value,
            source_id=found.source_id, area=found.area, category=found.category,
            day=(found.occurred_at or fetched_at).astimezone(self._zone).date().toordinal(),
            known_at=found.known_at, mark=self._mark(reason, shown, found.source_id, unkept),
        )  # fmt: skip

    def _mark(self, reason: str, shown: str, source_id: str | None, unkept: str) -> str:
        """What tells a refused record from another that looks alike: what is not shown of it, and where
        nothing identifies it, which of those it is that the source tells at once. Two are two also where they
        are equal, and those of the next poll are the same."""
        if source_id is not None:
            return "" if source_id in shown else hashlib.sha256(source_id.encode()).hexdigest()
        own = hashlib.sha256(unkept.encode("utf-8", "surrogateescape")).hexdigest() if unkept else ""
        alike = reason, shown, own
        self._alike[alike] += 1
        return f"{own}#{self._alike[alike]}" if self._alike[alike] > 1 else own
