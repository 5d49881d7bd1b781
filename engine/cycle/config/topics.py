"""config/topics.yaml and config/measures.yaml: the named risks, and what may be asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from engine.charter.judgement import undecided
from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Bilingual, Duration, GradeWord, Name, Strict
from engine.model.grade import Domain, Grade
from engine.model.topic import CROWD_TOPIC, Aim, ListedMeasure, Topic


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


def load(reading: Reading) -> Mapping[str, Topic] | None:
    """The topics by id, or None where the file cannot be read."""
    read = reading.file("topics.yaml", TopicsFile, required=True)
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


def load_catalogue(reading: Reading, topics: Mapping[str, Topic] | None) -> Mapping[str, ListedMeasure]:
    """The closed catalogue of measures by code."""
    read = reading.file("measures.yaml", MeasuresFile, required=False)
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
