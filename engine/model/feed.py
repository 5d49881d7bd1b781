"""A configured source, and what one fetch of it brings."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from engine.model.alert import Alert
from engine.model.distance import ROUNDED
from engine.model.incident import UNGRADED
from engine.model.indicator import Indicator
from engine.model.same import SameAs
from engine.model.text import Text

#: What a feed is given that says nothing of its own: see `Feed.tolerate` and `Feed.placed`.
TOLERATE, PLACED = 0.02, 0.75
#: The connectors of sources that tell of themselves: programs that push, people who fill in a form.
PUSH, FORM = "push", "form"
PUSHED = (PUSH, FORM)
#: So few rejects of a day count for nothing, unless they are so large a part of all its reports.
FEW, GRAVE = 3, 0.25


def too_many(unread: int, of: int, tolerate: float) -> bool:
    """Whether so many of a day's reports could not be read that the rest says too little."""
    grave = unread >= max(GRAVE, tolerate) * of
    return unread > 0 and (grave or (unread >= FEW and unread / of > tolerate))


class Subject(StrEnum):
    """What a feed may be about. Lists of persons are not a subject."""

    INCIDENT = "incident"
    HAZARD = "hazard"
    ADVISORY = "advisory"


@dataclass(frozen=True, slots=True)
class Record:
    """One raw record: its fields as the source has them, and where in the source it stands."""

    fields: Mapping[str, Any]
    place: str
    #: The fields of each area of an alert: they go before `fields` when it is placed, area by area.
    areas: tuple[Mapping[str, Any], ...] = ()
    #: It only takes back the incident that it identifies.
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece of the source that could not even be read as a record."""

    place: str
    #: Best a `Reason`, whose kind says what is alike in those of other pieces.
    reason: str
    text: str = ""
    #: What of it could be read, as the fields of a record.
    fields: Mapping[str, Any] = field(default_factory=dict, compare=False)
    #: One of several documents, of however many records.
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What became of the records of a poll or a file: read = new + revised + unchanged + repeated +
    skipped + rejected."""

    read: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    repeated: int = 0
    skipped: int = 0
    rejected: int = 0

    def __add__(self, other: Account) -> Account:
        return Account(*map(operator.add, astuple(self), astuple(other)))


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that a pattern finds now, by their paths, with their times of change; once: each is read once
    and may go afterwards."""

    files: Mapping[str, datetime]
    once: bool = False


@dataclass(frozen=True, slots=True)
class Fetch:
    """What one poll brought: records (lazily), and where the next poll goes on.

    polls: moments of earlier good polls that a historical extract carries; a live poll leaves it
    empty and the collector books the moment it asked. Those without an offset are of the feed's zone.
    """

    records: Iterable[Record | Broken]
    cursor: Mapping[str, str] = field(default_factory=dict)
    polls: tuple[datetime, ...] = ()
    #: The source says nothing has changed since the cursor.
    unchanged: bool = False
    #: It says so, and what it lists was not seen again (304): there is only its word for it.
    unseen: bool = False
    #: When the source changed last, by its own account (`Last-Modified`) or its newest file's; None where
    #: it does not say, or names a moment that is still to come.
    changed_at: datetime | None = None
    #: What a table has, also where it has no row; None for what is no table, or several.
    columns: tuple[str, ...] | None = None
    #: What each of several tables has, by its name; complete when the records have been gone through.
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The first lines of the only table by number: where the header may really stand.
    first_lines: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    #: What operators should know of the source; complete when the records have been gone through.
    notices: Sequence[str] = ()
    #: Messages of chains: what they come to is known only with those that came before.
    alerts: tuple[Alert, ...] = ()
    #: So many entries of an index are as they were, and were not read again.
    kept: int = 0
    #: The source holds more than was read: what is not in it is not gone.
    more: bool = False
    #: So many messages become no records: exercises, acknowledgements, a cancel of what nobody knows.
    passed: int = 0
    #: So many messages stand in it a second time, or are further parts of one: they are read as one.
    repeated: int = 0
    #: How often an alert was kept without a value that could not be read, by the value's name.
    lost: Mapping[str, int] = field(default_factory=dict)
    #: The files of a source that may have several; None of any other.
    listing: Listing | None = None
    #: The members of archives and the sheets of workbooks that were read, as `FILE/NAME`; complete when the
    #: records have been gone through.
    parts: Collection[str] = ()

    @property
    def beside(self) -> Account:
        """What became of the messages that have no records of their own."""
        return Account(read=self.passed + self.repeated, repeated=self.repeated, skipped=self.passed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Covers:
    """What a feed reports on: outside of it nobody is looking, and a zero says nothing."""

    #: The areas named in the file, without what lies below them.
    areas: tuple[str, ...]
    #: Category codes, with everything below the ones named in the file.
    categories: frozenset[str]
    #: The first local day the feed reports on, and the last of a feed that has ended.
    since: date
    until: date = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A configured source, as config/feeds.yaml declares it."""

    id: str
    title: Text
    #: The kind of source: a name of the connector registry.
    connector: str
    subject: Subject
    #: The connector's own options, as its `Options` model read them.
    options: Any
    #: The feed's field mapping, as `engine.ingest.mapping.Mapping` read it.
    mapping: Any
    covers: Covers
    poll: timedelta
    #: Silent for longer than this, the feed is taken to have failed.
    max_silence: timedelta
    #: So long may it have nothing new to tell before its answers are taken for old ones; None: `max_silence`.
    quiet: timedelta | None = None
    #: The share of a day's reports that may be unreadable without casting doubt on the others.
    tolerate: float = TOLERATE
    #: The least share of reports that must be placed as deep as is judged.
    placed: float = PLACED
    #: The feeds that tell of the same events: one told by several is counted once.
    same_as: tuple[SameAs, ...] = ()
    licence: str = ""
    source: str = ""

    @property
    def pushed(self) -> bool:
        """Whether its source tells of itself, and is never asked."""
        return self.connector in PUSHED

    @property
    def filled_in(self) -> bool:
        """Whether people tell it, by a form of the service's own."""
        return self.connector == FORM

    @property
    def fresh_for(self) -> timedelta:
        """How old its newest news may be."""
        return self.quiet or self.max_silence

    def ended(self, day: date) -> bool:
        """Whether it reports no more on a local day."""
        return day > self.covers.until

    def fills(self, indicator: Indicator) -> bool:
        """Whether it reports on anything that is counted."""
        named = not indicator.feeds or self.id in indicator.feeds
        return named and bool(self.covers.categories & indicator.categories)

    @property
    def accuracy(self) -> float | None:
        """Within how many metres the points that are kept of it lie of where it was; None where it does not
        say."""
        said = self.mapping.accuracy if self.mapping is not None else None
        return None if said is None else said.far + ROUNDED

    def severity(self, stored: int) -> int:
        """How severe an incident of its is, by what is stored: where no mapping says it, UNGRADED."""
        says = self.mapping is None or self.mapping.severity is not None
        return stored if says else stored or UNGRADED

    @property
    def holds(self) -> bool:
        """Whether what it tells holds only until it ends: an incident has happened, a hazard passes."""
        return self.subject is not Subject.INCIDENT
