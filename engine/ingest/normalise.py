"""Turns one raw record into an incident, or into a reject with its reason; raises nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from engine.errors import FeedError, RecordError
from engine.guard.guard import Guard
from engine.ingest import number
from engine.ingest.classify import classifier, strays
from engine.ingest.derive import deriver
from engine.ingest.field import getter, held, several, storable, written
from engine.ingest.gazetteer import Gazetteer
from engine.ingest.identity import Identity
from engine.ingest.mapping import GRADING, Condition, Occurrence
from engine.ingest.mapping import Mapping as FieldMapping
from engine.ingest.moment import Read, reader
from engine.ingest.place import Point, coordinates, locator
from engine.ingest.refused import Readable, Refused
from engine.ingest.severity import graded_by, grader
from engine.model.distance import rounded
from engine.model.feed import Broken, Record
from engine.model.incident import UNGRADED, Incident, Precision, Reject
from engine.model.reason import Reason
from engine.model.taxonomy import Taxonomy

Fields = Mapping[str, Any]
T = TypeVar("T")

#: A bare date says only that it was known, or over, by the end of that day.
_DAY_END = time(23, 59, 59)
_LONGEST_TITLE = 200
_LONGEST_VALUE = 80
_LONGEST_BROKEN = 1_000
#: The moment, not how far off it is: where a report is known when it is polled, that is another every time.
_TOO_LATE = "it occurred at …, and became known more than `ahead` before: look at the zone"
#: What can be unreadable of a record, and the keys of the mapping that read it.
_KINDS = {"id": ("source_id", "revision_of"), "time": ("occurred_at",), "category": ("category",),
          "place": ("place",)}  # fmt: skip


@dataclass(frozen=True)
class Context:
    """What all feeds of one configuration share: names, places, the calendar's zone, the guard."""

    taxonomy: Taxonomy
    gazetteer: Gazetteer
    zone: ZoneInfo
    guard: Guard = field(default_factory=Guard)


class Normaliser:
    """The mapping of one feed, made ready once for many records.

    Raises FeedError where the mapping reads a field that config/privacy.yaml says holds names.
    """

    def __init__(self, feed: str, mapping: FieldMapping, context: Context) -> None:
        read = {path for _, path in mapping.reads()}
        named = sorted(path for path in read if context.guard.names(path))
        if named:
            raise FeedError(f"the mapping of '{feed}' reads {', '.join(named)}, which holds names; drop it")
        self._feed = feed
        self._mapping = mapping
        self._guard = context.guard
        zone = mapping.zone or context.zone
        self._identity = Identity(mapping, context.guard)
        self._derive = deriver(mapping.derive, mapping.numbers, zone)
        self._known_at = reader(mapping.known_at, zone, _DAY_END) if mapping.known_at else None
        self._ended_at = reader(mapping.ended_at, zone, _DAY_END) if mapping.ended_at else None
        self._occurred = [_occurrence(attempt, zone) for attempt in mapping.occurred_at]
        self._places = [locator(attempt, context.gazetteer, mapping.numbers) for attempt in mapping.place]
        self._categories = [classifier(attempt, context.taxonomy) for attempt in mapping.category]
        self._resorts = mapping.resorts
        self._stray = strays(mapping.category if self._resorts else (), context.taxonomy)
        self._severity = grader(mapping.severity, mapping.numbers)
        own = mapping.severity if mapping.grading not in {"", *mapping.measures} else None
        self._graded_by = graded_by(own, mapping.numbers) if own else None
        self._number = number.reader(mapping.numbers)
        self._measures = [(name, one, getter(one.field)) for name, one in mapping.measures.items()]
        self._point = _point(mapping)
        said = mapping.accuracy.where if mapping.accuracy else None
        self._exact = _condition(said) if said else None
        self._sensitive = {c.code for c in context.taxonomy.categories.values() if c.sensitive}
        self._title = getter(mapping.title) if mapping.title else None
        self._withdrawn = _condition(mapping.withdrawn) if mapping.withdrawn else None
        self._skips = [_condition(skip) for skip in mapping.skip]
        shown = sorted(read if mapping.keep_text else read - mapping.texts())
        self._shown = [(path, getter(path)) for path in shown]
        self._fields_of = {
            kind: [getter(path) for (key, *_), path in mapping.reads() if key in keys]
            for kind, keys in _KINDS.items()
        }
        self._empty = frozenset(mark.strip().casefold() for mark in mapping.empty)
        #: How often an incident was kept without a value that could not be read: by measure, and
        #: `severity`, `ended_at`, `point`.
        self.lost: Counter[str] = Counter()
        #: By their id, the values of incidents of which only the mapping's last resort says what they are.
        self.strays: dict[str, str] = {}
        self._reject = Refused(feed, context.guard, context.zone).reject

    def normalise(self, record: Record, fetched_at: datetime) -> Incident | Reject | None:
        """The incident; a reject with the reason; None for what the mapping says is no incident."""
        record = self._emptied(record)
        fields = record.fields
        try:
            if not record.withdrawn and self._skipped(fields):
                return None
            return self._incident(record, fetched_at)
        except RecordError as error:
            readable = self._readable(fields, fetched_at)
            return self._reject(record.place, error.reason, self._kept_of(fields), fetched_at, readable)
        except RecursionError:
            return self._reject(record.place, "a field is nested too deeply to be read", {}, fetched_at)

    def skips(self, fields: Fields) -> bool:
        """Whether the mapping says that such a record is no incident."""
        return self._skipped(self._derive(fields))

    def _skipped(self, fields: Fields) -> bool:
        return any(skip(fields) for skip in self._skips)

    @property
    def shapes(self) -> bool:
        """Whether anything is placed by its shape."""
        return any(attempt.shape for attempt in self._mapping.place)

    @property
    def dated(self) -> bool:
        """Whether the mapping says when a record became known: then an older one is history, and stands
        where it belongs; else whatever comes is news."""
        return self._known_at is not None

    def _emptied(self, record: Record) -> Record:
        """The record without what its source writes where it knows nothing, and with what is made of it."""
        if self._empty:
            areas = tuple(_without(self._empty, area) for area in record.areas)
            record = replace(record, fields=_without(self._empty, record.fields), areas=areas)
        if not self._mapping.derive:
            return record
        areas = tuple(self._derive({**record.fields, **area}) for area in record.areas)
        return replace(record, fields=self._derive(record.fields), areas=areas)

    def placed(self, fields: Fields) -> tuple[str, ...]:
        """The areas of a record with these fields, by the first attempt that succeeds. Raises RecordError
        with the reasons where none does."""
        return self._placed(self._derive(fields))

    def _placed(self, fields: Fields, areas: Sequence[Fields] = ()) -> tuple[str, ...]:
        """Each of several areas by the first attempt that succeeds for it, and one that cannot be placed
        costs itself."""
        if not areas:
            found: tuple[str, ...] = _first(self._places, "place", fields)
            return found
        codes: set[str] = set()
        reasons: list[Reason] = []
        for area in areas:
            try:
                codes.update(_first(self._places, "place", {**fields, **area}))
            except RecordError as error:
                reasons.append(error.reason)
        if not codes:
            raise RecordError(Reason.joined(reasons))
        return tuple(sorted(codes))

    def broken(self, broken: Broken, fetched_at: datetime) -> Reject:
        """What the connector could not read; its text is kept only where the feed keeps text."""
        text = self._guard.shorten(broken.text, _LONGEST_BROKEN) if self._mapping.keep_text else ""
        kept = self._kept_of(broken.fields) | ({"text": text} if text else {})
        readable = self._readable(self._derive(broken.fields), fetched_at) if broken.fields else None
        unkept = broken.text if not text else ""
        return self._reject(broken.place, broken.reason, kept, fetched_at, readable, unkept)

    def _kept_of(self, fields: Fields) -> dict[str, Any]:
        """What is kept of a refused record: what the mapping reads."""
        return {path: value for path, get in self._shown if (value := get(fields)) is not None}

    def _readable(self, fields: Fields, fetched_at: datetime) -> Readable:
        """What of a refused record could be read all the same: of which cells it may be a report."""
        known_at = _tried(self._known, fields, fetched_at) or fetched_at
        latest = known_at + self._mapping.ahead
        found: dict[str, Any] = {
            "id": _tried(self._identity.of, fields),
            "time": _tried(_first, self._occurred, "moment", fields, known_at, latest),
            "category": _tried(_first, self._categories, "category", fields),
            "place": _tried(_first, self._places, "place", fields),
        }
        kind = next((kind for kind, value in found.items() if value is None), "value")
        areas: tuple[str, ...] = found["place"] or ()
        when = found["time"]
        return Readable(
            kind=kind, value=self._shown_value(kind, fields), source_id=found["id"],
            area=areas[0] if len(areas) == 1 else None, category=found["category"],
            occurred_at=when[0] if when else None, known_at=known_at,
        )  # fmt: skip

    def _shown_value(self, kind: str, fields: Fields) -> str:
        texts = [text for get in self._fields_of.get(kind, ()) for text in several(get(fields))]
        return self._said(texts)[:_LONGEST_VALUE]

    def _said(self, texts: Iterable[str]) -> str:
        """Texts as one, masked before they are joined (it may hide a number) and after (it may form one)."""
        return self._guard.mask(" ".join(self._guard.mask(storable(text)) for text in texts))

    def _incident(self, record: Record, fetched_at: datetime) -> Incident:
        fields = record.fields
        source_id, aliases = self._identity.of(fields), self._identity.aliases(fields)
        known_at = self._known(fields, fetched_at)
        withdrawn = record.withdrawn or (self._withdrawn is not None and self._withdrawn(fields))
        try:
            if not record.withdrawn:
                return self._reported(record, source_id, aliases, known_at, withdrawn)
        except RecordError:
            if not withdrawn:
                raise
        # A withdrawal often says nothing but which incident it takes back.
        return Incident(
            feed=self._feed, source_id=source_id, occurred_at=known_at, precision=Precision.UNKNOWN,
            known_at=known_at, areas=(), category="", withdrawn=True, aliases=aliases,
        )  # fmt: skip

    def _reported(
        self, record: Record, source_id: str, aliases: tuple[str, ...], known_at: datetime, withdrawn: bool
    ) -> Incident:
        fields = record.fields
        latest = known_at + self._mapping.ahead
        occurred_at, precision = _first(self._occurred, "moment", fields, known_at, latest)
        category = _first(self._categories, "category", fields)
        areas = self._placed(fields, record.areas)
        if category in self._resorts and (stray := self._stray(fields)):
            self.strays[source_id] = self._said([stray])[:_LONGEST_VALUE]
        return Incident(
            feed=self._feed,
            source_id=source_id,
            occurred_at=occurred_at,
            precision=precision,
            ended_at=self._kept("ended_at", self._end, None, fields, occurred_at, latest),
            known_at=known_at,
            areas=areas,
            category=category,
            severity=self._kept("severity", self._severity, UNGRADED, fields),
            measures=self._amounts(fields),
            point=self._kept("point", self._rounded, None, fields, category),
            title=self._words(fields),
            withdrawn=withdrawn,
            aliases=aliases,
        )

    def _kept(self, name: str, read: Callable[..., T], otherwise: T, *of: Any) -> T:
        """A value that the incident can be without: where it cannot be read, only that is lost."""
        try:
            return read(*of)
        except RecordError:
            self.lost[name] += 1
            return otherwise

    def _known(self, fields: Fields, fetched_at: datetime) -> datetime:
        """Never later than the fetch: what we hold in our hands is known."""
        known = self._known_at(fields, fetched_at) if self._known_at else None
        return fetched_at if known is None else min(known.at, fetched_at)

    def _end(self, fields: Fields, occurred_at: datetime, latest: datetime) -> datetime | None:
        """An end before the beginning is none: a slip of the pen costs no incident, and a CAP alert may
        well expire before its onset."""
        ended = self._ended_at(fields, latest + timedelta(days=366)) if self._ended_at else None
        return ended.at if ended and ended.at >= occurred_at else None

    def _amounts(self, fields: Fields) -> dict[str, float]:
        amounts = {}
        for name, of, get in self._measures:
            value = get(fields)
            if value is None:
                if of.otherwise is not None and held(fields, of.field):
                    amounts[name] = of.otherwise
                continue
            try:
                number = self._number(value) * of.times
            except (ValueError, OverflowError):
                self.lost[name] += 1
                continue
            if self._guard.mask(written(value)) == written(value):
                amounts[name] = number
            else:  # the number of somebody
                self.lost[name] += 1
        graded_by = self._graded_by(fields) if self._graded_by else None
        if graded_by is not None and self._guard.mask(f"{graded_by:g}") == f"{graded_by:g}":
            amounts[GRADING] = graded_by
        return amounts

    def _rounded(self, fields: Fields, category: str) -> tuple[float, float] | None:
        if self._point is None or category in self._sensitive:
            return None
        at = self._point(fields)
        if at is None or (self._exact is not None and not self._exact(fields)):
            return None
        return rounded(at)

    def _words(self, fields: Fields) -> str:
        value = self._title(fields) if self._title else None
        if value is None:
            return ""
        return self._said(" ".join(text.split()) for text in several(value))[:_LONGEST_TITLE]


#: From a record's fields, when it became known and the latest moment that can be meant.
Occurred = Callable[[Fields, datetime, datetime], tuple[datetime, Precision] | None]


def _occurrence(attempt: Occurrence, zone: ZoneInfo) -> Occurred:
    if attempt.reported:
        return lambda fields, known_at, latest: (known_at, Precision.REPORTED)
    read = reader(attempt, zone, time())
    stated = Precision(attempt.precision) if attempt.precision else None

    def occurred(fields: Fields, known_at: datetime, latest: datetime) -> tuple[datetime, Precision] | None:
        found: Read | None = read(fields, latest)
        if found is None:
            return None
        if found.at > latest:
            raise RecordError(_TOO_LATE, found.at.isoformat())
        return found.at, stated or (Precision.DAY if found.bare else Precision.MINUTE)

    return occurred


def _first(attempts: list[Any], what: str, *args: Any) -> Any:
    """The first attempt's answer that is one; RecordError with every reason where none is."""
    reasons = []
    for attempt in attempts:
        try:
            found = attempt(*args)
        except RecordError as error:
            reasons.append(error.reason)
            continue
        if found is not None:
            return found
    raise RecordError(Reason.joined(reasons) or f"there is no {what}: the fields for it are empty")


def _tried(read: Callable[..., Any], *args: Any) -> Any:
    """What it reads; None where it cannot."""
    try:
        return read(*args)
    except (RecordError, RecursionError):
        return None


def _condition(condition: Condition) -> Callable[[Fields], bool]:
    get = getter(condition.field)
    equals = {word.casefold() for word in condition.equals}
    starts = tuple(word.casefold() for word in condition.starts)

    def holds(fields: Fields) -> bool:
        values = [text.casefold() for text in several(get(fields))]
        return any(value in equals or (starts and value.startswith(starts)) for value in values)

    return holds


def _point(mapping: FieldMapping) -> Point | None:
    names = next((attempt.point for attempt in mapping.place if attempt.point), None)
    return coordinates(names, mapping.numbers) if names and mapping.keep_point else None


def _without(empty: frozenset[str], value: Any) -> Any:
    """A record, or a value in it, with None for every mark that says nothing."""
    if isinstance(value, Mapping):
        return {key: _without(empty, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without(empty, item) for item in value]
    return None if value is not None and written(value).casefold() in empty else value
