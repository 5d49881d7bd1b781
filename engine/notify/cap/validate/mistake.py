"""What a check finds: a line, a sentence, and how bad it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.model.problem import Level
from engine.notify.cap.validate.markup import Element, line


@dataclass(frozen=True, slots=True)
class Mistake:
    """ERROR: against the standard; WARNING: readers will stumble; HINT: could be better."""

    line: int
    sentence: str
    level: Level


#: From an alert, and the moment at which it is looked at, to what is wrong with it.
Check = Callable[[Element, datetime], Iterator[Mistake]]


def error(at: Element, sentence: str) -> Mistake:
    return Mistake(line(at), sentence, Level.ERROR)


def warning(at: Element, sentence: str) -> Mistake:
    return Mistake(line(at), sentence, Level.WARNING)


def hint(at: Element, sentence: str) -> Mistake:
    return Mistake(line(at), sentence, Level.HINT)
