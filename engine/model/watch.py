"""Watch periods: for some areas and days rules are stricter, or there are more of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.grade import Grade
from engine.model.rule import Test
from engine.model.text import Text


@dataclass(frozen=True, slots=True)
class Watch:
    """Of one watch period which days (ordinals, both included) and which areas of a rule's level."""

    id: str
    title: Text
    first: int
    last: int
    areas: frozenset[str]


@dataclass(frozen=True, slots=True)
class WatchPeriod:
    """A watch period as its centre wrote it: in these areas, and all below them, from day to day."""

    id: str
    title: Text
    first: int
    last: int
    areas: tuple[str, ...]
    #: By rule and grade the tests that are enough for the grade then.
    tighter: Mapping[str, Mapping[Grade, tuple[Test, ...]]] = field(default_factory=dict)
    #: The rules that judge then and there alone, by any period that names them.
    only: tuple[str, ...] = ()
    line: int = 1
