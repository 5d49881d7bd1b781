"""config/feeds.yaml: the sources, what they report on, and how their fields become incidents."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator

from engine.cycle.config import form as forms
from engine.cycle.config import preset, same
from engine.cycle.config.reading import Reading
from engine.cycle.config.service import Engine
from engine.cycle.config.written import Bilingual, Code, Duration, Name, Strict, short
from engine.guard.guard import Guard
from engine.ingest.charter import check_feed
from engine.ingest.mapping import Mapping as FieldMapping
from engine.model.area import AreaTree
from engine.model.feed import FORM, PLACED, PUSHED, TOLERATE, Covers, Feed, Subject
from engine.model.form import Form
from engine.model.taxonomy import Taxonomy
from engine.yamlfile import Document, Path_


class CoversEntry(Strict):
    """Where, what and since when a feed reports; and until when, once it has ended."""

    areas: Annotated[tuple[Code, ...], Field(min_length=1)]
    categories: Annotated[tuple[str, ...], Field(min_length=1)]
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date, Field(alias="to")] = date.max


def _or_preset(schema: dict[str, Any]) -> None:
    """What a preset says need not be said."""
    said = ["connector", "subject", "map"]
    schema["required"] = [key for key in schema["required"] if key not in said]
    schema["anyOf"] = [{"required": ["preset"]}, {"required": said}]


class FeedEntry(Strict):
    """One source as written."""

    model_config = ConfigDict(json_schema_extra=_or_preset)

    #: The ready mapping that it begins from.
    preset: Name | None = None
    id: Name
    title: Bilingual
    connector: str
    subject: Subject
    options: dict[str, Any] = Field(default_factory=dict)
    poll: Duration = timedelta(hours=1)
    max_silence: Duration
    quiet: Duration | None = None
    tolerate: Annotated[float, Field(ge=0, lt=1)] = TOLERATE
    placed: Annotated[float, Field(ge=0, le=1)] = PLACED
    same_as: same.SameAsEntries = ()
    licence: str = ""
    source: str = ""
    covers: CoversEntry
    map: dict[str, Any]

    @model_validator(mode="before")
    @classmethod
    def _begin(cls, entry: Any) -> Any:
        return preset.begun(entry) if isinstance(entry, Mapping) and entry.get("preset") else entry


class FeedsFile(Strict):
    """The whole file."""

    feeds: tuple[FeedEntry, ...]


@dataclass(frozen=True)
class Against:
    """What feeds are held against; a file that could not be read is None, and its names go unchecked."""

    tree: AreaTree | None
    taxonomy: Taxonomy | None
    connectors: Mapping[str, Any]
    guard: Guard
    engine: Engine
    #: The day it is where the areas lie.
    today: date
    #: What people in the field are asked, by the name of its file.
    forms: Mapping[str, Form] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, Collection[str]]:
        """The names of each kind that a mapping may use."""
        known: dict[str, Collection[str]] = {}
        if self.tree is not None:
            known |= {"area": self.tree.areas, "level": self.tree.levels}
        if self.taxonomy is not None:
            categories = self.taxonomy.categories
            schemes = {scheme for category in categories.values() for scheme in category.codes}
            known |= {"category": categories, "classification": schemes}
        return known


def load(reading: Reading, against: Against) -> Mapping[str, Feed]:
    """The feeds by id."""
    read = reading.file("feeds.yaml", FeedsFile, required=True)
    if read is None:
        return {}
    document, file = read
    reading.unique(document, "feed", "id", "feeds")
    same.check(reading, document, [(entry.id, entry.same_as) for entry in file.feeds])
    feeds = [
        _feed(reading, document, ("feeds", index), entry, against) for index, entry in enumerate(file.feeds)
    ]
    return {feed.id: feed for feed in feeds if feed is not None}


def _feed(
    reading: Reading, document: Document, where: Path_, entry: FeedEntry, against: Against
) -> Feed | None:
    options = None
    if reading.known(document, (*where, "connector"), "connector", entry.connector, against.connectors):
        model = against.connectors[entry.connector].Options
        options = reading.options(document, (*where, "options"), entry.options, model, "connector")
        options = _on_our_network(options, against.engine)
    for at, sentence in _impossible(entry, options, against.today):
        reading.note(document, (*where, *at), sentence, "impossible")
    mapping = reading.options(document, (*where, "map"), entry.map, FieldMapping, "map")
    if mapping is not None:
        _refused(reading, document, where, entry, mapping, options, against)
        _names(reading, document, (*where, "map"), mapping, against.known)
    if entry.connector == FORM and options is not None:
        named = (*where, "options", "form")
        known = reading.known(document, named, "form in config/forms", options.form, against.forms)
        if known and mapping is not None:
            forms.check(reading, document, where, against.forms[options.form], mapping)
    covers = _covers(reading, document, (*where, "covers"), entry.covers, against)
    if options is None or mapping is None or covers is None:
        return None
    return Feed(
        id=entry.id,
        title=entry.title.text,
        connector=entry.connector,
        subject=entry.subject,
        options=options,
        mapping=mapping,
        covers=covers,
        poll=entry.poll,
        max_silence=entry.max_silence,
        quiet=entry.quiet,
        tolerate=entry.tolerate,
        placed=entry.placed,
        same_as=tuple(one.same for one in entry.same_as),
        licence=entry.licence,
        source=entry.source,
    )


def _impossible(entry: FeedEntry, options: Any, today: date) -> Iterator[tuple[Path_, str]]:
    """What can each be right and together cannot work."""
    poll, covers = entry.poll, entry.covers
    if entry.connector in PUSHED:
        poll = timedelta(0)
        if "poll" in entry.model_fields_set:
            yield ("poll",), "nobody asks a feed that is pushed; leave 'poll' out"
        if "gone_after" in entry.map:
            yield ("map", "gone_after"), "what is pushed is news and no list of all that is in force"
    if getattr(options, "once", False) and "gone_after" in entry.map:
        yield ("map", "gone_after"), "a drop folder brings news and no list of all that is in force"
    for key, most in (("max_silence", entry.max_silence), ("quiet", entry.quiet)):
        if most is not None and most <= poll:
            said = f"{key} ({short(most)}) must be longer than poll ({short(poll)})"
            yield (key,), f"{said}: it is asked no sooner"
    if getattr(options, "url", None) is not None and options.longest >= entry.max_silence:
        said = f"one answer may take {short(options.longest)}, ten times 'timeout'"
        yield ("max_silence",), f"{said}; max_silence ({short(entry.max_silence)}) must be longer"
    if covers.since > today:
        yield ("covers", "from"), f"from ({covers.since}) lies in the future: today is {today}"
    if covers.until < covers.since:
        yield ("covers", "to"), f"to ({covers.until}) lies before from ({covers.since})"


def _on_our_network(options: Any, engine: Engine) -> Any:
    """The options with the operator's own networks and proxy, where the connector asks somebody."""
    own: dict[str, Any] = {}
    if hasattr(options, "networks"):
        own["networks"] = (*options.networks, *engine.networks)
    if hasattr(options, "proxy"):
        own["proxy"] = options.proxy or engine.proxy
    return options.model_copy(update=own) if own else options


def _refused(
    reading: Reading, document: Document, where: Path_, entry: FeedEntry, mapping: FieldMapping,
    options: Any, against: Against,
) -> None:  # fmt: skip
    """What the charter refuses, and fields that config/privacy.yaml says hold names."""
    columns = getattr(options, "columns", None) or ()
    said = [entry.id, entry.title.en, entry.title.zh, entry.licence, entry.source]
    said += [str(value) for value in entry.options.values() if isinstance(value, str)]
    refused = check_feed(entry.subject, mapping, said, columns, against.taxonomy)
    reading.charter(document, (((*where, *place), sentence) for place, sentence in refused))
    for place, name in mapping.reads():
        if against.guard.names(name):
            sentence = f"the field '{name}' holds names (config/privacy.yaml); do not read it"
            reading.note(document, (*where, "map", *place), sentence, "charter")


def _names(
    reading: Reading, document: Document, where: Path_, mapping: FieldMapping,
    known: Mapping[str, Collection[str]],
) -> None:  # fmt: skip
    for place, kind, word in _named(mapping):
        if word and kind in known:
            reading.known(document, (*where, *place), kind, word, known[kind])


def _named(mapping: FieldMapping) -> Iterator[tuple[Path_, str, str | None]]:
    """Areas, levels, categories and classifications that the mapping names, and where."""
    for index, place in enumerate(mapping.place):
        yield ("place", index, "level"), "level", place.level
        for area in place.fixed or ():
            yield ("place", index, "fixed"), "area", area
    for index, attempt in enumerate(mapping.category):
        yield ("category", index, "scheme"), "classification", attempt.scheme
        for at, code in attempt.means():
            yield ("category", index, *at), "category", code


def _covers(
    reading: Reading, document: Document, where: Path_, entry: CoversEntry, against: Against
) -> Covers | None:
    tree, taxonomy = against.tree, against.taxonomy
    if tree is None or taxonomy is None:
        return None
    fine = [
        reading.known(document, (*where, kind, index), name, word, known)
        for kind, name, words, known in (
            ("areas", "area", entry.areas, tree.areas),
            ("categories", "category", entry.categories, taxonomy.categories),
        )
        for index, word in enumerate(words)
    ]
    if not all(fine):
        return None
    below = taxonomy.told_by(entry.categories)
    return Covers(areas=entry.areas, categories=below, since=entry.since, until=entry.until)
