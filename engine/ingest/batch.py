"""Raw records to incidents and rejects, many at once, and what of them came too late to be counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from engine.charter import columns as charter
from engine.errors import FeedError, RecordError
from engine.ingest.needs import check_records
from engine.ingest.normalise import Context, Normaliser
from engine.model.feed import Broken, Feed, Fetch, Record
from engine.model.incident import Incident, Precision, Reject

__all__ = ["Batch", "Context", "batches", "each", "late_batch", "poll_moments", "read"]

#: Records looked at together: duplicates among them are dropped.
_TOGETHER = 5_000
#: Columns within columns are looked at down to here; no mapping reads deeper.
_DEEPEST = 10
#: So many fields may a record have, and all records of a fetch together.
_WIDEST, _MOST_COLUMNS = 4_096, 10_000
#: So many of the columns that are refused are named.
_TOLD = 5


@dataclass(frozen=True)
class Batch:
    """What some of a fetch's records became: read = incidents + rejects + skipped + repeated."""

    incidents: list[Incident]
    rejects: list[Reject]
    #: What the mapping says is no incident.
    skipped: int
    #: Plain repetitions of other records of the batch.
    repeated: int
    #: How often an incident was kept without a value that could not be read, by the value's name.
    lost: Mapping[str, int] = field(default_factory=dict)
    #: By their id, the values of incidents of which only the mapping's last resort says what they are.
    strays: Mapping[str, str] = field(default_factory=dict)

    @property
    def read(self) -> int:
        return len(self.incidents) + len(self.rejects) + self.skipped + self.repeated


def read(
    records: Iterable[Record | Broken], feed: Feed, context: Context, fetched_at: datetime
) -> Iterator[Incident | Reject]:
    """The incidents and the rejects of one fetch; what the mapping skips and repetitions are left out.

    Raises FeedError where the columns turn out to make a list of persons.
    """
    for batch in batches(records, feed, context, fetched_at):
        yield from batch.rejects
        yield from batch.incidents


def batches(
    records: Iterable[Record | Broken], feed: Feed, context: Context, fetched_at: datetime
) -> Iterator[Batch]:
    """The records of one fetch, some thousands at a time, none of them untold.

    Raises FeedError where the columns turn out to make a list of persons, and where the records have
    none of the fields that the mapping needs.
    """
    normaliser = Normaliser(feed.id, feed.mapping, context)
    columns, fruitless = _Columns(feed.id), True
    stream = iter(records)
    while together := list(islice(stream, _TOGETHER)):
        batch = _become(together, normaliser, columns, fetched_at)
        fruitless = fruitless and len(batch.rejects) == len(together)
        if fruitless and len(together) < _TOGETHER:
            check_records([one.fields for one in together if isinstance(one, Record)], feed, context.guard)
        yield batch


def each(
    records: Iterable[Record | Broken], feed: Feed, context: Context, fetched_at: datetime
) -> Iterator[Incident | Reject | None]:
    """What each record becomes, in their order; None for what the mapping says is no incident.

    Raises FeedError where the columns turn out to make a list of persons.
    """
    normaliser, columns = Normaliser(feed.id, feed.mapping, context), _Columns(feed.id)
    for record in records:
        yield _one(record, normaliser, columns, fetched_at)


def _become(
    together: list[Record | Broken], normaliser: Normaliser, columns: _Columns, fetched_at: datetime
) -> Batch:
    incidents: list[Incident] = []
    rejects: list[Reject] = []
    normaliser.lost.clear()
    normaliser.strays.clear()
    for record in together:
        result = _one(record, normaliser, columns, fetched_at)
        if isinstance(result, Incident):
            incidents.append(result)
        elif result is not None:
            rejects.append(result)
    distinct = list(_distinct(incidents))
    skipped = len(together) - len(incidents) - len(rejects)
    repeated = len(incidents) - len(distinct)
    return Batch(distinct, rejects, skipped, repeated, dict(normaliser.lost), dict(normaliser.strays))


def _one(
    record: Record | Broken, normaliser: Normaliser, columns: _Columns, fetched_at: datetime
) -> Incident | Reject | None:
    if isinstance(record, Broken):
        return normaliser.broken(record, fetched_at)
    try:
        columns.check(record.fields)
    except RecordError as error:
        return normaliser.broken(Broken(record.place, error.reason), fetched_at)
    return normaliser.normalise(record, fetched_at)


def poll_moments(fetch: Fetch, feed: Feed, context: Context) -> tuple[datetime, ...]:
    """The polls that a historical extract carries, sorted; those without an offset are of the feed's
    zone."""
    zone = feed.mapping.zone or context.zone
    return tuple(sorted(
        (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC) for at in fetch.polls
    ))  # fmt: skip


class _Columns:
    """Every column of a feed, nested ones too, is held against the charter when it first appears."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._seen: dict[str, set[str]] = {}
        self._traits: list[str] = []
        self._count = 0

    def check(self, fields: Mapping[str, Any], above: str = "", depth: int = 1) -> None:
        seen = self._seen.setdefault(above, set())
        if len(fields) > _WIDEST:
            raise RecordError(f"… fields where {_WIDEST} may be; no incident has so many", len(fields))
        if not fields.keys() <= seen:
            self._judge([above + key for key in fields if key not in seen])
            seen.update(fields)
        for key, value in fields.items():
            if type(value) is dict and depth < _DEEPEST:
                self.check(value, f"{above}{key}.", depth + 1)

    def _judge(self, columns: list[str]) -> None:
        self._count += len(columns)
        if self._count > _MOST_COLUMNS:
            said = f"its records have more than {_MOST_COLUMNS} different fields"
            raise FeedError(f"the feed '{self._feed}' is refused: {said}; records of one kind share theirs")
        refused = charter.refused([*self._traits, *columns])
        if refused:
            raise FeedError(f"the feed '{self._feed}' is refused: {'; '.join(refused[:_TOLD])}")
        self._traits += [column for column in columns if charter.trait(column)]


def _distinct(incidents: list[Incident]) -> Iterator[Incident]:
    """Without plain repetitions. The same facts known at another moment are none: they tell what was
    in force then."""
    seen = set()
    for incident in incidents:
        told = incident.source_id, incident.known_at, incident.facts
        if told not in seen:
            seen.add(told)
            yield incident


def late_batch(
    incidents: Iterable[Incident], *, polls: Sequence[datetime], max_silence: timedelta
) -> list[Incident]:
    """The incidents, those of a late batch booked on no day.

    A late batch is what became known more than `max_silence` after the good poll before it, or before
    any (a first load), and does not say itself when it occurred. `polls` are the good polls of this
    fetch and of those before it, sorted.
    """

    def late(known_at: datetime) -> bool:
        before = bisect_left(polls, known_at)
        return not before or known_at - polls[before - 1] > max_silence

    return [
        replace(incident, precision=Precision.UNKNOWN)
        if incident.precision is Precision.REPORTED and late(incident.known_at)
        else incident
        for incident in incidents
    ]
