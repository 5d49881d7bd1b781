"""A response plan as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, model_validator

from engine.cycle.config.written import Bilingual, Duration, GradeWord, Name, Strict
from engine.model.plan import Start
from engine.yamlfile import Path_


class RoleEntry(Strict):
    """A seat in the command."""

    id: Name
    title: Bilingual
    department: Annotated[str, Field(min_length=1)]


class StepEntry(Strict):
    """One step; what is absent is as the catalogue has it."""

    id: Name
    measure: str
    department: str | None = None
    due: Duration | None = None
    after: tuple[Name, ...] = ()
    role: Name | None = None
    grade: GradeWord | None = None
    note: Bilingual | None = None


class ResourceEntry(Strict):
    """What must be at hand."""

    what: Bilingual
    many: Annotated[int, Field(ge=1)] = 1
    department: Annotated[str, Field(min_length=1)]


class StandDownEntry(Strict):
    """When and how it ends."""

    when: Bilingual
    quiet: Duration = timedelta(hours=6)
    steps: tuple[StepEntry, ...] = ()


class PlanFile(Strict):
    """The whole file."""

    id: Name
    title: Bilingual
    owner: Annotated[str, Field(min_length=1)]
    review_by: date
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    grade: GradeWord = "orange"
    start: Start = Start.PROPOSED
    roles: Annotated[tuple[RoleEntry, ...], Field(min_length=1)]
    steps: Annotated[tuple[StepEntry, ...], Field(min_length=1)]
    resources: tuple[ResourceEntry, ...] = ()
    stand_down: StandDownEntry

    @model_validator(mode="after")
    def _of_something(self) -> PlanFile:
        if not (self.topics or self.kinds):
            raise ValueError("a plan is for topics or for kinds of incidents: name at least one")
        return self

    def listings(self) -> Iterator[tuple[Path_, tuple[StepEntry, ...]]]:
        """The steps, and those of the stand-down, each with where they stand."""
        yield ("steps",), self.steps
        yield ("stand_down", "steps"), self.stand_down.steps

    def placed(self) -> Iterator[tuple[Path_, StepEntry]]:
        """Every step with its place."""
        for where, steps in self.listings():
            yield from (((*where, index), step) for index, step in enumerate(steps))
