"""What areas scored day by day, as each daily screening left it; a day without one has no score, not zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import delete, insert, select

from engine.model.grade import Domain
from engine.model.warning import Score
from engine.store.database import Tx
from engine.store.tables import score_day

#: Of no area and domain: the day was judged.
_JUDGED = ("", "", 0.0)


def keep(tx: Tx, run: int, day: date, scores: Iterable[Score]) -> None:
    """The whole map of a day, in place of what an earlier judgement of it left."""
    number = day.toordinal()
    found = [_JUDGED, *((one.area, one.domain.value, one.value) for one in scores)]
    tx.conn.execute(delete(score_day).where(score_day.c.day == number))
    tx.conn.execute(insert(score_day), [
        {"area": area, "day": number, "domain": domain, "value": value, "run": run}
        for area, domain, value in found
    ])  # fmt: skip


def of(tx: Tx, area: str, since: date) -> dict[date, Mapping[Domain, float]]:
    """By judged day from `since` on, the scores above zero of an area."""
    table = score_day
    wanted = table.c.area.in_(("", area)) & (table.c.day >= since.toordinal())
    found: dict[date, dict[Domain, float]] = {}
    for row in tx.conn.execute(select(table).where(wanted)):
        scores = found.setdefault(date.fromordinal(row.day), {})
        if row.area:
            scores[Domain(row.domain)] = row.value
    return dict(found)
