"""One revision of an incident as a row, and back."""

from __future__ import annotations

import json
from typing import Any

from engine.model.incident import Incident, Precision
from engine.store.history import Facts
from engine.store.moment import epoch, moment_of
from engine.store.tables import incident

KEY = tuple(incident.c[name] for name in ("feed", "source_id", "known_at", "nth"))
#: The columns of `Facts`, in its order.
FACTS = tuple(
    incident.c[name] for name in (
        "occurred_at", "precision", "ended_at", "areas", "category", "severity", "measures",
        "latitude", "longitude", "title", "withdrawn",
    )
)  # fmt: skip

_WORDS = {precision: precision.value for precision in Precision}
#: Raw columns, so that moments come as epoch seconds.
Row = tuple[Any, ...]


def facts_of(fact: Incident) -> Facts:
    """The incident's facts as the table keeps them: plain values that compare as stored ones do."""
    latitude, longitude = fact.point or (None, None)
    measures = fact.measures
    return (
        epoch(fact.occurred_at), _WORDS[fact.precision],
        None if fact.ended_at is None else epoch(fact.ended_at),
        "|".join(fact.areas), fact.category, fact.severity,
        json.dumps(dict(measures), sort_keys=True, separators=(",", ":")) if measures else "",
        latitude, longitude, fact.title, fact.withdrawn,
    )  # fmt: skip


def incident_of(feed: str, source_id: str, known_at: int, facts: Facts, revision: int) -> Incident:
    occurred_at, precision, ended_at, areas, category, severity, measures, lat, lon, title, gone = facts
    return Incident(
        feed=feed,
        source_id=source_id,
        revision=revision,
        occurred_at=moment_of(occurred_at),
        precision=Precision(precision),
        ended_at=None if ended_at is None else moment_of(ended_at),
        known_at=moment_of(known_at),
        areas=tuple(areas.split("|")) if areas else (),
        category=category,
        severity=severity,
        measures=json.loads(measures) if measures else {},
        point=None if lat is None else (lat, lon),
        title=title,
        withdrawn=bool(gone),
    )
