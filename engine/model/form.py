"""What people in the field report by a form: its questions, its choices, the places it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from engine.model.text import Text

#: The answers that every form has, whatever it asks besides: the report's own key, when and where it was.
KEY, AT, AREA = "id", "at", "area"
OWN = (KEY, AT, AREA)


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, under the name by which the feed's mapping reads its answer."""

    id: str
    ask: Text
    kind: Kind
    needed: bool = True
    #: What may be chosen, by the value that is reported.
    choices: Mapping[str, Text] = field(default_factory=dict)
    #: The bounds of a number, and how long a text may be.
    least: int = 0
    most: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as config/forms describes it."""

    name: str
    title: Text
    intro: Text | None
    #: What is reported lies in the areas of this level in or below these.
    areas: tuple[str, ...]
    level: str
    questions: tuple[Question, ...]
    #: So long ago may have happened what is reported.
    back: timedelta

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of what is reported."""
        return (*OWN, *(question.id for question in self.questions))
