"""What was told of an incident: one revision, and while it was what was known of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import floor

from engine.model.incident import Incident

#: When what nothing overtook is overtaken.
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """One revision of an incident; moments in whole epoch seconds (UTC).

    A judgement at a moment M knows it where `known` < M <= `until`; until is None while it still is what is
    known. amount: what the indicator adds up of it.
    """

    feed: str
    source_id: str
    known: int
    until: int | None
    occurred: int
    ended: int | None
    areas: tuple[str, ...]
    severity: int
    amount: float
    #: Latitude and longitude, where they are kept.
    point: tuple[float, float] | None = None

    @classmethod
    def of(cls, incident: Incident, amount: float, overtaken: datetime = NEVER) -> Told:
        """One revision of an incident, told once and for all where nothing overtook it."""
        ended = None if incident.ended_at is None else floor(incident.ended_at.timestamp())
        known, occurred = (floor(at.timestamp()) for at in (incident.known_at, incident.occurred_at))
        until = None if overtaken == NEVER else floor(overtaken.timestamp())
        return cls(
            *incident.identity, known, until, occurred, ended, incident.areas, incident.severity, amount,
            incident.point,
        )
