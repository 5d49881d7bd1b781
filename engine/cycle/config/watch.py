"""config/watch.yaml: watch periods, for which rules are stricter or more, in an area and a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from engine.cycle.config.reading import Reading
from engine.cycle.config.written import Bilingual, GradeWord, Name, Strict
from engine.model.area import AreaTree
from engine.model.grade import Grade
from engine.model.rule import Test
from engine.model.watch import WatchPeriod
from engine.rulebook.language.rung import Tests, TestsOnly
from engine.yamlfile import Document, Path_


class WatchEntry(Strict):
    """One period as written."""

    id: Name
    title: Bilingual
    areas: Annotated[tuple[str, ...], Field(min_length=1)]
    from_: Annotated[date, Field(alias="from")]
    to: date
    tighter: dict[str, dict[GradeWord, TestsOnly]] = Field(default_factory=dict)
    only: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _something(self) -> WatchEntry:
        if self.to < self.from_:
            raise ValueError("a period ends on the day it begins, or later")
        if not (self.tighter or self.only):
            raise ValueError("a period makes rules 'tighter', or names those that judge in it 'only'")
        return self


class WatchFile(Strict):
    """The whole file."""

    periods: tuple[WatchEntry, ...] = ()


def load(reading: Reading, tree: AreaTree | None) -> tuple[WatchPeriod, ...]:
    """The periods in their order."""
    read = reading.file("watch.yaml", WatchFile, required=False)
    if read is None:
        return ()
    document, file = read
    if file.periods:
        reading.unique(document, "period", "id", "periods")
    return tuple(
        _period(reading, document, ("periods", index), entry, tree)
        for index, entry in enumerate(file.periods)
    )


def _period(
    reading: Reading, document: Document, where: Path_, entry: WatchEntry, tree: AreaTree | None
) -> WatchPeriod:
    for at, area in enumerate(entry.areas if tree is not None else ()):
        reading.known(document, (*where, "areas", at), "area", area, tree.areas if tree else ())
        if tree is not None and (above := _above(entry.areas, at, tree)):
            sentence = f"'{area}' lies in '{above}', which the period names already: name one of them"
            reading.note(document, (*where, "areas", at), sentence, "watch-areas")
    return WatchPeriod(
        entry.id, entry.title.text, entry.from_.toordinal(), entry.to.toordinal(),
        tuple(area for area in entry.areas if tree is None or area in tree),
        tighter={rule: dict(_tests(reading, document, (*where, "tighter", rule), grades))
                 for rule, grades in entry.tighter.items()},
        only=entry.only, line=document.line(*where),
    )  # fmt: skip


def _above(areas: tuple[str, ...], at: int, tree: AreaTree) -> str:
    """Another of the areas in which that one lies, or an earlier one that it is."""
    area = areas[at]
    if area not in tree:
        return ""
    others = {*areas[:at], *(one for one in areas if one != area)}
    return next((one for one in tree.lineage(area) if one in others), "")


def _tests(
    reading: Reading, document: Document, where: Path_, grades: Mapping[GradeWord, Tests]
) -> Iterator[tuple[Grade, tuple[Test, ...]]]:
    """The tests of each grade, in the grammar of a rung."""
    for word, written in grades.items():
        if tests := written.chosen():
            yield Grade.named(word), tests
        else:
            sentence = "a grade needs a test, such as {at_least: 3}"
            reading.note(document, (*where, word), sentence, "watch-tests")
