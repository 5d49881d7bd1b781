"""Response plans: what is done, by which department, in which order and by when, once something is grave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from engine.model.grade import Domain, Grade
from engine.model.text import Text


class Start(StrEnum):
    """How a plan begins when a warning it is for reaches its grade."""

    ITSELF = "itself"
    PROPOSED = "proposed"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class CommandRole:
    """A seat in the command, and the department that fills it."""

    id: str
    title: Text
    department: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One measure of the closed catalogue, asked of a department."""

    id: str
    measure: str
    what: Text
    department: str
    #: By when, from the start of the plan (or from when its grade is reached).
    due: timedelta
    #: The steps that must be done before it begins.
    after: tuple[str, ...] = ()
    #: Who in the command answers for it.
    role: str = ""
    #: Asked for from this grade up.
    grade: Grade = Grade.NONE
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """What must be at hand, how many, and who brings it."""

    what: Text
    many: int
    department: str


@dataclass(frozen=True, slots=True)
class StandDown:
    """When a plan may end, and what is done then, each step's time counted from the end."""

    when: Text
    quiet: timedelta
    steps: tuple[PlanStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A response plan as its file says it, every name in it resolved."""

    id: str
    title: Text
    owner: str
    review_by: date
    topics: frozenset[str] = frozenset()
    #: Categories of incidents, with everything below them.
    kinds: frozenset[str] = frozenset()
    domains: frozenset[Domain] = frozenset()
    grade: Grade = Grade.ORANGE
    start: Start = Start.PROPOSED
    roles: tuple[CommandRole, ...] = ()
    steps: tuple[PlanStep, ...] = ()
    resources: tuple[Resource, ...] = ()
    stand_down: StandDown = field(default=StandDown(Text(""), timedelta(0), ()))
    path: str = ""

    def fits(self, topic: str, counted: Iterable[str]) -> bool:
        """Whether it is for warnings of a topic, or for what its rules count."""
        return topic in self.topics or not self.kinds.isdisjoint(counted)
