"""The four grades, and the words for how sure a warning is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import NamedTuple

from engine.model.text import Text


class Grade(IntEnum):
    """Blue (lowest) to red (highest); `NONE` is no warning."""

    NONE = 0
    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def named(cls, word: str) -> Grade:
        return cls[word.upper()]


#: The colours themselves, as sentences name them; what a centre calls its grades is its own.
COLOURS: Mapping[Grade, Text] = {
    Grade.NONE: Text("none", "无预警"), Grade.BLUE: Text("blue", "蓝色"),
    Grade.YELLOW: Text("yellow", "黄色"), Grade.ORANGE: Text("orange", "橙色"),
    Grade.RED: Text("red", "红色"),
}  # fmt: skip

#: The grades a rung can have, lowest first.
RUNGS = (Grade.BLUE, Grade.YELLOW, Grade.ORANGE, Grade.RED)


class Confidence(IntEnum):
    """How much of what should be known is known; always shown with its cause."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Domain(StrEnum):
    """The four domains of a county's screening, and where a topic belongs."""

    POLITICAL = "political"
    SOCIAL = "social-stability"
    SAFETY = "public-safety"
    CYBER = "cyber"


#: The four domains, as pages and reports call them.
DOMAINS: Mapping[Domain, Text] = {
    Domain.POLITICAL: Text("Political", "政治安全"), Domain.SOCIAL: Text("Social stability", "社会稳定"),
    Domain.SAFETY: Text("Public safety", "公共安全"), Domain.CYBER: Text("Cyber", "网络安全"),
}  # fmt: skip


#: Domains in which the four colours are not statutory: their warnings are advisory.
ADVISORY = frozenset({Domain.POLITICAL, Domain.SOCIAL, Domain.CYBER})


class Mark(NamedTuple):
    """A grade as it is shown: solid where it is statutory, hollow where it is advisory. Of two alike the
    statutory one is the greater."""

    grade: Grade = Grade.NONE
    statutory: bool = False

    @classmethod
    def of(cls, grade: Grade, domain: Domain) -> Mark:
        return cls(grade, grade > Grade.NONE and domain not in ADVISORY)

    @classmethod
    def read(cls, digit: str) -> Mark:
        """The mark of a digit."""
        number = int(digit)
        return cls(Grade((number + 1) // 2), number > 0 and number % 2 == 0)

    @property
    def advisory(self) -> bool:
        return self.grade > Grade.NONE and not self.statutory

    @property
    def digit(self) -> str:
        """0: none; 1 and 2: blue, advisory and statutory; and so up to 8, the greater mark the greater."""
        return str(2 * self.grade - self.advisory)
