"""config/feeds.yaml: the sources, what they report on, and how their fields become incidents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import Field

from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Bilingual, Code, Duration, Name, Strict
from engine.ingest.charter import check_feed
from engine.ingest.mapping import Mapping as FieldMapping
from engine.model.area import AreaTree
from engine.model.feed import Covers, Feed, Subject
from engine.model.taxonomy import Taxonomy
from engine.yamlfile import Document, Path_


class CoversEntry(Strict):
    """Where, what and since when a feed reports."""

    areas: Annotated[tuple[Code, ...], Field(min_length=1)]
    categories: Annotated[tuple[str, ...], Field(min_length=1)]
    since: Annotated[date, Field(alias="from")]


class FeedEntry(Strict):
    """One source as written."""

    id: Name
    title: Bilingual
    connector: str
    subject: Subject
    options: dict[str, Any] = Field(default_factory=dict)
    poll: Duration = timedelta(hours=1)
    max_silence: Duration
    licence: str = ""
    source: str = ""
    covers: CoversEntry
    map: dict[str, Any]


class FeedsFile(Strict):
    """The whole file."""

    feeds: tuple[FeedEntry, ...]


def load(
    reading: Reading, tree: AreaTree | None, taxonomy: Taxonomy | None, connectors: Mapping[str, Any]
) -> Mapping[str, Feed]:
    """The feeds by id."""
    read = reading.file("feeds.yaml", FeedsFile, required=True)
    if read is None:
        return {}
    document, file = read
    reading.unique(document, "feed", "id", "feeds")
    feeds = [
        _feed(reading, document, ("feeds", index), entry, tree, taxonomy, connectors)
        for index, entry in enumerate(file.feeds)
    ]
    return {feed.id: feed for feed in feeds if feed is not None}


def _feed(
    reading: Reading, document: Document, where: Path_, entry: FeedEntry,
    tree: AreaTree | None, taxonomy: Taxonomy | None, connectors: Mapping[str, Any],
) -> Feed | None:  # fmt: skip
    options = None
    if reading.known(document, (*where, "connector"), "connector", entry.connector, connectors):
        model = connectors[entry.connector].Options
        options = reading.options(document, (*where, "options"), entry.options, model, "connector")
    mapping = reading.options(document, (*where, "map"), entry.map, FieldMapping, "map")
    if mapping is not None:
        _judge(reading, document, where, entry, mapping, options, taxonomy)
        _names(reading, document, (*where, "map"), mapping, tree, taxonomy)
    covers = _covers(reading, document, (*where, "covers"), entry.covers, tree, taxonomy)
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
        licence=entry.licence,
        source=entry.source,
    )


def _judge(
    reading: Reading, document: Document, where: Path_, entry: FeedEntry, mapping: FieldMapping,
    options: Any, taxonomy: Taxonomy | None,
) -> None:  # fmt: skip
    """What the charter refuses."""
    columns = getattr(options, "columns", None) or ()
    for place, sentence in check_feed(
        entry.id, entry.title.text, entry.subject, mapping, columns, taxonomy
    ):
        reading.note(document, (*where, *place), sentence, "charter")


def _names(
    reading: Reading, document: Document, where: Path_, mapping: FieldMapping,
    tree: AreaTree | None, taxonomy: Taxonomy | None,
) -> None:  # fmt: skip
    """Areas, levels, categories and classifications that the mapping names."""
    named: list[tuple[Path_, str, str]] = []
    for index, place in enumerate(mapping.place):
        named += [(("place", index, "fixed"), "area", area) for area in place.fixed or ()]
        named += [(("place", index, "level"), "level", place.level)] if place.level else []
    for index, attempt in enumerate(mapping.category):
        at: Path_ = ("category", index)
        named += [((*at, "scheme"), "classification", attempt.scheme)] if attempt.scheme else []
        named += [((*at, "fixed"), "category", attempt.fixed)] if attempt.fixed else []
        named += [
            ((*at, "keywords", number, "category"), "category", words.category)
            for number, words in enumerate(attempt.keywords)
        ]
    known = _known(tree, taxonomy)
    for place_, kind, word in named:
        if kind in known:
            reading.known(document, (*where, *place_), kind, word, known[kind])


def _known(tree: AreaTree | None, taxonomy: Taxonomy | None) -> dict[str, Collection[str]]:
    """The names of each kind; a kind whose file could not be read is left out."""
    known: dict[str, Collection[str]] = {}
    if tree is not None:
        known |= {"area": tree.areas, "level": tree.levels}
    if taxonomy is not None:
        schemes = {scheme for category in taxonomy.categories.values() for scheme in category.codes}
        known |= {"category": taxonomy.categories, "classification": schemes}
    return known


def _covers(
    reading: Reading, document: Document, where: Path_, entry: CoversEntry,
    tree: AreaTree | None, taxonomy: Taxonomy | None,
) -> Covers | None:  # fmt: skip
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
    below = frozenset(code for word in entry.categories for code in taxonomy.below(word))
    return Covers(areas=entry.areas, categories=below, since=entry.since)
