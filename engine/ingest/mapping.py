"""The grammar of a feed's `map:`: which fields of a raw record become what of an incident.

A field is named by its key, or by a dotted path into nested records (`location.name`,
`geometry.coordinates.0`). `occurred_at`, `place` and `category` take one attempt or a list of them:
the first that succeeds counts. docs/feeds.md shows every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from engine.ingest.formats import dayless, readable
from engine.ingest.written import (
    Clock,
    Distance,
    Length,
    Listed,
    Marks,
    Name,
    OneOrMore,
    Pattern,
    Severity,
    Strict,
    Words,
    Zone,
    distance_only,
    field_only,
    listed,
    text_keys,
)  # fmt: skip
from engine.model.distance import metres


def _exactly_one(model: BaseModel, *keys: str) -> None:
    given = [key for key in keys if getattr(model, key) not in (None, (), False)]
    if len(given) != 1:
        found = " and ".join(given) or "none of them"
        raise ValueError(f"exactly one of {', '.join(keys)} is needed here; found {found}")


def _only_with(model: BaseModel, key: str, *needed: str) -> None:
    """Refuse `key` where none of the `needed` ones is given: it would do nothing."""
    if key in model.model_fields_set and not any(getattr(model, name) for name in needed):
        raise ValueError(f"'{key}' goes only with {' or '.join(needed)}")


class Moment(Strict):
    """Where a moment is read from, and how it is written."""

    field: Name | None = None
    #: Several fields are joined by a blank before they are read: a date column and a time column.
    fields: tuple[Name, ...] = ()
    #: A name of `formats.FORMATS`, or strptime's directives; the first that fits counts.
    format: OneOrMore[Name] = ("iso",)
    #: A regular expression whose named groups are year, month, day, hour, half (AM or PM), minute,
    #: second; without `year` the latest one that is not in the future is meant.
    pattern: Pattern | None = None
    #: The zone of a moment written without one; the mapping's `zone` by default.
    zone: Zone | None = None
    #: The time of day that a bare date stands for.
    at: Clock | None = None

    @model_validator(mode="after")
    def _check(self) -> Moment:
        _exactly_one(self, "field", "fields")
        _known_groups(self.pattern)
        readable(self.format)
        return self

    @model_validator(mode="after")
    def _of_a_moment(self) -> Moment:
        self._refuse_spans()
        return self

    def _refuse_spans(self) -> None:
        if found := dayless(self.format):
            raise ValueError(f"{found!r} reads months and years, no moments: only occurred_at takes them")

    def reads(self) -> tuple[str, ...]:
        return (self.field,) if self.field else self.fields


_GROUPS = frozenset({"year", "month", "day", "hour", "half", "minute", "second"})


def _known_groups(pattern: re.Pattern[str] | None) -> None:
    groups = set(pattern.groupindex) if pattern else {"month", "day"}
    if groups - _GROUPS:
        raise ValueError(f"the pattern's groups are {', '.join(sorted(_GROUPS))}; found {sorted(groups)}")
    if not {"month", "day"} <= groups:
        raise ValueError("the pattern needs the named groups (?P<month>...) and (?P<day>...)")


class Occurrence(Moment):
    """When it happened: a moment, or `reported: true` (the moment it became known stands for it)."""

    reported: bool = False
    #: Without it: `day` for a bare date, else `minute`.
    precision: Literal["minute", "day", "reported", "unknown"] | None = None

    @model_validator(mode="after")
    def _check(self) -> Occurrence:
        _exactly_one(self, "field", "fields", "reported")
        _known_groups(self.pattern)
        readable(self.format)
        for key in ("format", "pattern", "zone", "at", "precision"):
            _only_with(self, key, "field", "fields")
        return self

    def _refuse_spans(self) -> None:
        if (found := dayless(self.format)) and self.precision != "unknown":
            said = "none happened on its first day: say precision: unknown, and no day counts it"
            raise ValueError(f"{found!r} reads months and years: {said}")


class Place(Strict):
    """One attempt at saying where: a code, a name, a point, a shape, or always the same area."""

    code: Name | None = None
    name: Name | None = None
    #: Two fields (latitude, longitude), or one that holds both as `59.33,18.07`.
    point: Annotated[tuple[Name, ...], BeforeValidator(listed), Field(max_length=2)] = ()
    #: Fields with CAP polygons, CAP circles or GeoJSON geometries; needs `level`.
    shape: Listed = ()
    fixed: Words | None = None
    #: For a name: the field that names the area it lies in.
    within: Name | None = None
    #: Only areas of this level.
    level: Name | None = None
    #: For a code: what the table's codes begin with and the feed leaves out.
    prefix: str = ""
    #: For a code: filled up with zeros on the left to this many digits.
    width: Annotated[int, Field(ge=1, le=24)] | None = None
    #: For a code: only so many of its first marks count (a municipality's long key to its county).
    cut: Annotated[int, Field(ge=1, le=24)] | None = None
    #: For a code or a name: what separates several in one field.
    separator: Name | None = None
    #: For a point: this many kilometres outside of every polygon still count for the nearest.
    reach: Annotated[float, Field(gt=0, le=200)] | None = None

    @model_validator(mode="after")
    def _check(self) -> Place:
        _exactly_one(self, "code", "name", "point", "shape", "fixed")
        _only_with(self, "within", "name")
        _only_with(self, "level", "name", "point", "shape")
        _only_with(self, "prefix", "code")
        _only_with(self, "width", "code")
        _only_with(self, "cut", "code")
        _only_with(self, "separator", "code", "name")
        _only_with(self, "reach", "point")
        if self.shape and not self.level:
            raise ValueError("'shape' needs 'level': the level of the areas it overlaps")
        return self

    def reads(self) -> tuple[str, ...]:
        named = tuple(name for name in (self.code, self.name, self.within) if name)
        return named + self.point + self.shape


class Keywords(Strict):
    """The words that mean a category: at least one of `any`, every one of `all`, none of `none`."""

    any: Listed = ()
    all: Listed = ()
    none: Listed = ()
    category: Name

    @model_validator(mode="after")
    def _check(self) -> Keywords:
        if not self.any and not self.all:
            raise ValueError("keywords need 'any' or 'all'")
        return self


class Category(Strict):
    """One attempt at saying what: a published code, words in a text, or always the same category."""

    field: Name | None = None
    #: The classification whose codes `field` holds, as config/taxonomy.yaml names it.
    scheme: Name | None = None
    #: What a value of the field means, where it follows no classification; letter case does not count.
    table: Annotated[dict[str, Name], BeforeValidator(text_keys)] = Field(default_factory=dict)
    #: What every value not in the table means; without it, such a record is refused.
    otherwise: Name | None = None
    keywords: tuple[Keywords, ...] = ()
    #: The fields whose text the keywords are looked for in.
    fields: tuple[Name, ...] = ()
    fixed: Name | None = None

    @model_validator(mode="after")
    def _check(self) -> Category:
        _exactly_one(self, "field", "keywords", "fixed")
        _only_with(self, "scheme", "field")
        _only_with(self, "table", "field")
        _only_with(self, "otherwise", "table")
        _only_with(self, "fields", "keywords")
        if self.field and bool(self.scheme) == bool(self.table):
            said = "the classification whose codes it holds, or what each value means"
            raise ValueError(f"'field' needs either 'scheme' or 'table': {said}")
        if self.keywords and not self.fields:
            raise ValueError("'keywords' needs 'fields': where to look for them")
        return self

    @property
    def resort(self) -> str | None:
        """What the attempt takes for it that it knows no name for."""
        return self.otherwise or self.fixed

    def reads(self) -> tuple[str, ...]:
        return (self.field,) if self.field else self.fields

    def means(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every category that the attempt names, with where in it."""
        if self.fixed:
            yield ("fixed",), self.fixed
        yield from ((("table", value), code) for value, code in self.table.items())
        if self.otherwise:
            yield ("otherwise",), self.otherwise
        for index, words in enumerate(self.keywords):
            yield ("keywords", index, "category"), words.category


#: The measure under which the number is kept by whose bounds a severity is reckoned, where rules read it by
#: no other name: without it nobody could see that its unit changes.
GRADING = "severity"


class SeveritySource(Strict):
    """How grave: 0 unknown, 1 minor, 2 moderate, 3 severe, 4 extreme."""

    field: Name | None = None
    #: What a value of the field means; letter case does not count.
    table: Annotated[dict[str, Severity], BeforeValidator(text_keys)] = Field(default_factory=dict)
    #: For a number: the least values of severity 1, 2, 3 and 4.
    bounds: Annotated[tuple[float, ...], Field(max_length=4)] = ()
    #: How many of the bounds' one of the source's is, as for a measure.
    times: float = Field(default=1, gt=0, allow_inf_nan=False)
    #: Its numbers may well be of another size from one day to the next; that says nothing of their unit.
    varies: bool = False
    #: What every value not in the table means, and none at all; without it nobody knows.
    otherwise: Severity | None = None
    fixed: Severity | None = None

    @model_validator(mode="after")
    def _check(self) -> SeveritySource:
        if (self.field is None) == (self.fixed is None):
            raise ValueError("exactly one of field, fixed is needed here")
        if self.field and bool(self.table) == bool(self.bounds):
            raise ValueError("'field' needs either 'table' or 'bounds'")
        if list(self.bounds) != sorted(set(self.bounds)):
            raise ValueError("the bounds must rise")
        for key in ("table", "bounds", "otherwise"):
            _only_with(self, key, "field")
        for key in ("times", "varies"):
            _only_with(self, key, "bounds")
        return self


class Amount(Strict):
    """A number of the incident, and what it is where the source leaves the field empty; without that nobody
    knows."""

    field: Name
    otherwise: float | None = None
    #: How many of ours one of the source's is: 60 where it counts minutes and rules count seconds.
    times: float = Field(default=1, gt=0, allow_inf_nan=False)
    #: Its values may well be of another size from one day to the next; that says nothing of its unit.
    varies: bool = False


class Numbers(Strict):
    """How the source writes numbers: `12.5` by default, `1.234,5` with `{decimal: ",", thousands: "."}`."""

    decimal: Literal[".", ","] = "."
    #: What sets thousands apart; a blank stands for blanks of every width.
    thousands: Literal[".", ",", " ", "'"] | None = None

    @model_validator(mode="after")
    def _check(self) -> Numbers:
        if self.decimal == self.thousands:
            raise ValueError("the decimal sign and what sets thousands apart cannot be the same")
        return self


#: As JSON and most programs write them.
PLAIN = Numbers()


class Derived(Strict):
    """A field made of others: joined, the first that holds something, filled up, cut, divided, or the time
    between two moments."""

    join: Listed = ()
    #: What the joined ones are parted by.
    by: str = "/"
    first: Listed = ()
    #: The one that is filled up with zeros on the left, or of which the first marks count.
    pad: Name | None = None
    cut: Name | None = None
    width: Annotated[int, Field(ge=1, le=64)] | None = None
    #: The part, and the whole.
    ratio: Annotated[tuple[Name, ...], Field(max_length=2)] = ()
    #: The beginning, and the end; how they are written, and the unit of the time between them.
    between: Annotated[tuple[Name, ...], Field(max_length=2)] = ()
    format: OneOrMore[Name] = ("iso",)
    unit: Literal["s", "m", "h", "d"] = "h"

    @model_validator(mode="after")
    def _check(self) -> Derived:
        _exactly_one(self, "join", "first", "pad", "cut", "ratio", "between")
        _only_with(self, "by", "join")
        _only_with(self, "width", "pad", "cut")
        _only_with(self, "format", "between")
        _only_with(self, "unit", "between")
        readable(self.format)
        if (self.pad or self.cut) and self.width is None:
            raise ValueError("'pad' and 'cut' need 'width': to how many marks")
        for key in ("ratio", "between"):
            if len(getattr(self, key)) == 1:
                raise ValueError(f"'{key}' needs two fields")
        return self

    def reads(self) -> tuple[str, ...]:
        named = tuple(name for name in (self.pad, self.cut) if name)
        return self.join + self.first + named + self.ratio + self.between

    @property
    def any(self) -> bool:
        """Whether one of its fields is enough to make it."""
        return bool(self.join or self.first)


class Condition(Strict):
    """Whether a field holds one of these values (letter case does not count)."""

    field: Name
    equals: Words = ()
    starts: Words = ()

    @model_validator(mode="after")
    def _check(self) -> Condition:
        _exactly_one(self, "equals", "starts")
        return self


class Accuracy(Strict):
    """How far a point may lie from where it was, and of which records alone that is so."""

    within: Distance
    #: Of other records no point is kept: it would pass for one that is as exact.
    where: Condition | None = None

    @property
    def far(self) -> float:
        """In metres."""
        return metres(self.within)


class Mapping(Strict):
    """The whole `map:` of one feed."""

    #: Fields made of the record's own, by the names under which the other keys read them.
    derive: dict[Name, Derived] = Field(default_factory=dict)
    #: The fields that together identify an incident in its feed.
    source_id: OneOrMore[Name]
    #: A field with the source id of the record that this one corrects; empty for a new one.
    revision_of: Name | None = None
    #: Fields with the other ids that the same incident goes by: a list, or a text `,a,b,`.
    aliases: Listed = ()
    #: The source lists only what is in force: what is missing from so many good polls is withdrawn.
    gone_after: Annotated[int, Field(ge=1, le=1000)] | None = None
    occurred_at: OneOrMore[Annotated[Occurrence, BeforeValidator(field_only)]]
    ended_at: Annotated[Moment, BeforeValidator(field_only)] | None = None
    #: When the feed could first have told; without it, the moment of the fetch.
    known_at: Annotated[Moment, BeforeValidator(field_only)] | None = None
    #: The zone of moments written without one; the calendar's by default.
    zone: Zone | None = None
    #: How far after it became known an occurrence may lie: a forecast needs days, a report minutes.
    ahead: Length = timedelta(hours=1)
    place: OneOrMore[Place]
    category: OneOrMore[Category]
    severity: SeveritySource | None = None
    #: A number of the incident itself, by the name that rules add it up under.
    measures: dict[Name, Annotated[Amount, BeforeValidator(field_only)]] = Field(default_factory=dict)
    #: How measures, coordinates and the numbers of a severity are written.
    numbers: Numbers = PLAIN
    #: What the source writes where it has nothing to say (`-`, `N/A`, `不详`): the same as no value.
    empty: Marks = ()
    #: The field that says in a few words what happened; needs `keep_text`.
    title: Name | None = None
    #: Free text is dropped unless this is true; kept text passes the privacy guard.
    keep_text: bool = False
    #: Whether the exact point is stored, rounded to about 100 m; never for a sensitive category.
    keep_point: bool = False
    #: How exactly a point that is kept says where it was; without it nobody knows.
    accuracy: Annotated[Accuracy, BeforeValidator(distance_only)] | None = None
    #: Records that take the incident back.
    withdrawn: Condition | None = None
    #: Records that are no incidents: left out and counted.
    skip: Annotated[tuple[Condition, ...], BeforeValidator(listed)] = ()

    @model_validator(mode="after")
    def _check(self) -> Mapping:
        if self.title and not self.keep_text:
            raise ValueError("'title' is kept only with keep_text: true; add it or drop the title")
        if self.keep_point and not any(attempt.point for attempt in self.place):
            raise ValueError("'keep_point' needs a 'point' among the places")
        _only_with(self, "accuracy", "keep_point")
        return self

    @property
    def grading(self) -> str:
        """The measure by whose bounds a severity is reckoned: one that rules may read too, or else GRADING;
        empty where none is."""
        of = self.severity
        if of is None or not of.bounds:
            return ""
        same = (name for name, one in self.measures.items() if (one.field, one.times) == (of.field, of.times))
        return next(same, "" if GRADING in self.measures else GRADING)

    def varies(self, measure: str) -> bool:
        """Whether a measure may well be of another size from one day to the next."""
        of = [self.measures[measure].varies] if measure in self.measures else []
        if self.severity is not None and measure == self.grading:
            of.append(self.severity.varies)
        return any(of)

    @property
    def resorts(self) -> frozenset[str]:
        """The categories of what the mapping knows no name for."""
        return frozenset(code for attempt in self.category if (code := attempt.resort))

    def reads(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every field of the record that the mapping reads, with where in the mapping it is named; of one
        that is made, those that it is made of."""
        for where, name in self._named():
            yield from ((where, source) for source in self.sources(name))

    def sources(self, name: str, seen: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The fields of the record that a name stands for."""
        if name not in self.derive or name in seen:
            return (name,)
        made_of = self.derive[name].reads()
        return tuple(source for one in made_of for source in self.sources(one, (*seen, name)))

    def _named(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for index, name in enumerate(self.source_id):
            yield ("source_id", index), name
        yield from ((("aliases", index), name) for index, name in enumerate(self.aliases))
        for index, occurrence in enumerate(self.occurred_at):
            yield from ((("occurred_at", index), name) for name in occurrence.reads())
        for key, moment in (("ended_at", self.ended_at), ("known_at", self.known_at)):
            yield from (((key,), name) for name in (moment.reads() if moment else ()))
        for index, place in enumerate(self.place):
            yield from ((("place", index), name) for name in place.reads())
        for index, category in enumerate(self.category):
            yield from ((("category", index), name) for name in category.reads())
        if self.severity and self.severity.field:
            yield ("severity", "field"), self.severity.field
        yield from ((("measures", key), amount.field) for key, amount in self.measures.items())
        yield from (((key,), name) for key, name in self._single() if name)
        for index, condition in enumerate(self.skip):
            yield ("skip", index, "field"), condition.field
        if self.accuracy and self.accuracy.where:
            yield ("accuracy", "where", "field"), self.accuracy.where.field

    def _single(self) -> Iterator[tuple[str, str | None]]:
        yield "revision_of", self.revision_of
        yield "title", self.title
        yield "withdrawn", self.withdrawn.field if self.withdrawn else None

    def texts(self) -> frozenset[str]:
        """The fields that hold free text."""
        searched = {name for category in self.category for name in category.fields}
        named = searched | ({self.title} if self.title else set())
        return frozenset(source for name in named for source in self.sources(name))
