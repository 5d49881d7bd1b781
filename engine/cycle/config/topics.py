"""config/topics.yaml and config/measures.yaml: the named risks, and what may be asked for."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from engine.charter.judgement import undecided
from engine.cycle.config.packs import Brought
from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Bilingual, Duration, GradeWord, Name, Strict
from engine.model.grade import Domain, Grade
from engine.model.topic import CROWD_TOPIC, Aim, ListedMeasure, Topic
from engine.yamlfile import Document


class TopicEntry(Strict):
    """One named risk as written."""

    id: Name
    title: Bilingual
    domain: Domain


class TopicsFile(Strict):
    """config/topics.yaml as a whole."""

    topics: tuple[TopicEntry, ...]


class MeasureEntry(Strict):
    """One measure of the catalogue as written."""

    code: Name
    what: Bilingual
    department: Annotated[str, Field(min_length=1)]
    within: Duration
    grade: GradeWord = "blue"
    aim: Aim = Aim.COORDINATION
    topics: tuple[str, ...] = ()
    domains: tuple[Domain, ...] = ()
    outlives: Annotated[bool, Field(strict=True)] = False


class MeasuresFile(Strict):
    """config/measures.yaml as a whole."""

    measures: tuple[MeasureEntry, ...] = ()


def load(reading: Reading, more: Iterable[Brought] = ()) -> Mapping[str, Topic] | None:
    """The topics by id, or None where the file cannot be read; more: what packs bring, where the file has
    nothing of that name."""
    own = _topics(reading, reading.file("topics.yaml", TopicsFile, required=True))
    others = [_topics(reading, one.read(reading, TopicsFile)) for one in more if one.name == "topics.yaml"]
    return None if own is None else dict(ChainMap({}, dict(own), *(dict(one or {}) for one in others)))


def _topics(reading: Reading, read: tuple[Document, TopicsFile] | None) -> Mapping[str, Topic] | None:
    if read is None:
        return None
    document, file = read
    reading.unique(document, "topic", "id", "topics")
    for index, entry in enumerate(file.topics):
        reading.charter(document, ((("topics", index, "title"), why) for why in _refused(entry)))
    return {entry.id: Topic(entry.id, entry.title.text, entry.domain) for entry in file.topics}


def _refused(entry: TopicEntry) -> Iterator[str]:
    if entry.id != CROWD_TOPIC:
        yield from undecided(entry.domain, (entry.id, entry.title.en, entry.title.zh))
    elif entry.domain is Domain.POLITICAL:
        yield f"'{CROWD_TOPIC}' is about the safety of a crowd, never political"


def load_catalogue(
    reading: Reading, topics: Mapping[str, Topic] | None, more: Iterable[Brought] = ()
) -> Mapping[str, ListedMeasure]:
    """The closed catalogue of measures by code; what packs bring widens it, and for whom a measure is."""
    found = dict(_measures(reading, topics, reading.file("measures.yaml", MeasuresFile, required=False)))
    for one in more:
        if one.name == "measures.yaml":
            for code, brought in _measures(reading, topics, one.read(reading, MeasuresFile)).items():
                found[code] = _wider(found[code], brought) if code in found else brought
    return found


def _wider(own: ListedMeasure, brought: ListedMeasure) -> ListedMeasure:
    """The centre's own measure, which rules of a pack may ask for too where it is bound to topics."""
    if own.aim is not brought.aim or not (own.topics or own.domains):
        return own
    return replace(own, topics=own.topics | brought.topics, domains=own.domains | brought.domains)


def _measures(
    reading: Reading, topics: Mapping[str, Topic] | None, read: tuple[Document, MeasuresFile] | None
) -> Mapping[str, ListedMeasure]:
    if read is None:
        return {}
    document, file = read
    if file.measures:
        reading.unique(document, "measure", "code", "measures")
    for index, entry in enumerate(file.measures):
        for place, topic in enumerate(entry.topics if topics is not None else ()):
            reading.known(document, ("measures", index, "topics", place), "topic", topic, topics or ())
    return {entry.code: _measure(entry) for entry in file.measures}


def _measure(entry: MeasureEntry) -> ListedMeasure:
    return ListedMeasure(
        code=entry.code,
        what=entry.what.text,
        department=entry.department,
        within=entry.within,
        grade=Grade.named(entry.grade),
        aim=entry.aim,
        topics=frozenset(entry.topics),
        domains=frozenset(entry.domains),
        outlives=entry.outlives,
    )
