"""One reported fact: what, where, when, and known when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Precision(StrEnum):
    """How exactly `occurred_at` is known; `UNKNOWN` books on no day."""

    MINUTE = "minute"
    DAY = "day"
    #: The report says nothing about when: the moment it became known stands in for it.
    REPORTED = "reported"
    UNKNOWN = "unknown"


#: How severe an incident is that its feed should say, and of this one does not.
UNGRADED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One revision of one reported fact. Never edited: a correction is a new revision.

    Identity is (feed, source_id); equal `facts` are no new revision.
    """

    feed: str
    source_id: str
    revision: int = 1
    #: When it happened (aware, UTC) and how exactly that is known.
    occurred_at: datetime
    precision: Precision = Precision.MINUTE
    ended_at: datetime | None = None
    #: When the feed could first have told us this revision (aware, UTC).
    known_at: datetime
    #: The most exact areas named; several only for an alert that covers several.
    areas: tuple[str, ...]
    category: str
    #: 0 less than minor (or its feed does not say at all), 1 minor .. 4 extreme (CAP's order), or UNGRADED.
    severity: int = 0
    #: Numbers of the incident itself (burnt hectares, injured, magnitude); never of a person.
    measures: Mapping[str, float] = field(default_factory=dict)
    #: Latitude and longitude in degrees, where the feed gives a public place.
    point: tuple[float, float] | None = None
    #: Guarded free text, only where the feed's mapping keeps it.
    title: str = ""
    #: A later revision took it back: it counts nowhere any more.
    withdrawn: bool = False
    #: The other ids that this report goes by in its feed; they say which incident it is of, and are no
    #: fact of it.
    aliases: tuple[str, ...] = ()
    #: The incidents of other feeds that tell the same event and count as this one: no fact of it.
    also: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def identity(self) -> tuple[str, str]:
        return self.feed, self.source_id

    @property
    def facts(self) -> tuple[object, ...]:
        """Everything but its ids, when it was known and which revision it is."""
        return (
            self.occurred_at, self.precision, self.ended_at, self.areas, self.category,
            self.severity, tuple(sorted(self.measures.items())), self.point, self.title,
            self.withdrawn,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A record that could not become an incident: masked, with the reason."""

    feed: str
    seen_at: datetime
    #: Where in the source: a line, an index, an element.
    place: str
    reason: str
    #: The record after the privacy guard, as JSON text.
    record: str
    #: The reason without what is this record's own.
    cause: str = ""
    #: What could not be read: place, category, time, id, record, ...
    kind: str = ""
    #: The value that was not understood, masked.
    value: str = ""
    #: What could be read all the same, and so of which cells it may be a report.
    source_id: str | None = None
    area: str | None = None
    category: str | None = None
    #: The local day it occurred, as an ordinal; the day on which it was seen where that could not be read.
    day: int | None = None
    #: When it became known, as of an incident.
    known_at: datetime | None = None
    #: What tells it from another whose reason and record are the same once masked; never kept by itself.
    mark: str = ""
