"""What was told of incidents, revision by revision: for what reads each of them and adds nothing up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from engine.model.incident import Precision
from engine.model.indicator import Indicator
from engine.model.told import Told
from engine.store import telling
from engine.store.database import Tx
from engine.store.known import until_when
from engine.store.moment import moment_of, plain
from engine.store.tables import incident

_COLUMNS = tuple(
    plain(incident.c[name]) for name in (
        "feed", "source_id", "known_at", "occurred_at", "ended_at", "areas", "severity", "measures",
        "precision", "latitude", "longitude",
    )
)  # fmt: skip


def told(
    tx: Tx, indicator: Indicator, since: datetime, until: datetime, seq: int | None = None, *,
    lasting: bool = False,
) -> list[Told]:  # fmt: skip
    """The revisions that `indicator` counts of what occurred in [since, until), withdrawals and unknown times
    left out; what is counted as another feed's incident is not among them while it is. lasting: of what
    occurred before `until` and had not ended by `since`.

    seq: only what was committed up to this transaction is known (replay).
    """
    known = and_(
        incident.c.category.in_(sorted(indicator.categories)), incident.c.occurred_at < until,
        ~incident.c.withdrawn, incident.c.precision != Precision.UNKNOWN.value,
    )  # fmt: skip
    # What asks for no severity counts what does not say its own, too.
    if indicator.min_severity:
        known &= incident.c.severity >= indicator.min_severity
    ended_at = incident.c.ended_at
    known &= ended_at.is_(None) | (ended_at >= since) if lasting else incident.c.occurred_at >= since
    if indicator.feeds:
        known &= incident.c.feed.in_(sorted(indicator.feeds))
    if seq is not None:
        known &= incident.c.seq <= seq
    rows = tx.conn.execute(select(*_COLUMNS, until_when(seq)).where(known))
    found = list(_told(rows, indicator))
    return list(_counted(tx, found, seq)) if found and telling.any_(tx) else found


def _told(rows: Iterable[Any], indicator: Indicator) -> Iterator[Told]:
    measure = indicator.measure
    for feed, source_id, known, occurred, ended, areas, severity, measures, precision, *at, until in rows:
        amounts = json.loads(measures) if measures and measure != "incidents" else {}
        timed = indicator.times is None or indicator.timed(moment_of(occurred), precision)
        if timed and (measure == "incidents" or measure in amounts):
            amount = float(amounts.get(measure, 1.0))
            yield Told(
                feed, source_id, known, until, occurred, ended, tuple(areas.split("|")), severity, amount,
                None if at[0] is None else (at[0], at[1]),
            )


def _counted(tx: Tx, found: list[Told], seq: int | None) -> Iterator[Told]:
    """Each while it counts as itself."""
    steps = telling.steps(tx, {(one.feed, one.source_id) for one in found}, seq=seq)
    for one in found:
        begins: int | None = one.known
        for at, other in steps.get((one.feed, one.source_id), []):
            if other is None:
                begins = max(one.known, at) if begins is None else begins
            elif begins is not None:
                yield from _between(one, begins, at)
                begins = None
        if begins is not None:
            yield from _between(one, begins, one.until)


def _between(one: Told, known: int, until: int | None) -> Iterator[Told]:
    over = min(until, one.until) if until is not None and one.until is not None else until or one.until
    if over is None or known < over:
        yield replace(one, known=known, until=over)
