"""Raw records to incidents and rejects, many at once, and what of them came too late to be counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from engine.errors import FeedError
from engine.ingest.charter import check_columns
from engine.ingest.lexicon import TRAITS, found
from engine.ingest.normalise import Context, Normaliser
from engine.model.feed import Broken, Feed, Record
from engine.model.incident import Incident, Precision, Reject

__all__ = ["Batch", "Context", "batches", "late_batch", "read"]

#: Records looked at together: duplicates among them are dropped.
_TOGETHER = 5_000
#: Columns within columns are looked at down to here; no mapping reads deeper.
_DEEPEST = 10


@dataclass(frozen=True)
class Batch:
    """What some of a fetch's records became: read = incidents + rejects + skipped + repeated."""

    incidents: list[Incident]
    rejects: list[Reject]
    #: What the mapping says is no incident.
    skipped: int
    #: Plain repetitions of other records of the batch.
    repeated: int

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

    Raises FeedError where the columns turn out to make a list of persons.
    """
    normaliser = Normaliser(feed.id, feed.mapping, context)
    columns = _Columns(feed.id)
    stream = iter(records)
    while together := list(islice(stream, _TOGETHER)):
        incidents: list[Incident] = []
        rejects: list[Reject] = []
        for record in together:
            if isinstance(record, Broken):
                rejects.append(normaliser.broken(record, fetched_at))
                continue
            columns.check(record.fields)
            result = normaliser.normalise(record, fetched_at)
            if isinstance(result, Incident):
                incidents.append(result)
            elif result is not None:
                rejects.append(result)
        distinct = list(_distinct(incidents))
        repeated = len(incidents) - len(distinct)
        skipped = len(together) - len(incidents) - len(rejects)
        yield Batch(distinct, rejects, skipped, repeated)


class _Columns:
    """Every column of a feed, nested ones too, is held against the charter when it first appears."""

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._seen: dict[str, set[str]] = {}
        self._traits: list[str] = []

    def check(self, fields: Mapping[str, Any], above: str = "", depth: int = 1) -> None:
        seen = self._seen.setdefault(above, set())
        if not fields.keys() <= seen:
            self._judge([above + key for key in fields if key not in seen])
            seen.update(fields)
        for key, value in fields.items():
            if type(value) is dict and depth < _DEEPEST:
                self.check(value, f"{above}{key}.", depth + 1)

    def _judge(self, columns: list[str]) -> None:
        refused = check_columns([*self._traits, *columns])
        if refused:
            raise FeedError(f"the feed '{self._feed}' is refused: {'; '.join(refused)}")
        self._traits += [column for column in columns if any(found(column, TRAITS))]


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
